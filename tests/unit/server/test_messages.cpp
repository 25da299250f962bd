// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QDirIterator>
#include <QRegularExpression>
#include <QSet>
#include <QtTest>

#include "http/errors.hpp"

using namespace invigil;
using namespace invigil::server;

class MessagesTest : public QObject {
  Q_OBJECT

  static QString text(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
  }

 private slots:
  /// What the server can refuse with has a sentence of its own in both languages.
  void everyReasonThatCanBeSentHasItsSentence() {
    // Said at the start or to the log only, never to a caller.
    const QSet<QString> unsent{"bad_ca", "bad_certificate", "bad_host", "bad_key", "bad_rules", "cannot_listen", "cannot_open_store",
                               "key_missing", "key_other", "migration_changed", "no_such_folder", "store_is_newer"};
    static const QRegularExpression made(R"re((?:fail|wrong|not_eligible|refuse|bad|problems\.add)\(\s*(?:ErrorCode::\w+\s*,\s*)?"([a-z][a-z0-9_]*)")re");
    QSet<QString> reasons{"store_failed", "internal", "wrong_shape", "bad_bank", "bad_csr", "image_too_large"};
    QDirIterator files(INVIGIL_SOURCE_DIR "/proctor-server/src", {"*.cpp", "*.hpp"}, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
      const QString path = files.next();
      if (path.endsWith("src/authority.cpp") || path.endsWith("registration/rules.cpp")) continue;  // not from a caller
      for (auto found = made.globalMatch(text(path)); found.hasNext();) reasons.insert(found.next().captured(1));
    }
    QVERIFY(reasons.size() > 80);
    const Json generic = errorJson({ErrorCode::Internal, "no such reason", "", ""});
    for (const QString& reason : reasons) {
      if (unsent.contains(reason)) continue;
      const Json said = errorJson({ErrorCode::Internal, reason.toStdString(), "", ""});
      QVERIFY2(reason == "internal" || said["error"]["zh"] != generic["error"]["zh"], qPrintable("no sentence for " + reason));
    }
  }

  void noSentenceStandsTwice() {
    static const QRegularExpression row(R"re(^\{"([a-z0-9_]+)")re", QRegularExpression::MultilineOption);
    QSet<QString> seen;
    for (const char* table : {"messages.inc", "messages_booking.inc", "messages_items.inc", "messages_papers.inc"})
      for (auto found = row.globalMatch(text(QString(INVIGIL_SOURCE_DIR "/proctor-server/src/http/") + table)); found.hasNext();) {
        const QString id = found.next().captured(1);
        QVERIFY2(!seen.contains(id), qPrintable(id));
        seen.insert(id);
      }
    QVERIFY(seen.size() > 80);
  }

  void aPlaceIsNeverCutInsideACharacter() {
    std::string where;
    for (int i = 0; i < 100; ++i) where += "名a";
    const Json said = errorJson({ErrorCode::InvalidInput, "wrong_shape", "", where});
    QVERIFY(!said.dump().empty());  // dump() throws at half a character
  }
};

QTEST_GUILESS_MAIN(MessagesTest)
#include "test_messages.moc"
