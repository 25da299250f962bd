// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "station.hpp"

using namespace invigil::kiosk;
using namespace invigil::kiosk::test;

/// From the welcome screen to the confirmed person, and away again.
class KioskAdmissionTest final : public KioskTest {
  Q_OBJECT
  QString challengeOfReport() const { return server_->bodies.at("face").value("liveness").toObject().value("challenge_id").toString(); }

 private slots:
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
    QElapsedTimer read;
    read.start();
    QTRY_VERIFY_WITH_TIMEOUT(!face.paused(), 30'000);
    QVERIFY(read.elapsed() > 2500);  // long enough to read what went wrong
    // Another try is another challenge.
    QTRY_COMPARE_WITH_TIMEOUT(face.tries(), 2, 30'000);
    server_->after_face = "admitted";
    emit s.eyes.faceDone({QString(), 0.9, 3, false, "JPEG", {{"result", "passed"}}});
    QVERIFY(s.at("confirm"));
    QCOMPARE(server_->last_body.value("liveness").toObject().value("challenge_id").toString(), QString("challenge-2"));
  }

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

  /// The power fails before the server could be told.
  void aWithdrawalOutlivesARestart() {
    {
      Station s(*server_, clock_, dir_->path());
      QVERIFY(s.toPaper());
      QVERIFY(s.press("paper.withdraw"));
      server_->reachable = false;
      QVERIFY(s.press("withdraw.yes"));
    }
    server_->reachable = true;
    server_->swallow_once = "/withdraw";  // not at once
    server_->seen.clear();
    server_->active = "a1";
    server_->decide("sitting");
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.at("paper"));
    QTest::qWait(300);
    QVERIFY(s.eyes.mode != "guard" && s.eyes.recording.sitting_id.isEmpty());
    QTRY_COMPARE_WITH_TIMEOUT(server_->seen.count("POST /api/v1/kiosk/admissions/a1/withdraw"), 2, 9000);
    QVERIFY(!QFile::exists(dir_->filePath("withdrawals")) || QFileInfo(dir_->filePath("withdrawals")).size() == 0);
  }

  void whoComesToTheReviewerWithoutACheckIsSeenToo() {
    server_->after_consent = "waiting";
    const QString sent = "POST /api/v1/kiosk/admissions/a1/review";
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toConsent());
    s.kiosk.consent(true);
    QVERIFY(s.at("waiting"));
    QTRY_VERIFY(server_->seen.contains(sent));
    QVERIFY(!server_->bodies["review"].value("capture").toString().isEmpty());
    QCOMPARE(s.eyes.mode, QString("off"));
    s.kiosk.leave();
    QVERIFY(s.at("welcome"));
    server_->seen.clear();
    QVERIFY(s.toConsent());
    s.kiosk.consent(false);
    QVERIFY(s.at("waiting"));
    QTest::qWait(1500);  // longer than a first picture takes
    QVERIFY(!server_->seen.contains(sent));
  }

  /// At the camera there are two ways to a person: it does not work, and rather not. Only the first sends a picture.
  void whoWouldRatherNotIsNotPhotographed() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toFace());
    QVERIFY(s.press("face.decline"));
    QVERIFY(s.at("waiting"));
    QCOMPARE(server_->given, QString("declined"));
    QVERIFY(!server_->seen.contains("POST /api/v1/kiosk/admissions/a1/review"));
    QTRY_COMPARE(s.eyes.mode, QString("off"));
    QVERIFY(!find(s.window, "waiting.withdraw"));
  }

  void theInvigilatorsWordsAreReadBeforeOneMoreTry() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toFace());
    s.kiosk.askReviewer();
    QVERIFY(s.at("waiting"));
    const int checks = s.kiosk.face()->tries();
    server_->why = "asked_again";
    server_->reason = "请摘下帽子";
    server_->reason_en = "Please take off your hat";
    server_->decide("face");
    QVERIFY(s.at("face"));
    QTRY_VERIFY(find(s.window, "face.hint")->property("text").toString().contains("请摘下帽子"));
    QCOMPARE(s.kiosk.face()->tries(), checks);
    QTRY_COMPARE_WITH_TIMEOUT(s.kiosk.face()->tries(), checks + 1, 9000);
  }

  void aRefusalIsInTheCandidatesLanguageAndABookingThatIsOverIsNoRefusal() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toFace());
    s.kiosk.askReviewer();
    QVERIFY(s.at("waiting"));
    server_->reason = "不是本人";
    server_->reason_en = "Another person";
    server_->decide("refused");
    QVERIFY(s.at("refused"));
    const auto words = [&](const char* part) { return find(s.window, QString("refused.") + part)->property("text").toString(); };
    QVERIFY(words("words").contains("不是本人"));
    s.kiosk.setLanguage("en");
    QTRY_VERIFY(words("words").contains("Another person"));
    s.kiosk.setLanguage("zh");
    server_->reason.clear();
    for (const char* why : {"nobody_came", "closed"}) {
      s.kiosk.leave();
      QVERIFY(s.toFace());
      s.kiosk.askReviewer();
      QVERIFY(s.at("waiting"));
      server_->why = why;
      server_->decide("refused");
      QVERIFY(s.at("refused"));
      QVERIFY(!words("heading").contains("身份核对") && !words("words").contains("监考员说明"));
    }
  }

  void whoGoesAwayIsTakenOutOfTheQueue() {
    const QString left = "POST /api/v1/kiosk/admissions/a1/leave";
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toFace());
    s.kiosk.askReviewer();
    QVERIFY(s.at("waiting"));
    QVERIFY(s.press("waiting.leave"));
    QTRY_COMPARE(server_->seen.count(left), 1);
    QVERIFY(s.toPaper());
    s.kiosk.sitting()->handIn();
    QVERIFY(s.at("result"));
    s.kiosk.leave();
    QVERIFY(s.at("welcome"));
    QCOMPARE(server_->seen.count(left), 1);  // nobody leaves a queue after the exam
  }

  void whoseTimeIsCutByTheNextBookingLearnsItBeforeTheStart() {
    server_->minutes_now = 40;
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toInstructions());
    QVERIFY(find(s.window, "instructions.words")->property("text").toString().contains("40"));
    QVERIFY(s.press("instructions.giveUp"));
    QVERIFY(!s.kiosk.busy());  // asked once more
    server_->reachable = false;
    QVERIFY(s.press("instructions.giveUp"));
    QTRY_VERIFY(!s.kiosk.errorId().isEmpty());
    QCOMPARE(s.kiosk.screen(), QString("instructions"));  // it is not cancelled yet
    server_->reachable = true;
    server_->seen.clear();
    QVERIFY(s.press("instructions.giveUp"));
    QTRY_COMPARE(server_->seen.count("POST /api/v1/kiosk/admissions/a1/leave"), 1);
    QCOMPARE(server_->last_body.value("cancel").toBool(), true);
    QVERIFY(s.at("welcome"));
    server_->minutes_now = 120;
    QVERIFY(s.toInstructions());
    QVERIFY(!find(s.window, "instructions.giveUp"));
  }

  void aWithdrawalIsToldUntilTheServerHasHeardIt() {
    server_->after_face = "waiting";
    const auto told = [&] { return server_->seen.count("POST /api/v1/kiosk/admissions/a1/withdraw"); };
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toFace());
    s.kiosk.askReviewer();
    QVERIFY(s.at("waiting"));
    server_->reachable = false;
    QVERIFY(s.press("waiting.withdraw"));
    QTRY_COMPARE(told(), 1);
    QTRY_VERIFY(!s.kiosk.errorId().isEmpty());
    s.kiosk.leave();
    QTRY_COMPARE(told(), 2);
    server_->reachable = true;
    QTRY_COMPARE(told(), 3);
    QTest::qWait(2500);  // longer than the pause before a repeat
    QCOMPARE(told(), 3);
  }

  void whoComesRightAfterTheStartWaitsForTheCamera() {
    Station s(*server_, clock_, dir_->path(), {.camera = false});
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
    Station s(*server_, clock_, dir_->path(), {.camera = false});
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

  void aLostAnswerThatAsksForAnotherTryLeadsToTheNewChallenge() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toFace());
    server_->after_face = "face";
    server_->lose_once = "/face";
    emit s.eyes.faceDone({QString(), 0.9, 3, false, "JPEG"});
    QTRY_COMPARE_WITH_TIMEOUT(s.eyes.checks, 2, 12000);
    QCOMPARE(server_->face_reports, 1);
    emit s.eyes.faceDone({QString(), 0.9, 3, false, "JPEG"});
    QTRY_COMPARE(server_->face_reports, 2);
    QCOMPARE(challengeOfReport(), QString("challenge-2"));
  }

  /// Else a cable pulled before the end of a try would give another one at a challenge that is known by then.
  void aReportThatNeverArrivedIsDeliveredBeforeAnotherCheck() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toFace());
    server_->after_face = "face";
    server_->reachable = false;
    emit s.eyes.faceDone({QString(), 0.1, 3, false, "JPEG"});
    QTRY_COMPARE(s.kiosk.errorId(), QString("unreachable"));
    QTest::qWait(5000);  // two looks at how the admission stands
    QCOMPARE(s.eyes.checks, 1);
    QCOMPARE(s.kiosk.screen(), QString("face"));
    server_->reachable = true;
    server_->swallow_once = "/face";  // and once more, with the server in reach
    QTRY_COMPARE_WITH_TIMEOUT(server_->face_reports, 1, 12000);
    QCOMPARE(s.eyes.checks, 1);
    QCOMPARE(challengeOfReport(), QString("challenge-1"));
    QTRY_COMPARE_WITH_TIMEOUT(s.eyes.checks, 2, 12000);
    QVERIFY(s.kiosk.errorId().isEmpty());
    server_->after_face = "admitted";
    emit s.eyes.faceDone({QString(), 0.9, 3, false, "JPEG"});
    QVERIFY(s.at("confirm"));
    QCOMPARE(challengeOfReport(), QString("challenge-2"));
    QCOMPARE(server_->face_reports, 2);
  }

  void whatWasNotDeliveredGoesWithThePerson() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toFace());
    server_->reachable = false;
    emit s.eyes.faceDone({QString(), 0.9, 3, false, "JPEG"});
    QTRY_COMPARE(s.kiosk.errorId(), QString("unreachable"));
    s.kiosk.leave();
    server_->reachable = true;
    QVERIFY(s.at("welcome"));
    QTest::qWait(2500);
    QCOMPARE(server_->face_reports, 0);
    QVERIFY(s.toFace());  // and the next one begins afresh
    QCOMPARE(s.eyes.checks, 2);
  }

  void aReportThatIsNoReportGoesToAPerson() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toFace());
    server_->face_status = 422;
    emit s.eyes.faceDone({QString(), 0.9, 3, false, "JPEG"});
    QVERIFY(s.at("waiting"));
    QCOMPARE(s.eyes.checks, 1);
  }

  void aLostCallForTheReviewerIsAskedForAgain() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toFace());
    server_->lose_once = "/review";
    s.kiosk.askReviewer();
    QVERIFY(s.at("waiting"));
    QCOMPARE(s.eyes.checks, 1);
  }

  void aCallForTheReviewerThatNeverArrivedIsMadeAgainAndNoCheckBegins() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toFace());
    server_->reachable = false;
    s.kiosk.askReviewer();
    QTRY_COMPARE(s.kiosk.errorId(), QString("unreachable"));
    QTest::qWait(2500);
    emit s.eyes.readyChanged();
    emit s.eyes.faceDone({QString(), 0.9, 3, false, "JPEG"});  // of a check that is over
    QCOMPARE(s.kiosk.screen(), QString("face"));
    server_->reachable = true;
    server_->swallow_once = "/review";
    QVERIFY(s.at("waiting"));
    QCOMPARE(server_->why, QString("asked"));
    QCOMPARE(s.eyes.checks, 1);
    QCOMPARE(server_->face_reports, 0);
  }

  void whoAsksForAPersonWhileAReportIsOwedGetsOneAfterIt() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.toFace());
    server_->after_face = "face";
    server_->reachable = false;
    emit s.eyes.faceDone({QString(), 0.1, 3, false, "JPEG"});
    QTRY_COMPARE(s.kiosk.errorId(), QString("unreachable"));
    s.kiosk.askReviewer();
    QTest::qWait(100);
    server_->seen.clear();
    server_->reachable = true;
    QVERIFY(s.at("waiting"));
    QCOMPARE(server_->face_reports, 1);  // the try counts
    QCOMPARE(s.eyes.checks, 1);
    QVERIFY(server_->seen.indexOf("POST /api/v1/kiosk/admissions/a1/face") < server_->seen.indexOf("POST /api/v1/kiosk/admissions/a1/review"));
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

  void leavingWipesEverythingOfThePerson() {
    Station s(*server_, clock_, dir_->path(), {.wipe_ms = 10'000});
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
};

int main(int argc, char** argv) { return runOnScreen<KioskAdmissionTest>(argc, argv); }
#include "kiosk_admission_test.moc"
