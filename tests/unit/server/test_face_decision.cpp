// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QtTest>
#include <map>
#include <set>

#include "admission/decision.hpp"
#include "sites/sites.hpp"

using namespace invigil;
using namespace invigil::server;

namespace {

const Instant kNow = fromMillis(1'800'000'000'000);

Challenge asked(std::vector<std::string> actions = {"turn_left", "nod"}) { return {"c1", std::move(actions), kNow - seconds(9)}; }

/// Everything content: a living person, a webcam, both steps done.
Json goodReport() {
  return {{"camera_kind", "camera"}, {"similarity", 0.7}, {"frames", 5}, {"timed_out", false},
          {"camera", {{"name", "Cam"}, {"driver", "uvcvideo"}, {"bus", "usb"}, {"usb_id", "046D:0825"}}},
          {"liveness", {{"challenge_id", "c1"}, {"result", "passed"}, {"why", ""},
                        {"steps", {{{"action", "turn_left"}, {"ms", 2000}}, {{"action", "nod"}, {"ms", 3000}}}},
                        {"flatness", 0.2}, {"texture", {{"frames", 12}, {"mean", 0.9}, {"low_share", 0.05}}}, {"light", nullptr},
                        {"track_breaks", 0}, {"same_person_min", 0.6}, {"second_distance", 0.4}, {"replayed", false}}}};
}

struct Case {
  const char* name;
  std::function<void(Json& report, Json& policy)> change;
  const char* outcome;       ///< while tries are left
  const char* finding;
  const char* last = nullptr;  ///< Admission.why after the last try; none: as before it
};

const std::vector<Case>& cases() {
  const auto liveness = [](const char* member, Json value) {
    return [member, value](Json& report, Json&) { report["liveness"][member] = value; };
  };
  const auto limit = [](const char* member, Json value) {
    return [member, value](Json&, Json& policy) { policy["liveness"][member] = value; };
  };
  const auto failed = [](const char* why) {
    return [why](Json& report, Json&) { report["liveness"]["result"] = "failed"; report["liveness"]["why"] = why; };
  };
  const auto compared = [](Json kinds, bool alone = true) {
    return [kinds, alone](Json& report, Json& policy) {
      report["compared"] = kinds;
      policy["chip_photo"] = alone;
    };
  };
  static const std::vector<Case> table{
      {"compared with the booking's photos", compared({"booking"}), "admit", ""},
      {"with a chip photo that was never announced", compared({"booking", "chip"}), "no_photo", "chip_photo"},
      {"with such a one alone", compared({"chip"}), "no_photo", "chip_photo"},
      {"with nothing", compared(Json::array()), "no_photo", "chip_photo"},
      {"all content", [](Json&, Json&) {}, "admit", ""},
      {"a film where only cameras are allowed", [](Json& r, Json&) { r["camera_kind"] = "file"; }, "camera_not_allowed", "camera_kind"},
      {"a virtual camera", [](Json& r, Json&) { r["camera"]["driver"] = "v4l2 loopback"; }, "camera_not_allowed", "camera_driver"},
      {"a camera that says nothing", [](Json& r, Json&) { r.erase("camera"); }, "camera_not_allowed", "camera_driver"},
      {"any driver", [](Json& r, Json& p) { r["camera"]["driver"] = ""; p["liveness"]["camera_drivers"] = Json::array(); }, "admit", ""},
      {"a device on the list, in capitals", limit("usb_ids", {"046d:0825"}), "admit", ""},
      {"a device that is not", limit("usb_ids", {"046d:0826"}), "camera_not_allowed", "camera_usb_id"},
      {"the challenge not reached", liveness("challenge_id", ""), "timeout", "timeout", "liveness"},
      {"a kiosk that knows no challenge", [](Json& r, Json&) { r.erase("liveness"); }, "timeout", "timeout", "liveness"},
      {"too slow", failed("timeout"), "timeout", "timeout", "liveness"},
      {"wrong movement", failed("wrong_action"), "wrong_action", "wrong_action", "liveness"},
      {"face lost", failed("lost_face"), "lost_face", "lost_face", "liveness"},
      {"another person on the way", failed("other_person"), "other_person", "other_person", "liveness"},
      {"somebody beside", failed("second_person"), "second_person", "second_person", "liveness"},
      {"too early", failed("moved_early"), "moved_early", "moved_early", "liveness"},
      {"no pose", failed("no_pose"), "no_pose", "no_pose", "liveness"},
      {"right movements in the wrong order", [](Json& r, Json&) { std::swap(r["liveness"]["steps"][0], r["liveness"]["steps"][1]); },
       "wrong_action", "wrong_action", "liveness"},
      {"one movement missing", [](Json& r, Json&) { r["liveness"]["steps"].erase(1); }, "wrong_action", "wrong_action", "liveness"},
      {"one too many", [](Json& r, Json&) { r["liveness"]["steps"].push_back({{"action", "blink"}, {"ms", 1}}); }, "wrong_action",
       "wrong_action", "liveness"},
      {"longer than there was time", [](Json& r, Json&) { r["liveness"]["steps"][1]["ms"] = 8000; }, "too_fast", "too_fast", "liveness"},
      {"frames seen before", liveness("replayed", true), "liveness", "replayed"},
      {"a flat face", liveness("flatness", 0.01), "flat", "flat", "liveness"},
      {"flatness not measured", liveness("flatness", nullptr), "flat", "flat", "liveness"},
      {"flatness not asked", [](Json& r, Json& p) { r["liveness"]["flatness"] = nullptr; p["liveness"]["flatness_min"] = 0.0; }, "admit", ""},
      {"light asked and not measured", limit("light", true), "light", "light", "liveness"},
      {"light that does not follow", [](Json& r, Json& p) { p["liveness"]["light"] = true; r["liveness"]["light"] = 0.1; }, "light", "light", "liveness"},
      {"light that does", [](Json& r, Json& p) { p["liveness"]["light"] = true; r["liveness"]["light"] = 0.6; }, "admit", ""},
      {"no texture models", liveness("texture", nullptr), "texture_missing", "texture_missing"},
      {"few frontal frames", [](Json& r, Json&) { r["liveness"]["texture"]["frames"] = 9; }, "texture_frames", "texture_frames", "liveness"},
      {"a print's skin", [](Json& r, Json&) { r["liveness"]["texture"]["mean"] = 0.55; }, "texture", "texture", "liveness"},
      {"often a print's skin", [](Json& r, Json&) { r["liveness"]["texture"]["low_share"] = 0.3; }, "texture", "texture", "liveness"},
      {"a film where films are allowed", [](Json& r, Json& p) { p["camera_kinds"] = {"file"}; r["camera_kind"] = "file"; r["liveness"]["texture"] = nullptr; },
       "admit", ""},
      {"a drawn candidate where it is allowed",
       [](Json& r, Json& p) { p["camera_kinds"] = {"simulated"}; r["camera_kind"] = "simulated"; r["liveness"]["texture"] = nullptr; r.erase("camera"); },
       "admit", ""},
      {"a drawn flat candidate", [](Json& r, Json& p) { p["camera_kinds"] = {"simulated"}; r["camera_kind"] = "simulated"; r["liveness"]["flatness"] = 0; },
       "flat", "flat", "liveness"},
      {"too dark to begin", [](Json& r, Json&) { r["timed_out"] = true; r["liveness"]["result"] = "failed"; r["liveness"]["why"] = "timeout"; r["liveness"]["steps"] = Json::array(); },
       "not_settled", "not_settled", "liveness"},
      {"two pictures only", [](Json& r, Json&) { r["frames"] = 2; }, "too_few_frames", "too_few_frames", "low_score"},
      {"no usable picture in time", [](Json& r, Json&) { r["timed_out"] = true; }, "too_few_frames", "too_few_frames", "low_score"},
      {"unlike the photo", [](Json& r, Json&) { r["similarity"] = 0.34; }, "low_score", "low_score", "low_score"},
      {"between the bands", [](Json& r, Json&) { r["similarity"] = 0.35; }, "low_score!", "low_score"},
      {"just alike", [](Json& r, Json&) { r["similarity"] = 0.50; }, "admit", ""},
      {"alike, but not to the second verifier", liveness("second_distance", 0.61), "second_opinion", "second_opinion"},
      {"no second verifier", liveness("second_distance", nullptr), "admit", ""},
  };
  return table;
}

/// Again and reviewer for one and the same reason differ: the second has a mark.
std::string said(const FaceDecision& decision) {
  using Outcome = FaceDecision::Outcome;
  if (decision.outcome == Outcome::Admit) return "admit";
  return decision.outcome == Outcome::Reviewer && decision.why == "low_score" ? "low_score!" : decision.why;
}

}  // namespace

class FaceDecisionTest : public QObject {
  Q_OBJECT

 private slots:
  void everyLayerDecidesAsTheTableSays() {
    for (const Case& one : cases()) {
      Json report = goodReport(), policy = defaultPolicy();
      one.change(report, policy);
      const FaceDecision first = decideFaceCheck(report, policy, asked(), kNow, false);
      QVERIFY2(said(first) == one.outcome, (std::string(one.name) + ": " + said(first)).c_str());
      QVERIFY2(first.finding == one.finding, (std::string(one.name) + ": " + first.finding).c_str());
      QCOMPARE(first.texture_skipped, report["camera_kind"] != "camera");
      const FaceDecision last = decideFaceCheck(report, policy, asked(), kNow, true);
      const bool to_a_person = last.outcome == FaceDecision::Outcome::Reviewer;
      QVERIFY2(to_a_person == (first.outcome != FaceDecision::Outcome::Admit), one.name);
      if (to_a_person) QVERIFY2(last.why == (one.last ? std::string(one.last) : first.why), (std::string(one.name) + ": " + last.why).c_str());
    }
  }

  void withoutAChallengeNeitherStepsNorFlatnessAreAsked() {
    Json report = goodReport();
    report["liveness"]["result"] = "none";
    report["liveness"]["steps"] = Json::array();
    report["liveness"]["flatness"] = nullptr;
    QCOMPARE(said(decideFaceCheck(report, defaultPolicy(), std::nullopt, kNow, false)), std::string("admit"));
    report["liveness"]["replayed"] = true;
    QCOMPARE(said(decideFaceCheck(report, defaultPolicy(), std::nullopt, kNow, false)), std::string("liveness"));
  }

  void whoWasNotSeenAtAllDidNotLookAwayTooSoon() {
    Json report = goodReport();
    report["timed_out"] = true;
    report["frames"] = 0;
    report["liveness"]["result"] = "none";
    report["liveness"]["steps"] = Json::array();
    report["liveness"]["texture"] = {{"frames", 0}, {"mean", 0}, {"low_share", 0}};
    const auto finding = [&] { return decideFaceCheck(report, defaultPolicy(), std::nullopt, kNow, false).finding; };
    QCOMPARE(finding(), std::string("not_settled"));
    report["frames"] = 2;
    QCOMPARE(finding(), std::string("texture_frames"));
    report["frames"] = 0;
    report["liveness"]["texture"] = nullptr;  // another try would not install the nets
    QCOMPARE(finding(), std::string("texture_missing"));
  }

  void flatnessIsAskedOfTurnsOnly() {
    Json report = goodReport();
    report["liveness"]["flatness"] = nullptr;
    report["liveness"]["steps"] = {{{"action", "nod"}, {"ms", 1000}}};
    QCOMPARE(said(decideFaceCheck(report, defaultPolicy(), asked({"nod"}), kNow, false)), std::string("admit"));
  }

  void aChallengeDoesNotLiveForEver() {
    Challenge old = asked();
    old.issued = kNow - minutes(11);
    QCOMPARE(decideFaceCheck(goodReport(), defaultPolicy(), old, kNow, false).finding, std::string("timeout"));
  }

  void theChipsPhotoCountsAsTheSiteWants() {
    const auto decide = [](Json compared, CardFacts card, bool alone = true, Json cameras = {"camera"}) {
      Json report = goodReport(), policy = defaultPolicy();
      report["compared"] = std::move(compared);
      policy["chip_photo"] = alone;
      policy["camera_kinds"] = std::move(cameras);
      return decideFaceCheck(report, policy, asked(), kNow, false, card);
    };
    QVERIFY(defaultPolicy()["chip_photo"].get<bool>());
    QCOMPARE(said(decide({"chip"}, {"serial"})), std::string("admit"));
    QCOMPARE(said(decide({"booking", "chip"}, {"serial"})), std::string("admit"));
    QCOMPARE(said(decide({"chip"}, {"serial"}, false)), std::string("no_photo"));
    QCOMPARE(said(decide({"booking", "chip"}, {"serial"}, false)), std::string("admit"));
    // A file that says it is a card is no proof where a real camera is asked for.
    QCOMPARE(said(decide({"chip"}, {"simulated"})), std::string("no_photo"));
    QCOMPARE(said(decide({"booking", "chip"}, {"simulated"})), std::string("no_photo"));
    QCOMPARE(said(decide({"chip"}, {"simulated"}, true, {"camera", "simulated"})), std::string("admit"));
  }

  void aCardWithAnotherNameIsSeenByAPerson() {
    Json report = goodReport();
    QCOMPARE(decideFaceCheck(report, defaultPolicy(), asked(), kNow, false, {"serial", true}).why, std::string("card_name"));
    report["similarity"] = 0.1;  // what another try may mend comes first
    QCOMPARE(decideFaceCheck(report, defaultPolicy(), asked(), kNow, false, {"serial", true}).why, std::string("low_score"));
  }

  void everyOrderWithATurnIsDrawnAndNoOther() {
    const std::map<int, std::size_t> orders{{1, 2}, {2, 14}, {3, 54}};
    for (const auto& [steps, count] : orders) {
      std::map<std::vector<std::string>, int> seen;
      std::set<std::string> ids;
      const int draws = static_cast<int>(count) * 100;
      for (int i = 0; i < draws; ++i) {
        const Challenge drawn = drawChallenge(steps, kNow);
        QCOMPARE(drawn.actions.size(), static_cast<std::size_t>(steps));
        QCOMPARE(std::set<std::string>(drawn.actions.begin(), drawn.actions.end()).size(), drawn.actions.size());
        QVERIFY(drawn.hasTurn());
        ids.insert(drawn.id);
        ++seen[drawn.actions];
      }
      QCOMPARE(ids.size(), static_cast<std::size_t>(draws));
      QCOMPARE(seen.size(), count);
      // Expected 100 each, standard deviation 10: seven of them are out of reach of chance.
      for (const auto& [order, times] : seen) QVERIFY2(times > 30 && times < 170, std::to_string(times).c_str());
    }
  }

  void everyReasonHasItsOwnAdviceInBothLanguages() {
    std::set<std::string> sentences;
    std::set<std::string> whys;
    for (const Case& one : cases())
      for (const bool last : {false, true}) {
        Json report = goodReport(), policy = defaultPolicy();
        one.change(report, policy);
        const FaceDecision decision = decideFaceCheck(report, policy, asked(), kNow, last);
        if (decision.outcome == FaceDecision::Outcome::Admit) continue;
        const bool again = decision.outcome == FaceDecision::Outcome::Again;
        const Json advice = faceAdvice(again ? "face" : "waiting", decision.why);
        QVERIFY2(!advice["zh"].get<std::string>().empty() && !advice["en"].get<std::string>().empty(), one.name);
        QVERIFY2(advice["en"].get<std::string>().size() <= 200, one.name);  // Wording of openapi.yaml
        if (again && whys.insert(decision.why).second) sentences.insert(advice["en"].get<std::string>());
        for (const char* word : {"fake", "fraud", "cheat", "attack", "假", "作弊", "冒充", "攻击"})
          QVERIFY2(advice.dump().find(word) == std::string::npos, one.name);
      }
    QCOMPARE(sentences.size(), whys.size());
    QVERIFY(whys.size() >= 14);
    for (const char* state : {"new", "admitted", "sitting", "finished"}) QCOMPARE(faceAdvice(state, ""), (Json{{"zh", ""}, {"en", ""}}));
    QCOMPARE(faceAdvice("face", ""), (Json{{"zh", ""}, {"en", ""}}));
  }
};

QTEST_GUILESS_MAIN(FaceDecisionTest)
#include "test_face_decision.moc"
