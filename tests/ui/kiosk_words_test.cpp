// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QXmlStreamReader>
#include <QtTest>

/// The English file has a finished translation for each sentence.
class KioskWordsTest : public QObject {
  Q_OBJECT
 private slots:
  void everySentenceHasEnglish() {
    QFile file(INVIGIL_SOURCE_DIR "/kiosk/ui/i18n/kiosk_en.ts");
    QVERIFY(file.open(QIODevice::ReadOnly));
    QXmlStreamReader xml(&file);
    QString source;
    int sentences = 0;
    while (!xml.atEnd()) {
      xml.readNext();
      if (!xml.isStartElement()) continue;
      if (xml.name() == u"source") source = xml.readElementText();
      else if (xml.name() == u"translation") {
        const bool unfinished = xml.attributes().hasAttribute("type");
        const QString words = xml.readElementText();
        ++sentences;
        QVERIFY2(!unfinished && !words.isEmpty(), qPrintable(source));
        for (const QChar c : words) QVERIFY2(c.script() != QChar::Script_Han, qPrintable(source));
        for (const char* place : {"%1", "%2", "%3"}) QCOMPARE(words.contains(place), source.contains(place));
      }
    }
    QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
    QVERIFY(sentences > 100);
  }

  void everySentenceOfTheScreensIsInTheFile() {
    QFile file(INVIGIL_SOURCE_DIR "/kiosk/ui/i18n/kiosk_en.ts");
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QString words = QString::fromUtf8(file.readAll());
    const QDir folder(INVIGIL_SOURCE_DIR "/kiosk/ui/qml");
    static const QRegularExpression call(QStringLiteral("qsTr\\(\"((?:[^\"\\\\]|\\\\.)*)\"\\)"));
    for (const QString& name : folder.entryList({"*.qml"})) {
      QFile qml(folder.filePath(name));
      QVERIFY(qml.open(QIODevice::ReadOnly));
      const QString context = words.section("<name>" + name.section('.', 0, 0) + "</name>", 1).section("</context>", 0, 0);
      auto found = call.globalMatch(QString::fromUtf8(qml.readAll()));
      while (found.hasNext()) {
        const QString source = found.next().captured(1).replace("\\n", "\n").toHtmlEscaped();
        QVERIFY2(context.contains("<source>" + source + "</source>"), qPrintable(name + ": " + source));
      }
    }
  }
};

QTEST_GUILESS_MAIN(KioskWordsTest)
#include "kiosk_words_test.moc"
