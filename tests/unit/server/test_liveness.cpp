// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <thread>

#include "exam_hall.hpp"

using namespace invigil;
using namespace invigil::server;

namespace {

/// Somebody with a photo who has said yes to the face check.
ExamHall::Visit atTheCamera(ExamHall& hall) {
  const auto person = hall.addPerson("王小明", kFirst);
  hall.givePhoto(person);
  const auto visit = hall.come(person);
  hall.consent(visit, true);
  return visit;
}

Json checksOf(ExamHall& hall, const ExamHall::Visit& visit) {
  return hall.must(hall.get("/admin/reservations/{id}/admission", {}, visit.reservation["id"]))["checks"];
}

/// Back to the welcome screen and in again by the code.
Json startOver(ExamHall& hall, const ExamHall::Visit& visit) {
  hall.must(hall.post("/kiosk/find", {{"kind", "code"}, {"code", visit.reservation["code"]}}, visit.kiosk));
  return hall.consent(visit, true);
}

Json policyWithSteps(int steps) {
  Json policy = defaultPolicy();
  policy["liveness"]["challenge_steps"] = steps;
  return policy;
}

}  // namespace

class LivenessTest : public QObject {
  Q_OBJECT

 private slots:
  void aChallengeIsThereWhileTheFaceIsAsked() {
    ExamHall hall(defaultPolicy(), 0);
    const auto person = hall.addPerson("王小明", kFirst);
    hall.givePhoto(person);
    const auto visit = hall.come(person);
    QVERIFY(hall.admissionOf(visit)["challenge"].is_null());
    const Json challenge = hall.consent(visit, true)["challenge"];
    QCOMPARE(challenge["actions"].size(), std::size_t{2});
    QCOMPARE(challenge["seconds_each"], 5);
    QCOMPARE(hall.admissionOf(visit)["challenge"], challenge);  // looking again draws nothing
    QCOMPARE(hall.must(hall.face(visit, 0.7))["state"], "admitted");
    QVERIFY(hall.admissionOf(visit)["challenge"].is_null());
  }

  void aSiteThatAsksForNoneGivesNone() {
    ExamHall hall(policyWithSteps(0), 0);
    const auto visit = atTheCamera(hall);
    QVERIFY(hall.admissionOf(visit)["challenge"].is_null());
    QCOMPARE(hall.must(hall.face(visit, 0.7))["state"], "admitted");
  }

  void everyTryHasANewChallengeAndSaysWhatToDo() {
    ExamHall hall(defaultPolicy(), 0);
    const auto visit = atTheCamera(hall);
    std::set<std::string> ids;
    for (int n = 1; n <= 3; ++n) {
      ids.insert(hall.admissionOf(visit)["challenge"]["id"].get<std::string>());
      Json report = hall.faceReport(visit, 0.9);
      report["liveness"]["result"] = "failed";
      report["liveness"]["why"] = "wrong_action";
      const Json after = hall.must(hall.sendFace(visit, report));
      QCOMPARE(after["tries_left"], 3 - n);
      QCOMPARE(after["why"], n < 3 ? "wrong_action" : "liveness");
      QCOMPARE(after["state"], n < 3 ? "face" : "waiting");
      QVERIFY(!after["advice"]["zh"].get<std::string>().empty() && !after["advice"]["en"].get<std::string>().empty());
    }
    QCOMPARE(ids.size(), std::size_t{3});
  }

  void anOldAnswerCountsForNothing() {
    ExamHall hall(defaultPolicy(), 0);
    const auto visit = atTheCamera(hall);
    const Json first = hall.faceReport(visit, 0.1);
    hall.must(hall.sendFace(visit, first));
    // The reply was lost and the kiosk sends it again; or somebody replays a good one.
    QCOMPARE(reason(hall.sendFace(visit, first)), std::string("challenge_stale"));
    Json good = hall.faceReport(visit, 0.9);
    good["liveness"]["challenge_id"] = first["liveness"]["challenge_id"];
    QCOMPARE(reason(hall.sendFace(visit, good)), std::string("challenge_stale"));
    QCOMPARE(hall.admissionOf(visit)["tries_left"], 2);
    QCOMPARE(hall.count("select count(*) from admission_check"), 1);
    QCOMPARE(hall.must(hall.face(visit, 0.9))["state"], "admitted");
  }

  void ofTwoReportsAtOnceOneCounts() {
    ExamHall hall(defaultPolicy(), 0);
    const auto visit = atTheCamera(hall);
    Call call;
    call.caller = visit.kiosk;
    call.id = visit.admission;
    call.body = hall.faceReport(visit, 0.1);
    hall.clock->advance(seconds(3));
    call.now = hall.clock->now();
    std::array<std::string, 2> outcomes;
    {
      std::vector<std::jthread> senders;
      for (std::string& outcome : outcomes)
        senders.emplace_back([&hall, &call, &outcome] { outcome = reason(hall.run("post", "/api/v1/kiosk/admissions/{id}/face", call)); });
    }
    std::sort(outcomes.begin(), outcomes.end());
    QCOMPARE(outcomes[0], std::string());
    QCOMPARE(outcomes[1], std::string("challenge_stale"));
    QCOMPARE(hall.count("select tries from admission"), 1);
    QCOMPARE(hall.count("select count(*) from admission_check"), 1);
  }

  void startingOverIsNoWayToAnEasierChallenge() {
    ExamHall hall(defaultPolicy(), 0);
    const auto visit = atTheCamera(hall);
    const Json first = hall.admissionOf(visit)["challenge"];
    QCOMPARE(hall.consent(visit, true)["challenge"], first);  // said twice by a weak network
    QCOMPARE(startOver(hall, visit)["tries_left"], 2);
    QCOMPARE(startOver(hall, visit)["tries_left"], 1);
    const Json waiting = startOver(hall, visit);
    QCOMPARE(waiting["state"], "waiting");
    QCOMPARE(waiting["why"], "liveness");
    const Json checks = checksOf(hall, visit);
    QCOMPARE(checks.size(), std::size_t{3});
    QCOMPARE(checks[2]["decision"], "abandoned");
    QVERIFY(checks[2]["layers"].is_null());
  }

  void whoStartsOverAfterAReportLosesNothingMore() {
    ExamHall hall(defaultPolicy(), 0);
    const auto visit = atTheCamera(hall);
    Json report = hall.faceReport(visit, 0.9);
    report["camera"]["driver"] = "v4l2 loopback";
    QCOMPARE(hall.must(hall.sendFace(visit, report))["why"], "camera_not_allowed");
    QCOMPARE(startOver(hall, visit)["tries_left"], 2);
    QCOMPARE(hall.count("select count(*) from admission_check"), 1);
  }

  void theServersClockHasToAllowTheSteps() {
    ExamHall hall(defaultPolicy(), 0);
    const auto visit = atTheCamera(hall);
    Json report = hall.faceReport(visit, 0.9);
    for (Json& step : report["liveness"]["steps"]) step["ms"] = 2000;  // 4 s, sent after 3
    const Json after = hall.must(hall.sendFace(visit, report));
    QCOMPARE(after["state"], "face");
    QCOMPARE(after["why"], "too_fast");
    QCOMPARE(hall.must(hall.face(visit, 0.9))["state"], "admitted");
  }

  void everyTryIsARecordWithItsLimitsModelsAndCamera() {
    ExamHall hall(defaultPolicy(), 0);
    const Json camera{{"name", "HD Webcam"}, {"driver", "uvcvideo"}, {"bus", "usb-1"}, {"usb_id", "046d:0825"}};
    const Json engine{{"detector", "yunet_2022mar"}, {"landmarks", "106"}, {"verifier", "mobilefacenet"}, {"verifier_sha256", "s"},
                      {"pose", "headpose_gaze"}, {"texture", "minifasnet_1+2"}, {"second", ""}, {"camera", camera}};
    if (!hall.write<void>([&](Tx& tx) -> Status {
          for (const Caller& kiosk : {hall.kiosk_a, hall.kiosk_b})
            tx.exec("insert into kiosk(id, seat_id, fingerprint, enrolled_ms) values (:a, :b, :c, 0)", kiosk.kiosk_id, kiosk.seat_id, kiosk.kiosk_id);
          return {};
        }))
      qFatal("no kiosks");
    const auto visit = atTheCamera(hall);
    hall.must(hall.face(visit, 0.2));
    hall.must(hall.post("/kiosk/engine", engine, visit.kiosk));
    hall.must(hall.face(visit, 0.45));
    const Json checks = checksOf(hall, visit);
    QCOMPARE(checks.size(), std::size_t{2});
    QCOMPARE(checks[0]["decision"], "again");
    QCOMPARE(checks[0]["finding"], "low_score");
    QVERIFY(checks[0]["layers"]["engine"].is_null());
    const Json& layers = checks[1]["layers"];
    QCOMPARE(checks[1]["decision"], "reviewer");
    QCOMPARE(checks[1]["similarity"].get<double>(), 0.45);
    QCOMPARE(layers["engine"], engine);
    QCOMPARE(layers["camera"], camera);
    QCOMPARE(layers["limits"], defaultPolicy()["liveness"]);
    QCOMPARE(layers["elapsed_ms"], 3000);
    QCOMPARE(layers["actions"].size(), std::size_t{2});
    QCOMPARE(layers["liveness"]["texture"]["frames"], 12);
    Call call;
    call.caller = hall.reviewer;
    const Json one = hall.must(hall.send("get", "/api/v1/review/queue", call))["cases"][0];
    QCOMPARE(one["checks"], checks);
    // Nobody's picture or template is in it, and the seat shows what its kiosk sees with.
    QCOMPARE(hall.count("select count(*) from admission_check where layers like '%' || (select capture from admission) || '%'"), 0);
    const Json seats = hall.must(hall.get("/admin/sites/{id}/seats", {}, hall.site))["seats"];
    const auto seat = std::find_if(seats.begin(), seats.end(), [&](const Json& s) { return s["id"] == visit.kiosk.seat_id; });
    QCOMPARE((*seat)["engine"], engine);
    QCOMPARE((*seat)["engine_ms"], toMillis(hall.clock->now() - seconds(3)));
  }

  void aDrawnCandidateIsRecordedAsWithoutTexture() {
    Json policy = defaultPolicy();
    ExamHall hall(policy, 0);
    hall.app.config.demo = true;
    if (!hall.write<void>([&](Tx& tx) -> Status {
          policy["camera_kinds"] = {"simulated"};
          tx.exec("update site set policy = :a", policy.dump());
          return {};
        }))
      qFatal("no policy");
    const auto visit = atTheCamera(hall);
    Json report = hall.faceReport(visit, 0.9, "simulated");
    report["liveness"]["texture"] = nullptr;
    QCOMPARE(hall.must(hall.sendFace(visit, report))["state"], "admitted");
    QCOMPARE(checksOf(hall, visit)[0]["layers"]["texture_skipped"], true);
  }

  /// A film has no skin, no light on it and no driver to look at: it must not come in by a policy that a demo left behind.
  void whatOnlyADemoAllowsCountsNowhereElseWhateverIsStored() {
    for (const char* kind : {"file", "simulated"}) {
      Json policy = defaultPolicy();
      ExamHall hall(policy, 0);
      if (!hall.write<void>([&](Tx& tx) -> Status {
            policy["camera_kinds"] = {"camera", "file", "simulated"};
            tx.exec("update site set policy = :a", policy.dump());
            return {};
          }))
        qFatal("no policy");
      Call call;
      call.caller = hall.kiosk_a;
      QCOMPARE(hall.must(hall.send("get", "/api/v1/kiosk/state", call))["policy"]["camera_kinds"], Json::array({"camera"}));
      const auto visit = atTheCamera(hall);
      Json report = hall.faceReport(visit, 0.9, kind);
      report["liveness"]["texture"] = nullptr;
      const Json after = hall.must(hall.sendFace(visit, report));
      QCOMPARE(after["state"], "waiting");
      QCOMPARE(after["why"], "camera_not_allowed");
    }
  }

  void aReportThatIsRefusedLeavesNothingBehind() {
    ExamHall hall(defaultPolicy(), 0);
    const auto visit = atTheCamera(hall);
    Json report = hall.faceReport(visit, 0.9);
    const Json challenge = hall.admissionOf(visit)["challenge"];
    report["capture"] = toBase64(Bytes{1, 2, 3, 4});
    QCOMPARE(reason(hall.sendFace(visit, report)), std::string("capture_not_jpeg"));
    QCOMPARE(hall.admissionOf(visit)["challenge"], challenge);
    QCOMPARE(hall.count("select count(*) from admission_check"), 0);
    hall.must(hall.post("/admin/reservations/{id}/cancel", nullptr, hall.admin, visit.reservation["id"]));
    QCOMPARE(reason(hall.post("/kiosk/admissions/{id}/face", hall.faceReport(visit, 0.9), visit.kiosk, visit.admission)),
             std::string("admission_wrong_state"));
    QCOMPARE(hall.count("select count(*) from admission_check"), 0);
  }

  void theServerMayStopBetweenChallengeAndReport() {
    ExamHall hall(defaultPolicy(), 0);
    const auto visit = atTheCamera(hall);
    const Json challenge = hall.admissionOf(visit)["challenge"];
    const Json report = hall.faceReport(visit, 0.1);
    const auto reopen = [&] {
      hall.app.store.reset();
      hall.app.store = std::move(*store::Store::open(hall.dir.filePath("hall.db").toStdString()));
    };
    reopen();
    QCOMPARE(hall.admissionOf(visit)["challenge"], challenge);
    const Json next = hall.must(hall.sendFace(visit, report))["challenge"];
    reopen();
    QCOMPARE(reason(hall.sendFace(visit, report)), std::string("challenge_stale"));
    QCOMPARE(hall.admissionOf(visit)["challenge"], next);
    QCOMPARE(checksOf(hall, visit).size(), std::size_t{1});
  }

  /// As migration 0012 leaves an admission that was in the middle of the face check: no challenge, no rows.
  void anAdmissionFromBeforeIsAskedAndLosesNoTry() {
    ExamHall hall(defaultPolicy(), 0);
    const auto visit = atTheCamera(hall);
    if (!hall.write<void>([](Tx& tx) -> Status { tx.exec("update admission set challenge = '', challenge_ms = 0, tries = 1"); return {}; }))
      qFatal("no old admission");
    const Json asked = hall.must(hall.face(visit, 0.9));
    QCOMPARE(asked["state"], "face");
    QCOMPARE(asked["tries_left"], 2);
    QCOMPARE(asked["challenge"]["actions"].size(), std::size_t{2});
    QCOMPARE(hall.must(hall.face(visit, 0.9))["state"], "admitted");
    QCOMPARE(checksOf(hall, visit)[0]["n"], 2);
  }

  void aSiteFromBeforeHasTheHousesLimits() {
    ExamHall hall(defaultPolicy(), 0);
    Json policy = defaultPolicy();
    policy.erase("liveness");
    if (!hall.write<void>([&](Tx& tx) -> Status { tx.exec("update site set policy = :a", policy.dump()); return {}; })) qFatal("no site");
    Call call;
    call.caller = hall.kiosk_a;
    QCOMPARE(hall.must(hall.send("get", "/api/v1/kiosk/state", call))["policy"]["liveness"], defaultPolicy()["liveness"]);
  }

  void deviceNumbersAreCheckedAndWrittenSmall() {
    Hall hall;
    Json policy = defaultPolicy();
    const auto make = [&](const char* id) {
      policy["liveness"]["usb_ids"] = {id};
      return hall.post("/admin/sites", {{"name", wording("甲", "A")}, {"address", wording("", "")}, {"time_zone", "UTC"},
                                        {"hours", everyDay(0, 1440)}, {"policy", policy}, {"disabled", false}}, hall.admin);
    };
    QCOMPARE(make(" 046D:0825 ")->body["policy"]["liveness"]["usb_ids"], Json::array({"046d:0825"}));
    for (const char* id : {"046d", "046d:08255", "046d-0825", "04:d:0825", "046g:0825", ""})
      QCOMPARE(reason(make(id)), std::string("usb_id_wrong"));
  }
};

QTEST_GUILESS_MAIN(LivenessTest)
#include "test_liveness.moc"
