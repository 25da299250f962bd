// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <thread>

#include "invigil/assembly/paper.hpp"
#include "item_hall.hpp"
#include "papers/blueprints.hpp"
#include "papers/frozen.hpp"

using namespace invigil;
using namespace invigil::server;

namespace {

/// A hall with one sealed batch for the electricians.
struct PaperHall : ItemHall {
  explicit PaperHall(int papers = 12) : ItemHall(papers) {
    for (Routes part : {blueprintRoutes(), preflightRoutes(), batchRoutes(), batchFileRoutes(), proofRoutes()})
      for (Route& route : part) routes.push_back(std::move(route));
    must(write<void>([&](Tx& tx) -> Status {
      tx.exec("update blueprint set papers_per_batch = 10, seal_when_left = 1");
      return {};
    }));
    authority.role = "authority";
    reviewer.role = "reviewer";
  }
  BatchRow batch() { return batches().front(); }
  /// Those that were frozen, newest first.
  std::vector<BatchRow> batches() {
    return *app.store->readNow<std::vector<BatchRow>>([](Tx& tx) -> Result<std::vector<BatchRow>> {
      std::vector<BatchRow> list;
      for (auto& [id] : tx.all<std::string>("select id from paper_batch where number > 0 order by number desc")) list.push_back(*batchById(tx, id));
      return list;
    });
  }
  Result<TakenPaper> take(const std::string& candidate = "nobody", bool keep = true) {
    auto taken = write<TakenPaper>([&](Tx& tx) -> Result<TakenPaper> {
      INVIGIL_TRY(paper, takePaper(app, tx, kElectrician, candidate, newId(), clock->now(), "kiosk"));
      last = paper;
      if (!keep) return fail(ErrorCode::Conflict, "undone");
      return paper;
    });
    return taken;
  }
  assembly::Files files(const std::string& id, bool secrets = true) {
    return *app.store->readNow<assembly::Files>([&](Tx& tx) -> Result<assembly::Files> {
      INVIGIL_TRY(row, batchById(tx, id));
      return batchFiles(app, tx, row, secrets);
    });
  }
  std::vector<assembly::SealedPaper> papers(const std::string& id) { return *assembly::parsePapers(files(id)["papers.jsonl"]); }
  void tick() {
    if (Status done = keepPapersReady(app, clock->now()); !done) qFatal("tick: %s", done.error().reason.c_str());
    runJobs();
  }
  Json detail(const std::string& id) { return fetch("/batches/{id}", admin, id); }
  std::string download(const std::string& id, const std::string& name, const Caller& who) {
    auto reply = tryDownload(id, name, who);
    if (!reply) qFatal("refused: %s", reply.error().reason.c_str());
    return reply->bytes;
  }
  Result<Reply> tryDownload(const std::string& id, const std::string& name, const Caller& who) {
    Call call;
    call.caller = who;
    call.id = id;
    call.query = {{"name", name}};
    call.now = clock->now();
    return run("get", "/api/v1/batches/{id}/file", call);
  }
  /// Suspends, as an editor does, an item of the bank by its pool id.
  void suspend(const std::string& pool_id) {
    const std::string uid = write<std::string>([&](Tx& tx) -> Result<std::string> {
      const auto slash = pool_id.find('/');
      return itemById(tx, pool_id.substr(0, slash), pool_id.substr(slash + 1, pool_id.find('@') - slash - 1))->uid;
    }).value();
    const Json item = fetch("/bank/items/{id}", editor, uid);
    must(move(item, "suspend", editor, "题目有误"));
  }
  Json auditReport(const std::string& id) {
    must(post("/batches/{id}/audit", nullptr, admin, id));
    runJobs();
    return fetch("/batches/{id}/audit", admin, id);
  }
  TakenPaper last;
};

bool holds(const TakenPaper& paper, const std::string& pool_id) {
  return std::any_of(paper.places.begin(), paper.places.end(), [&](const auto& place) { return place.item_id == pool_id; });
}

class PapersTest : public QObject {
  Q_OBJECT
 private slots:
  void everyTakeIsAnotherPaperUntilNoneIsLeft() {
    PaperHall hall;
    std::set<std::int64_t> numbers;
    for (int i = 0; i < 12; ++i) {
      const auto taken = hall.take();
      QVERIFY2(taken.has_value(), reason(taken).c_str());
      QVERIFY(numbers.insert(taken->slot).second);
      QCOMPARE(taken->places.size(), std::size_t{100});
    }
    QCOMPARE(reason(hall.take()), std::string("papers_not_ready"));
    QCOMPARE(hall.batch().state, std::string("used_up"));
    QCOMPARE(hall.batch().used, 12);
  }

  void aTakeThatIsUndoneLeavesThePaperAndEveryPaperIsEquallyLikely() {
    PaperHall hall;
    std::vector<double> count(12, 0);
    for (int i = 0; i < 480; ++i) {
      QCOMPARE(reason(hall.take("nobody", false)), std::string("undone"));
      ++count[static_cast<std::size_t>(hall.last.slot)];
    }
    QCOMPARE(hall.batch().unused, 12);
    QCOMPARE(hall.batch().state, std::string("sealed"));
    QCOMPARE(hall.count("select count(*) from paper_log where event = 'take'"), 0);
    double chi2 = 0;
    for (double n : count) chi2 += (n - 40) * (n - 40) / 40;
    QVERIFY2(chi2 < 45, qPrintable(QString::number(chi2)));  // 11 degrees of freedom: 5 in a million
  }

  void takesAtTheSameMomentGetDifferentPapers() {
    PaperHall hall;
    std::vector<std::vector<std::int64_t>> got(4);
    std::vector<std::thread> kiosks;
    for (auto& mine : got)
      kiosks.emplace_back([&hall, &mine] {
        for (int i = 0; i < 3; ++i) {
          auto taken = hall.app.store->writeNow<std::int64_t>([&](Tx& tx) -> Result<std::int64_t> {
            INVIGIL_TRY(paper, takePaper(hall.app, tx, Hall::kElectrician, "nobody", newId(), hall.clock->now(), "kiosk"));
            return paper.slot;
          });
          mine.push_back(taken.value_or(-1));
        }
      });
    for (std::thread& kiosk : kiosks) kiosk.join();
    std::set<std::int64_t> all;
    for (const auto& mine : got) all.insert(mine.begin(), mine.end());
    QCOMPARE(all.size(), std::size_t{12});
    QVERIFY(!all.contains(-1));
  }

  void aSittingKeepsTheSealedPaperAndItsPlaceInTheSeal() {
    PaperHall hall;
    const auto person = hall.addPerson("王小明", kFirst);
    const auto visit = hall.come(person);
    const Json sitting = hall.admitted(visit);
    const Json again = hall.sit(visit);
    QCOMPARE(again["items"], sitting["items"]);
    QCOMPARE(hall.batch().used, 1);
    const std::string id = sitting["id"];
    const auto slot = static_cast<std::size_t>(hall.count("select slot from sitting"));
    const auto paper = hall.papers(hall.batch().id)[slot];
    const Json stored = Json::parse(*hall.write<std::string>([](Tx& tx) -> Result<std::string> { return *tx.value<std::string>("select paper from sitting"); }));
    for (std::size_t i = 0; i < paper.items.size(); ++i) QCOMPARE(stored[i]["item"].get<std::string>() + "@" + stored[i]["version"].dump(), paper.items[i]);
    const Json proof = hall.fetch("/sittings/{id}/proof", hall.admin, id);
    QCOMPARE(proof["leaf"], assembly::leafOf(paper));
    QVERIFY(assembly::included(proof["leaf"], static_cast<int>(slot), 12, proof["path"].get<std::vector<std::string>>(), hall.batch().papers_root));
    const Json own = hall.must(hall.post("/manage/proof", {{"token", visit.reservation["manage_token"]}}));
    QCOMPARE(own, proof);
  }

  void aMakeUpGetsThatOfAFewWhichSharesLeast() {
    PaperHall hall(static_cast<int>(kMakeUpChoices) + 1);
    const auto person = hall.addPerson("王小明", kFirst);
    const auto visit = hall.come(person);
    const Json sitting = hall.admitted(visit);
    const auto papers = hall.papers(hall.batch().id);
    const auto first = static_cast<std::size_t>(hall.count("select slot from sitting"));
    const auto shared = [&](std::size_t slot) {
      return std::count_if(papers[slot].items.begin(), papers[slot].items.end(), [&](const std::string& id) {
        return std::find(papers[first].items.begin(), papers[first].items.end(), id) != papers[first].items.end();
      });
    };
    std::vector<std::ptrdiff_t> others;
    for (std::size_t slot = 0; slot < papers.size(); ++slot)
      if (slot != first) others.push_back(shared(slot));
    const auto taken = hall.take(person.caller.candidate_id);
    QVERIFY(taken.has_value());
    QCOMPARE(shared(static_cast<std::size_t>(taken->slot)), *std::min_element(others.begin(), others.end()));
  }

  void papersWithASuspendedItemAreNeverTakenAndTheBatchIsReplaced() {
    PaperHall hall(30);
    const std::string old = hall.batch().id;
    const auto papers = hall.papers(old);
    const std::string bad = papers[0].items[0];
    const auto with = std::count_if(papers.begin(), papers.end(), [&](const auto& paper) {
      return std::find(paper.items.begin(), paper.items.end(), bad) != paper.items.end();
    });
    hall.suspend(bad);
    const auto taken = hall.take();  // before anything ran in the background
    QVERIFY(taken.has_value() && !holds(*taken, bad));
    QCOMPARE(hall.batch().withdrawn, with);
    QCOMPARE(hall.batch().unused, 30 - with - 1);
    QVERIFY(hall.batch().stale);
    for (int i = 0; i < 5; ++i) QVERIFY(!holds(*hall.take(), bad));
    hall.tick();
    const auto all = hall.batches();
    QCOMPARE(all.size(), std::size_t{2});
    QCOMPARE(all[0].number, 2);
    QCOMPARE(all[0].state, std::string("sealed"));
    QCOMPARE(all[1].state, std::string("withdrawn"));
    QCOMPARE(all[1].unused, 0);
    QCOMPARE(all[1].used + all[1].withdrawn, 30);
    for (const auto& paper : hall.papers(all[0].id))
      QVERIFY(std::find(paper.items.begin(), paper.items.end(), bad) == paper.items.end());
    QCOMPARE(hall.auditReport(old)["verdict"], "PASS");
  }

  void aNewerVersionOfAnItemReplacesTheBatchButStopsNobody() {
    PaperHall hall;
    const auto papers = hall.papers(hall.batch().id);
    const std::string id = papers[0].items[0];
    const std::string uid = hall.write<std::string>([&](Tx& tx) -> Result<std::string> {
      return itemById(tx, id.substr(0, id.find('/')), id.substr(id.find('/') + 1, id.find('@') - id.find('/') - 1))->uid;
    }).value();
    const Json item = hall.fetch("/bank/items/{id}", hall.editor, uid);
    Json content = item["newest"]["content"];
    content["stem"] = content["stem"].get<std::string>() + "（修订）";
    const Json edited = hall.must(hall.edit(item, content, hall.editor));
    hall.must(hall.move(edited, "submit", hall.editor));
    hall.must(hall.move(hall.item(edited, hall.second), "release", hall.second));
    QVERIFY(hall.take().has_value());
    QCOMPARE(hall.batch().withdrawn, 0);
    QVERIFY(hall.batch().stale);
    hall.tick();
    QCOMPARE(hall.batches()[1].state, std::string("withdrawn"));
    QCOMPARE(hall.batches()[0].state, std::string("sealed"));
  }

  void theNextBatchIsSealedBeforeTheLastPaperIsTaken() {
    PaperHall hall;
    hall.must(hall.put("/blueprints/{id}/settings", {{"papers_per_batch", 10}, {"seal_when_left", 4}, {"embargo_days", 30}}, hall.editor, Hall::kElectrician));
    for (int i = 0; i < 8; ++i) QVERIFY(hall.take().has_value());
    hall.tick();
    QCOMPARE(hall.batches().size(), std::size_t{1});
    QVERIFY(hall.take().has_value());
    hall.tick();
    QCOMPARE(hall.batches().size(), std::size_t{2});
    QCOMPARE(hall.batches()[0].papers, 10);
    for (int i = 0; i < 13; ++i) QVERIFY(hall.take().has_value());  // the old one to its end, then the new one
    QCOMPARE(reason(hall.take()), std::string("papers_not_ready"));
  }

  void whatCannotBeMadeSaysWhyAndIsTriedAgainOnlyAfterAChange() {
    PaperHall hall;
    const auto failed = "select count(*) from job where kind = 'seal_batch' and state = 'failed'";
    hall.tick();  // the other two roles have no bank here
    QCOMPARE(hall.count(failed), 2);
    hall.tick();
    QCOMPARE(hall.count(failed), 2);
    const Json row = hall.fetch("/blueprints/{id}", hall.editor, "manager")["row"];
    QCOMPARE(row["papers"]["unused"], 0);
    QCOMPARE(row["papers"]["problem"]["id"], "infeasible_blueprint");
    QCOMPARE(hall.count("select max(number) from paper_batch"), 1);  // nothing was frozen, so nothing is hidden
    hall.released(ItemHall::choice("新题"));
    hall.tick();
    QCOMPARE(hall.count(failed), 4);
  }

  void nothingOfAPaperLeavesTheServerBeforeItsTime() {
    PaperHall hall;
    const std::string id = hall.batch().id;
    const auto papers = hall.papers(id);
    const std::string seed = Json::parse(hall.files(id)["reveal.json"])["seed"];
    std::string all = hall.detail(id).dump() + hall.fetch("/batches", hall.admin).dump() + hall.fetch("/blueprints", hall.editor).dump() +
                      hall.fetch("/jobs", hall.editor).dump() + hall.auditReport(id).dump();
    for (const char* name : {"freeze.json", "seal.json", "log.txt"}) all += hall.download(id, name, hall.admin);
    QVERIFY(all.find(seed) == std::string::npos);
    for (const auto& paper : papers) {
      QVERIFY(all.find(paper.salt) == std::string::npos);
      QVERIFY(all.find(paper.items[0] + " " + paper.items[1]) == std::string::npos);
    }
    for (const char* name : {"papers.jsonl", "reveal.json"}) QCOMPARE(reason(hall.tryDownload(id, name, hall.admin)), std::string("batch_not_revealed"));
    QCOMPARE(reason(hall.tryDownload(id, "../keys/photo.key", hall.admin)), std::string("no_such_batch_file"));
    QCOMPARE(reason(hall.tryDownload(id, "freeze.json", hall.reviewer)), std::string("not_allowed"));
    // Nor does it lie open in the database.
    QCOMPARE(hall.count("select count(*) from paper_slot where line like '%low-voltage%'"), 0);
    QCOMPARE(hall.count("select count(*) from paper_batch where seed like '%" + seed + "%' or reveal like '%" + seed + "%'"), 0);
  }

  void revealWaitsForTheLastPaperOrTheEmbargoAndNobodyMustSit() {
    PaperHall hall;
    const std::string id = hall.batch().id;
    const auto reveal = [&](const Caller& who, int unused) { return hall.post("/batches/{id}/reveal", {{"withdraw_unused", unused}}, who, id); };
    QCOMPARE(reason(reveal(hall.editor, 12)), std::string("not_allowed"));
    QCOMPARE(reason(reveal(hall.admin, 12)), std::string("batch_not_used_up"));
    const auto person = hall.addPerson("王小明", kFirst);
    const auto visit = hall.come(person);
    const Json sitting = hall.admitted(visit);
    hall.clock->advance(std::chrono::hours(24 * 91));
    QCOMPARE(reason(reveal(hall.authority, 11)), std::string("batch_has_sittings"));
    QVERIFY(finishOverdue(hall.app, hall.clock->now()).has_value());
    QCOMPARE(reason(reveal(hall.authority, 12)), std::string("batch_is_stale"));
    QVERIFY(hall.fetch("/batches/{id}", hall.authority, id)["reveal"]["allowed"].get<bool>());
    const Json revealed = hall.must(reveal(hall.authority, 11));
    QCOMPARE(revealed["batch"]["state"], "revealed");
    QCOMPARE(revealed["batch"]["withdrawn"], 11);
    QCOMPARE(reason(reveal(hall.authority, 0)), std::string("batch_wrong_state"));
    QCOMPARE(reason(hall.take()), std::string("papers_not_ready"));
    QCOMPARE(hall.fetch("/published", {})["batches"][0]["id"], id);
    // From the published files alone.
    assembly::Files files;
    for (const char* name : {"freeze.json", "seal.json", "log.txt", "papers.jsonl", "reveal.json"}) files[name] = hall.download(id, name, hall.admin);
    const assembly::Audit audit = assembly::auditBatch(files);
    QVERIFY2(audit.failures.empty(), audit.failures.empty() ? "" : audit.failures.front().c_str());
    QCOMPARE(audit.takes, 1);
    const auto failsWith = [](assembly::Files changed, const char* words) {
      const auto report = assembly::auditBatch(changed);
      return std::any_of(report.failures.begin(), report.failures.end(), [&](const std::string& one) { return one.find(words) != std::string::npos; });
    };
    assembly::Files changed = files;
    changed["log.txt"][100] = changed["log.txt"][100] == 'x' ? 'y' : 'x';
    QVERIFY(failsWith(changed, "log.txt"));
    changed = files;
    changed["log.txt"].erase(changed["log.txt"].rfind('\n', changed["log.txt"].size() - 2) + 1);
    QVERIFY(failsWith(changed, "reveal"));
    changed = files;
    std::swap(changed["papers.jsonl"][changed["papers.jsonl"].find("\"items\":\"") + 9], changed["papers.jsonl"][changed["papers.jsonl"].find("\"items\":\"") + 10]);
    QVERIFY(failsWith(changed, "papers.jsonl"));
    QCOMPARE(hall.auditReport(id)["verdict"], "PASS");
  }

  void theAuditNamesWhatWasChangedInTheHouse() {
    PaperHall hall;
    const std::string id = hall.batch().id;
    const auto person = hall.addPerson("王小明", kFirst);
    const Json sitting = hall.admitted(hall.come(person));
    const Json sound = hall.auditReport(id);
    QCOMPARE(sound["verdict"], "PASS");
    QCOMPARE(sound["takes_checked"], 1);
    QVERIFY(sound["before_reveal"].get<bool>());
    QVERIFY(sound["items_checked"].get<int>() > 100);
    hall.must(hall.write<void>([&](Tx& tx) -> Status {
      tx.exec("update item_version set answer_key = '[1]', explanation = '改过' where item_uid = (select item_uid from paper_batch_item where place = 0)");
      Json paper = Json::parse(*tx.value<std::string>("select paper from sitting"));
      std::swap(paper[0], paper[1]);
      tx.exec("update sitting set paper = :a", paper.dump());
      return {};
    }));
    const Json report = hall.auditReport(id);
    QCOMPARE(report["verdict"], "FAIL");
    QCOMPARE(report["failures"].size(), std::size_t{2});
    QVERIFY(report["failures"].dump().find("sitting " + sitting["id"].get<std::string>()) != std::string::npos);
    QCOMPARE(hall.detail(id)["batch"]["verdict"], "FAIL");
  }

  void aSealingThatWasCutOffGoesOnWithTheSameSeed() {
    PaperHall hall;
    hall.must(hall.post("/batches", {{"blueprint_id", Hall::kElectrician}, {"papers", 10}, {"reason", "试一试"}}, hall.editor));
    QCOMPARE(reason(hall.post("/batches", {{"blueprint_id", Hall::kElectrician}, {"papers", 10}, {"reason", "再来"}}, hall.editor)), std::string("batch_is_being_made"));
    int asked = 0;
    QVERIFY(runNextJob(hall.app, [&] { return ++asked == 3; }).has_value());  // after the freeze
    const BatchRow cut = hall.batch();
    QCOMPARE(cut.state, std::string("sealing"));
    QCOMPARE(cut.number, 2);
    hall.runJobs();
    const BatchRow done = hall.batch();
    QCOMPARE(done.id, cut.id);
    QCOMPARE(done.state, std::string("sealed"));
    QCOMPARE(done.seed_commitment, cut.seed_commitment);
    QCOMPARE(hall.count("select count(*) from paper_log where batch_id = '" + cut.id + "'"), 2);
    QCOMPARE(hall.auditReport(cut.id)["verdict"], "PASS");
  }

  void whatSittingsHaveShownEntersTheNextFreeze() {
    PaperHall hall;
    const Json before = Json::parse(hall.files(hall.batch().id)["freeze.json"]);
    QVERIFY(before["items"][0]["p"].get<int>() >= 1'000'000);  // the difficulty 1 .. 5
    hall.must(hall.write<void>([](Tx& tx) -> Status {
      tx.exec("insert into statistics_run(id, bank_id, blueprint_id, state, computed_ms, sittings, test) select 'run-' || id, id, '', 'ready', 1, 100, '{}' from bank");
      const Json says{{"responses", 100}, {"facility", 0.75}, {"versions", {1}}, {"two_pl", nullptr}, {"rasch", {{"slope", nullptr}, {"difficulty", 0.0}}}};
      tx.exec("insert into item_statistics(run_id, item_uid, ord, flagged, summary, content) select 'run-' || bank_id, uid, ord, 0, '{}', :a from bank_item", says.dump());
      return {};
    }));
    hall.must(hall.post("/batches", {{"blueprint_id", Hall::kElectrician}, {"papers", 10}, {"reason", "新统计"}}, hall.editor));
    hall.runJobs();
    const Json after = Json::parse(hall.files(hall.batch().id)["freeze.json"]);
    QCOMPARE(hall.batch().number, 2);
    for (const Json& item : after["items"]) {
      QCOMPARE(item["p"], 750'000);
      QCOMPARE(item["info"], 160'000);  // at 80 of 100 points: 0.8 * 0.2
    }
    QCOMPARE(hall.auditReport(hall.batch().id)["verdict"], "PASS");
  }

  void withdrawingNeedsAReasonAndIsSeenForGood() {
    PaperHall hall;
    const std::string id = hall.batch().id;
    QCOMPARE(reason(hall.post("/batches/{id}/withdraw", {{"reason", " "}}, hall.editor, id)), std::string("reason_needed"));
    const Json gone = hall.must(hall.post("/batches/{id}/withdraw", {{"reason", "怀疑泄题"}}, hall.editor, id));
    QCOMPARE(gone["batch"]["state"], "withdrawn");
    QCOMPARE(reason(hall.take()), std::string("papers_not_ready"));
    QVERIFY(hall.download(id, "log.txt", hall.admin).find("怀疑泄题") != std::string::npos);
    hall.tick();
    const auto all = hall.batches();
    QCOMPARE(all[0].number, 2);
    const std::string log = hall.download(all[0].id, "log.txt", hall.admin);
    const std::string before = gone["events"][0]["hash"];
    QVERIFY(log.find("\"previous_freeze\":\"" + before + "\"") != std::string::npos);
  }

  void aBlueprintIsChangedByTwoPeopleAndPapersKeepTheirs() {
    PaperHall hall;
    const std::string id = Hall::kElectrician;
    const Json first = hall.fetch("/blueprints/{id}", hall.editor, id);
    Json content = Json::parse(first["content"].get<std::string>());
    content["minutes"] = 45;
    const auto save = [&](int version) {
      return hall.put("/blueprints/{id}", {{"version", version}, {"content", content.dump()}, {"reason", "缩短时间"}}, hall.editor, id);
    };
    const Json saved = hall.must(save(1));
    QCOMPARE(saved["row"]["version"], 2);
    QCOMPARE(saved["row"]["used_version"], 1);
    QCOMPARE(reason(save(1)), std::string("version_is_not_newest"));
    QCOMPARE(reason(save(2)), std::string("nothing_changed"));
    QVERIFY(!saved["may_release"].get<bool>());
    QCOMPARE(reason(hall.post("/blueprints/{id}/release", {{"version", 2}}, hall.editor, id)), std::string("released_by_author"));
    const Json released = hall.must(hall.post("/blueprints/{id}/release", {{"version", 2}}, hall.second, id));
    QCOMPARE(released["versions"][0]["state"], "releasing");
    QCOMPARE(hall.take()->batch->blueprint.minutes, 120);
    hall.tick();
    QCOMPARE(hall.fetch("/blueprints/{id}", hall.editor, id)["row"]["used_version"], 2);
    QCOMPARE(hall.take()->batch->blueprint.minutes, 45);
    QCOMPARE(hall.batches().back().state, std::string("withdrawn"));
    // The folder's file has not changed, so the next start leaves the page's version alone.
    QVERIFY(loadBlueprints(hall.app, INVIGIL_SOURCE_DIR "/question-bank/blueprints").has_value());
    QCOMPARE(hall.fetch("/blueprints/{id}", hall.editor, id)["row"]["version"], 2);
    QCOMPARE(hall.fetch("/blueprints/{id}/version", hall.editor, id, {{"number", "1"}})["head"]["state"], "replaced");
  }

  /// The longest that a blueprint takes. The pass holds its beginning, so that its QR code can be read; all else has it whole.
  void aTitleOfTwoHundredCharactersGoesFromTheBlueprintToTheVerifiedPass() {
    PaperHall hall;
    const std::string id = Hall::kElectrician;
    std::string zh, en;
    for (int i = 0; i < 200; ++i) zh += "考", en += "é";
    Json content = Json::parse(hall.fetch("/blueprints/{id}", hall.editor, id)["content"].get<std::string>());
    content["title"] = {{"zh", zh}, {"en", en}};
    hall.must(hall.put("/blueprints/{id}", {{"version", 1}, {"content", content.dump()}, {"reason", "全称"}}, hall.editor, id));
    hall.must(hall.post("/blueprints/{id}/release", {{"version", 2}}, hall.second, id));
    hall.tick();
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    hall.answerRight(visit, sitting, 90);
    hall.clock->advance(minutes(40));
    const Json result = hall.must(hall.submit(visit, sitting));
    const std::string text = result["credential"]["text"], number = result["credential"]["id"];
    QVERIFY2(text.size() <= 816, std::to_string(text.size()).c_str());  // QR version 18 at level M
    auto pass = credential::verify(text, hall.app.trust, hall.clock->now());
    QVERIFY2(pass.has_value(), reason(pass).c_str());
    QCOMPARE(pass->blueprint, id);
    for (const auto& [held, whole] : {std::pair{pass->title_zh, zh}, std::pair{pass->title_en, en}}) {
      QVERIFY(held.size() <= 120 && held.size() > 110 && held.ends_with("…"));
      QVERIFY2(isUtf8(held), held.c_str());
      QVERIFY(whole.starts_with(held.substr(0, held.size() - std::string_view("…").size())));
    }
    const auto everywhere = [&](const std::string& expected) {
      QCOMPARE(hall.must(hall.submit(visit, sitting))["credential"]["text"], Json(expected));
      QCOMPARE(hall.must(hall.post("/manage/view", {{"token", visit.reservation["manage_token"]}}))["result"]["credential"]["text"], Json(expected));
      const Json records = hall.must(hall.post("/authority/query", {{"id_type", "resident_id"}, {"id_number", kFirst}, {"name", "王小明"}}, hall.authority))["records"];
      QCOMPARE(records[0]["text"], Json(expected));
      QCOMPARE(records[0]["title"]["zh"], Json(zh));
      for (const std::string& asked : {number, expected}) {
        const Json told = hall.must(hall.post("/authority/verify", {{"text", asked}}, hall.authority));
        QVERIFY(told["valid"].get<bool>() && told["on_record"].get<bool>());
        QCOMPARE(told["certificate_id"], Json(number));
      }
    };
    everywhere(text);

    // Issued before titles were cut: longer than the contract once took, and good all the same.
    pass->title_zh = zh;
    pass->title_en = en;
    const std::string older = credential::issue(*pass, *hall.app.signing_key);
    QVERIFY(older.size() > 1200);
    hall.must(hall.write<void>([&](Tx& tx) -> Status { tx.exec("update certificate set text = :a", older); return {}; }));
    everywhere(older);
  }

  void aNewBlueprintIsForNobodyUntilItIsReleased() {
    PaperHall hall;
    Json content = Json::parse(hall.fetch("/blueprints/{id}", hall.editor, Hall::kElectrician)["content"].get<std::string>());
    content["id"] = "short";
    const Json made = hall.must(hall.post("/blueprints", {{"content", content.dump()}, {"reason", ""}}, hall.editor));
    QCOMPARE(made["row"]["used_version"], 0);
    QCOMPARE(reason(hall.post("/blueprints", {{"content", content.dump()}, {"reason", ""}}, hall.editor)), std::string("blueprint_id_taken"));
    content["parts"][0]["count"] = 5;
    QCOMPARE(reason(hall.post("/blueprints", {{"content", content.dump()}, {"reason", ""}}, hall.editor)), std::string("bad_blueprint"));
    QCOMPARE(hall.write<std::int64_t>([](Tx& tx) -> Result<std::int64_t> { return static_cast<std::int64_t>(allBlueprints(tx).size()); }).value(), 3);
    hall.must(hall.put("/blueprints/{id}/settings", {{"papers_per_batch", 15}, {"seal_when_left", 2}, {"embargo_days", 0}}, hall.editor, "short"));
    hall.must(hall.post("/blueprints/{id}/release", {{"version", 1}}, hall.second, "short"));
    hall.tick();
    QCOMPARE(hall.fetch("/blueprints/{id}", hall.editor, "short")["row"]["papers"]["unused"], 15);
  }

  void thePreflightSaysWhatIsMissingAndWhatIsBound() {
    PaperHall hall;
    Json content = Json::parse(hall.fetch("/blueprints/{id}", hall.editor, Hall::kElectrician)["content"].get<std::string>());
    const auto look = [&] { return hall.must(hall.post("/preflight", {{"content", content.dump()}, {"papers", 200}}, hall.editor)); };
    const Json good = look();
    QVERIFY(good["feasible"].get<bool>());
    QVERIFY(good["exposure_bound"].get<double>() > 0 && good["overlap_bound"].get<double>() < good["overlap_bound_endless"].get<double>());
    double places = 0;
    for (const Json& cell : good["cells"]) places += cell["places"].get<double>();
    QVERIFY2(std::abs(places - 100) < 1e-3, qPrintable(QString::number(places)));
    QCOMPARE(good["items_total"], good["pool"]);
    content["topics"] = Json::array();
    content["parts"] = {{{"type", "true_false"}, {"count", 500}, {"points_each", 1}}};
    const Json bad = look();
    QVERIFY(!bad["feasible"].get<bool>());
    QVERIFY(bad["exposure_bound"].is_null());
    const auto short_by = std::find_if(bad["findings"].begin(), bad["findings"].end(), [](const Json& one) { return one["kind"] == "short"; });
    QVERIFY(short_by != bad["findings"].end());
    QCOMPARE((*short_by)["by"].get<double>(), 500 - (*short_by)["stock"].get<double>());
    content["role"] = "principal";
    QCOMPARE(look()["pool"], 0);
  }

  void aQuestionThatTwoBanksHoldIsOneItemOfPapers() {
    PaperHall hall;
    const Json content{{"content", hall.fetch("/blueprints/{id}", hall.editor, Hall::kElectrician)["content"]}, {"papers", 200}};
    const Json before = hall.must(hall.post("/preflight", content, hall.editor));
    bank::Bank copy = *bank::parseNative(*readFile(INVIGIL_SOURCE_DIR "/question-bank/samples/low-voltage-electrician-judge.json", 1 << 24));
    copy.id = "zz-copy";  // behind the samples, whose items then stay
    for (bank::Item& item : copy.items) item.id = "x-" + item.id, item.explanation.clear();
    const auto count = static_cast<std::int64_t>(copy.items.size());
    hall.must(hall.write<void>([&](Tx& tx) { return saveBank(tx, copy, hall.clock->now(), "t"); }));
    const Json after = hall.must(hall.post("/preflight", content, hall.editor));
    QCOMPARE(after["pool"], before["pool"]);
    QCOMPARE(after["exposure_bound"], before["exposure_bound"]);
    QCOMPARE(after["enemies_total"].get<std::int64_t>(), before["enemies_total"].get<std::int64_t>() + count);
    QVERIFY(after["enemies"].dump().find("low-voltage-electrician-judge/" + copy.items[0].id.substr(2)) != std::string::npos);
    hall.must(hall.post("/batches", {{"blueprint_id", Hall::kElectrician}, {"papers", 10}, {"reason", "两个题库"}}, hall.editor));
    hall.runJobs();
    QCOMPARE(hall.auditReport(hall.batch().id)["verdict"], "PASS");
  }
};

}  // namespace

QTEST_GUILESS_MAIN(PapersTest)
#include "test_papers.moc"
