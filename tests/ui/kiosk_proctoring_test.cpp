// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QDir>
#include <QFile>

#include "station.hpp"

using namespace invigil::kiosk;
using namespace invigil::kiosk::test;

/// Watch, recording and the invigilator while somebody sits.
class KioskProctoringTest final : public KioskTest {
  Q_OBJECT
 private slots:
  void monitoringTellsWhatToDoAndTheServerWhatItSaw() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    QTRY_COMPARE(s.eyes.mode, QString("guard"));
    QCOMPARE(s.eyes.rules.rows.first().warning_s, 20);
    emit s.eyes.concern({1, "absent", "notice", true, 5000, -1, 0, "JPEG"});
    QTRY_VERIFY(find(s.window, "proctor.notice"));
    QTRY_COMPARE(server_->incidents.size(), 1);
    const QJsonObject report = server_->incidents.first().toObject();
    QCOMPARE(report.value("kind").toString(), QString("absent"));
    QVERIFY(report.value("ended_ms").isNull());
    QCOMPARE(report.value("evidence").toArray().size(), 1);
    emit s.eyes.concern({1, "absent", "notice", false, 9000, 500, 0, {}});
    QTRY_VERIFY(!find(s.window, "proctor.notice"));  // it is over
    QTRY_COMPARE(server_->incidents.size(), 2);
    emit s.eyes.concern({2, "second_person", "warning", true, 3000, -1, 0.7, "JPEG"});
    QVERIFY(s.press("proctor.acknowledge"));
    QTRY_VERIFY(s.kiosk.proctor()->kind().isEmpty());
    QCOMPARE(s.kiosk.screen(), QString("paper"));
    s.key(Qt::Key_1);
    QCOMPARE(s.kiosk.sitting()->chosen(), QList<int>{0});  // the keys are the paper's again
  }

  void aPauseHidesThePaperStopsTheClockAndIsGivenBack() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    QTRY_COMPARE(s.eyes.mode, QString("guard"));
    const int left = s.kiosk.sitting()->secondsLeft();
    emit s.eyes.concern({1, "other_person", "pause", true, 15000, -1, 0.1, "JPEG"});
    QTRY_VERIFY(find(s.window, "proctor.heading"));
    s.key(Qt::Key_1);
    QVERIFY(s.kiosk.sitting()->chosen().isEmpty());
    QTRY_COMPARE(server_->incidents.size(), 1);
    clock_.at += std::chrono::minutes(150);  // far past the deadline as it was; the server is there and says that it stands
    server_->minutes_past = 150;
    server_->order("notice", "请稍候", "Please wait");
    QTest::qWait(1500);
    QVERIFY(s.kiosk.proctor()->paused());
    QTRY_COMPARE(s.kiosk.sitting()->secondsLeft(), left);
    QCOMPARE(s.kiosk.screen(), QString("paper"));
    QTRY_COMPARE(server_->incidents.size(), 1);
    server_->hall_state = "running";
    server_->minutes_given = 150;
    server_->order("resume");
    QTRY_VERIFY(!s.kiosk.proctor()->paused());
    QTRY_VERIFY(!find(s.window, "proctor.heading"));
    QTRY_COMPARE(s.kiosk.sitting()->secondsLeft(), left);
  }

  /// Nobody can be called: the exam goes on after ten minutes, with them; the server gives them back when it hears of it.
  void aPauseWithoutNetworkEndsByItselfAndIsGivenBack() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    QTRY_COMPARE(s.eyes.mode, QString("guard"));
    QTRY_COMPARE(s.eyes.recording.sitting_id, QString("s1"));
    const int left = s.kiosk.sitting()->secondsLeft();
    server_->reachable = false;
    emit s.eyes.concern({1, "absent", "pause", true, 15000, -1, 0.1, "JPEG"});
    QVERIFY(s.kiosk.proctor()->paused());
    clock_.at += std::chrono::minutes(4);
    emit s.eyes.concern({2, "face_hidden", "pause", true, 15000, -1, 0.1, "JPEG"});  // no second ten minutes
    clock_.at += std::chrono::minutes(6);
    QTRY_VERIFY(!s.kiosk.proctor()->paused());
    QTRY_COMPARE(s.kiosk.sitting()->secondsLeft(), left);
    s.key(Qt::Key_1);
    QTRY_VERIFY(!s.kiosk.sitting()->chosen().isEmpty());
    clock_.at += std::chrono::minutes(1);
    server_->minutes_past = 11;
    server_->minutes_given = 10;
    server_->reachable = true;
    QTRY_COMPARE_WITH_TIMEOUT(server_->incidents.size(), 2, 9000);
    QCOMPARE(server_->incidents.first().toObject().value("stood_ms").toInt(), 600'000);
    QVERIFY(!server_->incidents.last().toObject().contains("stood_ms"));  // the first one holds all of it
    QVERIFY(!s.kiosk.proctor()->paused());
    QTRY_COMPARE(s.kiosk.sitting()->secondsLeft(), left - 60);  // once, not twice
  }

  /// The server knows of the pause and lets the clock run by itself, but the kiosk cannot hear it.
  void aPauseThatTheServerEndsWhileTheNetworkIsAwayEndsHereToo() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    QTRY_COMPARE(s.eyes.mode, QString("guard"));
    const int left = s.kiosk.sitting()->secondsLeft();
    server_->hall_state = "paused";
    server_->hall_why = "invigilator";
    server_->order("pause");
    QTRY_VERIFY(s.kiosk.proctor()->paused());
    clock_.at += std::chrono::minutes(11);  // nothing was heard for so long
    QTRY_VERIFY(!s.kiosk.proctor()->paused());
    QTRY_COMPARE(s.kiosk.sitting()->secondsLeft(), left);
    server_->hall_state = "running";
    server_->minutes_past = 11;
    server_->minutes_given = 11;
    server_->order("resume");
    QTRY_COMPARE(s.kiosk.sitting()->secondsLeft(), left);  // once
  }

  /// The power fails in a pause and comes back when the deadline, as it was, has passed.
  void aRestartInAPauseHandsNothingIn() {
    server_->active = "a1";
    server_->decide("sitting");
    server_->hall_state = "paused";
    server_->hall_why = "other_person";
    server_->minutes_past = 150;
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.at("paper"));
    QTRY_VERIFY(find(s.window, "proctor.heading"));
    QTest::qWait(600);  // some ticks of its clock
    QCOMPARE(s.kiosk.screen(), QString("paper"));
    QVERIFY(s.kiosk.proctor()->paused());
    const int left = s.kiosk.sitting()->secondsLeft();
    QVERIFY(left > 0);
    server_->hall_state = "running";
    server_->minutes_given = 150;
    server_->order("resume");
    QTRY_VERIFY(!s.kiosk.proctor()->paused());
    QTRY_COMPARE(s.kiosk.sitting()->secondsLeft(), left);
    s.key(Qt::Key_1);
    QTRY_VERIFY(!s.kiosk.sitting()->chosen().isEmpty());
  }

  /// As before, and the invigilator has let it run before the kiosk asks.
  void aPauseThatEndedWhileTheKioskWasAwayIsOver() {
    server_->active = "a1";
    server_->decide("sitting");
    server_->paused_at_start = true;
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.at("paper"));
    QTRY_VERIFY(!s.kiosk.proctor()->paused());
    s.key(Qt::Key_1);
    QTRY_VERIFY(!s.kiosk.sitting()->chosen().isEmpty());
  }

  void anInvigilatorsWordsAppearAndAnEndLeadsToTheResult() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    QTRY_COMPARE(s.eyes.mode, QString("guard"));
    server_->order("warning", "请把手机收好。", "Please put the phone away.");
    QTRY_VERIFY(find(s.window, "proctor.acknowledge"));
    QCOMPARE(s.kiosk.proctor()->wordsZh(), QString("请把手机收好。"));
    QVERIFY(s.press("proctor.acknowledge"));
    server_->hall_state = "finished";
    server_->closed = true;
    server_->order("end", "他人代答", "");
    QVERIFY(s.at("result"));
    QCOMPARE(s.eyes.mode, QString("off"));
  }

  /// A notice of the camera does not take a person's warning away, nor does a pause.
  void aWarningStaysUntilItIsAcknowledged() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    QTRY_COMPARE(s.eyes.mode, QString("guard"));
    server_->order("warning", "请把手机收好。", "Please put the phone away.");
    QTRY_COMPARE(s.kiosk.proctor()->kind(), QString("warning"));
    server_->order("warning", "请把书收好。", "Please put the book away.");
    emit s.eyes.concern({1, "looking_away", "notice", true, 9000, -1, 40, {}});
    QTRY_COMPARE(server_->incidents.size(), 1);
    QCOMPARE(s.kiosk.proctor()->wordsZh(), QString("请把手机收好。"));
    server_->hall_state = "paused";
    server_->hall_why = "invigilator";
    server_->pause_zh = "请把桌面收拾干净。";
    server_->pause_en = "Please clear the desk.";
    server_->order("pause");
    QTRY_VERIFY(s.kiosk.proctor()->paused());
    QTRY_COMPARE(find(s.window, "proctor.words")->property("text").toString(), server_->pause_zh);
    server_->hall_state = "running";
    server_->order("resume");
    QTRY_COMPARE(s.kiosk.proctor()->wordsZh(), QString("请把手机收好。"));
    QVERIFY(s.press("proctor.acknowledge"));
    QTRY_COMPARE(s.kiosk.proctor()->wordsZh(), QString("请把书收好。"));
    QVERIFY(s.press("proctor.acknowledge"));
    QTRY_VERIFY(s.kiosk.proctor()->kind().isEmpty());
  }

  /// Both are the site's to decide, each for itself.
  void theFilmGoesOnWhenTheSiteNoLongerWatches() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    QTRY_COMPARE(s.eyes.mode, QString("guard"));
    QTRY_COMPARE(s.eyes.recording.sitting_id, QString("s1"));
    const int forgotten = s.eyes.films_forgotten;
    server_->monitored = false;
    server_->order("extend");
    QTRY_VERIFY(!s.kiosk.proctor()->watching());
    QTRY_COMPARE(s.eyes.recording.sitting_id, QString("s1"));
    QCOMPARE(s.eyes.films_forgotten, forgotten);
  }

  void warningsFromBeforeARestartCount() {
    server_->active = "a1";
    server_->decide("sitting");
    server_->warnings = 3;
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.at("paper"));
    QTRY_COMPARE(s.eyes.mode, QString("guard"));
    QCOMPARE(s.eyes.rules.warnings_to_pause, 1);  // of four
  }

  void aConsentIsTakenBackOverThePaper() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    QTRY_COMPARE(s.eyes.mode, QString("guard"));
    QTRY_COMPARE(s.eyes.recording.sitting_id, QString("s1"));
    QVERIFY(s.press("paper.withdraw"));
    QVERIFY(s.at("withdraw"));
    QCOMPARE(s.eyes.mode, QString("guard"));  // only asked yet
    QVERIFY(s.press("withdraw.back"));
    QVERIFY(s.at("paper"));
    QVERIFY(s.press("paper.withdraw"));
    server_->reachable = false;
    QVERIFY(s.press("withdraw.yes"));
    QVERIFY(s.at("paper"));
    QCOMPARE(s.eyes.mode, QString("off"));  // at once, whether the server has heard it or not
    QVERIFY(s.eyes.recording.sitting_id.isEmpty());
    server_->reachable = true;
    QTRY_COMPARE_WITH_TIMEOUT(server_->given, QString("declined"), 9000);
    QTRY_VERIFY(!find(s.window, "paper.withdraw"));
    s.key(Qt::Key_1);
    QCOMPARE(s.kiosk.sitting()->chosen(), QList<int>{0});
    QCOMPARE(s.eyes.mode, QString("off"));
  }

  void whoDeclinedTheCameraIsNotWatched() {
    server_->monitored = false;
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    QTRY_VERIFY(server_->seen.filter("/orders").size() >= 2);
    QVERIFY(s.eyes.mode != "guard");
    QVERIFY(!s.kiosk.proctor()->watching());
    s.kiosk.leave();
    QVERIFY(s.eyes.forgotten > 0);
  }

  void whatWasSeenWhileTheServerWasAwayIsToldLater() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    QTRY_COMPARE(s.eyes.mode, QString("guard"));
    server_->reachable = false;
    emit s.eyes.concern({1, "absent", "notice", true, 5000, -1, 0, "JPEG"});
    emit s.eyes.concern({1, "absent", "warning", true, 20000, -1, 0, "JPEG"});
    emit s.eyes.concern({2, "camera_covered", "notice", true, 5000, -1, 0, "JPEG"});
    QTRY_COMPARE(s.kiosk.proctor()->concern(), QString("absent"));  // the warning: the notice does not take its place
    server_->reachable = true;
    QTRY_VERIFY_WITH_TIMEOUT(server_->incidents.size() >= 2, 40000);
    QCOMPARE(server_->incidents.last().toObject().value("kind").toString(), QString("camera_covered"));
  }

  void howeverLongTheServerIsAwayEveryIncidentIsToldAndTheGraveOnesWithTheirPictures() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    QTRY_COMPARE(s.eyes.mode, QString("guard"));
    server_->reachable = false;
    constexpr int kSeen = 210;
    for (int place = 1; place <= kSeen; ++place)
      emit s.eyes.concern({place, "looking_away", place % 50 == 2 ? "warning" : "notice", true, 5000, -1, 0, "JPEG"});
    server_->reachable = true;
    QTRY_COMPARE_WITH_TIMEOUT(server_->incidents.size(), kSeen, 20000);
    int bare = 0;
    for (int i = 0; i < kSeen; ++i) {
      const QJsonObject report = server_->incidents[i].toObject();
      QCOMPARE(report.value("place").toInt(), i + 1);
      const bool grave = report.value("measure").toString() == "warning", pictured = !report.value("evidence").toArray().isEmpty();
      QVERIFY(pictured || !grave);
      QVERIFY(pictured || i < 15);  // the oldest
      bare += pictured ? 0 : 1;
    }
    QCOMPARE(bare, kSeen - 200);
  }

  void aPowerCutLosesNoIncident() {
    const auto left = [&] { return QDir(dir_->filePath("recording")).entryList({"*.incident"}, QDir::Files); };
    {
      Station s(*server_, clock_, dir_->path());
      QVERIFY(s.toPaper());
      QTRY_COMPARE(s.eyes.mode, QString("guard"));
      QTRY_COMPARE(s.eyes.recording.sitting_id, QString("s1"));
      emit s.eyes.concern({1, "absent", "notice", true, 5000, -1, 0, "JPEG"});
      QTRY_COMPARE(server_->incidents.size(), 1);
      QTRY_VERIFY(left().isEmpty());  // the server has it
      server_->reachable = false;
      emit s.eyes.concern({2, "second_person", "warning", true, 5000, -1, 0.7, "JPEG"});
      QCOMPARE(left(), QStringList{"s1-000002.incident"});
      QFile file(dir_->filePath("recording/s1-000002.incident"));
      QVERIFY(file.open(QIODevice::ReadOnly) && !file.readAll().contains("second_person"));
    }
    server_->incidents = {};
    server_->reachable = true;
    server_->active = "a1";
    server_->decide("sitting");
    Station s(*server_, clock_, dir_->path(), {.camera = false});
    QVERIFY(s.at("paper"));
    QTest::qWait(200);
    QVERIFY(s.eyes.mode != "guard" && s.eyes.recording.sitting_id.isEmpty());
    s.eyes.camera = s.eyes.ready = true;  // the paper was back before the camera
    emit s.eyes.readyChanged();
    QTRY_COMPARE(s.eyes.mode, QString("guard"));
    QTRY_COMPARE(s.eyes.recording.sitting_id, QString("s1"));
    QCOMPARE(s.eyes.remembered.size(), 2);  // who sits there now is compared with the booking again
    QTRY_COMPARE(server_->sealed_incidents.size(), 1);
    QTRY_VERIFY(left().isEmpty());
    invigil::segment::Key key;
    key.fill('k');
    const auto opened = invigil::segment::open(key, server_->sealed_incidents.first().toStdString());
    QVERIFY(opened && opened->find("\"kind\":\"second_person\"") != std::string::npos);
    QVERIFY(s.eyes.rules.next_place >= 1);
  }

  /// Watched over and not recorded: there is a key all the same.
  void aPowerCutLosesNoIncidentWhereNothingIsRecordedEither() {
    const auto left = [&] { return QDir(dir_->filePath("recording")).entryList(QDir::Files); };
    server_->recorded = false;
    {
      Station s(*server_, clock_, dir_->path());
      QVERIFY(s.toPaper());
      QTRY_COMPARE(s.eyes.mode, QString("guard"));
      QTRY_VERIFY(server_->seen.contains("POST /api/v1/kiosk/sittings/s1/recording"));
      emit s.eyes.concern({1, "absent", "notice", true, 5000, -1, 0, "JPEG"});
      QTRY_COMPARE(server_->incidents.size(), 1);
      QTRY_VERIFY(left().isEmpty());
      server_->reachable = false;
      emit s.eyes.concern({2, "second_person", "warning", true, 5000, -1, 0.7, "JPEG"});
      QTRY_COMPARE(left(), QStringList{"s1-000002.incident"});  // plain for as long as the key travels
      QVERIFY(s.eyes.recording.sitting_id.isEmpty());
    }
    server_->reachable = true;
    server_->active = "a1";
    server_->decide("sitting");
    Station s(*server_, clock_, dir_->path());
    QTRY_COMPARE(server_->sealed_incidents.size(), 1);  // which counts from any seat
    QTRY_VERIFY(left().isEmpty());
    invigil::segment::Key key;
    key.fill('k');
    const auto opened = invigil::segment::open(key, server_->sealed_incidents.first().toStdString());
    QVERIFY(opened && opened->find("\"kind\":\"second_person\"") != std::string::npos);
    QVERIFY(opened->find(QByteArray("JPEG").toBase64().toStdString()) != std::string::npos);  // with its picture
  }

  /// The network failed before it came: there is nothing to seal with.
  void aPowerCutLosesNoIncidentWhereTheKeyHasNotComeEither() {
    const auto left = [&] { return QDir(dir_->filePath("recording")).entryList(QDir::Files); };
    server_->refuse_recording = 503;
    {
      Station s(*server_, clock_, dir_->path());
      QVERIFY(s.toPaper());
      QTRY_COMPARE(s.eyes.mode, QString("guard"));
      emit s.eyes.concern({1, "absent", "notice", true, 5000, -1, 0, "JPEG"});
      QTRY_COMPARE(server_->incidents.size(), 1);
      QCOMPARE(server_->incidents.first().toObject().value("evidence").toArray().size(), 1);
      QTRY_VERIFY(left().isEmpty());  // the server has it
      server_->reachable = false;
      emit s.eyes.concern({2, "second_person", "warning", true, 5000, -1, 0.7, "JPEG"});
      QCOMPARE(left(), QStringList{"s1-000002.report"});
      QFile file(dir_->filePath("recording/s1-000002.report"));
      QVERIFY(file.open(QIODevice::ReadOnly));
      const QByteArray content = file.readAll();
      QVERIFY(content.contains("second_person") && !content.contains(QByteArray("JPEG").toBase64()));  // no face on an open disk
    }
    server_->incidents = {};
    server_->reachable = true;
    server_->active = "a1";
    server_->decide("sitting");
    Station s(*server_, clock_, dir_->path());
    QTRY_COMPARE(server_->incidents.size(), 1);
    const QJsonObject report = server_->incidents.first().toObject();
    QCOMPARE(report.value("place").toInt(), 2);
    QCOMPARE(report.value("kind").toString(), QString("second_person"));
    QCOMPARE(report.value("measure").toString(), QString("warning"));
    QVERIFY(report.value("ended_ms").toDouble() > report.value("began_ms").toDouble());  // seen for so long; nobody has watched since
    QVERIFY(report.value("evidence").isArray() && report.value("evidence").toArray().isEmpty());
    QTRY_VERIFY(left().isEmpty());
    QVERIFY(s.at("paper"));
  }

  void whatWasSeenBeforeTheKeyCameIsSealedWhenItComes() {
    const auto left = [&] { return QDir(dir_->filePath("recording")).entryList(QDir::Files); };
    server_->refuse_recording = 503;
    server_->refuse_incidents = 403;
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    QTRY_COMPARE(s.eyes.mode, QString("guard"));
    emit s.eyes.concern({1, "absent", "notice", true, 5000, -1, 0, "JPEG"});
    QCOMPARE(left(), QStringList{"s1-000001.report"});
    server_->refuse_recording = 0;
    QTRY_COMPARE_WITH_TIMEOUT(left(), QStringList{"s1-000001.incident"}, 9000);
    QFile file(dir_->filePath("recording/s1-000001.incident"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    invigil::segment::Key key;
    key.fill('k');
    const auto opened = invigil::segment::open(key, file.readAll().toStdString());
    QVERIFY(opened && opened->find(QByteArray("JPEG").toBase64().toStdString()) != std::string::npos);  // with its picture
    server_->refuse_incidents = 0;
    QTRY_COMPARE_WITH_TIMEOUT(server_->incidents.size(), 1, 9000);
    QTRY_VERIFY(left().isEmpty());
  }

  /// Nothing tells the server whose it is but the seat it comes from.
  void aPlainReportThatTheServerTakesFromTheOwnSeatOnlyWaitsOnTheDisk() {
    const auto left = [&] { return QDir(dir_->filePath("recording")).entryList(QDir::Files); };
    const auto told = [&] { return server_->seen.filter("/incidents").size(); };
    server_->refuse_recording = 503;
    server_->refuse_incidents = 409;
    {
      Station s(*server_, clock_, dir_->path());
      QVERIFY(s.toPaper());
      QTRY_COMPARE(s.eyes.mode, QString("guard"));
      emit s.eyes.concern({1, "absent", "notice", true, 5000, -1, 0, "JPEG"});
      QTRY_COMPARE(told(), 1);
      QTest::qWait(300);
      QCOMPARE(left(), QStringList{"s1-000001.report"});
    }
    {
      Station s(*server_, clock_, dir_->path());
      QTRY_COMPARE(told(), 2);
      QTest::qWait(3500);
      QCOMPARE(told(), 2);  // once at each start
      QCOMPARE(left(), QStringList{"s1-000001.report"});
    }
    server_->refuse_incidents = 0;
    Station s(*server_, clock_, dir_->path());
    QTRY_COMPARE(server_->incidents.size(), 1);
    QTRY_VERIFY(left().isEmpty());
  }

  /// A file in the way stands for a disk that takes no folder.
  void whereTheDiskTakesNoFilmTheCameraIsToldToRecordAllTheSame() {
    QFile in_the_way(dir_->filePath("recording"));
    QVERIFY(in_the_way.open(QIODevice::WriteOnly));
    in_the_way.close();
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    QTRY_COMPARE(s.eyes.recording.sitting_id, QString("s1"));  // so that it can say what does not work
    emit s.eyes.recordingNews({"s1", "stopped", "disk_failed", 5, 0});
    QTRY_COMPARE(server_->recording_news.size(), 1);
    QVERIFY(in_the_way.remove());  // there is room again
    QVERIFY(QDir(dir_->path()).mkdir("recording"));
    QFile film(dir_->filePath("recording/s0-000001.segment"));
    QVERIFY(film.open(QIODevice::WriteOnly) && film.write("film") > 0);
    film.close();
    emit s.eyes.concern({1, "absent", "notice", true, 5000, -1, 0, "JPEG"});
    QTRY_COMPARE(server_->incidents.size(), 1);
    QTRY_COMPARE_WITH_TIMEOUT(server_->segments, QList<QByteArray>{"film"}, 15000);
  }

  /// Its certificate is not known for a while, say: the pictures wait, in memory and on the disk, as film does.
  void whatAKioskMayNotTellNowItTellsLater() {
    const auto left = [&] { return QDir(dir_->filePath("recording")).entryList({"*.incident"}, QDir::Files); };
    {
      Station s(*server_, clock_, dir_->path());
      QVERIFY(s.toPaper());
      QTRY_COMPARE(s.eyes.mode, QString("guard"));
      QTRY_COMPARE(s.eyes.recording.sitting_id, QString("s1"));
      server_->refuse_incidents = 403;
      emit s.eyes.concern({1, "absent", "notice", true, 5000, -1, 0, "JPEG"});
      QTRY_COMPARE(server_->seen.filter("/incidents").size(), 1);
      QTest::qWait(300);
      QCOMPARE(left().size(), 1);
      server_->refuse_incidents = 0;
      QTRY_COMPARE_WITH_TIMEOUT(server_->incidents.size(), 1, 9000);
      QTRY_VERIFY(left().isEmpty());
      server_->refuse_incidents = 401;
      emit s.eyes.concern({2, "absent", "notice", true, 5000, -1, 0, "JPEG"});
      QTRY_COMPARE(left().size(), 1);
    }
    Station s(*server_, clock_, dir_->path());  // a restart meanwhile
    QTRY_VERIFY(!server_->seen.filter("sealed-incident").isEmpty());
    QTest::qWait(300);
    QCOMPARE(left().size(), 1);
    server_->refuse_incidents = 0;
    QTRY_COMPARE_WITH_TIMEOUT(server_->sealed_incidents.size(), 1, 9000);
    QTRY_VERIFY(left().isEmpty());
  }

  void whatWasSeenBeforeTheExamWentOnAtAnotherSeatIsBroughtSealed() {
    const auto left = [&] { return QDir(dir_->filePath("recording")).entryList({"*.incident"}, QDir::Files); };
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    QTRY_COMPARE(s.eyes.mode, QString("guard"));
    QTRY_COMPARE(s.eyes.recording.sitting_id, QString("s1"));
    server_->refuse_incidents = 409;
    emit s.eyes.concern({1, "absent", "notice", true, 5000, -1, 0, "JPEG"});
    emit s.eyes.concern({2, "second_person", "warning", true, 5000, -1, 0.7, "JPEG"});
    QTRY_COMPARE(server_->sealed_incidents.size(), 2);
    QTRY_VERIFY(left().isEmpty());
    QVERIFY(server_->incidents.isEmpty());
  }

  void aReportOnItsWayAtTheHandInIsSentOnceAndTheNextOneStillComes() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    QTRY_COMPARE(s.eyes.mode, QString("guard"));
    server_->hold_incidents = true;
    emit s.eyes.concern({1, "absent", "notice", true, 5000, -1, 0, "JPEG"});
    emit s.eyes.concern({2, "second_person", "notice", true, 5000, -1, 0.7, "JPEG"});
    QTRY_COMPARE(server_->incidents.size(), 1);
    s.kiosk.sitting()->handIn();
    QVERIFY(s.at("result"));
    QTest::qWait(3500);  // longer than the pause before a repeat
    QCOMPARE(server_->incidents.size(), 1);
    server_->release();
    QTRY_COMPARE(server_->incidents.size(), 2);
    QCOMPARE(server_->incidents.last().toObject().value("place").toInt(), 2);
    QTest::qWait(300);
    QCOMPARE(server_->incidents.size(), 2);
  }

  void aSittingIsRecordedWithTheServersKeyUntilItIsHandedIn() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    QTRY_COMPARE(s.eyes.recording.sitting_id, QString("s1"));
    QCOMPARE(s.eyes.recording.key, QByteArray(32, 'k'));
    QCOMPARE(s.eyes.recording.first_number, 3);
    QCOMPARE(s.eyes.recording.server_ahead_ms + clock_.at.count(), qint64{server_->state().value("now_ms").toInteger()});
    for (const QString& file : QDir(dir_->path()).entryList(QDir::Files)) {
      QFile one(dir_->filePath(file));
      QVERIFY(one.open(QIODevice::ReadOnly) && !one.readAll().contains("kkkkkkkk"));  // the key is in memory only
    }
    server_->reachable = false;
    emit s.eyes.recordingNews({"s1", "began", "", 5, 0});
    emit s.eyes.recordingNews({"s1", "stopped", "disk_full", 6, 2});
    QVERIFY(server_->recording_news.isEmpty());
    server_->reachable = true;
    QTRY_COMPARE_WITH_TIMEOUT(server_->recording_news.size(), 2, 40000);
    QCOMPARE(server_->recording_news.last().toObject().value("why").toString(), QString("disk_full"));
    s.kiosk.sitting()->handIn();
    QVERIFY(s.at("result"));
    QVERIFY(s.eyes.recording.sitting_id.isEmpty());
    emit s.eyes.recordingNews({"s1", "ended", "", 7, 3});  // the last segment is closed after the hand-in
    QTRY_COMPARE(server_->recording_news.size(), 3);
  }

  void whoIsNotToBeRecordedIsNot() {
    server_->recorded = false;
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    QTRY_VERIFY(server_->seen.contains("POST /api/v1/kiosk/sittings/s1/recording"));
    QTRY_COMPARE(s.eyes.mode, QString("guard"));
    QVERIFY(s.eyes.recording.sitting_id.isEmpty());
  }

  void consentTakenBackEndsWatchAndRecording() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    QTRY_COMPARE(s.eyes.mode, QString("guard"));
    QTRY_COMPARE(s.eyes.recording.sitting_id, QString("s1"));
    server_->monitored = false;
    server_->order("notice", "已按您的要求关闭摄像头。", "The camera is off, as you wished.");
    QTRY_COMPARE(s.eyes.mode, QString("off"));
    QVERIFY(s.eyes.recording.sitting_id.isEmpty());
    QCOMPARE(s.kiosk.screen(), QString("paper"));
  }

  void whereNothingIsWatchedConsentTakenBackStillEndsTheRecording() {
    server_->monitored = false;
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    QTRY_COMPARE(s.eyes.recording.sitting_id, QString("s1"));
    server_->recorded = false;
    server_->order("notice", "已按您的要求关闭摄像头。", "The camera is off, as you wished.");
    QTRY_VERIFY(s.eyes.recording.sitting_id.isEmpty());
    QCOMPARE(s.kiosk.screen(), QString("paper"));
  }

  void aSegmentThatTheServerDoesNotTakeHoldsUpNoOther() {
    QVERIFY(QDir(dir_->path()).mkdir("recording"));
    for (const char* name : {"s0-000001.segment", "s0-000002.segment", "s0-000003.segment"}) {
      QFile file(dir_->filePath(QStringLiteral("recording/") + name));
      QVERIFY(file.open(QIODevice::WriteOnly) && file.write(name) > 0);
    }
    const auto left = [&] { return QDir(dir_->filePath("recording")).entryList(QDir::Files); };
    const auto sent = [&] { return server_->seen.filter("/s0/segment").size(); };
    server_->refuse_segments = "admission_other_seat";
    server_->refuse_holding = "000001";
    Station s(*server_, clock_, dir_->path());
    QTRY_COMPARE_WITH_TIMEOUT(left(), QStringList{"s0-000001.segment"}, 15000);
    QCOMPARE(server_->segments, (QList<QByteArray>{"s0-000002.segment", "s0-000003.segment"}));
    QCOMPARE(sent(), 3);
    QTest::qWait(4500);
    QCOMPARE(sent(), 3);  // not at every look
    clock_.at += std::chrono::seconds(61);
    QTRY_COMPARE_WITH_TIMEOUT(sent(), 4, 8000);
    QTest::qWait(2500);
    clock_.at += std::chrono::seconds(61);
    QTest::qWait(2500);
    QCOMPARE(sent(), 4);  // the pause grows
    server_->refuse_segments.clear();
    clock_.at += std::chrono::seconds(61);
    QTRY_VERIFY_WITH_TIMEOUT(left().isEmpty(), 8000);
  }

  void filmWhoseNumberTheServerHasWithOtherContentStaysAside() {
    QVERIFY(QDir(dir_->path()).mkdir("recording"));
    QFile file(dir_->filePath("recording/s0-000001.segment"));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("film") > 0);
    file.close();
    const auto left = [&] { return QDir(dir_->filePath("recording")).entryList(QDir::Files); };
    server_->refuse_segments = "segment_differs";
    Station s(*server_, clock_, dir_->path());
    QTRY_COMPARE_WITH_TIMEOUT(left(), QStringList{"s0-000001.segment.aside"}, 15000);
    server_->refuse_segments.clear();
    QTest::qWait(4500);
    QCOMPARE(server_->seen.filter("/s0/segment").size(), 1);  // for a person, not for the server
    QCOMPARE(left().size(), 1);
  }

  /// After a restart: the server's order says 3, while the third segment has just arrived and left the disk.
  void aNumberThatWasUploadedMeanwhileIsNotGivenOutAgain() {
    QVERIFY(QDir(dir_->path()).mkdir("recording"));
    QFile file(dir_->filePath("recording/s1-000003.segment"));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("film") > 0);
    file.close();
    Station s(*server_, clock_, dir_->path());
    QTRY_VERIFY_WITH_TIMEOUT(QDir(dir_->filePath("recording")).entryList(QDir::Files).isEmpty(), 15000);
    QVERIFY(s.toPaper());
    QTRY_COMPARE(s.eyes.recording.sitting_id, QString("s1"));
    QCOMPARE(s.eyes.recording.first_number, 4);
  }

  void whatAnEarlierSittingLeftOnTheDiskIsUploadedAfterARestart() {
    QVERIFY(QDir(dir_->path()).mkdir("recording"));
    const auto leave = [&](const char* name) {
      QFile file(dir_->filePath(QStringLiteral("recording/") + name));
      return file.open(QIODevice::WriteOnly) && file.write(name) > 0;
    };
    const auto left = [&] { return QDir(dir_->filePath("recording")).entryList(QDir::Files).size(); };
    QVERIFY(leave("s0-000001.segment") && leave("s0-000002.segment") && leave("s0-000003.segment.new"));
    server_->reachable = false;
    Station s(*server_, clock_, dir_->path());
    QCOMPARE(left(), 2);  // what was half written is gone
    QTRY_VERIFY_WITH_TIMEOUT(server_->seen.contains("PUT /api/v1/kiosk/sittings/s0/segment"), 40000);
    QCOMPARE(left(), 2);
    server_->reachable = true;
    server_->refuse_segments = "recordings_full";
    QTRY_VERIFY_WITH_TIMEOUT(server_->seen.filter("/segment").size() >= 2, 40000);
    QCOMPARE(left(), 2);  // a server without room gets them later
    server_->refuse_segments.clear();
    QTRY_COMPARE_WITH_TIMEOUT(left(), 0, 20000);
    QCOMPARE(server_->segments, (QList<QByteArray>{"s0-000001.segment", "s0-000002.segment"}));
    server_->refuse_segments = "bad_segment";
    QVERIFY(leave("s0-000004.segment"));
    QTRY_COMPARE_WITH_TIMEOUT(left(), 0, 40000);  // of no use to anybody
  }
};

int main(int argc, char** argv) { return runOnScreen<KioskProctoringTest>(argc, argv); }
#include "kiosk_proctoring_test.moc"
