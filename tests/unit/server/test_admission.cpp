// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "accounts/accounts.hpp"
#include "exam_hall.hpp"

using namespace invigil;
using namespace invigil::server;

namespace {

const Json kAdmit{{"decision", "admit"}, {"reason", {{"zh", ""}, {"en", ""}}}};

/// The kiosk of the visit as the store knows it: one that was never heard.
void enrol(ExamHall& hall, const ExamHall::Visit& visit) {
  hall.must(hall.write<Reply>([&](Tx& tx) -> Result<Reply> {
    tx.exec("insert into kiosk(id, seat_id, fingerprint, enrolled_ms) values (:a, :b, 'f', 0)", visit.kiosk.kiosk_id, visit.kiosk.seat_id);
    return Reply{};
  }));
}
/// It asks for its state, as it does every four seconds.
void seenAt(ExamHall& hall, const ExamHall::Visit& visit, Instant at) {
  Call call;
  call.caller = visit.kiosk;
  hall.clock->set(at);
  hall.must(hall.send("get", "/api/v1/kiosk/state", call));
}

/// What housekeeping does about reservations at this moment.
void releaseNow(Hall& hall) {
  if (!hall.write<void>([&](Tx& tx) -> Status { releaseNoShows(hall.app, tx, hall.clock->now()); return {}; }))
    qFatal("releaseNoShows failed");
}

std::string stateOf(Hall& hall, const std::string& table) {
  return *hall.app.store->readNow<std::string>([&](Tx& tx) -> Result<std::string> {
    return tx.value<std::string>("select state from " + table).value_or("");
  });
}

}  // namespace

class AdmissionTest : public QObject {
  Q_OBJECT

 private slots:
  void aCancelledBookingCannotBeAdmittedAnyMore() {
    ExamHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    hall.consent(visit, false);
    hall.must(hall.post("/admin/reservations/{id}/cancel", nullptr, hall.admin, visit.reservation["id"]));
    QCOMPARE(stateOf(hall, "admission"), std::string("refused"));
    QCOMPARE(reason(hall.decide(visit, "admit")), std::string("case_decided"));
    QCOMPARE(reason(hall.post("/kiosk/sittings", {{"admission_id", visit.admission}}, visit.kiosk)), std::string("admission_wrong_state"));
    QCOMPARE(hall.count("select attempts_used from eligibility"), 0);
  }

  void whoWaitsForTheReviewerIsNoNoShow() {
    ExamHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    hall.consent(visit, false);
    hall.clock->set(shanghai(3, 2, 10, 50));
    releaseNow(hall);
    QCOMPARE(stateOf(hall, "reservation"), std::string("booked"));
    hall.must(hall.decide(visit, "admit"));
    const Json sitting = hall.sit(visit);
    // From 10:50 the paper runs to 12:50: the half hour after the booking is nobody's.
    QCOMPARE(sitting["deadline_ms"].get<std::int64_t>(), toMillis(shanghai(3, 2, 12, 50)));
  }

  /// The same, and somebody has booked the seat afterwards: the kiosk says how long is left before anything is used up.
  void whoWaitedLongLearnsHowMuchTimeIsLeftAndMayGiveUp() {
    ExamHall hall;
    const auto person = hall.addPerson("王小明", kFirst);
    const auto visit = hall.come(person);
    hall.consent(visit, false);
    const std::string own = visit.reservation["id"];
    for (const std::string& seat : {hall.seat_a, hall.seat_b})
      hall.must(hall.write<Reply>([&](Tx& tx) -> Result<Reply> {
        const auto last = *tx.value<std::int64_t>("select max(slot) from reservation_slot where reservation_id = :a", own);
        tx.exec("insert into reservation(id, code, manage_hash, candidate_id, eligibility_id, site_id, seat_id, state, start_ms, end_ms, walk_in, created_ms) "
                "select 'other' || :a, 'X' || :b, 'h' || :c, candidate_id, eligibility_id, site_id, seat_id, 'no_show', 0, 0, 0, 0 from reservation where id = :d",
                seat, seat, seat, own);
        tx.exec("insert into reservation_slot(seat_id, slot, reservation_id) values (:a, :b, :c)", seat, last + 1, "other" + seat);
        return Reply{};
      }));
    hall.clock->set(shanghai(3, 2, 10, 50));
    hall.must(hall.decide(visit, "admit"));
    const Json state = hall.admissionOf(visit);
    QCOMPARE(state["minutes_now"], Json(state["minutes"].get<int>() - 20));
    hall.must(hall.leave(visit, true));
    QCOMPARE(hall.count("select attempts_used from eligibility"), 0);
    QCOMPARE(hall.count("select count(*) from reservation where state = 'cancelled'"), 1);
    QVERIFY(hall.reserve(person, hall.site, shanghai(3, 3, 10)).has_value());
  }

  void anInvigilatorMayAskForOneMoreTryAndTheBookingStays() {
    ExamHall hall;
    const auto person = hall.addPerson("王小明", kFirst);
    hall.givePhoto(person);
    const auto visit = hall.come(person);
    hall.consent(visit, true);
    for (int i = 0; i < defaultPolicy()["face_tries_max"].get<int>(); ++i) hall.must(hall.face(visit, 0.1));
    QCOMPARE(reason(hall.decide(visit, "again", " ")), std::string("reason_missing"));
    QCOMPARE(hall.must(hall.decide(visit, "again", "请摘下帽子"))["state"], Json("again"));
    const Json state = hall.admissionOf(visit);
    QCOMPARE(state["state"], Json("face"));
    QCOMPARE(state["why"], Json("asked_again"));
    QCOMPARE(state["tries_left"], Json(1));
    QVERIFY(!state["challenge"].is_null());
    QVERIFY(state["advice"]["zh"].get<std::string>().find("请摘下帽子") != std::string::npos);
    // It shows as little: back to the person, and refused this time. The whole seat is free at once.
    QCOMPARE(hall.must(hall.face(visit, 0.1))["state"], Json("waiting"));
    hall.must(hall.decide(visit, "refuse", "不是本人"));
    QCOMPARE(hall.admissionOf(visit)["state"], Json("refused"));
    QCOMPARE(hall.count("select count(*) from reservation_slot"), 0);
    QCOMPARE(hall.count("select attempts_used from eligibility"), 0);
    QVERIFY(hall.reserve(person, hall.site, shanghai(3, 2, 15)).has_value());
  }

  void theInvigilatorsWordsMayBeAsLongAsTheFieldAllows() {
    ExamHall hall;
    const auto person = hall.addPerson("王小明", kFirst);
    hall.givePhoto(person);
    const auto visit = hall.come(person);
    hall.consent(visit, true);
    for (int i = 0; i < defaultPolicy()["face_tries_max"].get<int>(); ++i) hall.must(hall.face(visit, 0.1));
    std::string words;
    for (int i = 0; i < 200; ++i) words += "请";
    hall.must(hall.decide(visit, "again", words));
    // send() holds the reply against the contract: our own words before theirs have their place too.
    for (const char* language : {"zh", "en"}) QVERIFY(hall.admissionOf(visit)["advice"][language].get<std::string>().ends_with(words));
  }

  void aQueueThatIsLongerThanTheListSaysHowManyAreNotOnIt() {
    ExamHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    hall.consent(visit, false);
    const auto queue = [&] {
      Call call;
      call.caller = hall.reviewer;
      return hall.must(hall.send("get", "/api/v1/review/queue", call));
    };
    QCOMPARE(queue()["more"], 0);
    // Somebody else came every millisecond after.
    if (!hall.write<void>([&](Tx& tx) -> Status {
          const std::string n = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 204) ";
          tx.exec("insert into reservation " + n + "select id || '-' || i, code || '-' || i, manage_hash || '-' || i, candidate_id, eligibility_id, "
                  "site_id, seat_id, start_ms, end_ms, 'finished', walk_in, created_ms from reservation, n");
          tx.exec("insert into admission(id, reservation_id, seat_id, state, why, consent, created_ms, waiting_since_ms) " + n +
                  "select id || '-' || i, reservation_id || '-' || i, seat_id, state, why, consent, created_ms, waiting_since_ms + i from admission, n");
          return {};
        }))
      qFatal("no queue");
    const Json full = queue();
    QCOMPARE(full["cases"].size(), std::size_t{200});
    QCOMPARE(full["more"], 5);
    QCOMPARE(full["cases"][0]["admission_id"], Json(visit.admission));  // who has waited longest
    QCOMPARE(full["cases"][199]["admission_id"], Json(visit.admission + "-199"));
    // Those who were decided lately stand at the end, and some time later no more.
    const auto now = toMillis(hall.clock->now());
    if (!hall.write<void>([&](Tx& tx) -> Status {
          tx.exec("update admission set state = 'admitted', decided_ms = :a where waiting_since_ms < (select max(waiting_since_ms) from admission) - 194", now);
          return {};
        }))
      qFatal("not decided");
    QCOMPARE(queue()["more"], 5);
    hall.clock->advance(minutes(16));
    QCOMPARE(queue()["cases"].size(), std::size_t{195});
    QCOMPARE(queue()["more"], 0);
  }

  /// The wait was long: the booking stays through the last try, and through a restart of the kiosk.
  void whoWaitedKeepsTheBookingBeforeTheCameraToo() {
    ExamHall hall;
    const auto person = hall.addPerson("王小明", kFirst);
    hall.givePhoto(person);
    const auto visit = hall.come(person);
    hall.consent(visit, true);
    for (int i = 0; i < defaultPolicy()["face_tries_max"].get<int>(); ++i) hall.must(hall.face(visit, 0.1));
    hall.clock->set(shanghai(3, 2, 10, 55));
    hall.must(hall.decide(visit, "again", "请摘下帽子"));
    releaseNow(hall);
    QCOMPARE(stateOf(hall, "reservation"), std::string("booked"));
    QCOMPARE(hall.findAgain(visit)["outcome"], Json("ready"));  // the kiosk was started anew
    releaseNow(hall);
    QCOMPARE(hall.admissionOf(visit)["state"], Json("new"));
    hall.consent(visit, false);
    hall.must(hall.decide(visit, "admit"));
    hall.sit(visit);
  }

  /// Let in, gone by mistake, back, and then nobody comes any more.
  void whoCameBackAndWaitedToTheEndIsNotCalledAbsent() {
    ExamHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    hall.consent(visit, false);
    hall.must(hall.decide(visit, "admit"));
    hall.must(hall.leave(visit));
    hall.findAgain(visit);
    hall.consent(visit, false);
    hall.clock->set(shanghai(3, 2, 12, 31));
    releaseNow(hall);
    QCOMPARE(stateOf(hall, "reservation"), std::string("cancelled"));
    QCOMPARE(hall.admissionOf(visit)["why"], Json("nobody_came"));
  }

  void oneMoreTryNeedsTheConsent() {
    ExamHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    hall.consent(visit, false);
    QCOMPARE(reason(hall.decide(visit, "again", "请重拍")), std::string("again_needs_consent"));
    QCOMPARE(hall.admissionOf(visit)["state"], Json("waiting"));
  }

  void whomNobodyCameToCheckIsNotCalledAbsent() {
    ExamHall hall;
    const auto person = hall.addPerson("王小明", kFirst);
    const auto visit = hall.come(person);
    hall.consent(visit, false);
    hall.clock->set(shanghai(3, 2, 12, 31));
    releaseNow(hall);
    QCOMPARE(stateOf(hall, "reservation"), std::string("cancelled"));
    const Json state = hall.admissionOf(visit);
    QCOMPARE(state["state"], Json("refused"));
    QCOMPARE(state["why"], Json("nobody_came"));
    QCOMPARE(state["reason"]["zh"], Json(""));
    QVERIFY(hall.reserve(person, hall.site, shanghai(3, 3, 10)).has_value());
  }

  /// The kiosk is started anew while somebody waits, after the last moment to come: they are in time and keep their place.
  void whoCameInTimeIsNotLateAfterARestart() {
    ExamHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    hall.consent(visit, false);
    const auto queued = hall.count("select queued_since_ms from admission");
    hall.clock->set(shanghai(3, 2, 10, 45));
    QCOMPARE(hall.findAgain(visit)["outcome"], Json("ready"));
    hall.consent(visit, false);
    QCOMPARE(hall.count("select queued_since_ms from admission"), queued);
    QVERIFY(hall.count("select waiting_since_ms from admission") > queued);
  }

  void whoGoesAwayIsOutOfTheQueueAndIsCheckedAnew() {
    ExamHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    hall.consent(visit, false);
    hall.must(hall.leave(visit));
    Call call;
    call.caller = hall.reviewer;
    QVERIFY(hall.must(hall.send("get", "/api/v1/review/queue", call))["cases"].empty());
    QCOMPARE(reason(hall.decide(visit, "admit")), std::string("no_such_case"));
    hall.clock->advance(minutes(1));
    QCOMPARE(hall.findAgain(visit)["outcome"], Json("ready"));
    hall.consent(visit, false);
    hall.must(hall.decide(visit, "admit"));
    hall.must(hall.leave(visit));  // let in, and gone: somebody else may come with the code
    QCOMPARE(reason(hall.post("/kiosk/sittings", {{"admission_id", visit.admission}}, visit.kiosk)), std::string("admission_wrong_state"));
    QCOMPARE(hall.findAgain(visit)["outcome"], Json("ready"));
    hall.consent(visit, false);
    hall.must(hall.decide(visit, "admit"));
    hall.sit(visit);
    QCOMPARE(reason(hall.leave(visit)), std::string("admission_wrong_state"));
  }

  void whoWalksOffHalfWayLosesTheSeatAndTheWayIn() {
    ExamHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    hall.clock->set(shanghai(3, 2, 10, 40));
    releaseNow(hall);
    QCOMPARE(stateOf(hall, "reservation"), std::string("booked"));
    hall.clock->set(shanghai(3, 2, 10, 46));
    releaseNow(hall);
    QCOMPARE(stateOf(hall, "reservation"), std::string("no_show"));
    QCOMPARE(hall.count("select count(*) from reservation_slot"), 0);
    QCOMPARE(reason(hall.post("/kiosk/admissions/{id}/consent", {{"given", false}, {"version", "v"}, {"language", "zh"}},
                              visit.kiosk, visit.admission)),
             std::string("admission_wrong_state"));
  }

  void admittedButNeverBegunCanBookAgainAfterwards() {
    ExamHall hall;
    const auto person = hall.addPerson("王小明", kFirst);
    const auto visit = hall.come(person);
    hall.consent(visit, false);
    hall.must(hall.decide(visit, "admit"));
    hall.clock->set(shanghai(3, 2, 12, 29));
    releaseNow(hall);
    QCOMPARE(stateOf(hall, "reservation"), std::string("admitted"));
    hall.clock->set(shanghai(3, 2, 12, 30));
    releaseNow(hall);
    QCOMPARE(stateOf(hall, "reservation"), std::string("no_show"));
    QCOMPARE(reason(hall.post("/kiosk/sittings", {{"admission_id", visit.admission}}, visit.kiosk)), std::string("admission_wrong_state"));
    QVERIFY(hall.reserve(person, hall.site, shanghai(3, 3, 10)).has_value());
  }

  /// The notice promises to keep a picture for a person's check only.
  void whomTheMachineAdmitsLeavesNoPicture() {
    ExamHall hall;
    const auto person = hall.addPerson("王小明", kFirst);
    hall.givePhoto(person);
    const auto visit = hall.come(person);
    hall.consent(visit, true);
    QCOMPARE(hall.must(hall.face(visit, 0.1))["state"], "face");
    QCOMPARE(hall.count("select count(*) from admission where capture <> ''"), 1);  // for the reviewer, should it come to that
    QCOMPARE(hall.must(hall.face(visit, 0.9))["state"], "admitted");
    QCOMPARE(hall.count("select count(*) from admission where capture <> ''"), 0);
  }

  void whoLeavesBeforeAPersonHadToLookLeavesNoPicture() {
    ExamHall hall;
    const auto person = hall.addPerson("王小明", kFirst);
    hall.givePhoto(person);
    const auto visit = hall.come(person);
    hall.consent(visit, true);
    hall.must(hall.face(visit, 0.1));
    hall.must(hall.post("/admin/reservations/{id}/cancel", nullptr, hall.admin, visit.reservation["id"]));
    QCOMPARE(hall.count("select count(*) from admission where capture <> ''"), 0);
  }

  void thePictureOfAPersonsCheckIsForgottenAfterThirtyDays() {
    ExamHall hall;
    const auto person = hall.addPerson("王小明", kFirst);
    hall.givePhoto(person);
    const auto visit = hall.come(person);
    hall.consent(visit, true);
    for (int i = 0; i < defaultPolicy()["face_tries_max"].get<int>(); ++i) hall.must(hall.face(visit, 0.1));
    hall.must(hall.decide(visit, "admit"));
    const auto forget = [&] {
      if (!hall.write<void>([&](Tx& tx) -> Status { forgetCaptures(tx, hall.clock->now()); return {}; })) qFatal("forgetCaptures failed");
    };
    hall.clock->advance(std::chrono::hours(29 * 24));
    forget();
    QCOMPARE(hall.count("select count(*) from admission where capture <> ''"), 1);
    hall.clock->advance(std::chrono::hours(2 * 24));
    forget();
    QCOMPARE(hall.count("select count(*) from admission where capture <> ''"), 0);
  }

  void aMoveClosesTheWayInAtTheOldSeatAndOpensItAtTheNew() {
    Json policy = defaultPolicy();
    policy["move_before_minutes"] = 0;
    ExamHall hall(policy);
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    hall.consent(visit, false);
    hall.must(hall.post("/manage/move", {{"token", visit.reservation["manage_token"]}, {"site_id", hall.site},
                                         {"start_ms", toMillis(shanghai(3, 2, 15))}}));
    QCOMPARE(reason(hall.decide(visit, "admit")), std::string("case_decided"));
    QCOMPARE(reason(hall.post("/kiosk/sittings", {{"admission_id", visit.admission}}, visit.kiosk)), std::string("admission_wrong_state"));
    hall.clock->set(shanghai(3, 2, 15, 5));
    const Json code{{"kind", "code"}, {"code", visit.reservation["code"]}};
    Json found = hall.must(hall.post("/kiosk/find", code, hall.kiosk_a));
    Caller kiosk = hall.kiosk_a;
    if (found["outcome"] == "wrong_seat") found = hall.must(hall.post("/kiosk/find", code, kiosk = hall.kiosk_b));
    QCOMPARE(found["outcome"], "ready");
    Call call;
    call.caller = kiosk;
    call.id = found["admission_id"];
    QCOMPARE(hall.must(hall.send("get", "/api/v1/kiosk/admissions/{id}", call))["state"], "new");
  }

  void aYesCountsForTheTextOfTodayAndANoForAny() {
    const auto say = [](ExamHall& hall, const ExamHall::Visit& visit, bool given, const Json& version) {
      return hall.post("/kiosk/admissions/{id}/consent", {{"given", given}, {"version", version}, {"language", "zh"}}, visit.kiosk, visit.admission);
    };
    ExamHall hall(defaultPolicy(), 0);
    const auto person = hall.addPerson("王小明", kFirst);
    hall.givePhoto(person);
    const auto visit = hall.come(person);
    for (const char* old : {"", "face-check-2", "face-check-55", "reference-photo-4"}) {
      QCOMPARE(reason(say(hall, visit, true, old)), std::string("consent_version_old"));
      QCOMPARE(hall.count("select count(*) from consent where kind = 'face_check'"), 0);
      QCOMPARE(hall.admissionOf(visit)["state"], "new");
    }
    // The text before this one said the same.
    QCOMPARE(hall.must(say(hall, visit, true, "face-check-3"))["state"], "face");
    QCOMPARE(hall.must(say(hall, visit, true, faceConsent()["version"]))["state"], "face");
    QCOMPARE(hall.must(say(hall, visit, false, ""))["why"], "declined");
  }

  void startingOverGivesNoNewTries() {
    ExamHall hall;
    const auto person = hall.addPerson("王小明", kFirst);
    hall.givePhoto(person);
    const auto visit = hall.come(person);
    hall.consent(visit, true);
    const int tries = defaultPolicy()["face_tries_max"];
    for (int i = 0; i < tries; ++i) hall.must(hall.face(visit, 0.1));
    hall.must(hall.post("/kiosk/find", {{"kind", "code"}, {"code", visit.reservation["code"]}}, visit.kiosk));
    const Json again = hall.consent(visit, true);
    QCOMPARE(again["state"], "waiting");
    QCOMPARE(again["why"], "low_score");
    QCOMPARE(reason(hall.face(visit, 0.99)), std::string("admission_wrong_state"));
  }

  /// Whoever types the code after the person let in has left may be somebody else.
  void whoLeavesAfterTheCheckIsCheckedAgain() {
    ExamHall hall;
    const auto person = hall.addPerson("王小明", kFirst);
    hall.givePhoto(person);
    const auto visit = hall.come(person);
    hall.consent(visit, true);
    QCOMPARE(hall.must(hall.face(visit, 0.9))["state"], "admitted");
    const Json code{{"kind", "code"}, {"code", visit.reservation["code"]}};
    hall.clock->advance(minutes(50));  // past the time of entry: who was in time is
    hall.must(hall.post("/kiosk/find", code, visit.kiosk));
    QCOMPARE(hall.admissionOf(visit)["state"], "new");
    QVERIFY(hall.write<void>([&](Tx& tx) -> Status { releaseNoShows(hall.app, tx, hall.clock->now()); return {}; }).has_value());
    QCOMPARE(reason(hall.post("/kiosk/sittings", {{"admission_id", visit.admission}}, visit.kiosk)), std::string("admission_wrong_state"));
    hall.consent(visit, true);
    QCOMPARE(hall.must(hall.face(visit, 0.1))["state"], "face");
    QCOMPARE(hall.must(hall.face(visit, 0.9))["state"], "admitted");
    hall.sit(visit);
    hall.must(hall.post("/kiosk/find", code, visit.kiosk));  // a sitting is nothing to begin anew
    QCOMPARE(hall.admissionOf(visit)["state"], "sitting");
  }

  void theInvigilatorSeesNothingOfAnEarlierVisit() {
    ExamHall hall;
    const auto person = hall.addPerson("王小明", kFirst);
    hall.givePhoto(person);
    const auto visit = hall.come(person);
    hall.consent(visit, true);
    for (int i = 0; i < 3; ++i) hall.must(hall.face(visit, 0.1));
    const auto first = hall.admissionOf(visit)["waiting_since_ms"].get<std::int64_t>();
    QCOMPARE(hall.count("select count(*) from admission where capture <> '' and similarity is not null"), 1);
    hall.clock->advance(minutes(1));
    hall.must(hall.post("/kiosk/find", {{"kind", "code"}, {"code", visit.reservation["code"]}}, visit.kiosk));
    QCOMPARE(hall.count("select count(*) from admission where capture <> '' or similarity is not null"), 0);
    QCOMPARE(hall.consent(visit, false)["state"], "waiting");
    Json decision = kAdmit;
    decision["waiting_since_ms"] = first;  // looked at before
    QCOMPARE(reason(hall.post("/review/cases/{id}/decision", decision, hall.reviewer, visit.admission)), std::string("case_decided"));
    decision["waiting_since_ms"] = hall.admissionOf(visit)["waiting_since_ms"];
    QCOMPARE(hall.must(hall.post("/review/cases/{id}/decision", decision, hall.reviewer, visit.admission))["state"], "admitted");
  }

  void aWishToTakeTheConsentBackIsHeardAfterTheAdmissionToo() {
    ExamHall hall;
    const auto person = hall.addPerson("王小明", kFirst);
    hall.givePhoto(person);
    const auto visit = hall.come(person);
    hall.consent(visit, true);
    hall.must(hall.face(visit, 0.9));
    QCOMPARE(hall.must(hall.post("/kiosk/admissions/{id}/withdraw", nullptr, visit.kiosk, visit.admission))["state"], "admitted");
    QCOMPARE(hall.count("select count(*) from admission where consent = 'declined'"), 1);
    QCOMPARE(hall.count("select count(*) from reference_photo"), 0);
    hall.sit(visit);
  }

  void aServerThatWasAwayMakesNobodyANoShow() {
    ExamHall hall;
    const auto person = hall.addPerson("王小明", kFirst);
    const Json reservation = hall.must(hall.reserve(person, hall.site, shanghai(3, 2, 10)));
    const Caller kiosk = reservation["seat_label"] == "A01" ? hall.kiosk_a : hall.kiosk_b;
    hall.clock->set(shanghai(3, 2, 10, 45));
    hall.app.serving_since = hall.clock->now();
    const auto release = [&] { QVERIFY(hall.write<void>([&](Tx& tx) -> Status { releaseNoShows(hall.app, tx, hall.clock->now()); return {}; }).has_value()); };
    hall.clock->advance(minutes(20));
    release();
    const Json code{{"kind", "code"}, {"code", reservation["code"]}};
    QCOMPARE(hall.must(hall.post("/kiosk/find", code, kiosk))["outcome"], "ready");
    hall.clock->advance(minutes(60));
    release();
    QCOMPARE(hall.must(hall.post("/kiosk/find", code, kiosk))["outcome"], "none");
  }

  void aLargePhotoDoesNotBreakTheAdmission() {
    ExamHall hall;
    const auto person = hall.addPerson("王小明", kFirst);
    const std::string sealed = hall.app.sealer->seal("\xff\xd8\xff" + std::string((8 << 20) - 3, 'x'));
    QVERIFY(hall.write<void>([&](Tx& tx) -> Status {
      tx.exec("insert into reference_photo(candidate_id, number, sealed, checked_by, taken_ms) values (:a, 1, :b, '', 0)", person.caller.candidate_id, sealed);
      return {};
    }).has_value());
    QCOMPARE(hall.consent(hall.come(person), true)["state"], "face");  // send() holds the reply against the contract
  }

  void oneSittingThatCannotBeGradedDoesNotHoldUpTheOthers() {
    ExamHall hall;
    const auto one = hall.come(hall.addPerson("王小明", kFirst));
    const Json broken = hall.admitted(one);
    hall.clock->set(shanghai(3, 2, 9));
    const auto two = hall.come(hall.addPerson("李大力", kSecond));
    hall.admitted(two);
    QVERIFY(hall.write<void>([&](Tx& tx) -> Status {
      tx.exec("update sitting set paper = 'no json', deadline_ms = deadline_ms - 1 where id = :a", broken["id"].get<std::string>());
      return {};
    }).has_value());
    hall.clock->set(shanghai(3, 2, 13));
    QVERIFY(!finishOverdue(hall.app, hall.clock->now()).has_value());
    QCOMPARE(hall.count("select count(*) from sitting where finished_ms is not null"), 1);
  }

  void answersGivenWhileTheServerWasAwayHaveTheirGraceToo() {
    ExamHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    // The server comes back five minutes after the deadline.
    hall.app.serving_since = fromMillis(sitting["deadline_ms"].get<std::int64_t>()) + minutes(5);
    hall.clock->set(hall.app.serving_since.load() + seconds(1));
    QVERIFY(finishOverdue(hall.app, hall.clock->now()).has_value());
    hall.answerRight(visit, sitting, 3);
    hall.clock->advance(kSyncGrace);
    QVERIFY(finishOverdue(hall.app, hall.clock->now()).has_value());
    const Json result = hall.must(hall.submit(visit, sitting));
    QCOMPARE(result["points"], 3);
    QCOMPARE(result["finished_ms"], sitting["deadline_ms"]);
  }

  /// The kiosk's network is cut a quarter of an hour before the deadline and comes back after it.
  void answersOnAKioskThatWasAwayAreWaitedFor() {
    ExamHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    const Instant deadline = fromMillis(sitting["deadline_ms"].get<std::int64_t>());
    enrol(hall, visit);
    const auto seen = [&](Instant at) { seenAt(hall, visit, at); };
    const auto finished = [&] {
      if (!finishOverdue(hall.app, hall.clock->now())) qFatal("not graded");
      return hall.count("select count(*) from sitting where finished_ms is not null");
    };
    seen(deadline - minutes(15));
    hall.clock->set(deadline + minutes(2));
    QCOMPARE(finished(), 0);
    seen(deadline + minutes(17));
    hall.answerRight(visit, sitting, 3);
    for (int i = 0; i < 7; ++i) {
      QCOMPARE(finished(), 0);
      seen(hall.clock->now() + seconds(4));
    }
    hall.clock->advance(seconds(3));
    QCOMPARE(finished(), 1);
    const Json result = hall.must(hall.submit(visit, sitting));
    QCOMPARE(result["points"], 3);
    QCOMPARE(result["finished_ms"], sitting["deadline_ms"]);
  }

  void aKioskThatNeverComesBackIsAwaitedForADay() {
    ExamHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    const Instant deadline = fromMillis(sitting["deadline_ms"].get<std::int64_t>());
    enrol(hall, visit);
    seenAt(hall, visit, deadline - minutes(30));
    for (const auto& [after, count] : {std::pair{minutes(60), 0}, std::pair{minutes(25 * 60), 1}}) {
      hall.clock->set(deadline + after);
      QVERIFY(finishOverdue(hall.app, hall.clock->now()).has_value());
      QCOMPARE(hall.count("select count(*) from sitting where finished_ms is not null"), count);
    }
  }

  void aPlaceFarOffThePaperDoesNotWrapAround() {
    ExamHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    Call call;
    call.caller = visit.kiosk;
    call.id = sitting["id"];
    call.now = hall.clock->now();
    call.body = {{"responses", {{{"position", (std::uint64_t{1} << 63) + 1}, {"revision", 1}, {"chosen", {0}}, {"flagged", false}}}}};
    QCOMPARE(reason(hall.run("post", "/api/v1/kiosk/sittings/{id}/responses", call)), std::string("no_such_position"));
    QCOMPARE(reason(api::Contract::instance().check("ResponseBatch", call.body)), std::string("wrong_shape"));
  }

  void unknownAccountNamesLockAsKnownOnesDo() {
    Hall hall;
    for (Route& route : sessionRoutes()) hall.routes.push_back(std::move(route));
    QVERIFY(setNewPassword(hall.app, "known", "K", "reviewer", true).has_value());
    for (const char* name : {"known", "unknown"}) {
      const Json body{{"name", name}, {"password", "not this one"}};
      for (int i = 0; i < 5; ++i) QCOMPARE(reason(hall.post("/staff/login", body)), std::string("wrong_login"));
      QCOMPARE(reason(hall.post("/staff/login", body)), std::string("account_locked"));
    }
    QCOMPARE(hall.count("select count(*) from audit where subject = 'known'"), 0);
  }

  /// The queries that run every second or at every kiosk's poll find their rows by an index.
  void busyQueriesDoNotReadTheHistory() {
    Hall hall;
    for (const char* sql : {"select start_ms from reservation where seat_id = 'x' and state = 'booked' and end_ms > 1 order by start_ms limit 1",
                            "select r.id from reservation r left join admission a on a.reservation_id = r.id where r.state = 'booked' and r.start_ms < 1",
                            "select id from reservation where state = 'admitted' and not exists (select 1 from reservation_slot held "
                            "where held.reservation_id = reservation.id and held.slot >= 1)",
                            "select id from sitting where reservation_id = 'x' and finished_ms is not null",
                            "select id from sitting where finished_ms is null and deadline_ms < 1 order by deadline_ms",
                            "select id from admission where waiting_since_ms is not null and (state = 'waiting' or decided_ms > 1)"}) {
      const auto plan = *hall.app.store->readNow<std::string>([&](Tx& tx) -> Result<std::string> {
        std::string steps;
        for (auto& [id, parent, unused, step] :
             tx.all<std::int64_t, std::int64_t, std::int64_t, std::string>(std::string("explain query plan ") + sql))
          steps += step + "; ";
        return steps;
      });
      const bool scans = plan.find("SCAN") != std::string::npos && plan.find("INDEX reservation_admitted") == std::string::npos;
      QVERIFY2(!scans, (plan + " <- " + sql).c_str());
    }
  }
};

QTEST_GUILESS_MAIN(AdmissionTest)
#include "test_admission.moc"
