// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "accounts/accounts.hpp"
#include "exam_hall.hpp"
#include "old_store.hpp"
#include "proctoring/recording.hpp"

using namespace invigil;
using namespace invigil::server;

namespace {

struct ProctoredHall : ExamHall {
  explicit ProctoredHall(Json policy = defaultPolicy()) : ExamHall(std::move(policy)) {
    for (Routes part : {kioskHallRoutes(), hallBoardRoutes(), hallRoutes()})
      for (Route& route : part) routes.push_back(std::move(route));
  }
  using ExamHall::get;
  using ExamHall::must;
  void must(const Status& status) {
    if (!status) qFatal("refused: %s", status.error().reason.c_str());
  }
  Result<Reply> get(const std::string& path, std::map<std::string, std::string> query, const Caller& caller, const std::string& id = "") {
    Call call;
    call.query = std::move(query);
    call.caller = caller;
    call.id = id;
    return send("get", "/api/v1" + path, call);
  }
  Result<Reply> report(const Visit& visit, const Json& sitting, int place, const char* kind, const char* measure, bool over = false,
                       std::optional<minutes> stood = {}, bool stands = true) {
    const std::int64_t now = toMillis(clock->now());
    Json body{{"place", place}, {"kind", kind}, {"began_ms", now - 5000}, {"ended_ms", over ? Json(now) : Json(nullptr)}, {"measure", measure},
                 {"score", 0.2}, {"engine", "yunet"},
                 {"evidence", {{{"place", 1}, {"at_ms", now - 1000}, {"jpeg", toBase64(jpegBytes())}}}}};
    if (stood) body["stood_ms"] = milliseconds(*stood).count();
    if (!stands) body["stands"] = false;
    return post("/kiosk/sittings/{id}/incidents", body, visit.kiosk, sitting["id"]);
  }
  Json orders(const Visit& visit, const Json& sitting, int seen = 0) {
    return must(get("/kiosk/sittings/{id}/orders", {{"seen", std::to_string(seen)}}, visit.kiosk, sitting["id"]));
  }
  /// It fetches its orders and asks for more at once, as it does when it is back.
  Json hears(const Visit& visit, const Json& sitting) { return orders(visit, sitting, orders(visit, sitting)["seen"]); }
  Json seat(const std::string& label) {
    const Json board = must(get("/hall/board", {{"site", site}}, reviewer));
    for (const Json& one : board["seats"])
      if (one["seat_label"] == label) return one;
    qFatal("no such seat");
  }
  Json record(const Json& sitting) { return must(get("/hall/sittings/{id}", {}, reviewer, sitting["id"])); }
  Result<Reply> measure(const Json& sitting, const std::string& what, const Json& body = nullptr) {
    return post("/hall/sittings/{id}/" + what, body, reviewer, sitting["id"]);
  }
  /// Both kiosks as the store knows them: never heard yet.
  void enrol() {
    must(write<void>([&](Tx& tx) -> Status {
      for (const Caller& kiosk : {kiosk_a, kiosk_b})
        tx.exec("insert into kiosk(id, seat_id, fingerprint, enrolled_ms) values (:a, :b, :c, 0)", kiosk.kiosk_id, kiosk.seat_id, kiosk.kiosk_id);
      return {};
    }));
  }
  /// It asks how the hall is, as it does every four seconds.
  void heard(const Visit& visit) { must(get("/kiosk/state", {}, visit.kiosk)); }
  void houseKeeping() {
    if (!write<void>([&](Tx& tx) -> Status { endForgottenPauses(tx, clock->now()); forgetEvidence(tx, clock->now()); return {}; }) ||
        !finishOverdue(app, clock->now()))
      qFatal("housekeeping failed");
  }
};

std::vector<std::string> whats(const Json& record) {
  std::vector<std::string> all;
  for (const Json& entry : record.at("entries")) all.push_back(entry["what"]);
  return all;
}

}  // namespace

class ProctoringTest : public QObject {
  Q_OBJECT

 private slots:
  void anIncidentReachesTheBoardAndTheRecordWithItsPicture() {
    ProctoredHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    const std::string label = visit.reservation["seat_label"];
    QCOMPARE(hall.seat(label)["incident"], Json(nullptr));
    hall.must(hall.report(visit, sitting, 1, "absent", "notice"));
    const Json seat = hall.seat(label);
    QCOMPARE(seat["state"], Json("sitting"));
    QCOMPARE(seat["incident"]["kind"], Json("absent"));
    QCOMPARE(seat["open_incidents"], Json(1));
    QVERIFY(seat.dump().find("王小明") == std::string::npos);  // masked on the wall
    const std::string picture = seat["incident"]["evidence"][0]["id"];
    Call look;
    look.id = picture;
    look.caller = hall.reviewer;
    look.now = hall.clock->now();
    const auto reply = hall.run("get", "/api/v1/hall/evidence/{id}", look);
    QVERIFY(reply && reply->content_type == "image/jpeg" && reply->bytes.size() == jpegBytes().size());
    QCOMPARE(hall.count("select count(*) from audit where action = 'evidence_seen'"), 1);
    QVERIFY(hall.count("select count(*) from evidence where picture like '%JFIF%'") == 0);  // sealed
    const auto entries = whats(hall.record(sitting));
    QCOMPARE(entries, (std::vector<std::string>{"admitted_by_reviewer", "sitting_started", "incident", "notice"}));
  }

  void repeatsChangeNothingAndAMeasureOnlyRises() {
    ProctoredHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    hall.must(hall.report(visit, sitting, 1, "looking_away", "warning"));
    hall.must(hall.report(visit, sitting, 1, "looking_away", "notice"));
    hall.must(hall.report(visit, sitting, 1, "looking_away", "warning", true));
    hall.must(hall.report(visit, sitting, 1, "looking_away", "warning", true));
    QCOMPARE(reason(hall.report(visit, sitting, 1, "absent", "warning")), std::string("incident_differs"));
    QCOMPARE(hall.count("select count(*) from incident"), 1);
    QCOMPARE(hall.count("select count(*) from evidence"), 1);
    QCOMPARE(whats(hall.record(sitting)), (std::vector<std::string>{"admitted_by_reviewer", "sitting_started", "incident", "warning", "incident_over"}));
    QCOMPARE(hall.record(sitting)["incidents"][0]["measure"], Json("warning"));
  }

  /// Booked for 10:00, begun at 10:25: the time goes on beyond the end of the booking.
  void whoBeganLateStaysOnTheBoard() {
    ProctoredHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    hall.clock->advance(minutes(30));
    const Json sitting = hall.admitted(visit);
    hall.clock->set(fromMillis(sitting["deadline_ms"].get<std::int64_t>()) - minutes(1));
    QVERIFY(visit.reservation["end_ms"] < toMillis(hall.clock->now()));
    const Json seat = hall.seat(visit.reservation["seat_label"]);
    QCOMPARE(seat["state"], Json("sitting"));
    QCOMPARE(seat["sitting_id"], sitting["id"]);
    hall.must(hall.measure(sitting, "pause", {{"reason", "查看"}}));
    QCOMPARE(hall.seat(visit.reservation["seat_label"])["state"], Json("paused"));
  }

  void aRepeatedReportDoesNotPauseAgainAndAKioskThatStartsAnewEndsWhatLasted() {
    ProctoredHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    hall.must(hall.report(visit, sitting, 1, "absent", "pause"));
    QCOMPARE(hall.sit(visit)["paused_since_ms"], Json(toMillis(hall.clock->now())));
    hall.must(hall.measure(sitting, "resume"));
    hall.must(hall.report(visit, sitting, 1, "absent", "pause"));  // the answer was lost on the way
    QCOMPARE(hall.orders(visit, sitting)["state"], Json("running"));
    hall.must(hall.report(visit, sitting, 2, "looking_away", "notice"));
    hall.clock->advance(minutes(3));
    QCOMPARE(hall.sit(visit)["paused_since_ms"], Json(nullptr));
    for (const Json& one : hall.record(sitting)["incidents"]) QVERIFY(one["ended_ms"].is_number());
  }

  void aPersonsPauseTakesThePlaceOfTheRules() {
    ProctoredHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    hall.must(hall.report(visit, sitting, 1, "other_person", "pause"));
    const Json since = hall.record(sitting)["paused_since_ms"];
    hall.clock->advance(minutes(9));
    hall.must(hall.measure(sitting, "pause", {{"reason", "核对证件"}}));
    QCOMPARE(hall.record(sitting)["why"], Json("核对证件"));
    hall.clock->advance(minutes(5));  // fourteen since the rules, five since a person
    hall.houseKeeping();
    QCOMPARE(hall.record(sitting)["paused_since_ms"], since);
    hall.clock->advance(minutes(6));
    hall.houseKeeping();
    QCOMPARE(hall.record(sitting)["paused_since_ms"], Json(nullptr));
    QCOMPARE(hall.record(sitting)["given_back_ms"], Json(20 * 60'000));
  }

  void aPersonsReasonIsForTheRecordAndTheCandidateReadsWhatIsMeantForThem() {
    ProctoredHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    const Json both = wording("请稍等。", "请稍等。"), nothing = wording("", "");
    const Json record = hall.must(hall.measure(sitting, "pause", {{"reason", "怀疑替考"}, {"message", wording(" 请稍等。", "")}}));
    QCOMPARE(record["why"], Json("怀疑替考"));
    QCOMPARE(whats(record).back(), std::string("said_notice"));
    Json told = hall.orders(visit, sitting);
    QCOMPARE(told["why"], Json("invigilator"));
    QCOMPARE(told["message"], both);
    QCOMPARE(told["orders"].back()["text"], both);
    QVERIFY(told.dump().find("怀疑替考") == std::string::npos);
    hall.must(hall.measure(sitting, "resume"));
    told = hall.orders(visit, sitting);
    QCOMPARE(told["why"], Json(""));
    QCOMPARE(told["message"], nothing);
    // The rules say what they saw, until a person takes the pause over, this time without a word for the candidate.
    hall.must(hall.report(visit, sitting, 1, "absent", "pause"));
    told = hall.orders(visit, sitting);
    QCOMPARE(told["why"], Json("absent"));
    QCOMPARE(told["message"], nothing);
    const int seen = told["seen"];
    hall.must(hall.measure(sitting, "pause", {{"reason", "核对证件"}}));
    told = hall.orders(visit, sitting, seen);
    QCOMPARE(told["why"], Json("invigilator"));
    QCOMPARE(told["message"], nothing);
    QCOMPARE(told["orders"].size(), std::size_t{1});  // which wakes the kiosk
    QCOMPARE(told["orders"][0]["kind"], Json("pause"));
    // Ended in the pause: nor is the reason told afterwards.
    hall.must(hall.measure(sitting, "end", {{"reason", "已核实"}}));
    told = hall.orders(visit, sitting, seen + 1);
    QVERIFY(told["why"] == "" && told.dump().find("核对证件") == std::string::npos);
  }

  void anotherKioskCanNeitherReportNorListen() {
    ProctoredHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    auto elsewhere = visit;
    elsewhere.kiosk = visit.kiosk.seat_id == hall.seat_a ? hall.kiosk_b : hall.kiosk_a;
    QCOMPARE(reason(hall.report(elsewhere, sitting, 1, "absent", "notice")), std::string("admission_other_seat"));
    QCOMPARE(reason(hall.get("/kiosk/sittings/{id}/orders", {}, elsewhere.kiosk, sitting["id"])), std::string("admission_other_seat"));
    QCOMPARE(hall.count("select count(*) from incident"), 0);
  }

  void aPauseStopsTheClockAndIsGivenBack() {
    ProctoredHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    const std::int64_t deadline = sitting["deadline_ms"];
    hall.must(hall.report(visit, sitting, 1, "other_person", "pause"));
    QCOMPARE(hall.orders(visit, sitting)["state"], Json("paused"));
    QCOMPARE(hall.orders(visit, sitting)["orders"][0]["kind"], Json("pause"));
    QCOMPARE(reason(hall.submit(visit, sitting)), std::string("sitting_paused"));
    QVERIFY(hall.answer(visit, sitting, 1, {0}).has_value());  // on its way when the clock stopped
    hall.clock->advance(milliseconds(5 * 60000));
    hall.must(hall.measure(sitting, "resume"));
    const Json after = hall.orders(visit, sitting, 1);
    QCOMPARE(after["state"], Json("running"));
    QCOMPARE(after["deadline_ms"].get<std::int64_t>(), deadline + 5 * 60000);
    QCOMPARE(after["orders"][0]["kind"], Json("resume"));
    QCOMPARE(reason(hall.measure(sitting, "resume")), std::string("sitting_not_paused"));
    QCOMPARE(hall.record(sitting)["given_back_ms"], Json(5 * 60000));
  }

  /// The kiosk stood still while the network was away: it says for how long when it is back.
  void whatAKioskLetStandWithoutNetworkIsGivenBackOnce() {
    ProctoredHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    const std::int64_t deadline = sitting["deadline_ms"];
    const auto later = [&] { return (hall.orders(visit, sitting)["deadline_ms"].get<std::int64_t>() - deadline) / 60000; };
    hall.clock->advance(minutes(20));
    // It lasts: what it stood already is given back, and the clock of the server stands from now.
    QCOMPARE(hall.must(hall.report(visit, sitting, 1, "absent", "pause", false, minutes(4)))["deadline_ms"], Json(deadline + 4 * 60000));
    QCOMPARE(hall.orders(visit, sitting)["state"], Json("paused"));
    hall.clock->advance(minutes(2));
    hall.must(hall.measure(sitting, "resume"));
    QCOMPARE(later(), 6);
    hall.must(hall.report(visit, sitting, 1, "absent", "pause", true, minutes(4)));  // repeated
    QCOMPARE(later(), 6);
    // The kiosk has let the clock run again by itself, and the incident goes on to be seen: no second pause.
    hall.must(hall.report(visit, sitting, 2, "face_hidden", "pause", false, minutes(10), false));
    QCOMPARE(hall.orders(visit, sitting)["state"], Json("running"));
    QCOMPARE(later(), 16);
    hall.must(hall.report(visit, sitting, 3, "face_hidden", "pause", true, minutes(600)));  // no more than one may last
    QCOMPARE(later(), 26);
    const auto all = whats(hall.record(sitting));
    QCOMPARE(std::count(all.begin(), all.end(), std::string("stood")), 3);
  }

  /// The kiosk was away and stood still by itself when the invigilator paused here too: each minute comes back once.
  void aPauseOfBothIsGivenBackOnce() {
    ProctoredHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    const std::int64_t deadline = sitting["deadline_ms"];
    hall.clock->advance(minutes(3));
    hall.must(hall.measure(sitting, "pause", {{"reason", "查看"}}));
    hall.clock->advance(minutes(5));
    hall.must(hall.report(visit, sitting, 1, "absent", "pause", false, minutes(8)));
    hall.must(hall.measure(sitting, "resume"));
    QCOMPARE(hall.orders(visit, sitting)["deadline_ms"], Json(deadline + 8 * 60000));
  }

  void whoIsPausedAtTheDeadlineIsNotGraded() {
    Json policy = defaultPolicy();
    policy["monitoring"]["pause_minutes_max"] = 120;
    ProctoredHall hall(policy);
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    hall.clock->set(fromMillis(sitting["deadline_ms"].get<std::int64_t>() - 60000));
    hall.must(hall.measure(sitting, "pause", {{"reason", "同座位有人说话"}}));
    hall.clock->advance(milliseconds(10 * 60000));
    hall.houseKeeping();
    QCOMPARE(hall.orders(visit, sitting)["state"], Json("paused"));
    QVERIFY(hall.answer(visit, sitting, 2, {0}).has_value());
    hall.must(hall.measure(sitting, "resume"));
    hall.clock->advance(milliseconds(2 * 60000));
    hall.houseKeeping();
    QCOMPARE(hall.orders(visit, sitting)["state"], Json("finished"));
  }

  void aPauseNobodyLooksAfterEndsByItselfAndSaysSo() {
    ProctoredHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    hall.must(hall.report(visit, sitting, 1, "absent", "pause"));
    hall.clock->advance(milliseconds(9 * 60000));
    hall.houseKeeping();
    QCOMPARE(hall.orders(visit, sitting)["state"], Json("paused"));
    hall.clock->advance(milliseconds(60000));
    hall.houseKeeping();
    QCOMPARE(hall.orders(visit, sitting)["state"], Json("running"));
    const Json last = hall.record(sitting)["entries"].back();
    QCOMPARE(last["what"], Json("resumed"));
    QCOMPARE(last["actor"], Json("policy"));
    QCOMPARE(hall.seat(visit.reservation["seat_label"])["open_incidents"], Json(1));  // a person still has to look
  }

  /// The pause was heard, its end was not: the candidate stands still until the network is back, and gets all of it.
  void whatAPauseStandsBecauseTheKioskCannotHearItsEndIsGivenBack() {
    ProctoredHall hall;
    hall.enrol();
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    const std::int64_t deadline = sitting["deadline_ms"];
    const auto state = [&] { return hall.orders(visit, sitting)["state"]; };
    hall.must(hall.measure(sitting, "pause", {{"reason", "核对证件"}}));
    hall.clock->advance(seconds(4));
    hall.heard(visit);
    hall.clock->advance(minutes(2));
    const Json ordered = hall.must(hall.measure(sitting, "resume"));
    QCOMPARE(ordered["state"], Json("paused"));
    QCOMPARE(whats(ordered).back(), std::string("resume_ordered"));
    QCOMPARE(hall.seat(visit.reservation["seat_label"])["state"], Json("paused"));
    hall.clock->advance(minutes(1));
    QCOMPARE(hall.must(hall.measure(sitting, "resume"))["entries"], ordered["entries"]);  // said already
    hall.houseKeeping();
    QCOMPARE(state(), Json("paused"));
    hall.app.store.reset();  // the server is started anew
    hall.app.store = std::move(*store::Store::open(hall.dir.filePath("hall.db").toStdString()));
    hall.clock->advance(minutes(2));
    hall.houseKeeping();
    QCOMPARE(state(), Json("paused"));
    hall.heard(visit);  // back, and its long poll hangs in the old network: it stands
    hall.clock->advance(seconds(20));
    hall.houseKeeping();
    QCOMPARE(hall.orders(visit, sitting, 1)["state"], Json("paused"));  // that long poll, answered to nobody
    QCOMPARE(hall.must(hall.measure(sitting, "resume"))["state"], Json("paused"));  // said once more
    const Json told = hall.hears(visit, sitting);
    QCOMPARE(told["state"], Json("running"));
    QCOMPARE(told["orders"].back()["kind"], Json("resume"));
    QCOMPARE(told["deadline_ms"], Json(deadline + 5 * 60'000 + 24'000));
    const Json last = hall.record(sitting)["entries"].back();
    QCOMPARE(last["what"], Json("resumed"));
    QCOMPARE(last["actor"], Json("rev"));  // whose word it was
    hall.clock->advance(minutes(1));
    hall.houseKeeping();
    QCOMPARE(hall.orders(visit, sitting)["deadline_ms"], told["deadline_ms"]);  // once
  }

  void aPauseEndsAtOnceWhereTheKioskHearsItOrDoesNotStandStill() {
    const auto after = [](bool heard_the_pause, milliseconds silent) {
      ProctoredHall hall;
      hall.enrol();
      const auto visit = hall.come(hall.addPerson("王小明", kFirst));
      const Json sitting = hall.admitted(visit);
      hall.heard(visit);
      if (!heard_the_pause) hall.clock->advance(silent);
      hall.must(hall.measure(sitting, "pause", {{"reason", "查看"}}));
      if (heard_the_pause) {
        hall.clock->advance(seconds(4));
        hall.heard(visit);
        hall.clock->advance(silent);
      }
      return hall.must(hall.measure(sitting, "resume"))["state"];
    };
    QCOMPARE(after(true, seconds(5)), Json("running"));
    QCOMPARE(after(true, seconds(7)), Json("paused"));
    QCOMPARE(after(false, minutes(3)), Json("running"));  // works on, and has never known of it
  }

  /// A pause of the kiosk's own needs no hearing; the network failed with its report.
  void aPauseThatTheKioskBeganWaitsForItToo() {
    ProctoredHall hall;
    hall.enrol();
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    hall.heard(visit);
    hall.clock->advance(seconds(3));
    hall.must(hall.report(visit, sitting, 1, "absent", "pause"));
    hall.clock->advance(minutes(1));
    QCOMPARE(hall.must(hall.measure(sitting, "resume"))["state"], Json("paused"));
    hall.clock->advance(minutes(1));
    QCOMPARE(hall.hears(visit, sitting)["state"], Json("running"));
    QCOMPARE(hall.record(sitting)["given_back_ms"], Json(2 * 60'000));
  }

  /// The long poll brings a pause at once, /state tells of the kiosk only every four seconds.
  void aPauseJustBeforeTheNetworkFailedWasHeard() {
    ProctoredHall hall;
    hall.enrol();
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    hall.heard(visit);
    hall.clock->advance(seconds(1));
    hall.must(hall.measure(sitting, "pause", {{"reason", "查看"}}));
    hall.clock->advance(minutes(1));
    QCOMPARE(hall.must(hall.measure(sitting, "resume"))["state"], Json("paused"));
    QCOMPARE(hall.hears(visit, sitting)["state"], Json("running"));
    QCOMPARE(hall.record(sitting)["given_back_ms"], Json(60'000));
  }

  /// Whoever reports reads in the answer that the clock runs.
  void aReportHearsTheResumeToo() {
    ProctoredHall hall;
    hall.enrol();
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    hall.heard(visit);
    hall.must(hall.measure(sitting, "pause", {{"reason", "查看"}}));
    hall.clock->advance(minutes(1));
    hall.must(hall.measure(sitting, "resume"));
    hall.clock->advance(minutes(1));
    const Json told = hall.must(hall.report(visit, sitting, 1, "absent", "notice", true));
    QCOMPARE(told["state"], Json("running"));
    QCOMPARE(told["deadline_ms"], Json(sitting["deadline_ms"].get<std::int64_t>() + 2 * 60'000));
    QCOMPARE(hall.record(sitting)["entries"].back()["actor"], Json("rev"));
  }

  /// A kiosk that stays away lets the clock run after pause_minutes_max of its own pause, a minute after it heard anything at the earliest.
  void aSittingGoesOnWhenItsKioskGoesOnAlone() {
    struct Case {
      milliseconds taken_over, ordered, goes_on;
    };
    for (const auto& [taken_over, ordered, goes_on] : {Case{milliseconds(0), minutes(2), minutes(10)}, Case{minutes(8), seconds(510), minutes(10)},
                                                       Case{seconds(570), seconds(620), seconds(634)}}) {
      ProctoredHall hall;
      hall.enrol();
      const auto visit = hall.come(hall.addPerson("王小明", kFirst));
      const Json sitting = hall.admitted(visit);
      const Instant began = hall.clock->now();
      const auto state = [&](milliseconds at) {
        hall.clock->set(began + at);
        hall.houseKeeping();
        return hall.orders(visit, sitting)["state"];
      };
      hall.must(hall.report(visit, sitting, 1, "absent", "pause"));
      hall.clock->set(began + taken_over);
      hall.must(hall.measure(sitting, "pause", {{"reason", "查看"}}));
      hall.clock->advance(seconds(4));
      hall.heard(visit);
      hall.clock->set(began + ordered);
      QCOMPARE(hall.must(hall.measure(sitting, "resume"))["state"], Json("paused"));
      QCOMPARE(state(goes_on - seconds(1)), Json("paused"));
      QCOMPARE(state(goes_on), Json("running"));
      QCOMPARE(hall.record(sitting)["given_back_ms"], Json(goes_on.count()));
      QCOMPARE(hall.count("select count(*) from sitting_hold where resume_wanted_ms is not null"), 0);
    }
  }

  void aNewPauseOrAnEndTakesTheWordBack() {
    for (const char* what : {"pause", "report", "end"}) {
      ProctoredHall hall;
      hall.enrol();
      const auto visit = hall.come(hall.addPerson("王小明", kFirst));
      const Json sitting = hall.admitted(visit);
      hall.heard(visit);
      hall.must(hall.measure(sitting, "pause", {{"reason", "查看"}}));
      hall.clock->advance(minutes(1));
      QCOMPARE(hall.must(hall.measure(sitting, "resume"))["state"], Json("paused"));
      const std::string one = what;
      if (one == "report") hall.must(hall.report(visit, sitting, 1, "other_person", "pause"));  // the kiosk is back, and stands by itself
      else hall.must(hall.measure(sitting, one, {{"reason", "再查"}}));
      QCOMPARE(hall.count("select count(*) from sitting_hold where resume_wanted_ms is not null"), 0);
      hall.clock->advance(seconds(1));
      (void)hall.hears(visit, sitting);
      hall.houseKeeping();
      const Json record = hall.record(sitting);
      QCOMPARE(record["state"], Json(one == "end" ? "finished" : "paused"));
      if (one != "end") QCOMPARE(record["why"], Json(one == "pause" ? "再查" : "other_person"));
    }
  }

  /// The exam goes on at another seat, whose kiosk hears.
  void theKioskOfTheSeatWhereThePersonSitsNowCounts() {
    ProctoredHall hall;
    hall.enrol();
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    hall.heard(visit);
    hall.must(hall.measure(sitting, "pause", {{"reason", "换座位"}}));
    hall.clock->advance(minutes(1));
    QCOMPARE(hall.must(hall.measure(sitting, "resume"))["state"], Json("paused"));
    auto elsewhere = visit;
    elsewhere.kiosk = visit.kiosk.seat_id == hall.seat_a ? hall.kiosk_b : hall.kiosk_a;
    hall.must(hall.write<void>([&](Tx& tx) -> Status { tx.exec("update admission set seat_id = :a", elsewhere.kiosk.seat_id); return {}; }));
    hall.clock->advance(seconds(1));
    QCOMPARE(hall.hears(elsewhere, sitting)["state"], Json("running"));
  }

  void pausesOfAnOlderProgramStandWithoutAWord() {
    QTemporaryDir dir;
    const std::string file = dir.filePath("old.db").toStdString();
    {
      soci::session old("sqlite3", "dbname=" + file);
      migrateTo(old, 27);
      old << "insert into sitting_hold(sitting_id, paused_since_ms, why) values ('s', 5, 'absent')";
    }
    auto store = std::move(*store::Store::open(file));
    const Hold hold = *store->readNow<Hold>([](Tx& tx) -> Result<Hold> { return holdOf(tx, "s"); });
    QVERIFY(hold.paused_since_ms == 5 && hold.why == "absent" && !hold.resume_wanted_ms);
  }

  void moreTimeIsGivenOnlyAsLongAsTheSeatIsFree() {
    ProctoredHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    const std::int64_t deadline = sitting["deadline_ms"];
    hall.must(hall.measure(sitting, "extend", {{"minutes", 20}, {"reason", "停电"}}));
    QCOMPARE(hall.orders(visit, sitting)["deadline_ms"].get<std::int64_t>(), deadline + 20 * 60000);
    // The next half hours of both seats are somebody else's.
    for (const std::string& seat : {hall.seat_a, hall.seat_b})
      if (!hall.write<void>([&](Tx& tx) -> Status {
            const auto other = *tx.value<std::string>("select id from reservation limit 1");
            const auto last = *tx.value<std::int64_t>("select max(slot) from reservation_slot");
            tx.exec("insert into reservation(id, code, manage_hash, candidate_id, eligibility_id, site_id, seat_id, state, start_ms, end_ms, walk_in, created_ms) "
                    "select 'other' || :a, 'X' || :b, 'h' || :c, candidate_id, eligibility_id, site_id, seat_id, 'no_show', 0, 0, 0, 0 from reservation where id = :d",
                    seat, seat, seat, other);
            tx.exec("insert into reservation_slot(seat_id, slot, reservation_id) values (:a, :b, :c)", seat, last + 1, "other" + seat);
            return {};
          }))
        qFatal("cannot book the next half hour");
    QCOMPARE(reason(hall.measure(sitting, "extend", {{"minutes", 90}, {"reason", "停电"}})), std::string("seat_not_free_so_long"));
    QCOMPARE(hall.orders(visit, sitting)["deadline_ms"].get<std::int64_t>(), deadline + 20 * 60000);  // refused whole
  }

  void theInvigilatorEndsASittingAndItIsGraded() {
    ProctoredHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    QCOMPARE(reason(hall.measure(sitting, "end", {{"reason", " "}})), std::string("measure_reason_missing"));
    const Json record = hall.must(hall.measure(sitting, "end", {{"reason", "他人代答"}}));
    QCOMPARE(record["state"], Json("finished"));
    QVERIFY(record["finished_ms"].is_number());
    QCOMPARE(hall.orders(visit, sitting)["orders"].back()["kind"], Json("end"));
    QCOMPARE(hall.must(hall.get("/kiosk/sittings/{id}/result", {}, visit.kiosk, sitting["id"]))["submitted_by"], Json("invigilator"));
    QCOMPARE(reason(hall.measure(sitting, "pause", {{"reason", "x"}})), std::string("sitting_finished"));
  }

  void aPersonDecidesWhatAnIncidentWas() {
    ProctoredHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    hall.must(hall.report(visit, sitting, 1, "second_person", "warning", true));
    const std::string incident = hall.record(sitting)["incidents"][0]["id"];
    QCOMPARE(reason(hall.post("/hall/incidents/{id}/decision", {{"decision", "confirmed"}, {"note", ""}}, hall.reviewer, incident)),
             std::string("measure_reason_missing"));
    hall.must(hall.post("/hall/incidents/{id}/decision", {{"decision", "dismissed"}, {"note", "工作人员路过"}}, hall.reviewer, incident));
    QCOMPARE(hall.seat(visit.reservation["seat_label"])["open_incidents"], Json(0));
    const Json other{{"decision", "confirmed"}, {"note", "替考"}};
    QCOMPARE(reason(hall.post("/hall/incidents/{id}/decision", other, hall.reviewer, incident)), std::string("incident_decided"));
    Json seen = other;
    seen["instead_of"] = "dismissed";
    hall.must(hall.post("/hall/incidents/{id}/decision", seen, hall.reviewer, incident));
    QCOMPARE(reason(hall.post("/hall/incidents/{id}/decision", {{"decision", "dismissed"}, {"note", ""}}, hall.reviewer, "none")),
             std::string("no_such_incident"));
  }

  void picturesAreForgottenAfterThreeYears() {
    ProctoredHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    hall.must(hall.report(visit, sitting, 1, "absent", "notice", true));
    // From the sitting's end, as its recording; the kiosk's own time of the picture does not matter.
    hall.must(hall.write<void>([](Tx& tx) -> Status { tx.exec("update evidence set at_ms = 0"); return {}; }));
    hall.houseKeeping();
    QCOMPARE(hall.count("select count(*) from evidence"), 1);
    hall.clock->advance(minutes(40));
    hall.must(hall.submit(visit, sitting));
    const Instant end = hall.clock->now();
    hall.clock->set(end + kExamEvidenceKept);
    hall.houseKeeping();
    QCOMPARE(hall.count("select count(*) from evidence"), 1);
    QCOMPARE(keptUntil(*hall.app.store->readNow<SittingRow>([&](Tx& tx) { return sittingById(tx, sitting["id"]); })), toMillis(end + kExamEvidenceKept));
    hall.clock->advance(milliseconds(1));
    hall.houseKeeping();
    QCOMPARE(hall.count("select count(*) from evidence"), 0);
  }

  void oneMoreThanTheLimitIsRefusedForGood() {
    ProctoredHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    hall.must(hall.write<void>([&](Tx& tx) -> Status {
      tx.exec("with recursive n(i) as (select 1 union all select i + 1 from n where i < 500) "
              "insert into incident(id, sitting_id, place, kind, began_ms, ended_ms, measure, score, engine) "
              "select 'many-' || i, :a, i, 'absent', 0, 1, 'nothing', 0, '' from n", sitting["id"].get<std::string>());
      return {};
    }));
    const auto refused = hall.report(visit, sitting, 501, "absent", "notice");
    QCOMPARE(reason(refused), std::string("too_many_incidents"));
    QVERIFY(refused.error().code == ErrorCode::Conflict);  // a kiosk repeats what is refused as "too many" for ever
    QVERIFY(hall.report(visit, sitting, 500, "absent", "notice").has_value());
  }

  void whatLastsAtHandInEndsWithTheSitting() {
    ProctoredHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    const auto ended = [&](int place) { return hall.record(sitting)["incidents"][static_cast<std::size_t>(place - 1)]["ended_ms"]; };
    hall.must(hall.report(visit, sitting, 1, "absent", "notice"));
    hall.clock->advance(minutes(40));
    const Json finished = hall.must(hall.submit(visit, sitting))["finished_ms"];
    QCOMPARE(ended(1), finished);
    // What comes late from a kiosk without network: another that lasted, and the true end of the first one.
    hall.must(hall.report(visit, sitting, 2, "looking_away", "nothing"));
    QCOMPARE(ended(2), finished);
    const std::int64_t truly = finished.get<std::int64_t>() - 60000;
    hall.must(hall.post("/kiosk/sittings/{id}/incidents",
                        {{"place", 1}, {"kind", "absent"}, {"began_ms", truly - 1000}, {"ended_ms", truly}, {"measure", "notice"}, {"score", 0.2}, {"engine", "yunet"},
                         {"evidence", Json::array()}}, visit.kiosk, sitting["id"]));
    QCOMPARE(ended(1), Json(truly));
    hall.must(hall.report(visit, sitting, 1, "absent", "notice"));
    QCOMPARE(ended(1), Json(truly));
  }

  void theBoardWaitsUntilSomethingHappens() {
    ProctoredHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    const Json board = hall.must(hall.get("/hall/board", {{"site", hall.site}}, hall.reviewer));
    const auto version = board["version"].get<std::string>();
    hall.must(hall.answer(visit, sitting, 1, {0}));
    auto same = hall.get("/hall/board", {{"site", hall.site}, {"version", version}}, hall.reviewer);
    QCOMPARE(same->wait_for, std::string(kHallTopic));  // an answer alone wakes nobody
    hall.must(hall.report(visit, sitting, 1, "absent", "notice"));
    auto differs = hall.get("/hall/board", {{"site", hall.site}, {"version", version}}, hall.reviewer);
    QVERIFY(differs->wait_for.empty());
  }
};

QTEST_APPLESS_MAIN(ProctoringTest)
#include "test_proctoring.moc"
