// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include "sample_pass.hpp"

using namespace invigil;
using namespace invigil::credential;

namespace {

struct Ran {
  int code = -1;
  QByteArray out, err;
};

Ran run(const QStringList& words, const QByteArray& input = {}) {
  QProcess process;
  process.start(QStringLiteral(INVIGIL_BIN_DIR "/invigil-verify"), words);
  process.write(input);
  process.closeWriteChannel();
  if (!process.waitForFinished()) return {};
  return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

}  // namespace

class VerifyCliTest : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() {
    const SigningKey key = SigningKey::generate();
    TrustList list;
    list.add(test::kIssuer, key);
    trust_ = folder_.filePath("trust.json");
    QVERIFY(writeFileDurably(trust_.toStdString(), list.toJson()).has_value());
    text_ = QString::fromStdString(issue(test::samplePass(), key));
  }

  void saysWhatThePassSays() {
    const Ran ran = run({"--trust", trust_, "--at", "2026-12-01T00:00:00Z", text_});
    QVERIFY2(ran.code == 0, ran.out + ran.err);
    for (const char* part : {"本凭证不是上岗证", "not a permission to work", "欧阳小明", "7K3M-9QXW-PA24", "92/100", test::kIssuer,
                             "2027-11-23 24:00 (UTC+8)", "Low-voltage electrician"})
      QVERIFY2(ran.out.contains(part), part);
  }

  void readsStandardInputAndWritesJson() {
    const Ran ran = run({"--trust", trust_, "--at", "2026-12-01T00:00:00Z", "--json", "-"}, text_.toUtf8() + "\r\n");
    QCOMPARE(ran.code, 0);
    const QJsonObject pass = QJsonDocument::fromJson(ran.out).object();
    QCOMPARE(pass["valid"].toBool(), true);
    QCOMPARE(pass["not_a_work_permit"].toBool(), true);
    QCOMPARE(pass["id"].toString(), QString("7K3M9QXWPA24"));
    QCOMPARE(pass["expires_at"].toString(), QString("2027-11-23T06:31:00Z"));  // as it is signed
    QCOMPARE(pass["last_day"].toString(), QString("2027-11-23"));
  }

  void aPassCountsThroughItsLastDay() {
    QCOMPARE(run({"--trust", trust_, "--at", "2027-11-23T15:59:59Z", text_}).code, 0);
    QCOMPARE(run({"--trust", trust_, "--at", "2027-11-23T16:00:00Z", text_}).code, 1);
  }

  void invalidPassesAreOneSentence() {
    const Ran late = run({"--trust", trust_, "--at", "2028-01-01T00:00:00Z", text_});
    QCOMPARE(late.code, 1);
    QVERIFY2(late.out.contains("expired") && late.out.count('\n') == 1, late.out);
    QString changed = text_;
    changed[100] = changed[100] == 'A' ? 'B' : 'A';
    const Ran forged = run({"--trust", trust_, "--at", "2026-12-01T00:00:00Z", "--json", changed});
    QCOMPARE(forged.code, 1);
    QCOMPARE(QJsonDocument::fromJson(forged.out)["valid"].toBool(true), false);
  }

  void commandLineMistakesAreUsageErrors() {
    const QStringList cases[] = {{},
                                 {"--trust", trust_},
                                 {text_},
                                 {"--trust", trust_ + "x", text_},
                                 {"--trust", trust_, "--at", "yesterday", text_},
                                 {"--trust", trust_, "--at", "2026-02-30T00:00:00Z", text_},
                                 {"--trust", trust_, text_, "more"},
                                 {"--trust", trust_, "--nonsense", text_}};
    for (const QStringList& words : cases) QVERIFY2(run(words).code == 2, qPrintable(words.join(' ').left(80)));
    QCOMPARE(run({"--help"}).code, 0);
  }

 private:
  QTemporaryDir folder_;
  QString trust_, text_;
};

QTEST_GUILESS_MAIN(VerifyCliTest)
#include "test_cli.moc"
