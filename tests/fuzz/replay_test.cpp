// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QTest>

#include "targets.hpp"

/// Every kept input of the fuzzers: seeds/TARGET written by us, found/TARGET what a fuzzer once broke something with.
class FuzzReplay : public QObject {
  Q_OBJECT
 private slots:
  void keptInputsKeepThePromises_data() {
    QTest::addColumn<QString>("target");
    QTest::addColumn<QString>("path");
    for (const char* kind : {"seeds", "found"})
      for (const auto& target : invigil::fuzz::targets()) {
        QDir folder(QStringLiteral(INVIGIL_SOURCE_DIR "/tests/fuzz/%1/%2").arg(kind, target.name));
        for (const QFileInfo& file : folder.entryInfoList(QDir::Files, QDir::Name))
          QTest::newRow(qPrintable(QStringLiteral("%1/%2/%3").arg(kind, target.name, file.fileName()))) << QString(target.name) << file.filePath();
      }
  }
  void keptInputsKeepThePromises() {
    QFETCH(QString, target);
    QFETCH(QString, path);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray bytes = file.readAll();
    for (const auto& one : invigil::fuzz::targets())
      if (target == one.name) one.run({bytes.constData(), static_cast<std::size_t>(bytes.size())});  // aborts on a broken promise
  }

  void everyTargetHasSeedsAndEveryFolderATarget() {
    QStringList names;
    for (const auto& target : invigil::fuzz::targets()) {
      names << target.name;
      const QDir seeds(QStringLiteral(INVIGIL_SOURCE_DIR "/tests/fuzz/seeds/%1").arg(target.name));
      QVERIFY2(!seeds.entryList(QDir::Files).isEmpty(), target.name);
    }
    for (const char* kind : {"seeds", "found"})
      for (const QString& folder : QDir(QStringLiteral(INVIGIL_SOURCE_DIR "/tests/fuzz/%1").arg(kind)).entryList(QDir::Dirs | QDir::NoDotAndDotDot))
        QVERIFY2(names.contains(folder), qPrintable(folder));
  }
};

QTEST_APPLESS_MAIN(FuzzReplay)
#include "replay_test.moc"
