// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "exam_hall.hpp"

using namespace invigil;
using namespace invigil::server;

class ExamTest : public QObject {
  Q_OBJECT

 private slots:
  void directionsTellEarlyLateAndTheOtherSeat() {
    ExamHall hall;
    const auto person = hall.addPerson("王小明", kFirst);
    const Json booked = hall.must(hall.reserve(person, hall.site, shanghai(3, 2, 10)));
    const Json absent = hall.must(hall.reserve(hall.addPerson("李大力", kSecond), hall.site, shanghai(3, 2, 10)));
    const bool at_a = booked["seat_label"] == "A01";
    const Caller right = at_a ? hall.kiosk_a : hall.kiosk_b, wrong = at_a ? hall.kiosk_b : hall.kiosk_a;
    const Json code{{"kind", "code"}, {"code", booked["code"]}};
    QCOMPARE(hall.must(hall.post("/kiosk/find", code, right))["outcome"], "early");
    hall.clock->set(shanghai(3, 2, 10, 5));
    const Json other = hall.must(hall.post("/kiosk/find", code, wrong));
    QCOMPARE(other["outcome"], "wrong_seat");
    QCOMPARE(other["seat_label"], booked["seat_label"]);
    QCOMPARE(other["name_masked"], "王**");
    const Json by_id = hall.must(hall.post("/kiosk/find", {{"kind", "id"}, {"id_type", "resident_id"}, {"id_number", kFirst}}, right));
    QCOMPARE(by_id["outcome"], "ready");
    hall.clock->set(shanghai(3, 2, 10, 31));
    QCOMPARE(hall.must(hall.post("/kiosk/find", code, right))["outcome"], "ready");  // who came in time is in time
    QCOMPARE(hall.must(hall.post("/kiosk/find", {{"kind", "code"}, {"code", absent["code"]}}, wrong))["outcome"], "late");
    QCOMPARE(hall.must(hall.post("/kiosk/find", {{"kind", "code"}, {"code", "NOSUCHCODE"}}, right))["outcome"], "none");
    QCOMPARE(reason(hall.post("/kiosk/find", {{"kind", "id"}, {"id_type", "resident_id"}, {"id_number", "110105194912310021"}}, right)),
             std::string("id_wrong_check_digit"));
  }

  void aGoodFaceIsAdmittedByMachine() {
    ExamHall hall;
    const auto person = hall.addPerson("王小明", kFirst);
    hall.givePhoto(person);
    const auto visit = hall.come(person);
    const Json asked = hall.consent(visit, true);
    QCOMPARE(asked["state"], "face");
    QCOMPARE(asked["reference_photos"][0], toBase64(jpegBytes()));
    QCOMPARE(asked["name"], "");
    const Json in = hall.must(hall.face(visit, 0.62));
    QCOMPARE(in["state"], "admitted");
    QCOMPARE(in["name"], "王小明");
    QVERIFY(in["reference_photos"].empty());
    QCOMPARE(reason(hall.face(visit, 0.62)), std::string("admission_wrong_state"));
  }

  void theDoubtfulBandGoesToAPerson() {
    ExamHall hall;
    const auto person = hall.addPerson("王小明", kFirst);
    hall.givePhoto(person);
    const auto visit = hall.come(person);
    hall.consent(visit, true);
    const Json asked = hall.must(hall.face(visit, 0.40));
    QCOMPARE(asked["state"], "waiting");
    QCOMPARE(asked["why"], "low_score");
    Call call;
    call.caller = hall.reviewer;
    const Json queue = hall.must(hall.send("get", "/api/v1/review/queue", call));
    QCOMPARE(queue["cases"].size(), std::size_t{1});
    QVERIFY(queue["cases"][0]["references"] == 1 && queue["cases"][0]["has_capture"].get<bool>());
    QCOMPARE(queue["cases"][0]["similarity"].get<double>(), 0.40);
    QCOMPARE(reason(hall.decide(visit, "refuse", "  ")),
             std::string("reason_missing"));
  }

  void aPoorMatchMayTryAgainAndIsNeverRefusedByMachine() {
    ExamHall hall;
    const auto person = hall.addPerson("王小明", kFirst);
    hall.givePhoto(person);
    const auto visit = hall.come(person);
    hall.consent(visit, true);
    const int tries = defaultPolicy()["face_tries_max"];
    for (int i = 1; i < tries; ++i) {
      const Json again = hall.must(hall.face(visit, 0.1));
      QCOMPARE(again["state"], "face");
      QCOMPARE(again["tries_left"], tries - i);
    }
    QCOMPARE(hall.must(hall.face(visit, 0.1))["state"], "waiting");
  }

  void tooFewFramesAreNoMatchHoweverGood() {
    ExamHall hall;
    const auto person = hall.addPerson("王小明", kFirst);
    hall.givePhoto(person);
    const auto visit = hall.come(person);
    hall.consent(visit, true);
    QCOMPARE(hall.must(hall.face(visit, 0.99, "camera", 2))["state"], "face");
  }

  void aCameraThePolicyDoesNotKnowGoesToAPerson() {
    ExamHall hall;
    const auto person = hall.addPerson("王小明", kFirst);
    hall.givePhoto(person);
    const auto visit = hall.come(person);
    hall.consent(visit, true);
    const Json asked = hall.must(hall.face(visit, 0.99, "simulated"));
    QCOMPARE(asked["state"], "waiting");
    QCOMPARE(asked["why"], "camera_not_allowed");
  }

  void whoDeclinesOrHasNoPhotoGoesToAPerson() {
    ExamHall hall;
    const auto one = hall.come(hall.addPerson("王小明", kFirst));
    QCOMPARE(hall.consent(one, true)["why"], "no_photo");
    hall.clock->set(shanghai(3, 2, 9));
    const auto two = hall.come(hall.addPerson("李大力", kSecond));
    QCOMPARE(hall.consent(two, false)["why"], "declined");
    QCOMPARE(hall.count("select count(*) from consent where kind = 'face_check' and given = 0"), 1);
  }

  void aRefusalSaysWhyAndFreesTheSeat() {
    ExamHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    hall.consent(visit, false);
    hall.must(hall.decide(visit, "refuse", "不是本人"));
    Call call;
    call.caller = visit.kiosk;
    call.id = visit.admission;
    const Json state = hall.must(hall.send("get", "/api/v1/kiosk/admissions/{id}", call));
    QCOMPARE(state["state"], "refused");
    QCOMPARE(state["reason"]["zh"], "不是本人");
    QCOMPARE(reason(hall.post("/kiosk/sittings", {{"admission_id", visit.admission}}, visit.kiosk)), std::string("admission_wrong_state"));
    QCOMPARE(reason(hall.decide(visit, "admit")),
             std::string("case_decided"));
    QCOMPARE(hall.count("select count(*) from reservation_slot where slot > 984510"), 0);
  }

  void anotherKioskCannotTouchAnAdmission() {
    ExamHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Caller other = visit.kiosk.seat_id == hall.seat_a ? hall.kiosk_b : hall.kiosk_a;
    QCOMPARE(reason(hall.post("/kiosk/admissions/{id}/consent", {{"given", true}, {"version", "v"}, {"language", "zh"}}, other, visit.admission)),
             std::string("admission_other_seat"));
    const Json sitting = hall.admitted(visit);
    QCOMPARE(reason(hall.post("/kiosk/sittings/{id}/responses", {{"responses", Json::array()}}, other, sitting["id"])),
             std::string("admission_other_seat"));
    QCOMPARE(reason(hall.post("/kiosk/sittings/{id}/submit", nullptr, other, sitting["id"])), std::string("admission_other_seat"));
  }

  void startingTwiceIsOneSittingAndOneAttempt() {
    ExamHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json one = hall.admitted(visit), two = hall.sit(visit);
    QCOMPARE(one["id"], two["id"]);
    QCOMPARE(one["items"], two["items"]);
    QCOMPARE(one["items"].size(), std::size_t{100});
    QCOMPARE(hall.count("select attempts_used from eligibility"), 1);
    QCOMPARE(one["deadline_ms"].get<std::int64_t>() - one["started_ms"].get<std::int64_t>(), std::int64_t{120 * 60000});
  }

  void aResponseOffThePaperIsRefusedWhole() {
    ExamHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    QCOMPARE(reason(hall.answer(visit, sitting, 101, {0})), std::string("no_such_position"));
    QCOMPARE(reason(hall.answer(visit, sitting, 1, {2})), std::string("no_such_position"));   // 判断 has two options
    QCOMPARE(reason(hall.answer(visit, sitting, 1, {0, 1})), std::string("no_such_position"));
    QCOMPARE(reason(hall.answer(visit, sitting, 1, {0, 0})), std::string("no_such_position"));
    const Json batch{{"responses", {{{"position", 1}, {"revision", 1}, {"chosen", {0}}, {"flagged", false}},
                                    {{"position", 999}, {"revision", 1}, {"chosen", {0}}, {"flagged", false}}}}};
    QCOMPARE(reason(hall.post("/kiosk/sittings/{id}/responses", batch, visit.kiosk, sitting["id"])), std::string("no_such_position"));
    QCOMPARE(hall.count("select count(*) from response"), 0);
  }

  void eightyPointsPassAndSeventyNineDoNot() {
    for (const int right : {79, 80}) {
      ExamHall hall;
      const auto person = hall.addPerson("王小明", kFirst);
      const auto visit = hall.come(person);
      const Json sitting = hall.admitted(visit);
      hall.answerRight(visit, sitting, right);
      hall.clock->advance(minutes(40));
      const Json result = hall.must(hall.submit(visit, sitting));
      QCOMPARE(result["points"], right);
      QCOMPARE(result["passed"], right == 80);
      QCOMPARE(result["credential"].is_null(), right == 79);
      QCOMPARE(result["attempts_left"], right == 79 ? 1 : 0);
      int sum = 0, sum_max = 0;
      for (const Json& topic : result["topics"]) sum += topic["points"].get<int>(), sum_max += topic["points_max"].get<int>();
      QCOMPARE(sum, right);
      QCOMPARE(sum_max, 100);
      QCOMPARE(hall.must(hall.submit(visit, sitting)), result);  // handing in twice
      QCOMPARE(reason(hall.answer(visit, sitting, 100, {0}, 9)), std::string("sitting_finished"));
      if (right == 79) continue;
      const auto pass = credential::verify(result["credential"]["text"].get<std::string>(), hall.app.trust, hall.clock->now());
      QVERIFY2(pass.has_value(), pass ? "" : pass.error().reason.c_str());
      QCOMPARE(pass->name, std::string("王小明"));
      QCOMPARE(pass->points_x100, 8000);
      QVERIFY(pass->not_a_work_permit);
      const Json records = hall.must(hall.post("/authority/query", {{"id_type", "resident_id"}, {"id_number", kFirst}, {"name", "王小明"}}, hall.authority));
      QCOMPARE(records["records"].size(), std::size_t{1});
      QCOMPARE(records["records"][0]["certificate_id"], result["credential"]["id"]);
      QCOMPARE(records["records"][0]["admitted_by"], "reviewer");
      QCOMPARE(records["records"][0]["sitting_id"], result["sitting_id"]);
      const Json listed = hall.must(hall.post("/admin/reservations/search", {{"site", ""}, {"day", ""}, {"q", ""}}, hall.admin));
      QVERIFY(std::any_of(listed["reservations"].begin(), listed["reservations"].end(), [&](const Json& row) { return row.value("sitting_id", "") == result["sitting_id"]; }));
      const Json checked = hall.must(hall.post("/authority/verify", {{"text", result["credential"]["id"]}}, hall.authority));
      QVERIFY(checked["valid"].get<bool>() && checked["on_record"].get<bool>());
      const Json wrong_name = hall.must(hall.post("/authority/query", {{"id_type", "resident_id"}, {"id_number", kFirst}, {"name", "王大明"}}, hall.authority));
      QCOMPARE(wrong_name["records"].size(), std::size_t{0});
    }
  }

  /// The store, the signed text and the authority's answer agree with the date that the person was told.
  void aPassCountsThroughTheWholeDayThatItNames() {
    ExamHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    hall.answerRight(visit, sitting, 90);
    hall.clock->advance(minutes(40));
    const Json pass = hall.must(hall.submit(visit, sitting))["credential"];
    const Instant last = zone("Asia/Shanghai").toInstant(2027, 3, 2, 23, 59) + seconds(59);
    QCOMPARE(pass["expires_ms"], Json(toMillis(last)));
    QCOMPARE(hall.count("select expires_ms from certificate"), toMillis(last));
    const auto signedPass = credential::verify(pass["text"].get<std::string>(), hall.app.trust, last + milliseconds(999));
    QVERIFY2(signedPass.has_value(), signedPass ? "" : signedPass.error().reason.c_str());
    QCOMPARE(toMillis(signedPass->expires_at), toMillis(last));
    const auto verified = [&] { return hall.must(hall.post("/authority/verify", {{"text", pass["id"]}}, hall.authority)); };
    hall.clock->set(last);
    QCOMPARE(verified()["valid"], true);
    hall.clock->advance(seconds(1));
    QCOMPARE(verified()["reason"], "expired");
  }

  /// By its number and by its text: the signature is good, so it is told which pass it was and when it ended.
  void anExpiredPassStillSaysWhatItIs() {
    ExamHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    hall.answerRight(visit, sitting, 90);
    hall.clock->advance(minutes(40));
    const Json pass = hall.must(hall.submit(visit, sitting))["credential"];
    hall.clock->set(zone("Asia/Shanghai").toInstant(2027, 6, 1, 9, 0));
    for (const Json& asked : {pass["id"], pass["text"]}) {
      const Json told = hall.must(hall.post("/authority/verify", {{"text", asked}}, hall.authority));
      QCOMPARE(told["valid"], false);
      QCOMPARE(told["reason"], "expired");
      QCOMPARE(told["certificate_id"], pass["id"]);
      QCOMPARE(told["name"], "王小明");
      QCOMPARE(told["title"]["zh"], "低压电工作业");
      QCOMPARE(told["points"], 90);
      QCOMPARE(told["expires_ms"], pass["expires_ms"]);
      QCOMPARE(told["on_record"], true);
    }
    // Changed, or with a signature of nobody, it still says nothing.
    std::string forged = pass["text"];
    forged.back() = forged.back() == '0' ? '1' : '0';
    QCOMPARE(hall.must(hall.post("/authority/verify", {{"text", forged}}, hall.authority))["certificate_id"], "");
    QCOMPARE(hall.count("select count(*) from audit where action = 'certificate_verified' and subject <> '' and detail = 'expired'"), 2);
  }

  void twelveMonthsAreCountedInTheCalendarOfTheDate() {
    ExamHall hall(defaultPolicy(), 0);
    const auto endsOn = [&](Instant finished) {
      SittingRow sitting;
      sitting.finished_ms = toMillis(finished);
      return credential::dayOf(*hall.app.store->readNow<Instant>([&](Tx& tx) -> Result<Instant> { return certificateExpiry(tx, sitting, ""); }));
    };
    const auto there = zone("Asia/Shanghai");
    QCOMPARE(endsOn(there.toInstant(2027, 3, 1, 1, 0)), std::string("2028-03-01"));  // in UTC still February, of a year without a 29th
    QCOMPARE(endsOn(there.toInstant(2028, 2, 29, 10, 0)), std::string("2029-02-28"));
    QCOMPARE(endsOn(there.toInstant(2026, 11, 27, 23, 59)), std::string("2027-11-27"));
  }

  void leavingTooEarlyIsRefusedByPolicy() {
    ExamHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    hall.clock->advance(minutes(29));
    QCOMPARE(reason(hall.submit(visit, sitting)), std::string("too_early_to_leave"));
    hall.clock->advance(minutes(1));
    QVERIFY(hall.submit(visit, sitting).has_value());
  }

  void theDeadlineGradesByItselfAndLateAnswersHaveAGrace() {
    ExamHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    hall.answerRight(visit, sitting, 10);
    hall.clock->set(fromMillis(sitting["deadline_ms"].get<std::int64_t>()) + seconds(5));
    hall.must(hall.answer(visit, sitting, 11, hall.keys(sitting["id"])[10]));
    QVERIFY(finishOverdue(hall.app, hall.clock->now()).has_value());
    QCOMPARE(hall.count("select count(*) from sitting where finished_ms is not null"), 0);
    hall.clock->advance(kSyncGrace);
    QCOMPARE(reason(hall.answer(visit, sitting, 12, {0})), std::string("sitting_finished"));
    QVERIFY(finishOverdue(hall.app, hall.clock->now()).has_value());
    const Json result = hall.must(hall.submit(visit, sitting));
    QCOMPARE(result["submitted_by"], "deadline");
    QCOMPARE(result["points"], 11);
    QCOMPARE(result["finished_ms"], sitting["deadline_ms"]);
  }

  void twoFailuresUseUpTheEligibility() {
    ExamHall hall;
    const auto person = hall.addPerson("王小明", kFirst);
    for (int attempt = 1; attempt <= 2; ++attempt) {
      hall.clock->set(shanghai(3, 2 + attempt, 9));
      ExamHall::Visit visit;
      visit.reservation = hall.must(hall.reserve(person, hall.site, shanghai(3, 2 + attempt, 10)));
      visit.kiosk = visit.reservation["seat_label"] == "A01" ? hall.kiosk_a : hall.kiosk_b;
      hall.clock->set(shanghai(3, 2 + attempt, 9, 50));
      visit.admission = hall.must(hall.post("/kiosk/find", {{"kind", "code"}, {"code", visit.reservation["code"]}}, visit.kiosk))["admission_id"];
      const Json sitting = hall.admitted(visit);
      hall.clock->advance(minutes(31));
      QCOMPARE(hall.must(hall.submit(visit, sitting))["attempts_left"], 2 - attempt);
    }
    QCOMPARE(reason(hall.reserve(person, hall.site, shanghai(3, 6, 10))), std::string("not_eligible_used_up"));
  }

  void aWalkInSitsAtOnceAtThisSeat() {
    ExamHall hall;
    hall.addPerson("王小明", kFirst);
    const Json ask{{"id_type", "resident_id"}, {"id_number", kFirst}, {"phone_last4", "5678"}};
    Json wrong = ask;
    wrong["phone_last4"] = "0000";
    QCOMPARE(reason(hall.post("/kiosk/walkin", wrong, hall.kiosk_a)), std::string("walk_in_no_match"));
    const Json found = hall.must(hall.post("/kiosk/walkin", ask, hall.kiosk_a));
    QCOMPARE(found["outcome"], "ready");
    QCOMPARE(found["seat_label"], "A01");
    const Json again = hall.must(hall.post("/kiosk/walkin", ask, hall.kiosk_a));
    QCOMPARE(again["admission_id"], found["admission_id"]);
    QCOMPARE(hall.must(hall.post("/kiosk/walkin", ask, hall.kiosk_b))["outcome"], "wrong_seat");
  }

  void aSeatInUseIsNotGivenTwice() {
    ExamHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    hall.admitted(visit);
    hall.addPerson("李大力", kSecond);
    const Json ask{{"id_type", "resident_id"}, {"id_number", kSecond}, {"phone_last4", "5678"}};
    const auto taken = hall.post("/kiosk/walkin", ask, visit.kiosk);
    QVERIFY2(!taken.has_value(), "the seat was given twice");
    QCOMPARE(hall.count("select count(*) from reservation"), 1);
  }

  void noReplyToAKioskCarriesAKey() {
    ExamHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    const std::string text = sitting.dump();
    for (const char* member : {"\"key\"", "\"answer", "\"explanation\"", "\"source\"", "\"topic\"", "\"item\"", "lve-"})
      QVERIFY2(text.find(member) == std::string::npos, member);
  }
};

QTEST_GUILESS_MAIN(ExamTest)
#include "test_exam.moc"
