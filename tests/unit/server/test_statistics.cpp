// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "grading/regrade.hpp"
#include "item_hall.hpp"
#include "statistics/statistics.hpp"

using namespace invigil;
using namespace invigil::server;

namespace {

/// One finished sitting, multiplied: everybody had the same paper and the same answers until a test says otherwise.
struct StatisticsHall : ItemHall {
  Visit visit;
  Json sitting, paper;
  std::string bank;

  explicit StatisticsHall(int right) {
    for (Routes part : {statisticsRoutes(), regradeRoutes()})
      for (Route& route : part) routes.push_back(std::move(route));
    visit = come(addPerson("王小明", kFirst));
    sitting = admitted(visit);
    paper = storedPaper();
    bank = paper[0]["item"].get<std::string>();
    bank.erase(bank.find('/'));
    answerRight(visit, sitting, right);
    clock->advance(minutes(40));
    must(submit(visit, sitting));
  }
  Json storedPaper() {
    return Json::parse(*app.store->readNow<std::string>([&](Tx& tx) -> Result<std::string> {
      return *tx.value<std::string>("select paper from sitting where id = :a", sitting["id"].get<std::string>());
    }));
  }
  void change(const std::string& sql) {
    must(write<void>([&](Tx& tx) -> Status { tx.exec(sql); return {}; }));
  }
  void multiply(int copies) {
    const std::string n = "with recursive n(i) as (select 1 union all select i + 1 from n where i < " + std::to_string(copies) + ") ";
    change("insert into reservation " + n + "select id || '-' || i, code || '-' || i, manage_hash || '-' || i, candidate_id, eligibility_id, "
           "site_id, seat_id, start_ms, end_ms, state, walk_in, created_ms from reservation, n");
    change("insert into admission(id, reservation_id, seat_id, state, created_ms) " + n + "select id || '-' || i, reservation_id || '-' || i, seat_id, "
           "state, created_ms from admission, n");
    change("insert into sitting(id, admission_id, reservation_id, candidate_id, eligibility_id, attempt, blueprint, seed, paper, shape, started_ms, "
           "deadline_ms, finished_ms, submitted_by, points_x100, points_max_x100, passed, topics) " + n + "select id || '-' || i, admission_id || '-' || i, "
           "reservation_id || '-' || i, candidate_id, eligibility_id, attempt, blueprint, seed, paper, shape, started_ms, deadline_ms, finished_ms, "
           "submitted_by, points_x100, points_max_x100, passed, topics from sitting, n");
    change("insert into response(sitting_id, position, revision, chosen, flagged, saved_ms, shown_ms) " + n +
           "select sitting_id || '-' || i, position, revision, chosen, flagged, saved_ms, shown_ms from response, n");
    change("insert into grading " + n + "select sitting_id || '-' || i, version, place + i, at_ms, regrade_id, points_x100, points_max_x100, passed, topics "
           "from grading, n");
  }
  Json asked(const std::string& blueprint = "") {
    Json body{{"bank_id", bank}};
    if (!blueprint.empty()) body["blueprint_id"] = blueprint;
    return must(post("/bank/statistics", body, editor));
  }
  Json numbers(const std::string& blueprint = "") { return fetch("/bank/statistics", editor, "", {{"bank", bank}, {"blueprint", blueprint}}); }
  Json computed() {
    asked();
    runJobs();
    return numbers();
  }
  std::string uid(int position) const { return paper[static_cast<std::size_t>(position - 1)]["uid"]; }
  Json ofItem(int position) { return fetch("/bank/items/{id}/statistics", editor, uid(position))["statistics"]; }
  int count(const std::string& sql) { return static_cast<int>(Hall::count(sql)); }
};

}  // namespace

class StatisticsTest : public QObject {
  Q_OBJECT

 private slots:
  void withoutSittingsThereAreNoNumbersAndThatIsNoError() {
    ItemHall hall;
    for (Route& route : statisticsRoutes()) hall.routes.push_back(std::move(route));
    const Json none = hall.fetch("/bank/statistics", hall.editor, "", {{"bank", "own"}});
    QCOMPARE(none["state"], "none");
    hall.must(hall.post("/bank/statistics", {{"bank_id", "own"}}, hall.editor));
    hall.runJobs();
    const Json empty = hall.fetch("/bank/statistics", hall.editor, "", {{"bank", "own"}});
    QCOMPARE(empty["state"], "ready");
    QCOMPARE(empty["sittings"], 0);
    QVERIFY(empty["test"]["mean"].is_null());
    QCOMPARE(reason(hall.tryFetch("/bank/statistics", hall.editor, "", {{"bank", "gone"}})), std::string("no_such_bank"));
  }

  void askedTwiceBeforeItBeginsItIsOneJob() {
    StatisticsHall hall(10);
    QCOMPARE(hall.asked()["id"], hall.asked()["id"]);
    QVERIFY(hall.asked("special-operations-low-voltage")["id"] != hall.asked()["id"]);
    hall.runJobs();
    QCOMPARE(hall.count("select count(*) from job where kind = 'statistics'"), 2);
    QCOMPARE(hall.numbers()["sittings"], 1);
  }

  void flagsOfAllExamsGoToTheItemsAndThoseOfOneExamDoNot() {
    StatisticsHall hall(20);
    hall.multiply(39);
    hall.asked("special-operations-low-voltage");
    hall.runJobs();
    QVERIFY(hall.numbers("special-operations-low-voltage")["flagged"].get<int>() > 0);
    QCOMPARE(hall.count("select count(*) from item_flag"), 0);
    const Json all = hall.computed();
    QCOMPARE(all["sittings"], 40);
    QCOMPARE(all["items"][0]["flags"].empty(), false);  // flagged ones first
    QCOMPARE(hall.count("select count(*) from item_flag where flag = 'too_easy'"), 20);
    QCOMPARE(hall.search({{"flag", "too_easy"}})["total"], 20);
    QCOMPARE(hall.ofItem(1)["facility"], 1.0);
    QVERIFY(hall.ofItem(1)["item_rest"].is_null());  // nobody differed
    // What is computed anew replaces what was: flags that no longer hold go.
    hall.change("update response set chosen = '[]' where length(sitting_id) > 17");
    QCOMPARE(hall.computed()["state"], "ready");
    QCOMPARE(hall.count("select count(*) from item_flag where flag = 'too_easy'"), 0);
    QCOMPARE(hall.count("select count(*) from statistics_run"), 2);
    QCOMPARE(hall.count("select count(distinct run_id) from item_statistics"), 2);
  }

  void anEditThatChangesNothingForPeopleIsCountedOnAndOneThatDoesIsNot() {
    StatisticsHall hall(3);
    hall.multiply(3);
    const std::string uid = hall.uid(1), first = "select id from sitting order by id limit 1";
    const auto stand = [&](int version, const std::string& stem) {
      Json paper = hall.paper;
      paper[0]["version"] = version;
      if (!stem.empty()) paper[0]["stem"] = stem;
      hall.must(hall.write<void>([&](Tx& tx) -> Status {
        tx.exec("update sitting set paper = :a where id = (" + first + ")", paper.dump());
        return {};
      }));
    };
    stand(2, "");
    hall.computed();
    QCOMPARE(hall.ofItem(1)["responses"], 4);
    QCOMPARE(hall.ofItem(1)["versions"], (Json{1, 2}));
    stand(2, "换了一种问法（ ）。");
    hall.computed();
    QCOMPARE(hall.ofItem(1)["responses"], 1);
    QCOMPARE(hall.ofItem(1)["versions"], Json{2});
    QCOMPARE(hall.ofItem(2)["responses"], 4);
  }

  void marksAreThoseOfTheKeyInForceAndWhatACorrectionTookOutTellsNothing() {
    StatisticsHall hall(5);
    hall.computed();
    QCOMPARE(hall.ofItem(1)["facility"], 1.0);
    const auto correct = [&](int position, const char* how, const Json& key) {
      Json body{{"item", hall.uid(position)}, {"versions", Json::array()}, {"how", how}, {"reason", "依据新标准更正"}};
      if (!key.is_null()) body["key"] = key;
      const Json made = hall.must(hall.post("/regrades", body, hall.editor));
      hall.runJobs();
      const Json ready = hall.fetch("/regrades/{id}", hall.editor, made["id"]);
      hall.must(hall.post("/regrades/{id}/apply", {{"changed", ready["counts"]["changed"]}}, hall.second, made["id"]));
      hall.runJobs();
    };
    const Json& place = hall.paper[0];
    const int own = place["order"][place["key"][0].get<std::size_t>()];
    correct(1, "new_key", {own == 0 ? 1 : 0});
    correct(2, "leave_out", nullptr);
    correct(3, "all_right", nullptr);
    hall.computed();
    QCOMPARE(hall.ofItem(1)["facility"], 0.0);
    QVERIFY(hall.ofItem(2).is_null());
    QVERIFY(hall.ofItem(3).is_null());
    QCOMPARE(hall.ofItem(4)["facility"], 1.0);
    QCOMPARE(hall.numbers()["test"]["scale"], 98.0);
  }

  void anInterruptedJobLeavesTheOldNumbersAndBeginsAgain() {
    StatisticsHall hall(7);
    const Json before = hall.computed();
    hall.multiply(3);
    hall.asked();
    int asked = 0;
    auto ran = runNextJob(hall.app, [&] { return ++asked > 2; });
    QVERIFY(ran && !*ran);
    QCOMPARE(hall.numbers(), before);
    // As if it had been cut off while it stored.
    hall.must(hall.write<void>([&](Tx& tx) -> Status {
      tx.exec("insert into statistics_run values ('torn', :a, '', 'filling', 0, 0, '{}')", hall.bank);
      tx.exec("insert into item_statistics values ('torn', :a, 0, 0, '{}', '{}')", hall.uid(1));
      return {};
    }));
    QCOMPARE(hall.numbers(), before);
    hall.runJobs();
    QCOMPARE(hall.numbers()["sittings"], 4);
    QCOMPARE(hall.count("select count(*) from statistics_run"), 1);
  }

  void theTimeOnTheScreenIsKeptWithTheAnswerAndGoesBackToTheKiosk() {
    StatisticsHall hall(0);
    QVERIFY(hall.ofItem(1).is_null());
    hall.change("insert into response(sitting_id, position, revision, chosen, flagged, saved_ms, shown_ms) select id, 1, 1, '[0]', 0, 0, 12500 from sitting");
    hall.computed();
    QCOMPARE(hall.ofItem(1)["median_seconds"], 12.5);
    QVERIFY(hall.ofItem(2)["median_seconds"].is_null());
    QCOMPARE(hall.ofItem(2)["left_open"], 1);
  }

  void theExportHoldsTheSameTableAndNothingOfThePerson() {
    StatisticsHall hall(50);
    Call call;
    call.caller = hall.admin;
    call.query = {{"blueprint", "special-operations-low-voltage"}};
    call.now = hall.clock->now();
    auto reply = hall.run("get", "/api/v1/bank/responses.csv", call);
    QVERIFY(reply);
    const auto table = bank::parseResponses(reply->bytes);
    QVERIFY(table);
    QCOMPARE(table->items.size(), std::size_t{100});
    QCOMPARE(table->sittings.size(), std::size_t{1});
    QCOMPARE(table->sittings[0].id, std::string("1"));
    QCOMPARE(bank::writeResponses(*table), reply->bytes);
    for (const std::string& secret : {std::string(kFirst), std::string("王小明"), hall.sitting["id"].get<std::string>()})
      QVERIFY(reply->bytes.find(secret) == std::string::npos);
  }
};

QTEST_GUILESS_MAIN(StatisticsTest)
#include "test_statistics.moc"
