// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QFile>
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
};

QTEST_GUILESS_MAIN(KioskWordsTest)
#include "kiosk_words_test.moc"
