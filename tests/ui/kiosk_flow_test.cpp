// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QDir>
#include <QFile>
#include <QGuiApplication>
#include <QTemporaryDir>
#include <QtTest>

#include "fake_server.hpp"
#include "invigil/base/typed.hpp"
#include "kiosk.hpp"
#include "screen_check.hpp"
#include "window.hpp"

using namespace invigil::kiosk;
using namespace invigil::kiosk::test;

namespace {

/// A kiosk at work; a second one on the same folder is a restart.
struct Station {
  /// @param camera  false: not open yet, as in the first moments after a start
  explicit Station(FakeServer& server, HandClock& clock, const QString& dir, bool camera = true)
      : kiosk({server, eyes, clock, dir}), screen(kiosk), window(*screen.window()) {
    eyes.camera = eyes.ready = camera;
    window.show();
    window.requestActivate();
    kiosk.start();
  }
  FakeEyes eyes;
  Kiosk kiosk;
  Screen screen;
  QQuickWindow& window;

  bool press(const QString& name) {
    if (!QTest::qWaitFor([&] { return find(window, name); })) return false;
    QTest::qWait(50);  // one frame, so that the layout is done
    return click(window, name);
  }
  bool at(const QString& name) { return QTest::qWaitFor([&] { return kiosk.screen() == name; }, 8000); }
  void key(Qt::Key key) { QTest::keyClick(&window, key); }
  bool toFace() {
    if (!at("welcome")) return false;
    kiosk.begin("code");
    kiosk.code()->press("7KQ2M9PX");
    kiosk.find();
    if (!at("consent")) return false;
    kiosk.consent(true);
    return at("face");
  }
  bool toInstructions() {
    if (!toFace()) return false;
    emit eyes.faceDone({QString(), 0.8, 3, false, "JPEG"});
    if (!at("confirm")) return false;
    kiosk.confirmData();
    return at("instructions");
  }
  bool toPaper() {
    if (!toInstructions()) return false;
    kiosk.startPaper();
    return at("paper");
  }
};

}  // namespace

class KioskFlowTest : public QObject {
  Q_OBJECT
 private slots:
  void consentCanBeTakenBackWhileTheReviewerLooks() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toFace());
    s.kiosk.askReviewer();
    QVERIFY(s.at("waiting"));
    const int forgotten = s.eyes.forgotten;
    QVERIFY(s.press("waiting.withdraw"));
    QTRY_VERIFY(server_->seen.contains("POST /api/v1/kiosk/admissions/a1/withdraw"));
    QTRY_COMPARE(s.kiosk.admission().value("why").toString(), QString("declined"));
    QCOMPARE(s.eyes.forgotten, forgotten + 1);
    QCOMPARE(s.eyes.films_forgotten, 1);
    QVERIFY(s.at("waiting"));
    QVERIFY(!find(s.window, "waiting.withdraw"));
  }

  void whatTheServerDrewIsAskedForAndReported() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toFace());
    QCOMPARE(server_->engine.value("detector").toString(), QString("fake"));
    QCOMPARE(s.eyes.face_rules.actions, QStringList({"turn_left", "blink"}));
    QCOMPARE(s.eyes.face_rules.action_seconds, 5);
    QCOMPARE(s.eyes.references, (QByteArrayList{"JPEG", "JPEG2"}));
    const FaceModel& face = *s.kiosk.face();
    emit s.eyes.faceStep({"none", true, true, "turn_left", true, 0, 2, 0.5});
    QCOMPARE(face.prompt(), QString("turn_left"));
    QVERIFY(face.challenge() && face.acting());
    server_->after_face = "face";
    emit s.eyes.faceDone({QString(), 0.9, 3, false, "JPEG", {{"result", "failed"}, {"why", "wrong_action"}, {"steps", QJsonArray()}}});
    QTRY_VERIFY(face.paused());
    const QJsonObject liveness = server_->last_body.value("liveness").toObject();
    QCOMPARE(liveness.value("challenge_id").toString(), QString("challenge-1"));
    QCOMPARE(liveness.value("why").toString(), QString("wrong_action"));
    QCOMPARE(server_->last_body.value("camera").toObject().value("name").toString(), QString("fake"));
    QVERIFY(face.prompt().isEmpty());
    // Another try is another challenge.
    QTRY_COMPARE_WITH_TIMEOUT(face.tries(), 2, 8000);
    server_->after_face = "admitted";
    emit s.eyes.faceDone({QString(), 0.9, 3, false, "JPEG", {{"result", "passed"}}});
    QVERIFY(s.at("confirm"));
    QCOMPARE(server_->last_body.value("liveness").toObject().value("challenge_id").toString(), QString("challenge-2"));
  }

  void init() {
    dir_ = std::make_unique<QTemporaryDir>();
    server_ = std::make_unique<FakeServer>();
    clock_ = {};
  }

  void theWholeWayByKeyboardAlone() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.at("welcome"));
    QVERIFY(QTest::qWaitForWindowActive(&s.window));
    const auto tabTo = [&](const QString& name) {
      for (int i = 0; i < 60; ++i) {
        if (s.window.activeFocusItem() && s.window.activeFocusItem()->objectName() == name) return true;
        s.key(Qt::Key_Tab);
      }
      return false;
    };
    QVERIFY(tabTo("welcome.id"));
    s.key(Qt::Key_Return);
    QVERIFY(s.at("find"));
    for (const char c : std::string("440308199901101512")) QTest::keyClick(&s.window, c);
    QCOMPARE(s.kiosk.document()->text(), QString("440308199901101512"));
    s.key(Qt::Key_Return);
    QVERIFY(s.at("consent"));
    QVERIFY(tabTo("consent.agree"));
    s.key(Qt::Key_Space);
    QVERIFY(s.at("face"));
    emit s.eyes.faceDone({QString(), 0.8, 3, false, "JPEG"});
    QVERIFY(s.at("confirm"));
    s.key(Qt::Key_Return);
    QVERIFY(s.at("instructions"));
    s.key(Qt::Key_Return);
    QVERIFY(s.at("paper"));
    SittingModel& paper = *s.kiosk.sitting();
    s.key(Qt::Key_2);
    QCOMPARE(paper.chosen(), QList<int>{1});
    s.key(Qt::Key_A);
    QCOMPARE(paper.chosen(), QList<int>{0});
    s.key(Qt::Key_F);
    QVERIFY(paper.flagged());
    s.key(Qt::Key_Return);
    QCOMPARE(paper.position(), 2);
    s.key(Qt::Key_Right);
    s.key(Qt::Key_PageDown);
    s.key(Qt::Key_Left);
    QCOMPARE(paper.position(), 3);
    QVERIFY(tabTo("paper.submit"));
    s.key(Qt::Key_Return);
    QVERIFY(s.at("review"));
    QVERIFY(tabTo("submit.confirm"));
    s.key(Qt::Key_Return);
    QVERIFY(s.at("result"));
    s.key(Qt::Key_Return);
    QVERIFY(s.at("welcome"));
    QCOMPARE(QDir(dir_->path()).entryList({"*.journal"}).size(), 0);
  }

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
    clock_.at += std::chrono::minutes(150);  // far past the deadline as it was
    QTRY_COMPARE(s.kiosk.sitting()->secondsLeft(), left);
    QCOMPARE(s.kiosk.screen(), QString("paper"));
    QTRY_COMPARE(server_->incidents.size(), 1);
    server_->hall_state = "running";
    server_->minutes_past = server_->minutes_given = 150;
    server_->order("resume");
    QTRY_VERIFY(!s.kiosk.proctor()->paused());
    QTRY_VERIFY(!find(s.window, "proctor.heading"));
    QTRY_COMPARE(s.kiosk.sitting()->secondsLeft(), left);
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
    QTRY_COMPARE(s.kiosk.proctor()->kind(), QString("notice"));
    server_->reachable = true;
    QTRY_VERIFY_WITH_TIMEOUT(server_->incidents.size() >= 2, 10000);
    QCOMPARE(server_->incidents.last().toObject().value("kind").toString(), QString("camera_covered"));
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
    QTRY_COMPARE_WITH_TIMEOUT(server_->recording_news.size(), 2, 10000);
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
    QTRY_VERIFY_WITH_TIMEOUT(server_->seen.contains("PUT /api/v1/kiosk/sittings/s0/segment"), 10000);
    QCOMPARE(left(), 2);
    server_->reachable = true;
    server_->refuse_segments = "recordings_full";
    QTRY_VERIFY_WITH_TIMEOUT(server_->seen.filter("/segment").size() >= 2, 10000);
    QCOMPARE(left(), 2);  // a server without room gets them later
    server_->refuse_segments.clear();
    QTRY_COMPARE_WITH_TIMEOUT(left(), 0, 20000);
    QCOMPARE(server_->segments, (QList<QByteArray>{"s0-000001.segment", "s0-000002.segment"}));
    server_->refuse_segments = "bad_segment";
    QVERIFY(leave("s0-000004.segment"));
    QTRY_COMPARE_WITH_TIMEOUT(left(), 0, 10000);  // of no use to anybody
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
    Station s(*server_, clock_, dir_->path(), false);
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

  void whoComesRightAfterTheStartWaitsForTheCamera() {
    Station s(*server_, clock_, dir_->path(), false);
    QVERIFY(s.toFace());
    QTest::qWait(200);
    QCOMPARE(s.kiosk.screen(), QString("face"));
    QTRY_VERIFY(find(s.window, "face.hint")->property("text").toString().contains("准备"));
    QVERIFY(s.eyes.references.isEmpty());
    s.eyes.camera = s.eyes.ready = true;
    emit s.eyes.readyChanged();
    QTRY_VERIFY(!s.eyes.references.isEmpty());
    QVERIFY(!find(s.window, "face.hint")->property("text").toString().contains("准备"));
    emit s.eyes.readyChanged();  // a second one is nothing new
    QCOMPARE(s.kiosk.face()->tries(), 1);
    emit s.eyes.faceDone({QString(), 0.8, 3, false, "JPEG"});
    QVERIFY(s.at("confirm"));
  }

  void whoComesRightAfterTheStartOfAKioskWithoutACameraGoesToTheReviewer() {
    server_->after_face = "waiting";
    Station s(*server_, clock_, dir_->path(), false);
    QVERIFY(s.toFace());
    s.eyes.ready = true;
    emit s.eyes.readyChanged();
    QVERIFY(s.at("waiting"));
  }

  void aLostAnswerToTheFaceReportIsAskedForAgain() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toFace());
    server_->lose_once = "/face";  // the server admits, and nobody hears it
    emit s.eyes.faceDone({QString(), 0.9, 3, false, "JPEG"});
    QVERIFY(QTest::qWaitFor([&] { return !s.kiosk.errorId().isEmpty(); }));
    QVERIFY(s.at("confirm"));
    QVERIFY(s.kiosk.errorId().isEmpty());
    QCOMPARE(server_->face_reports, 1);
  }

  void aLostCallForTheReviewerIsAskedForAgain() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toFace());
    server_->lose_once = "/review";
    s.kiosk.askReviewer();
    QVERIFY(s.at("waiting"));
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

  void aStartWithoutASealedPaperSaysSoAndCanBeRepeated() {
    Station s(*server_, clock_, dir_->path());
    server_->starts_refused = 1;
    QVERIFY(s.toInstructions());
    QVERIFY(s.press("instructions.start"));
    QVERIFY(QTest::qWaitFor([&] { return s.kiosk.errorZh().startsWith("试卷正在准备"); }));
    QCOMPARE(s.kiosk.screen(), QString("instructions"));
    QVERIFY(s.press("instructions.start"));
    QVERIFY(s.at("paper"));
    QVERIFY(s.kiosk.errorZh().isEmpty());
  }

  void theServerGoesAwayAndTheCandidateGoesOn() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    SittingModel& paper = *s.kiosk.sitting();
    server_->reachable = false;
    QVERIFY(s.press("option.A"));
    QTRY_VERIFY(!paper.online());
    QVERIFY(s.press("paper.next"));
    QVERIFY(s.press("option.B"));
    QCOMPARE(paper.saving(), QString("saved"));
    QCOMPARE(find(s.window, "paper.saving")->property("text").toString(), QString("已保存在本机，尚未送达"));
    QVERIFY(server_->saved.empty());
    server_->reachable = true;
    QVERIFY(QTest::qWaitFor([&] {
      clock_.at += invigil::seconds{1};
      return paper.saving() == "sent";
    }));
    QCOMPARE(server_->saved.size(), std::size_t{2});
  }

  void whatIsTypedIsSavedAMomentLaterAndComesBackAfterARestart() {
    {
      Station s(*server_, clock_, dir_->path());
      QVERIFY(s.toPaper());
      QVERIFY(QTest::qWaitForWindowActive(&s.window));
      SittingModel& paper = *s.kiosk.sitting();
      server_->reachable = false;
      paper.goTo(92);
      QTRY_COMPARE(s.window.activeFocusItem() ? s.window.activeFocusItem()->objectName() : QString(), QString("paper.answer"));
      for (const char c : std::string("Pe@f")) QTest::keyClick(&s.window, c);
      s.key(Qt::Key_Left);
      s.key(Qt::Key_Backspace);
      QCOMPARE(paper.text(), QString("Pf"));  // @ has no key here, and a letter is no shortcut now
      QVERIFY(!paper.flagged());
      QCOMPARE(paper.saving(), QString("typing"));
      QCOMPARE(find(s.window, "paper.saving")->property("text").toString(), QString("正在保存…"));
      QTRY_COMPARE(paper.saving(), QString("saved"));
      s.key(Qt::Key_Return);
      QCOMPARE(paper.position(), 93);
      s.key(Qt::Key_B);
      QCOMPARE(paper.chosen(), QList<int>{1});
      paper.goTo(91);
      QVERIFY(s.press("key.7"));
      s.key(Qt::Key_A);
      QTest::keyClick(&s.window, '5');
      QCOMPARE(paper.text(), QString("75"));
      QCOMPARE(paper.answered(), 3);
      paper.goTo(1);  // going on writes at once
      QCOMPARE(paper.saving(), QString("saved"));
    }
    server_->reachable = true;
    server_->active = "a1";
    server_->decide("sitting");
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.at("paper"));
    QTRY_COMPARE(server_->saved[92].value("text").toString(), QString("Pf"));
    s.kiosk.sitting()->goTo(91);
    QTRY_COMPARE(find(s.window, "paper.answer")->property("text").toString(), QString("75"));
    QVERIFY(s.press("key.⌧"));
    QTRY_COMPARE(s.kiosk.sitting()->saving(), QString("sent"));
    QVERIFY(!server_->saved[91].contains("text"));
    QVERIFY(server_->saved[91].value("chosen").toArray().isEmpty());
  }

  void everythingThatCanBeTypedHasAKeyOnTheScreen() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    s.kiosk.sitting()->goTo(92);
    QStringList keys;
    const auto gather = [&] {
      for (const QQuickItem* item : visibleItems(s.window))
        if (item->objectName().startsWith("key.")) keys += item->objectName().mid(4);
    };
    QTRY_VERIFY(find(s.window, "key.q"));
    gather();
    QVERIFY(s.press("key.#"));
    QTRY_VERIFY(find(s.window, "key.1"));
    gather();
    for (const std::string_view sign : invigil::kTypedSigns) QVERIFY2(keys.contains(QString::fromUtf8(sign.data(), static_cast<qsizetype>(sign.size()))), sign.data());
    for (char c = 'a'; c <= 'z'; ++c) QVERIFY(keys.contains(QString(QLatin1Char(c))));
    for (char c = '0'; c <= '9'; ++c) QVERIFY(keys.contains(QString(QLatin1Char(c))));
    QVERIFY(keys.contains(" "));
  }

  void aLostAcknowledgementIsRepeatedWithoutHarm() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    server_->lose_acks = true;
    QVERIFY(s.press("option.B"));
    QTRY_COMPARE(server_->saved.size(), std::size_t{1});
    QTRY_VERIFY(!s.kiosk.sitting()->online());
    QCOMPARE(s.kiosk.sitting()->saving(), QString("saved"));
    server_->lose_acks = false;
    QVERIFY(QTest::qWaitFor([&] {
      clock_.at += invigil::seconds{1};
      return s.kiosk.sitting()->saving() == "sent";
    }));
    QCOMPARE(server_->saved[1].value("revision").toInt(), 1);
  }

  void theTimeAnItemWasOnTheScreenGoesOutWithItsAnswer() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    s.kiosk.sitting()->goTo(1);
    clock_.at += invigil::seconds{7};
    s.kiosk.sitting()->goTo(2);
    clock_.at += invigil::seconds{30};
    s.kiosk.sitting()->goTo(1);
    clock_.at += invigil::seconds{5};
    QVERIFY(s.press("option.A"));
    QTRY_COMPARE(s.kiosk.sitting()->saving(), QString("sent"));
    QCOMPARE(server_->saved[1].value("shown_ms").toInt(), 12'000);
    s.kiosk.sitting()->goTo(2);
    QVERIFY(s.press("option.B"));
    QTRY_COMPARE(s.kiosk.sitting()->saving(), QString("sent"));
    QCOMPARE(server_->saved[2].value("shown_ms").toInt(), 30'000);
  }

  void aRestartGoesOnWithTheJournalsAnswers() {
    {
      Station s(*server_, clock_, dir_->path());
      QVERIFY(s.toPaper());
      QVERIFY(s.press("option.A"));
      QTRY_COMPARE(s.kiosk.sitting()->saving(), QString("sent"));
      server_->reachable = false;
      QVERIFY(s.press("option.B"));
      QCOMPARE(s.kiosk.sitting()->saving(), QString("saved"));
    }
    server_->reachable = true;
    server_->active = "a1";
    Station again(*server_, clock_, dir_->path());
    QVERIFY(again.at("paper"));
    again.kiosk.sitting()->goTo(1);
    QCOMPARE(again.kiosk.sitting()->chosen(), QList<int>{1});
    QTRY_COMPARE(server_->saved[1].value("revision").toInt(), 2);
  }

  void theDeadlineHandsInWhileTheServerIsAway() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    QVERIFY(s.press("option.A"));
    QTRY_COMPARE(s.kiosk.sitting()->saving(), QString("sent"));
    server_->reachable = false;
    QVERIFY(s.press("option.B"));
    clock_.at += invigil::minutes{121};
    QVERIFY(s.at("submitting"));
    QVERIFY(s.kiosk.sitting()->byDeadline());
    server_->reachable = true;
    QVERIFY(QTest::qWaitFor([&] {
      clock_.at += invigil::seconds{1};
      return s.kiosk.screen() == "result";
    }));
    QCOMPARE(server_->saved[1].value("revision").toInt(), 2);
    QCOMPARE(server_->submissions, 1);
  }

  void aSittingThatTheServerHasClosedStillShowsItsResult() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    server_->closed = true;
    QVERIFY(s.press("option.A"));
    QVERIFY(s.at("result"));
  }

  void photosOfDifferentPeopleGoToTheReviewerWithThatReason() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toFace());
    emit s.eyes.faceDone({"photos_differ"});
    QVERIFY(s.at("waiting"));
    QCOMPARE(server_->why, QString("photos_differ"));
  }

  void withoutARecognitionModelTheReviewerAdmits() {
    Station s(*server_, clock_, dir_->path());
    s.eyes.verifier_there = false;
    QVERIFY(s.at("welcome"));
    s.kiosk.begin("code");
    s.kiosk.code()->press("7KQ2M9PX");
    s.kiosk.find();
    QVERIFY(s.at("consent"));
    QVERIFY(s.press("consent.agree"));
    QVERIFY(s.at("waiting"));
    QCOMPARE(server_->why, QString("no_model"));
    server_->decide("admitted");
    QVERIFY(s.at("confirm"));
    QVERIFY(s.press("confirm.yes"));
    QVERIFY(s.press("instructions.start"));
    QVERIFY(s.at("paper"));
  }

  void nobodyHandsInBeforeTheHouseAllowsIt() {
    server_->no_leaving_minutes = 30;
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    s.kiosk.openReview();
    QTRY_VERIFY(find(s.window, "submit.confirm"));
    QVERIFY(!find(s.window, "submit.confirm")->isEnabled());
    clock_.at += invigil::minutes{31};
    QTRY_VERIFY(find(s.window, "submit.confirm")->isEnabled());
  }

  void leavingWipesEverythingOfThePerson() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toPaper());
    s.kiosk.sitting()->handIn();
    QVERIFY(s.at("result"));
    QVERIFY(s.press("top.language"));
    QVERIFY(s.press("result.done"));
    QVERIFY(s.at("wipe"));
    QVERIFY(s.kiosk.admission().isEmpty() && s.kiosk.found().isEmpty() && s.kiosk.result().isEmpty());
    QVERIFY(s.kiosk.code()->text().isEmpty() && s.kiosk.document()->text().isEmpty());
    QVERIFY(!s.kiosk.sitting()->active());
    QCOMPARE(s.kiosk.language(), QString("zh"));
    QCOMPARE(s.eyes.mode, QString("off"));
  }

  void anIdleScreenForgetsWhatWasTyped() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.at("welcome"));
    s.kiosk.begin("id");
    s.kiosk.document()->press("4403");
    clock_.at += invigil::minutes{3};
    QVERIFY(s.at("welcome"));
    QVERIFY(s.kiosk.document()->text().isEmpty());
  }

 private:
  std::unique_ptr<QTemporaryDir> dir_;
  std::unique_ptr<FakeServer> server_;
  HandClock clock_;
};

int main(int argc, char** argv) {
  qputenv("QT_QUICK_BACKEND", "software");
  QGuiApplication app(argc, argv);
  KioskFlowTest test;
  return QTest::qExec(&test, argc, argv);
}
#include "kiosk_flow_test.moc"
