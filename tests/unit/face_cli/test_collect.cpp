// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "shared_corpora.hpp"

namespace {

struct Run {
  int code = -1;
  QString out, err;
};

/// As an operator at the terminal: what is typed comes from `typed`.
Run face(const QStringList& words, const QByteArray& typed = {}) {
  QProcess process;
  process.start(QStringLiteral(INVIGIL_BIN_DIR "/invigil-face"), words);
  process.write(typed);
  process.closeWriteChannel();
  if (!process.waitForFinished(600'000)) return {};
  return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(), process.readAllStandardError()};
}

QByteArray read(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void put(const QString& path, const QByteArray& text) {
  QFile file(path);
  QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
}

/// Rows without the header.
QList<QByteArray> rows(const QString& path) {
  QList<QByteArray> lines = read(path).split('\n');
  if (!lines.isEmpty()) lines.removeFirst();
  lines.removeAll({});
  return lines;
}

int rowsWith(const QString& path, const QByteArray& part) {
  int count = 0;
  for (const auto& line : rows(path)) count += line.contains(part) ? 1 : 0;
  return count;
}

int pictures(const QString& folder) {
  int count = 0;
  for (QDirIterator all(folder, {"*.jpg"}, QDir::Files, QDirIterator::Subdirectories); all.hasNext(); all.next()) ++count;
  return count;
}

constexpr int kLiveSteps = 11;

}  // namespace

/// invigil-face collect as an operator and a volunteer use it; the volunteer is drawn.
class CollectTest : public QObject {
  Q_OBJECT

  QString models_ = invigil::test::sharedFile("models");

  QStringList session(const QString& folder, int subject, const QStringList& more = {}) const {
    QStringList words{"collect", "--camera", QString("simulated:%1,fps=5,seed=3").arg(subject), "--out", folder, "--subject", QString::number(subject), "--seconds", "1", "--language", "en"};
    if (!models_.isEmpty()) words << "--models" << models_;
    return words + more;
  }

 private slots:
  void wrongCommandLines() {
    QTemporaryDir folder;
    const QString out = folder.filePath("data");
    const QStringList good{"--out", out, "--camera", "auto", "--subject", "1"};
    const QList<QStringList> wrong{{"--camera", "auto", "--subject", "1"}, {"--out", out, "--camera", "auto"}, {"--out", out, "--camera", "auto", "--subject", "Wang"},
                                   good + QStringList{"--attack", "Print out"}, good + QStringList{"--keep-days", "0"}, good + QStringList{"--language", "fr"},
                                   good + QStringList{"--yes-to-consent-on-paper", "Wang"}, good + QStringList{"--list"}, {"--out", out, "--forget", "x"}};
    for (const auto& words : wrong) {
      const Run run = face(QStringList{"collect"} + words, "yes\n");
      QVERIFY2(run.code == 2, qPrintable(words.join(' ') + QString(" gave %1").arg(run.code)));
      QCOMPARE(run.err.count("invigil-face: "), 1);
    }
    QVERIFY(!QFile::exists(out));
    const Run nothing = face({"collect", "--out", out, "--list"});
    QCOMPARE(nothing.code, 1);
    QVERIFY(nothing.err.contains(out));
  }

  void withoutConsentNothingIsOpenedOrWritten() {
    QTemporaryDir folder;
    const QString out = folder.filePath("data");
    for (const QByteArray& typed : {QByteArray(), QByteArray("\n"), QByteArray("不同意\n")}) {
      // A camera that is not there: opening it would be another error.
      const Run run = face({"collect", "--camera", "file:" + folder.filePath("none"), "--out", out, "--subject", "1"}, typed);
      QCOMPARE(run.code, 1);
      QVERIFY(run.err.contains("Without consent"));
      QVERIFY(run.out.indexOf("告知书") >= 0 && run.out.indexOf("告知书") < run.out.indexOf("[Notice]"));
    }
    QVERIFY(QDir(folder.path()).isEmpty());
  }

  void aWrongCameraWritesNothing() {
    QTemporaryDir folder;
    const QStringList rest{"--out", folder.filePath("data"), "--subject", "1"};
    QCOMPARE(face(QStringList{"collect", "--camera", "simulated:99"} + rest, "yes\n").code, 2);
    QCOMPARE(face(QStringList{"collect", "--camera", "file:" + folder.filePath("none")} + rest, "同意\n").code, 1);
    QVERIFY(QDir(folder.path()).isEmpty());
  }

  void sessionsMakeListsThatVerifyAndPadRead() {
    SHARED_FILE_OR_SKIP(models, "models");
    QTemporaryDir folder;
    const QString out = folder.filePath("data"), frames = out + "/frames.csv", attacks = out + "/attacks.csv";
    // Consent, then for each step: begin, next.
    const Run first = face(session(out, 1), "YES\n" + QByteArray("\n\n").repeated(kLiveSteps));
    QVERIFY2(first.code == 0, qPrintable(first.out + first.err));
    QVERIFY(first.out.contains("[11/11]") && first.out.contains("good and kept"));
    QCOMPARE(rowsWith(frames, ",reference,1,"), 1);
    QVERIFY(rowsWith(frames, "1/1/straight/") >= 8);
    QCOMPARE(rowsWith(frames, "turn_left"), 0);  // kept for people, in no list: the kiosk compares frontal frames only
    QCOMPARE(rowsWith(attacks, ",live,,1,1_straight"), rowsWith(frames, "1/1/straight/"));
    QVERIFY(pictures(out + "/1/1/turn_left") == 5 && pictures(out + "/1/1/straight") == 10);
    for (const auto& line : rows(frames)) QVERIFY2(QFile::exists(out + "/" + line.split(',').first()), line);
    for (QDirIterator all(out, QDir::AllEntries | QDir::NoDotAndDotDot, QDirIterator::Subdirectories); all.hasNext();) {
      const QFileInfo info(all.next());
      QCOMPARE(static_cast<int>(info.permissions()) & 0x77, 0);
    }
    // Somebody else on paper, in Chinese, with most steps skipped; then one who holds a print.
    const Run second = face(session(out, 2, {"--language", "zh", "--yes-to-consent-on-paper", "K-017", "--group", "welders"}), "\n\n\n\n" + QByteArray("s\n").repeated(kLiveSteps - 2));
    QVERIFY2(second.code == 0, qPrintable(second.out + second.err));
    QVERIFY(second.out.contains("请正对镜头") && second.out.contains("K-017") && !second.out.contains("Please face"));
    QCOMPARE(rowsWith(frames, "welders_straight"), rowsWith(frames, "2/1/straight/"));
    QStringList print = session(out, 1, {"--attack", "print"});
    print[2] = "simulated:1,fps=5,attack=bent";
    const Run attack = face(print, "yes\n" + QByteArray("\n\n").repeated(4));
    QVERIFY2(attack.code == 0, qPrintable(attack.out + attack.err));
    QVERIFY(attack.out.contains("[4/4]") && rowsWith(attacks, ",attack,print,1,1_print_bent") >= 1);
    QCOMPARE(rowsWith(frames, "print"), 0);
    const auto consents = rows(out + "/consents.csv");
    QCOMPARE(consents.size(), 2);
    QVERIFY(rowsWith(out + "/consents.csv", "2,1,K-017,20") == 1 && rowsWith(out + "/consents.csv", ",site-measurement-1") == 2);

    const QString json = folder.filePath("out.json");
    const Run verify = face({"verify", "--templates", frames, "--root", out, "--models", models, "--json", json});
    QVERIFY2(verify.code == 0, qPrintable(verify.err));
    const QJsonObject rates = QJsonDocument::fromJson(read(json)).object();
    QVERIFY(rates["genuine"].toInt() >= 4 && rates["impostor"].toInt() >= 4);
    QVERIFY(rates["groups"].toObject().contains("straight") && rates["groups"].toObject().contains("welders_straight"));
    const Run pad = face({"pad", "--frames", attacks, "--root", out, "--models", models, "--json", json});
    QVERIFY2(pad.code == 0, qPrintable(pad.err));
    QCOMPARE(QJsonDocument::fromJson(read(json)).object()["apcer"].toObject().keys(), QStringList{"print"});
  }

  void interruptedAndRunAgain() {
    SHARED_FILE_OR_SKIP(models, "models");
    QTemporaryDir folder;
    const QString out = folder.filePath("data"), frames = out + "/frames.csv";
    // The terminal goes away after the second step.
    const Run first = face(session(out, 3), "yes\n\n\n\n");
    QCOMPARE(first.code, 1);
    QVERIFY(first.err.contains("Stopped") && first.err.contains("--forget 3"));
    const QByteArray before = read(frames), attacks_before = read(out + "/attacks.csv");
    QVERIFY(rowsWith(frames, "3/1/straight/") >= 4 && rowsWith(frames, "reference") == 1);
    // A power cut left halves behind: a new step, and an old one that was being replaced.
    QVERIFY(QDir().mkpath(out + "/3/1/far.new"));
    put(out + "/3/1/far.new/0001.jpg", "half");
    QVERIFY(QDir().rename(out + "/3/1/straight", out + "/3/1/straight.old"));
    put(frames, "\xEF\xBB\xBF" + before + "photos/booking.jpg,reference,3,,\r\n");
    QCOMPARE(face({"collect", "--out", out, "--list"}).code, 0);
    QVERIFY(!QFile::exists(out + "/3/1/far.new") && QFile::exists(out + "/3/1/straight/0001.jpg"));
    QCOMPARE(read(out + "/attacks.csv"), attacks_before);
    QCOMPARE(read(frames), before + "photos/booking.jpg,reference,3,,\n");  // what the site added stays
    // The same command goes on: keep, record again, one step more, remove it again, stop.
    const Run again = face(session(out, 3), "yes\n\nr\n\nx\n\ns\nq\n");
    QCOMPARE(again.code, 1);
    QVERIFY(again.out.contains("Recorded already") && again.out.contains("r, s or q"));
    QCOMPARE(rowsWith(frames, "reference,3,1_reference"), 1);
    QCOMPARE(rows(out + "/consents.csv").size(), 1);
    QSet<QByteArray> paths;
    for (const auto& line : rows(frames)) paths.insert(line.split(',').first());
    QCOMPARE(paths.size(), rows(frames).size());
    QVERIFY(!QFile::exists(out + "/3/1/turn_left"));
  }

  void asManyFramesAreKeptAsTheCameraGives() {
    SHARED_FILE_OR_SKIP(models, "models");
    QTemporaryDir folder;
    const QString out = folder.filePath("data");
    QStringList words = session(out, 5, {"--rate", "15"});
    words[2] = "simulated:5,fps=0,seed=3";  // fifteen a second
    QCOMPARE(face(words, "yes\ns\n\n\nq\n").code, 1);
    QCOMPARE(pictures(out + "/5/1/straight"), 30);
  }

  void aCameraThatGoesAwayLeavesWhatWasRecorded() {
    SHARED_FILE_OR_SKIP(models, "models");
    QTemporaryDir folder;
    const QString out = folder.filePath("data"), film = folder.filePath("film");
    QVERIFY(QDir().mkpath(film));
    for (const int yaw : {0, 4})
      QCOMPARE(QProcess::execute(QStringLiteral(INVIGIL_BIN_DIR "/invigil-simface"), {"--identity", "4", "--yaw", QString::number(yaw), "--out", film + QString("/%1.jpg").arg(yaw)}), 0);
    QStringList words = session(out, 4);
    words[2] = "file:" + film;
    QProcess process;
    process.start(QStringLiteral(INVIGIL_BIN_DIR "/invigil-face"), words);
    process.write("yes\ns\n\n");
    QByteArray said;
    for (int i = 0; i < 600 && !said.contains("Enter = next"); ++i) {
      process.waitForReadyRead(1000);
      said += process.readAllStandardOutput();
    }
    QVERIFY(said.contains("Enter = next"));
    QVERIFY(QDir(film).removeRecursively());
    process.write("\n\n");
    process.closeWriteChannel();
    QVERIFY(process.waitForFinished(600'000));
    QCOMPARE(process.exitCode(), 1);
    QVERIFY(rowsWith(out + "/frames.csv", "4/1/straight/") >= 4 && !QFile::exists(out + "/4/1/turn_left"));
    QCOMPARE(face({"collect", "--out", out, "--list"}).code, 0);
  }

  /// Needs no models: a collection is files.
  void listForgetAndExpire() {
    QTemporaryDir folder;
    const QString out = folder.path();
    for (const char* step : {"7/1/straight", "7/2/straight", "8/1/print_still", "8/1/broken"}) {
      QVERIFY(QDir(out).mkpath(step));
      put(out + "/" + step + "/0001.jpg", "picture");
      const bool attack = QByteArray(step).contains("print"), broken = QByteArray(step).contains("broken");
      const QJsonObject about{{"role", attack ? "" : "live"}, {"attack_type", attack ? "print" : ""}, {"group", "a"}, {"listed", true},
                              {"frames", QJsonArray{QJsonObject{{"file", "0001.jpg"}, {"at_ms", 0}, {"faces", 0}, {"usable", !attack}}}}};
      put(out + "/" + step + "/step.json", broken ? QByteArray("{") : QJsonDocument(about).toJson());
    }
    put(out + "/frames.csv", "path,role,subject,sequence,group,age\n7/1/straight/0001.jpg,live,7,1_straight,mine,40\n7/9/gone/0001.jpg,live,7,9_gone,a,\nphotos/7.jpg,reference,7,,,\n");
    put(out + "/consents.csv", "subject,session,form,given_at,keep_until,notice\n7,1,K-1,2020-01-01T00:00:00Z,2020-06-29,site-measurement-1\n"
                               "7,2,K-2,2020-01-01T00:00:00Z,2999-06-29,site-measurement-1\n");
    const Run list = face({"collect", "--out", out, "--list", "--language", "en"});
    QVERIFY2(list.code == 0, qPrintable(list.err));
    QVERIFY(list.out.contains("subject 7  session 1  kept until 2020-06-29") && list.out.contains("straight: 1 frames, 1 usable") && list.out.contains("3 sessions, 3 frames, 1 past"));
    QVERIFY(list.out.contains("no consent on record") && list.out.contains("broken: step.json is broken") && list.out.count("Warning: past its date") == 1);
    // The lists follow the folders; what was written by hand into a row stays; an attack without a face counts as one.
    QCOMPARE(rows(out + "/frames.csv"), (QList<QByteArray>{"7/1/straight/0001.jpg,live,7,1_straight,mine,40", "photos/7.jpg,reference,7,,,", "7/2/straight/0001.jpg,live,7,2_straight,a,"}));
    QCOMPARE(rowsWith(out + "/attacks.csv", "8/1/print_still/0001.jpg,attack,print,8,1_print_still"), 1);

    const Run expired = face({"collect", "--out", out, "--forget-expired", "--language", "en"});
    QVERIFY2(expired.code == 0 && expired.out.contains("Session 1 of subject 7 is removed"), qPrintable(expired.out + expired.err));
    QVERIFY(!QFile::exists(out + "/7/1") && QFile::exists(out + "/7/2/straight/0001.jpg"));
    QCOMPARE(rows(out + "/frames.csv").size(), 2);
    QVERIFY(face({"collect", "--out", out, "--forget-expired", "--language", "en"}).out.contains("Nothing is past"));

    const Run forget = face({"collect", "--out", out, "--forget", "7", "--language", "en"});
    QVERIFY2(forget.code == 0 && forget.out.contains("photos/7.jpg"), qPrintable(forget.out + forget.err));
    QVERIFY(!QFile::exists(out + "/7") && !QFile::exists(out + "/7.forgotten") && rows(out + "/frames.csv").isEmpty() && rows(out + "/consents.csv").isEmpty());
    QVERIFY(QFile::exists(out + "/8/1/print_still/0001.jpg"));
    QCOMPARE(face({"collect", "--out", out, "--forget", "7"}).code, 1);
    // A withdrawal that was interrupted is finished by whatever runs next.
    QVERIFY(QDir().rename(out + "/8", out + "/8.forgotten"));
    QCOMPARE(face({"collect", "--out", out, "--list"}).code, 0);
    QVERIFY(!QFile::exists(out + "/8.forgotten") && rows(out + "/attacks.csv").isEmpty());
    // A list of somebody else's is not written into.
    put(out + "/frames.csv", "file,who\na.jpg,7\n");
    const Run other = face({"collect", "--out", out, "--list"});
    QVERIFY(other.code == 1 && other.err.contains("path,role,subject,sequence,group"));
    QCOMPARE(read(out + "/frames.csv"), QByteArray("file,who\na.jpg,7\n"));
  }
};

QTEST_GUILESS_MAIN(CollectTest)
#include "test_collect.moc"
