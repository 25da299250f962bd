// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QElapsedTimer>

#include "grading/regrade.hpp"
#include "item_hall.hpp"
#include "old_store.hpp"

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
  /// The one finished sitting again and again, with responses, grading and certificate.
  void multiply(int copies) {
    must(write<void>([&](Tx& tx) -> Status {
      const std::string n = "with recursive n(i) as (select 1 union all select i + 1 from n where i < " + std::to_string(copies) + ") ";
      tx.exec("insert into reservation " + n + "select id || '-' || i, code || '-' || i, manage_hash || '-' || i, candidate_id, eligibility_id, "
              "site_id, seat_id, start_ms, end_ms, state, walk_in, created_ms from reservation, n");
      tx.exec("insert into admission(id, reservation_id, seat_id, state, created_ms) " + n + "select id || '-' || i, reservation_id || '-' || i, "
              "seat_id, state, created_ms from admission, n");
      tx.exec("insert into sitting(id, admission_id, reservation_id, candidate_id, eligibility_id, attempt, blueprint, seed, paper, shape, "
              "started_ms, deadline_ms, finished_ms, submitted_by, points_x100, points_max_x100, passed, topics) " + n + "select id || '-' || i, "
              "admission_id || '-' || i, reservation_id || '-' || i, candidate_id, eligibility_id, attempt, blueprint, seed, paper, shape, "
              "started_ms, deadline_ms, finished_ms, submitted_by, points_x100, points_max_x100, passed, topics from sitting, n");
      tx.exec("insert into response(sitting_id, position, revision, chosen, flagged, saved_ms) " + n +
              "select sitting_id || '-' || i, position, revision, chosen, flagged, saved_ms from response, n");
      tx.exec("insert into grading " + n + "select sitting_id || '-' || i, version, place + i, at_ms, regrade_id, points_x100, points_max_x100, "
              "passed, topics from grading, n");
      tx.exec("insert into certificate(id, sitting_id, candidate_id, text, salt, issued_ms, expires_ms) " + n + "select id || '-' || i, "
              "sitting_id || '-' || i, candidate_id, text, salt, issued_ms, expires_ms from certificate, n");
      return {};
    }));
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
    // Past its end it is still said that it was withdrawn.
    hall.clock->set(fromMillis(before["credential"]["expires_ms"].get<std::int64_t>()) + std::chrono::hours(48));
    QCOMPARE(hall.verified(text)["reason"], "revoked");
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

  void aRegradeMakesNoPassLastLonger() {
    {
      RegradeHall hall(90);
      const Json first = hall.result()["credential"];
      hall.clock->advance(std::chrono::hours(24 * 60));
      hall.applied(hall.proposed(1, "new_key"));
      const Json second = hall.result()["credential"];
      QVERIFY(second["id"] != first["id"]);
      QCOMPARE(second["expires_ms"], first["expires_ms"]);
    }
    RegradeHall hall(79);
    hall.result();
    hall.clock->advance(std::chrono::hours(24 * 60));
    hall.applied(hall.proposed(80, "all_right"));
    const Json fresh = hall.result()["credential"];
    // Handed in on 2 March 2026.
    QCOMPARE(fresh["expires_ms"], Json(toMillis(zone("Asia/Shanghai").toInstant(2027, 3, 2, 23, 59) + seconds(59))));
  }

  void aPassFromBeforeThatEndsInTheMiddleOfADayIsReplacedToTheEndOfIt() {
    RegradeHall hall(90);
    const std::int64_t whole = hall.result()["credential"]["expires_ms"];
    hall.must(hall.write<void>([&](Tx& tx) -> Status { tx.exec("update certificate set expires_ms = :a", whole - 12 * 3'600'000); return {}; }));
    hall.applied(hall.proposed(1, "new_key"));
    QCOMPARE(hall.result()["credential"]["expires_ms"], Json(whole));
  }

  void aPassThatWouldBeOverIsNotIssued() {
    RegradeHall hall(79);
    hall.result();
    hall.clock->advance(std::chrono::hours(24 * 370));
    hall.applied(hall.proposed(80, "all_right"));
    QCOMPARE(hall.result()["passed"], true);
    QVERIFY(hall.result()["credential"].is_null());
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

  void everyVersionMeansThoseReleasedBeforeItIsApplied() {
    for (const bool every : {true, false}) {
      RegradeHall hall(80);
      hall.result();
      const std::string uid = hall.paper[0]["uid"];
      Json body = hall.request(1, "new_key");
      if (every) body["versions"] = Json::array();
      const Json made = hall.must(hall.post("/regrades", body, hall.editor));
      hall.runJobs();
      Json ready = hall.fetch("/regrades/{id}", hall.editor, made["id"]);
      QCOMPARE(ready["versions"], Json({1}));
      Json item = hall.fetch("/bank/items/{id}", hall.editor, uid), content = item["newest"]["content"];
      content["explanation"] = "有人在此期间补上的解析";
      item = hall.must(hall.edit(item, content, hall.editor));
      hall.must(hall.move(item, "submit", hall.editor));
      hall.must(hall.move(item, "release", hall.second));
      content["explanation"] = "还没有发布的草稿";
      hall.must(hall.edit(hall.fetch("/bank/items/{id}", hall.editor, uid), content, hall.editor));
      Json done = hall.applied(ready);
      if (every) {
        QCOMPARE(done["state"], "ready");
        QCOMPARE(done["error"]["id"], "regrade_is_stale");
        QCOMPARE(done["versions"], Json({1, 2}));
        QCOMPARE(hall.result()["points"], 80);
        done = hall.applied(done);
      }
      QCOMPARE(done["state"], "applied");
      QCOMPARE(hall.result()["points"], 79);
      QCOMPARE(hall.fetch("/bank/items/{id}", hall.editor, uid)["newest"]["content"]["key"], hall.wrongKey(1));
    }
  }

  void aNewKeyReleasesNoCaseMaterialThatNobodyReviewed() {
    RegradeHall hall(80);
    hall.result();
    const std::string uid = hall.paper[0]["uid"];
    const auto bank = *hall.app.store->readNow<std::string>([&](Tx& tx) -> Result<std::string> { return *tx.value<std::string>("select bank_id from bank_item where uid = :a", uid); });
    // As older programs left it: an import brought a second text, and the item stands with the first.
    hall.must(hall.write<void>([&](Tx& tx) -> Status {
      for (std::int64_t version : {1, 2})
        tx.exec("insert into stimulus(bank_id, stimulus_id, version, markup, text, author, made_ms, reason) values (:a, 'case-1', :b, 'plain', :c, '', 0, '')",
                bank, version, "某厂事故 " + std::to_string(version));
      tx.exec("update item_version set stimulus = 'case-1', stimulus_version = 1 where item_uid = :a", uid);
      return {};
    }));
    hall.applied(hall.proposed(1, "new_key"));
    const Json item = hall.fetch("/bank/items/{id}", hall.editor, uid);
    QCOMPARE(item["row"]["released_version"], 2);
    QCOMPARE(item["newest"]["stimulus"]["text"], "某厂事故 1");
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

  /// INVIGIL_REGRADE_SITTINGS=10000 makes it the measurement of docs/benchmarks.md.
  void manySittingsAreLookedAtInBitesAndRegradedAtOnce() {
    const int sittings = qEnvironmentVariableIntValue("INVIGIL_REGRADE_SITTINGS") > 0 ? qEnvironmentVariableIntValue("INVIGIL_REGRADE_SITTINGS") : 450;
    RegradeHall hall(90);
    hall.result();
    hall.multiply(sittings - 1);
    QElapsedTimer timer;
    timer.start();
    const Json ready = hall.proposed(1, "new_key");
    const auto looked = timer.restart();
    QCOMPARE(ready["counts"]["changed"], sittings);
    QCOMPARE(hall.applied(ready)["state"], "applied");
    qInfo("%d sittings: looked at in %lld ms, regraded with new certificates in %lld ms", sittings, looked, timer.elapsed());
    QCOMPARE(hall.count("select count(*) from sitting where points_x100 = 8900"), sittings);
    QCOMPARE(hall.count("select count(*) from certificate where revoked_ms is null and replaces <> ''"), sittings);
    QCOMPARE(hall.count("select count(*) from certificate where revoked_ms is not null and replaced_by <> ''"), sittings);
    const Json last = hall.fetch("/regrades/{id}/changes", hall.editor, ready["id"], {{"after", std::to_string(sittings - 10)}, {"limit", "50"}});
    QCOMPARE(last["changes"].size(), std::size_t{10});
    QCOMPARE(last["next"], "");
  }

  void resultsOfAnOlderStoreKeepTheirPoints() {
    QTemporaryDir folder;
    const std::string path = folder.filePath("old.db").toStdString();
    {
      soci::session old("sqlite3", "dbname=" + path);
      migrateTo(old, 6);
      old << "insert into site values ('s', '', '', '', '', 'Asia/Shanghai', '[]', '{}', 0)";
      old << "insert into seat values ('seat', 's', '1', '01', 0)";
      old << "insert into candidate values ('c', 'N', 'resident_id', '1', '', 0)";
      old << "insert into eligibility values ('e', 'c', 'x', 1, 2, 1, 1, 0, 9)";
      for (const char* id : {"1", "2"}) {
        old << "insert into reservation values ('r" << id << "', 'k" << id << "', 'm" << id << "', 'c', 'e', 's', 'seat', 0, 1, 'finished', 0, 0)";
        old << "insert into admission(id, reservation_id, seat_id, state, created_ms) values ('a" << id << "', 'r" << id << "', 'seat', 'finished', 0)";
      }
      old << "insert into sitting values ('done', 'a1', 'r1', 'c', 'e', 1, '{}', '', '[]', '', 1, 2, 5, 'candidate', 92, 100, 1, '[]')";
      old << "insert into sitting(id, admission_id, reservation_id, candidate_id, eligibility_id, attempt, blueprint, seed, paper, shape, started_ms, "
             "deadline_ms) values ('runs', 'a2', 'r2', 'c', 'e', 2, '{}', '', '[]', '', 1, 2)";
      old << "insert into certificate values ('ABCDEFGHJKMN', 'done', 'c', 'INV1:X', 'salt', 5, 6)";
    }
    const auto opened = store::Store::open(path);
    QVERIFY2(opened.has_value(), opened ? "" : opened.error().detail.c_str());
    const auto check = (*opened)->readNow<void>([](Tx& tx) -> Status {
      const auto done = *sittingById(tx, "done");
      if (done.points.text() != "92" || done.points_max.text() != "100" || !done.passed) return fail(ErrorCode::Corrupt, "points");
      if (tx.value<std::int64_t>("select count(*) from grading where sitting_id = 'done' and version = 1 and points_x100 = 9200 and at_ms = 5") != 1)
        return fail(ErrorCode::Corrupt, "grading");
      if (tx.value<std::int64_t>("select count(*) from grading") != 1) return fail(ErrorCode::Corrupt, "running ones have none");
      return certificateInForce(tx, "done") == "ABCDEFGHJKMN" ? Status{} : fail(ErrorCode::Corrupt, "certificate");
    });
    QVERIFY2(check.has_value(), check ? "" : check.error().reason.c_str());
  }

  void aPaperOfEveryRuleIsGradedAndCorrected() {
    const auto place = [](const char* uid, const char* type, int part, Json options, Json key) {
      return Json{{"uid", uid}, {"version", 2}, {"type", type}, {"part", part}, {"topic", "t"}, {"options", options}, {"key", key}, {"order", {2, 0, 1}}};
    };
    Json paper{place("a", "multiple_choice", 0, {"x", "y", "z"}, {0, 1}), place("b", "multiple_choice", 0, {"x", "y", "z"}, {0, 2}),
               place("c", "numeric", 1, Json::array(), Json::array())};
    paper[2]["answers"] = {{{"match", "range"}, {"text", "219"}, {"upper", "221"}, {"percent", 100}}};
    using namespace bank;
    Blueprint blueprint;
    blueprint.pass_points = Points(150);
    blueprint.parts = {{ItemType::MultipleChoice, 2, Points(150), Scoring::Partial, Points(50), Points(75)},
                       {ItemType::Numeric, 1, Points(150), Scoring::AllOrNothing, Points(50), Points(25)}};
    Responses responses{{1, {{1}, ""}}, {2, {{0, 1}, ""}}, {3, {{}, "220"}}};
    Grade grade = gradePaper(paper, blueprint, responses, {});
    QCOMPARE(grade.points.text(), std::string("1.25"));  // 0.5 - 0.75 + 1.5
    QCOMPARE(grade.points_max.text(), std::string("4.5"));
    QVERIFY(!grade.passed);
    QCOMPARE(grade.topics[0]["points"].dump(), std::string("1.25"));
    // Shown positions 0 and 1 of b are options 2 and 0 of the item.
    grade = gradePaper(paper, blueprint, responses, {{"b", {2}, Correction::How::NewKey, {0, 2}}});
    QCOMPARE(grade.points.text(), std::string("3.5"));
    QVERIFY(grade.passed);
    grade = gradePaper(paper, blueprint, responses, {{"b", {1}, Correction::How::NewKey, {0, 2}}});  // another version
    QCOMPARE(grade.points.text(), std::string("1.25"));
    grade = gradePaper(paper, blueprint, responses, {{"b", {2}, Correction::How::AllRight, {}}, {"b", {2}, Correction::How::LeaveOut, {}}});
    QCOMPARE(grade.points.text() + "/" + grade.points_max.text(), std::string("2/3"));  // the last correction counts
    responses = {{1, {{2}, ""}}, {2, {{1}, ""}}};
    QCOMPARE(gradePaper(paper, blueprint, responses, {}).points, Points());  // never below nothing
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
