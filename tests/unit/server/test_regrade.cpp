// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "grading/regrade.hpp"
#include "item_hall.hpp"

using namespace invigil;
using namespace invigil::server;

namespace {

struct RegradeHall : ItemHall {
  Visit visit;
  Json sitting, paper;

  /// One person who sits and answers the first `right` places right, the others not at all.
  explicit RegradeHall(int right) {
    for (Route& route : regradeRoutes()) routes.push_back(std::move(route));
    visit = come(addPerson("王小明", kFirst));
    sitting = admitted(visit);
    const auto text = *app.store->readNow<std::string>([&](Tx& tx) -> Result<std::string> {
      return *tx.value<std::string>("select paper from sitting where id = :a", sitting["id"].get<std::string>());
    });
    paper = Json::parse(text);
    answerRight(visit, sitting, right);
    clock->advance(minutes(40));
  }
  /// The key of a place turned round: another option in the item's own order.
  Json wrongKey(int position) const {
    const Json& place = paper[static_cast<std::size_t>(position - 1)];
    const auto order = place["order"].get<std::vector<int>>();
    const int other = place["key"][0].get<int>() == 0 ? 1 : 0;
    return {order[static_cast<std::size_t>(other)]};
  }
  Json request(int position, const std::string& how) const {
    Json body{{"item", paper[static_cast<std::size_t>(position - 1)]["uid"]}, {"versions", {1}}, {"how", how}, {"reason", "依据新标准更正"}};
    if (how == "new_key") body["key"] = wrongKey(position);
    return body;
  }
  Json proposed(int position, const std::string& how) {
    const Json made = must(post("/regrades", request(position, how), editor));
    runJobs();
    return fetch("/regrades/{id}", editor, made["id"]);
  }
  Json applied(const Json& regrade) {
    must(post("/regrades/{id}/apply", {{"changed", regrade["counts"]["changed"]}}, second, regrade["id"]));
    runJobs();
    return fetch("/regrades/{id}", second, regrade["id"]);
  }
  Json result() { return must(submit(visit, sitting)); }
  Json verified(const std::string& text) { return must(post("/authority/verify", {{"text", text}}, authority)); }
  Json record() {
    const Json query{{"id_type", "resident_id"}, {"id_number", kFirst}, {"name", "王小明"}};
    return must(post("/authority/query", query, authority))["records"][0];
  }
  Json changes(const Json& regrade, const std::string& kind = "") { return fetch("/regrades/{id}/changes", editor, regrade["id"], {{"kind", kind}}); }
};

}  // namespace

class RegradeTest : public QObject {
  Q_OBJECT

 private slots:
  void whoNoLongerPassesLosesTheCertificateAndKeepsTheOldResult() {
    RegradeHall hall(80);
    const Json before = hall.result();
    QCOMPARE(before["points"], 80);
    const std::string text = before["credential"]["text"];
    const Json ready = hall.proposed(1, "new_key");
    QCOMPARE(ready["state"], "ready");
    QCOMPARE(ready["counts"], (Json{{"sittings", 1}, {"changed", 1}, {"up", 0}, {"down", 1}, {"now_passed", 0}, {"now_failed", 1}}));
    QCOMPARE(hall.result(), before);  // a dry run changes nothing
    const Json list = hall.changes(ready, "now_failed");
    QCOMPARE(list["total"], 1);
    QCOMPARE(list["changes"][0]["points_after"], 79);
    QCOMPARE(list["changes"][0]["name_masked"], "王**");
    QCOMPARE(hall.changes(ready, "up")["total"], 0);

    QCOMPARE(reason(hall.post("/regrades/{id}/apply", {{"changed", 1}}, hall.editor, ready["id"])), std::string("regrade_by_proposer"));
    QCOMPARE(reason(hall.post("/regrades/{id}/apply", {{"changed", 2}}, hall.second, ready["id"])), std::string("regrade_is_stale"));
    QCOMPARE(hall.applied(ready)["state"], "applied");
    QCOMPARE(reason(hall.post("/regrades/{id}/apply", {{"changed", 1}}, hall.second, ready["id"])), std::string("regrade_wrong_state"));

    const Json after = hall.result();
    QCOMPARE(after["points"], 79);
    QCOMPARE(after["passed"], false);
    QVERIFY(after["credential"].is_null());
    QCOMPARE(after["regraded"]["points_before"], 80);
    QCOMPARE(after["regraded"]["passed_before"], true);
    QCOMPARE(after["attempts_left"], 1);
    const Json checked = hall.verified(text);
    QCOMPARE(checked["valid"], false);
    QCOMPARE(checked["reason"], "revoked");
    QCOMPARE(hall.record()["withdrawn"][0]["state"], "revoked");
    QCOMPARE(hall.record()["withdrawn"][0]["reason"], "依据新标准更正");
    QCOMPARE(hall.count("select points_x100 from grading where version = 1"), 8000);
    QCOMPARE(hall.count("select points_x100 from grading where version = 2"), 7900);
  }

  void whoNowPassesGetsACertificate() {
    RegradeHall hall(79);
    QVERIFY(hall.result()["credential"].is_null());
    const Json ready = hall.proposed(80, "all_right");
    QCOMPARE(ready["counts"]["now_passed"], 1);
    hall.applied(ready);
    const Json after = hall.result();
    QCOMPARE(after["points"], 80);
    QCOMPARE(after["attempts_left"], 0);
    QCOMPARE(hall.verified(after["credential"]["text"])["valid"], true);
    QCOMPARE(hall.changes(ready)["changes"][0]["certificate_after"], after["credential"]["id"]);
    QCOMPARE(hall.count("select passed from eligibility"), 1);
    // An item without a right key is drawn no more.
    QCOMPARE(hall.count("select count(*) from bank_item where state = 'suspended' and released_version = 0"), 1);
  }

  void aChangedResultThatStillPassesIsIssuedAnewAndSaysWhatItReplaces() {
    RegradeHall hall(90);
    const Json first = hall.result();
    hall.applied(hall.proposed(1, "new_key"));
    const Json second = hall.result();
    hall.applied(hall.proposed(95, "leave_out"));
    const Json third = hall.result();
    QCOMPARE(second["points"], 89);
    QCOMPARE(third["points"], 89);
    QCOMPARE(third["points_max"], 99);
    for (const Json& old : {first, second}) QCOMPARE(hall.verified(old["credential"]["text"])["reason"], "superseded");
    QCOMPARE(hall.verified(third["credential"]["text"])["valid"], true);
    const auto pass = credential::verify(third["credential"]["text"].get<std::string>(), hall.app.trust, hall.clock->now());
    QVERIFY(pass.has_value());
    QCOMPARE(shownNumber(pass->replaces), second["credential"]["id"].get<std::string>());
    QCOMPARE(hall.record()["withdrawn"].size(), std::size_t{2});
    QCOMPARE(hall.record()["certificate_id"], third["credential"]["id"]);
    QCOMPARE(hall.count("select count(*) from grading"), 3);
  }

  void theItemGetsItsNextVersionReleasedByTheSecondPerson() {
    RegradeHall hall(80);
    hall.result();
    hall.applied(hall.proposed(1, "new_key"));
    const Json item = hall.fetch("/bank/items/{id}", hall.editor, hall.paper[0]["uid"]);
    QCOMPARE(item["row"]["version"], 2);
    QCOMPARE(item["row"]["state"], "released");
    QCOMPARE(item["newest"]["content"]["key"], hall.wrongKey(1));
    QCOMPARE(hall.count("select count(*) from item_version where number = 2 and author = '" + hall.editor.account_id + "'"), 1);
    QCOMPARE(hall.count("select count(*) from item_event where move = 'release' and actor = '" + hall.second.account_id + "'"), 1);
  }

  void whoStillSitsIsGradedByTheKeyInForceAtSubmission() {
    RegradeHall hall(80);
    const Json ready = hall.proposed(1, "new_key");
    QCOMPARE(ready["counts"]["sittings"], 0);
    hall.applied(ready);
    const Json result = hall.result();
    QCOMPARE(result["points"], 79);
    QVERIFY(result["regraded"].is_null());  // it stands as first graded
    QCOMPARE(hall.count("select count(*) from grading"), 1);
  }

  void whoFinishesBetweenLookingAndApplyingMakesTheListStale() {
    RegradeHall hall(80);
    const Json ready = hall.proposed(1, "new_key");
    hall.result();
    const Json again = hall.applied(ready);
    QCOMPARE(again["state"], "ready");
    QCOMPARE(again["error"]["id"], "regrade_is_stale");
    QCOMPARE(again["counts"]["changed"], 1);
    QCOMPARE(hall.count("select count(*) from grading"), 1);
    QCOMPARE(hall.applied(again)["state"], "applied");
    QCOMPARE(hall.result()["points"], 79);
  }

  void aJobThatACrashCutOffIsDoneOnceAll() {
    RegradeHall hall(80);
    hall.result();
    const Json ready = hall.proposed(1, "new_key");
    hall.must(hall.post("/regrades/{id}/apply", {{"changed", 1}}, hall.second, ready["id"]));
    int asked = 0;
    const auto ran = runNextJob(hall.app, [&] { return ++asked > 1; });  // the server stops after the first bite
    QVERIFY(ran.has_value() && !*ran);
    QCOMPARE(hall.count("select count(*) from grading"), 1);
    hall.runJobs();
    QCOMPARE(hall.count("select count(*) from grading"), 2);
    hall.runJobs();
    QCOMPARE(hall.count("select count(*) from grading"), 2);
    QCOMPARE(hall.result()["points"], 79);
  }

  void impossibleCorrectionsAreRefused() {
    RegradeHall hall(80);
    const auto refused = [&](const char* member, const Json& value) {
      Json body = hall.request(1, "new_key");
      body[member] = value;
      return reason(hall.post("/regrades", body, hall.editor));
    };
    QCOMPARE(refused("key", Json::array()), std::string("regrade_key_wrong"));
    QCOMPARE(refused("key", {7}), std::string("regrade_key_wrong"));
    QCOMPARE(refused("key", {0, 1}), std::string("regrade_key_wrong"));
    QCOMPARE(refused("versions", {9}), std::string("no_such_version"));
    QCOMPARE(refused("item", "nothing"), std::string("no_such_item"));
    QCOMPARE(refused("reason", "  "), std::string("reason_needed"));
    QCOMPARE(refused("how", "leave_out"), std::string("regrade_key_wrong"));  // a key goes with new_key only
    const Json ready = hall.proposed(1, "new_key");
    hall.must(hall.post("/regrades/{id}/discard", nullptr, hall.editor, ready["id"]));
    QCOMPARE(reason(hall.post("/regrades/{id}/apply", {{"changed", 0}}, hall.second, ready["id"])), std::string("regrade_wrong_state"));
    QCOMPARE(hall.fetch("/regrades", hall.editor)["regrades"].size(), std::size_t{1});
  }
};

QTEST_GUILESS_MAIN(RegradeTest)
#include "test_regrade.moc"
