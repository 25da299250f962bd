// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "import_hall.hpp"
#include "invigil/bank/tables.hpp"
#include "old_store.hpp"

using namespace invigil;
using namespace invigil::server;

class ImportsTest : public QObject {
  Q_OBJECT

 private slots:
  void anImportIsADraftUntilSomebodyAcceptsIt() {
    ImportHall hall;
    const Json draft = hall.read("fresh", native("fresh", list({one("a", "第一题"), one("b", "第二题")})));
    QCOMPARE(draft["state"], "ready");
    QCOMPARE(draft["format"], "native_json");
    QCOMPARE(draft["bank_exists"], false);
    QCOMPARE(draft["counts"]["new"], 2);
    QCOMPARE(hall.count("select count(*) from bank where id = 'fresh'"), 0);
    hall.must(hall.accept(draft));
    hall.runJobs();
    QCOMPARE(hall.look(draft)["state"], "accepted");
    QCOMPARE(hall.found({{"bank", "fresh"}, {"state", "draft"}}), (std::vector<std::string>{"a", "b"}));
    QCOMPARE(hall.found({{"bank", "fresh"}, {"in_use", "1"}}).size(), std::size_t{0});
    QCOMPARE(hall.count("select count(*) from import_row"), 0);
    QVERIFY(!QFile::exists(hall.dir.filePath("imports/" + QString::fromStdString(draft["id"]))));
    const Json page = hall.search({{"bank", "fresh"}});
    const Json item = hall.fetch("/bank/items/{id}", hall.second, page["items"][0]["id"]);
    QCOMPARE(item["history"][0]["move"], "imported");
    QCOMPARE(item["newest"]["author"], "甲编辑");
    hall.must(hall.move(item, "submit", hall.editor));
    QCOMPARE(reason(hall.move(item, "release", hall.editor)), std::string("released_by_author"));
    hall.must(hall.move(item, "release", hall.second));
  }

  void readingAgainTellsNewChangedAndMissing() {
    ImportHall hall;
    Json draft = hall.read("again", native("again", list({one("a", "第一题"), one("b", "第二题"), one("c", "第三题")})));
    hall.must(hall.accept(draft));
    hall.runJobs();
    draft = hall.read("again", native("again", list({one("a", "第一题"), one("b", "第二题，改过"), one("d", "第四题")})));
    QCOMPARE(draft["bank_exists"], true);
    for (const auto& [fate, count] : {std::pair{"new", 1}, {"changed", 1}, {"unchanged", 1}, {"missing", 1}}) QCOMPARE(draft["counts"][fate], count);
    QCOMPARE(hall.rows(draft, "missing")[0]["item_id"], "c");
    QCOMPARE(hall.rows(draft, "changed")[0]["content"]["stem"], "第二题，改过");
    hall.must(hall.accept(draft, "in_review", "retire"));
    hall.runJobs();
    QCOMPARE(hall.found({{"bank", "again"}, {"state", "retired"}}), std::vector<std::string>{"c"});
    QCOMPARE(hall.found({{"bank", "again"}, {"state", "in_review"}}), (std::vector<std::string>{"b", "d"}));
    QCOMPARE(hall.count("select version from bank_item where bank_id = 'again' and item_id = 'b'"), 2);
    QCOMPARE(hall.count("select count(*) from item_version v join bank_item i on i.uid = v.item_uid where i.bank_id = 'again'"), 5);
    const Json same = hall.read("again", native("again", list({one("a", "第一题"), one("b", "第二题，改过"), one("d", "第四题")})));
    QCOMPARE(reason(hall.accept(same)), std::string("import_is_empty"));
  }

  void aBankThatMovedOnMeanwhileIsNotOverwritten() {
    ImportHall hall;
    Json draft = hall.read("race", native("race", list({one("a", "第一题")})));
    hall.must(hall.accept(draft));
    hall.runJobs();
    draft = hall.read("race", native("race", list({one("a", "文件里的改动")})));
    const Json page = hall.search({{"bank", "race"}});
    const Json item = hall.fetch("/bank/items/{id}", hall.second, page["items"][0]["id"]);
    hall.must(hall.edit(item, ItemHall::choice("同事的改动"), hall.second));
    hall.must(hall.accept(draft));
    hall.runJobs();
    const Json after = hall.look(draft);
    QCOMPARE(after["state"], "ready");
    QCOMPARE(after["error"]["id"], "import_is_stale");
    QCOMPARE(hall.count("select max(number) from item_version v join bank_item i on i.uid = v.item_uid where i.bank_id = 'race'"), 2);
    hall.must(hall.post("/bank/imports/{id}/read", {{"format", ""}}, hall.editor, draft["id"]));
    hall.runJobs();
    QVERIFY2(hall.look(draft)["state"] == "ready", hall.look(draft).dump().c_str());
    hall.must(hall.accept(draft));
    hall.runJobs();
    QCOMPARE(hall.look(draft)["state"], "accepted");
    QCOMPARE(hall.fetch("/bank/items/{id}", hall.editor, item["row"]["id"])["newest"]["content"]["stem"], "文件里的改动");
  }

  void aPageWaitsForTheNextChangeUntilTheDraftHasEnded() {
    ImportHall hall;
    const auto waits = [&](const Json& draft) {
      const std::string id = draft["id"], topic = hall.tryFetch("/bank/imports/{id}", hall.editor, id, {{"seen", draft["seen"]}})->wait_for;
      const bool at_once = hall.tryFetch("/bank/imports/{id}", hall.editor, id, {{"seen", "0"}})->wait_for.empty();
      return topic == "import:" + id && at_once;
    };
    QVERIFY(waits(hall.begin("wait")));
    const Json draft = hall.read("wait", native("wait", list({one("a", "第一题"), one("b", "第二题")})));
    QVERIFY(waits(draft));
    // What a colleague does to it ends the wait: the draft has another `seen`.
    hall.must(hall.leaveOut(draft, "b"));
    const Json after = hall.look(draft);
    QVERIFY(after["seen"] != draft["seen"]);
    QVERIFY(waits(after));
    hall.must(hall.accept(draft, "released", "keep", &hall.admin));
    QVERIFY(waits(hall.look(draft)));
    hall.must(hall.post("/bank/imports/{id}/confirm", nullptr, hall.second, draft["id"]));
    QVERIFY(waits(hall.look(draft)));
    hall.runJobs();
    QVERIFY(!waits(hall.look(draft)));
  }

  void refusedRowsAreNamedAndCanBeMended() {
    ImportHall hall;
    const Json file = {{{"category", "单选"}, {"title", "好的题"}, {"choices", "**A、甲**B、乙**C、丙"}, {"answer", "B"}},
                       {{"category", "单选"}, {"title", "没有答案的题"}, {"choices", "**A、甲**B、乙**C、丙"}, {"answer", "D"}},
                       {{"category", "单选"}, {"title", "好的题"}, {"choices", "**A、丁**B、戊**C、己"}, {"answer", "A"}}};
    const Json draft = hall.read("loose", file, {{"title", "网上题库"}, {"roles", {"special_operations"}}, {"category", "1.2"}});
    QVERIFY2(draft["state"] == "ready", draft.dump().c_str());
    const Json counts = draft["counts"];
    QCOMPARE(counts["rows"], 3);
    QCOMPARE(counts["imported"], 2);
    QCOMPARE(counts["refused"], 1);
    QCOMPARE(counts["look_alikes"], 2);
    const Json refused = hall.rows(draft, "refused");
    QCOMPARE(refused[0]["place"]["row"], 2);
    QVERIFY(!refused[0]["findings"][0]["what"]["zh"].get<std::string>().empty());
    QCOMPARE(hall.rows(draft, "imported")[1]["place"]["row"], 3);
    const Json fixed = hall.must(hall.put("/bank/import-rows/{id}", {{"left_out", false}, {"seen", refused[0]["seen"]}, {"content", ItemHall::choice("没有答案的题")}}, hall.editor, refused[0]["id"]));
    QCOMPARE(fixed["kind"], "item");
    QCOMPARE(fixed["fate"], "new");
    const Json look_alike = hall.rows(draft, "look_alikes");
    hall.must(hall.put("/bank/import-rows/{id}", {{"left_out", true}, {"seen", look_alike[1]["seen"]}}, hall.editor, look_alike[1]["id"]));
    const Json now = hall.counts(draft);
    QCOMPARE(now["rows"], 3);
    QCOMPARE(now["imported"], 3);
    QCOMPARE(now["refused"], 0);
    QCOMPARE(now["left_out"], 1);
    QCOMPARE(now["new"], 2);
    const Json report = hall.fetch("/bank/imports/{id}/report", hall.editor, draft["id"]);
    QCOMPARE(report["files"][0]["rows"], 3);
    hall.must(hall.accept(draft));
    hall.runJobs();
    QCOMPARE(hall.search({{"bank", "loose"}})["total"], 2);
    QCOMPARE(hall.fetch("/bank/imports/{id}/report", hall.editor, draft["id"])["files"][0]["look_alikes"].size(), std::size_t{2});
  }

  void aRefusedRowIsMendedFromWhatTheFileSays() {
    ImportHall hall;
    std::string stem;
    for (int i = 0; i < 100; ++i) stem += "停电后验电，";
    const Json row{{"category", "单选"}, {"title", stem + "下一步？"}, {"choices", "**A、甲**B、乙**C、丙"}, {"answer", "D"}};
    Json other = row;
    other["answer"] = "B";
    Json twin = other;
    twin["answer"] = "C";
    const Json draft = hall.read("long", list({row, other, twin, other}), {{"title", "网上题库"}, {"roles", {"special_operations"}}});
    const Json refused = hall.rows(draft, "refused");
    QCOMPARE(refused.size(), std::size_t{2});
    QCOMPARE(refused[0]["findings"][0]["text"], stem + "下一步？");
    QCOMPARE(refused[0]["content"]["stem"], stem + "下一步？");
    QCOMPARE(refused[0]["content"]["type"], "single_choice");
    QCOMPARE(refused[0]["content"]["options"], Json({"甲", "乙", "丙"}));
    QCOMPARE(refused[0]["content"]["key"], Json::array());
    QCOMPARE(refused[0]["findings"][0]["written"], Json({{"type", "单选"}, {"options", "**A、甲**B、乙**C、丙"}, {"key", "D"}}));
    QCOMPARE(refused[1]["findings"][0]["code"], "other_answer");
    QCOMPARE(refused[1]["content"]["key"], Json({2}));
    QCOMPARE(refused[1]["findings"][0]["written"]["key"], "C");
    QCOMPARE(hall.rows(draft, "duplicates")[0]["content"]["options"], Json({"甲", "乙", "丙"}));
    QCOMPARE(hall.fetch("/bank/imports/{id}/rows", hall.editor, draft["id"], {{"kind", "refused"}, {"q", "丙"}})["total"], 2);

    Json content = refused[0]["content"];
    content["options"][2] = "丁";
    content["key"] = {1};
    const Json fixed = hall.must(hall.mend(refused[0], content));
    QCOMPARE(fixed["content"]["stem"], stem + "下一步？");
    QCOMPARE(fixed["findings"][0]["written"]["key"], "D");
    hall.must(hall.accept(draft));
    hall.runJobs();
    QCOMPARE(hall.count("select count(*) from bank_item where bank_id = 'long'"), 2);
    QCOMPARE(hall.fetch("/bank/imports/{id}/report", hall.editor, draft["id"])["files"][0]["refused"][0]["text"], stem + "下一步？");
  }

  void aTextThatIsCutSaysSo() {
    ImportHall hall;
    std::string stem;
    for (int i = 0; i < 2500; ++i) stem += "长";
    const Json draft = hall.read("cut", list({{{"category", "单选"}, {"title", stem}, {"choices", "**A、甲**B、乙"}, {"answer", "A"}}, {{"category", "判断"}, {"title", "题"}, {"answer", "对"}}}),
                                 {{"title", "网上题库"}, {"roles", {"special_operations"}}});
    const Json refused = hall.rows(draft, "refused")[0];
    const std::string text = refused["findings"][0]["text"];
    QCOMPARE(codePoints(text), std::size_t{2000});
    QVERIFY(text.ends_with("长…"));
    QCOMPARE(refused["content"]["stem"], stem);
    QCOMPARE(refused["content"]["key"], Json({0}));
    const auto sheets = bank::readSheets(hall.sheet(draft));
    QVERIFY(sheets.has_value());
    QCOMPARE(sheets->at(1).lines.at(1).cells.at(4), text);
  }

  void theReportIsASpreadsheetToo() {
    ImportHall hall;
    const Json file = {{{"title", "=1+1"}, {"choices", "**A、甲**B、乙"}, {"answer", "Z"}}, {{"title", "题"}, {"choices", "**A、甲**B、乙"}, {"answer", "A"}}};
    const Json draft = hall.read("sheet", file, {{"title", "题库"}, {"roles", {"principal"}}});
    const auto sheets = bank::readSheets(hall.sheet(draft));
    QVERIFY(sheets.has_value());
    QCOMPARE(sheets->size(), std::size_t{6});
    QCOMPARE(sheets->at(0).lines.at(2).cells, (std::vector<std::string>{"行数 Rows", "2"}));
    QCOMPARE(sheets->at(1).lines.at(1).cells.at(4), std::string("=1+1"));
    QCOMPARE(QDir(hall.dir.filePath("imports")).entryList(QDir::Files).size(), 1);  // the scratch file is gone
  }

  void aFileThatCannotBeReadSaysWhy() {
    ImportHall hall;
    Json draft = hall.begin("broken");
    QCOMPARE(reason(hall.upload(draft, "")), std::string("no_items"));
    hall.must(hall.upload(draft, "PK\x03\x04 not what we read"));
    hall.runJobs();
    Json after = hall.look(draft);
    QCOMPARE(after["state"], "failed");
    QCOMPARE(after["error"]["id"], "bad_workbook");
    QCOMPARE(reason(hall.accept(after)), std::string("import_wrong_state"));
    hall.must(hall.upload(draft, R"({"format": "invigil-bank", "version": 1)"));
    hall.runJobs();
    QCOMPARE(hall.look(draft)["error"]["id"], "bad_json");
    hall.must(hall.upload(draft, R"([{"title": "题", "choices": "**A、甲**B、乙", "answer": "A"}])"));
    hall.runJobs();
    QCOMPARE(hall.look(draft)["error"]["id"], "bad_bank");  // no title and role for a bank that is not there yet
    hall.must(hall.upload(draft, native("broken", list({one("a", "题")})).dump()));
    hall.runJobs();
    QCOMPARE(hall.look(draft)["state"], "ready");
    QCOMPARE(reason(hall.post("/bank/imports", {{"bank_id", "Not An Id"}, {"file_name", "x"}}, hall.editor)), std::string("bank_id_wrong"));
    Call longer;  // the contract refuses it before
    longer.body = {{"bank_id", std::string(65, 'a')}, {"file_name", "x"}};
    longer.caller = hall.editor;
    QCOMPARE(reason(hall.run("post", "/api/v1/bank/imports", longer)), std::string("bank_id_wrong"));
  }

  void releasingAtOnceNeedsAnEmptyBankAnAdministratorAndASecondPerson() {
    ImportHall hall;
    Json none = one("b", "没有答案");
    none["options"] = {"1", "2", "3", "4", "5", "6", "7", "8", "9"};
    const Json draft = hall.read("setup", native("setup", list({one("a", "第一题"), none})));
    QCOMPARE(reason(hall.accept(draft, "released")), std::string("not_allowed"));
    QCOMPARE(hall.must(hall.accept(draft, "released", "keep", &hall.admin))["state"], "awaiting_second");
    QCOMPARE(hall.count("select count(*) from bank where id = 'setup'"), 0);
    for (const Caller* who : {&hall.admin, &hall.editor})
      QCOMPARE(reason(hall.post("/bank/imports/{id}/confirm", nullptr, *who, draft["id"])), std::string("released_by_author"));
    hall.must(hall.post("/bank/imports/{id}/confirm", nullptr, hall.second, draft["id"]));
    hall.runJobs();
    QCOMPARE(hall.found({{"bank", "setup"}, {"state", "released"}, {"in_use", "1"}}), std::vector<std::string>{"a"});
    QCOMPARE(hall.found({{"bank", "setup"}, {"state", "draft"}}), std::vector<std::string>{"b"});  // nine options: not for a kiosk
    const Json more = hall.read("setup", native("setup", list({one("z", "另一题")})));
    QCOMPARE(reason(hall.accept(more, "released", "keep", &hall.admin)), std::string("bank_is_not_empty"));
  }

  void everyHandInARowIsBarredFromReleasingIt() {
    ImportHall hall;
    const Json draft = hall.read("mended", native("mended", list({one("a", "第一题"), one("b", "第二题")})));
    const Json row = hall.rows(draft, "imported")[0];
    const auto mend = [&](const Json& seen, const char* stem, const Caller& who) {
      return hall.must(hall.put("/bank/import-rows/{id}", {{"left_out", false}, {"seen", seen}, {"content", ItemHall::choice(stem)}}, who, row["id"]));
    };
    const Json once = mend(row["seen"], "改过的题", hall.second);
    QCOMPARE(hall.fetch("/bank/imports/{id}", hall.second, draft["id"])["mended_by_me"], true);
    Caller third = hall.another(), fourth = hall.another();
    mend(once["seen"], "又改过的题", third);
    hall.must(hall.accept(draft, "in_review"));
    hall.runJobs();
    const auto mine = [&](const Caller& who) {
      std::string ids;
      const Json page = hall.fetch("/bank/items", who, "", {{"bank", "mended"}, {"mine", "1"}}), all = hall.fetch("/bank/items", who, "", {{"bank", "mended"}});
      for (const Json& item : page["items"]) ids += item["item_id"];
      for (const Json& item : all["items"]) if (item["mine"] != (ids.find(item["item_id"].get<std::string>()) != ids.npos)) return std::string("?");
      return ids;
    };
    QCOMPARE(mine(hall.editor), std::string("ab"));
    QCOMPARE(mine(hall.second), std::string("a"));
    QCOMPARE(mine(third), std::string("a"));
    QCOMPARE(mine(fourth), std::string());
    QCOMPARE(hall.itemOf("mended", "a")["newest"]["author"], third.account_id);
    for (const Caller* who : {&hall.second, &hall.editor, &third}) QCOMPARE(hall.mayRelease("mended", "a", *who), std::string("released_by_author"));
    hall.release("mended", "a", fourth);
    QCOMPARE(hall.mayRelease("mended", "b", hall.editor), std::string("released_by_author"));
    hall.release("mended", "b", hall.second);
  }

  void whoBringsTheFileOrHasItReadAgainDoesNotReleaseIt() {
    ImportHall hall;
    const std::string file = native("hands", list({one("a", "第一题"), one("b", "第二题")})).dump();
    const Json draft = hall.begin("hands");
    Caller third = hall.another(), fourth = hall.another(), fifth = hall.another();
    hall.must(hall.upload(draft, file, &hall.second));
    hall.runJobs();
    hall.must(hall.post("/bank/imports/{id}/read", {{"format", "native_json"}}, third, draft["id"]));
    hall.runJobs();
    hall.must(hall.leaveOut(draft, "b"));
    for (const Json& row : hall.rows(draft, "left_out"))
      hall.must(hall.put("/bank/import-rows/{id}", {{"left_out", false}, {"seen", row["seen"]}}, fourth, row["id"]));
    QCOMPARE(hall.fetch("/bank/imports/{id}", hall.second, draft["id"])["mended_by_me"], true);
    hall.must(hall.accept(draft, "in_review"));
    hall.runJobs();
    for (const Caller* who : {&hall.editor, &hall.second, &third}) QCOMPARE(hall.mayRelease("hands", "a", *who), std::string("released_by_author"));
    QCOMPARE(hall.mayRelease("hands", "b", fourth), std::string("released_by_author"));
    hall.release("hands", "a", fourth);
    hall.release("hands", "b", fifth);
  }

  void whoBroughtTheFileDoesNotConfirmEither() {
    ImportHall hall;
    const Json draft = hall.begin("setup");
    hall.must(hall.upload(draft, native("setup", list({one("a", "第一题")})).dump(), &hall.second));
    hall.runJobs();
    hall.must(hall.accept(draft, "released", "keep", &hall.admin));
    QCOMPARE(reason(hall.post("/bank/imports/{id}/confirm", nullptr, hall.second, draft["id"])), std::string("released_by_author"));
    hall.must(hall.post("/bank/imports/{id}/confirm", nullptr, hall.another(), draft["id"]));
  }

  void theMenderOfARowDoesNotReleaseWhatItGaveToAnEnemy() {
    ImportHall hall;
    hall.intoBank("foes", list({one("a", "第一题")}));
    hall.release("foes", "a", hall.second);
    Json fresh = one("x", "新题");
    fresh["enemies"] = {"a"};
    const Json draft = hall.read("foes", native("foes", list({fresh})));
    const Json row = hall.rows(draft, "new")[0];
    Json content = row["content"];
    content["explanation"] = "因为";
    hall.must(hall.put("/bank/import-rows/{id}", {{"left_out", false}, {"seen", row["seen"]}, {"content", content}}, hall.second, row["id"]));
    hall.must(hall.accept(draft, "in_review"));
    hall.runJobs();
    for (const Caller* who : {&hall.editor, &hall.second}) QCOMPARE(hall.mayRelease("foes", "a", *who), std::string("released_by_author"));
    hall.release("foes", "a", hall.another());
  }

  void whoMendedARowOfAnOlderStoreIsStillBarred() {
    QTemporaryDir folder;
    const std::string path = folder.filePath("old.db").toStdString();
    {
      soci::session old("sqlite3", "dbname=" + path);
      migrateTo(old, 19);
      old << "insert into import_draft values ('d', 'b', 'f', '', 'null', 'null', 'ready', 'null', 'null', 'null', 'null', '', 'maker', 0, '', '', 1)";
      old << "insert into job values ('j', 1, 'import_read', 'd', 'done', 0, 0, 'null', 'null', 'null', 'bringer', 0, 0, 0, 1)";
      old << "insert into import_row values ('d', 1, 'item', 'u', 'a', 'new', 0, 1, 0, 0, 0, 1, '', '', 1, 0, '[]', '', '', 'single_choice', 'plain', '', '', 0, "
             "'', '', 0, '[]', '[]', '[]', '[]', '', '', 0, 'unstated', '[]', '[]', 'last', 1)";
      old << "insert into import_fixer values ('d', 'last'), ('d', 'first')";
    }
    const auto opened = store::Store::open(path);
    QVERIFY2(opened.has_value(), opened ? "" : opened.error().detail.c_str());
    const auto barred = (*opened)->readNow<std::string>([](Tx& tx) -> Result<std::string> {
      std::string all;
      for (const char* who : {"bringer", "first", "last", "other"}) all += hadHand(tx, "d", who) ? '1' : '0';
      return all;
    });
    QCOMPARE(*barred, std::string("1110"));
  }

  void whoMendedARowDoesNotConfirmTheRelease() {
    ImportHall hall;
    const Json draft = hall.read("setup", native("setup", list({one("a", "第一题")})));
    const Json row = hall.rows(draft, "imported")[0];
    hall.must(hall.put("/bank/import-rows/{id}", {{"left_out", false}, {"seen", row["seen"]}, {"content", ItemHall::choice("改过的题")}}, hall.second, row["id"]));
    hall.must(hall.accept(draft, "released", "keep", &hall.admin));
    QCOMPARE(reason(hall.post("/bank/imports/{id}/confirm", nullptr, hall.second, draft["id"])), std::string("released_by_author"));
    Caller third = hall.second;
    third.account_id = newId();
    hall.must(hall.post("/bank/imports/{id}/confirm", nullptr, third, draft["id"]));
    hall.runJobs();
    QCOMPARE(hall.found({{"bank", "setup"}, {"state", "released"}}), std::vector<std::string>{"a"});
  }

  void twoEditorsOfOneRowDoNotOverwriteEachOther() {
    ImportHall hall;
    const Json draft = hall.read("two", native("two", list({one("a", "第一题")})));
    const Json row = hall.rows(draft, "imported")[0];
    const auto mend = [&](const char* stem, const Json& seen, const Caller& who) {
      return hall.put("/bank/import-rows/{id}", {{"left_out", false}, {"seen", seen}, {"content", ItemHall::choice(stem)}}, who, row["id"]);
    };
    const Json first = hall.must(mend("甲的改动", row["seen"], hall.editor));
    QCOMPARE(reason(mend("乙的改动", row["seen"], hall.second)), std::string("import_row_changed"));
    QCOMPARE(hall.rows(draft, "imported")[0]["content"]["stem"], "甲的改动");
    QVERIFY(mend("乙看过再改", first["seen"], hall.second).has_value());
  }

  void whatAColleagueChangedIsLookedAtBeforeItIsAccepted() {
    ImportHall hall;
    const Json draft = hall.read("seen", native("seen", list({one("a", "第一题"), one("b", "第二题")})));
    hall.must(hall.leaveOut(draft, "b"));  // a colleague, while the page shows both
    Json body{{"state", "draft"}, {"missing", "keep"}, {"seen", draft["seen"]}};
    QCOMPARE(reason(hall.post("/bank/imports/{id}/accept", body, hall.editor, draft["id"])), std::string("import_has_changed"));
    QCOMPARE(hall.look(draft)["state"], "ready");
    body["seen"] = hall.look(draft)["seen"];
    hall.must(hall.post("/bank/imports/{id}/accept", body, hall.editor, draft["id"]));
    hall.runJobs();
    QCOMPARE(hall.found({{"bank", "seen"}}), std::vector<std::string>{"a"});
  }

  void aCancelledOrDiscardedImportLeavesNothing() {
    ImportHall hall;
    Json draft = hall.begin("gone");
    hall.must(hall.upload(draft, native("gone", list({one("a", "题")})).dump()));
    const std::string job = hall.look(draft)["job_id"];
    hall.must(hall.post("/jobs/{id}/cancel", nullptr, hall.second, job));
    hall.runJobs();
    QCOMPARE(hall.fetch("/jobs/{id}", hall.editor, job)["state"], "cancelled");
    QCOMPARE(hall.look(draft)["error"]["id"], "job_cancelled");
    hall.must(hall.upload(draft, native("gone", list({one("a", "题")})).dump()));
    hall.runJobs();
    QCOMPARE(hall.look(draft)["state"], "ready");
    hall.must(hall.post("/bank/imports/{id}/discard", nullptr, hall.editor, draft["id"]));
    QCOMPARE(hall.look(draft)["state"], "discarded");
    QCOMPARE(hall.count("select count(*) from import_row"), 0);
    QVERIFY(!QFile::exists(hall.dir.filePath("imports/" + QString::fromStdString(draft["id"]))));
    QCOMPARE(reason(hall.accept(draft)), std::string("import_wrong_state"));
    QCOMPARE(reason(hall.upload(draft, "[]")), std::string("import_wrong_state"));
  }

  void aDraftThrownAwayWhileItIsReadStaysThrownAway() {
    ImportHall hall;
    const Json draft = hall.begin("gone");
    hall.must(hall.upload(draft, native("gone", list({one("a", "题")})).dump()));
    const Json job = hall.look(draft)["job_id"];
    int asked = 0;
    const auto ran = runNextJob(hall.app, [&] {
      // The file has been read; the job does not ask again within this moment whether somebody wants it to stop.
      if (++asked == 3) hall.must(hall.post("/bank/imports/{id}/discard", nullptr, hall.second, draft["id"]));
      return false;
    });
    QVERIFY(ran && *ran && asked == 3);
    QCOMPARE(hall.look(draft)["state"], "discarded");
    QCOMPARE(hall.count("select count(*) from import_row"), 0);
    QCOMPARE(hall.fetch("/jobs/{id}", hall.editor, job)["state"], "cancelled");
  }

  void aRestartInTheMiddleBeginsTheJobAgain() {
    ImportHall hall;
    const Json draft = hall.begin("cut");
    Json items = Json::array();
    for (int i = 0; i < 900; ++i) items.push_back(one("i" + std::to_string(i), "第" + std::to_string(i) + "题"));
    hall.must(hall.upload(draft, native("cut", items).dump()));
    int asked = 0;
    const auto ran = runNextJob(hall.app, [&] { return ++asked > 4; });  // the server is told to stop while rows are written
    QVERIFY(ran.has_value() && !*ran);
    const auto partly = hall.count("select count(*) from import_row");
    QVERIFY2(partly > 0 && partly < 900, qPrintable(QString::number(partly)));
    QCOMPARE(hall.look(draft)["state"], "reading");
    hall.runJobs();
    QCOMPARE(hall.look(draft)["state"], "ready");
    QCOMPARE(hall.count("select count(*) from import_row"), 900);
    // After a crash the row of the job still says running; a new start queues it again.
    hall.must(hall.accept(draft));
    hall.must(hall.write<void>([](Tx& tx) -> Status { tx.exec("update job set state = 'running' where state = 'queued'"); return {}; }));
    {
      JobThread thread(hall.app);
      QTRY_COMPARE_WITH_TIMEOUT(hall.count("select count(*) from bank_item where bank_id = 'cut'"), 900, 20000);
    }
    QCOMPARE(hall.look(draft)["state"], "accepted");
  }

  void caseMaterialAndPicturesComeAlong() {
    ImportHall hall;
    const std::string png = *fromBase64("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=")
                                 .map([](const Bytes& bytes) { return std::string(bytes.begin(), bytes.end()); });
    const std::string name = sha256Hex(png).substr(0, 32) + ".png";
    Json item = one("a", "<p>看图<img src=\"media:" + name + "\"></p>");
    item["markup"] = "html";
    item["stimulus"] = "case-1";
    item["tags"] = {"案例"};
    Json file = native("whole", list({item}));
    file["stimuli"] = {{{"id", "case-1"}, {"text", "某厂事故"}}};
    file["media"] = {{{"name", name}, {"base64", toBase64(std::span(reinterpret_cast<const std::uint8_t*>(png.data()), png.size()))}}};
    Json draft = hall.read("whole", file);
    hall.must(hall.accept(draft));
    hall.runJobs();
    const Json page = hall.search({{"bank", "whole"}, {"tag", "案例"}});
    const Json detail = hall.fetch("/bank/items/{id}", hall.editor, page["items"][0]["id"]);
    QCOMPARE(detail["problems"], Json::array());
    QCOMPARE(detail["newest"]["stimulus"]["text"], "某厂事故");
    file["stimuli"][0]["text"] = "某厂触电事故";
    draft = hall.read("whole", file);
    QCOMPARE(draft["counts"]["changed"], 1);
    hall.must(hall.accept(draft));
    hall.runJobs();
    const Json after = hall.fetch("/bank/items/{id}", hall.editor, page["items"][0]["id"]);
    QCOMPARE(after["newest"]["stimulus"]["text"], "某厂触电事故");
    QCOMPARE(after["row"]["version"], 2);
  }

  void rowsWithMoreThanAPageCouldShowAreRefusedByName() {
    ImportHall hall;
    Json many = one("a", "标签太多"), foes = one("b", "互斥题太多"), noted = one("c", "说明很长");
    many["tags"] = Json::array(), foes["enemies"] = Json::array();
    for (int i = 0; i < 51; ++i) many["tags"].push_back("t" + std::to_string(100 + i));
    for (int i = 0; i < 201; ++i) foes["enemies"].push_back("e" + std::to_string(100 + i));
    noted["option_notes"] = {std::string(8000, 'x'), "", ""};
    const Json draft = hall.read("long", native("long", list({many, foes, noted, one("d", "好的题")})));
    QCOMPARE(draft["counts"]["rows"], 4);
    QCOMPARE(draft["counts"]["refused"], 2);
    QCOMPARE(draft["counts"]["new"], 2);
    const Json refused = hall.rows(draft, "refused");
    QCOMPARE(refused[0]["findings"][0]["code"], "too_many_tags");
    QVERIFY(refused[0]["findings"][0]["what"]["zh"].get<std::string>().find("51 个标签") != std::string::npos);
    QCOMPARE(refused[0]["content"]["tags"].size(), std::size_t{50});
    QCOMPARE(refused[1]["findings"][0]["code"], "too_many_enemies");
    Json too_long = refused[0]["content"];
    too_long["tags"].push_back("还有一个");
    QCOMPARE(reason(hall.mend(refused[0], too_long)), std::string("too_many_tags"));
    hall.must(hall.mend(refused[0], refused[0]["content"]));
    QCOMPARE(hall.counts(draft)["new"], 3);
    QCOMPARE(hall.rows(draft, "new").size(), std::size_t{3});
  }

  void aLongReasonOfAnImportCanBeReadInTheHistory() {
    ImportHall hall;
    hall.intoBank("why", list({one("a", "第一题"), one("b", "第二题")}));
    const Json draft = hall.read("why", native("why", list({one("a", "第一题")})));
    std::string long_reason;
    for (int i = 0; i < 500; ++i) long_reason += "因";
    hall.must(hall.post("/bank/imports/{id}/accept", {{"state", "draft"}, {"missing", "retire"}, {"reason", long_reason}}, hall.editor, draft["id"]));
    hall.runJobs();
    QVERIFY(hall.itemOf("why", "b")["history"][0]["reason"].get<std::string>().starts_with("不在导入的文件里"));
  }

  void newCaseMaterialGivesItemsThatAreNotInTheFileAVersionToReview() {
    ImportHall hall;
    const auto file = [](const std::string& material, std::initializer_list<Json> items) {
      Json whole = native("cases", list(items));
      whole["stimuli"] = {{{"id", "case-1"}, {"text", material}}};
      return whole;
    };
    const auto ofCase = [](Json item) { item["stimulus"] = "case-1"; return item; };
    const Json a = ofCase(one("a", "事故的类别是？")), b = ofCase(one("b", "事故的原因是？")), c = ofCase(one("c", "怎样预防？"));
    hall.must(hall.accept(hall.read("cases", file("某厂触电", {a, b, c}))));
    hall.runJobs();
    for (const char* id : {"a", "b", "c"}) hall.release("cases", id, hall.second);
    const Json c_now = hall.itemOf("cases", "c");
    hall.must(hall.move(c_now, "retire", hall.editor, "不再使用"));

    // Nobody takes the new text in, so there is none.
    Json draft = hall.read("cases", file("某厂检修时触电", {a, one("d", "无关的题")}));
    hall.must(hall.leaveOut(draft, "a"));
    hall.must(hall.accept(draft));
    hall.runJobs();
    QCOMPARE(hall.look(draft)["state"], "accepted");
    QCOMPARE(hall.count("select max(version) from stimulus where bank_id = 'cases'"), 1);
    QCOMPARE(hall.itemOf("cases", "a")["row"]["version"], 1);

    draft = hall.read("cases", file("某厂检修时触电", {a}));
    hall.must(hall.accept(draft, "in_review"));
    hall.runJobs();
    const Json beside = hall.itemOf("cases", "b");
    QCOMPARE(beside["row"]["version"], 2);
    QCOMPARE(beside["row"]["state"], "draft");
    QCOMPARE(beside["row"]["released_version"], 1);
    QCOMPARE(beside["newest"]["author"], "甲编辑");
    QCOMPARE(beside["newest"]["stimulus"]["text"], "某厂检修时触电");
    QCOMPARE(hall.itemOf("cases", "a")["row"]["version"], 2);
    QCOMPARE(hall.itemOf("cases", "c")["row"]["version"], 1);
    QCOMPARE(hall.mayRelease("cases", "b", hall.editor), std::string("released_by_author"));
    hall.release("cases", "b", hall.second);
  }

  void aTableIsGuessedAndReadAgainWithAMap() {
    ImportHall hall;
    const Json draft = hall.begin("table", {{"file_name", "题目.csv"}, {"title", "表格题库"}, {"roles", {"special_operations"}}, {"category", "1.2"}});
    hall.must(hall.upload(draft, "题目,备注,答案\n甲,乙,对\n丙,丁,也许\n"));
    hall.runJobs();
    Json ready = hall.look(draft);
    QCOMPARE(ready["state"], "ready");
    QCOMPARE(ready["format"], "csv");
    QCOMPARE(ready["counts"]["rows"], 2);
    QCOMPARE(ready["counts"]["imported"], 1);
    QCOMPARE(ready["guess"]["mapping"]["sheets"][0]["columns"], Json({"stem", "ignore", "key"}));
    QCOMPARE(ready["guess"]["sheets"][0]["first_rows"][1][0], "甲");
    QCOMPARE(hall.rows(draft, "refused")[0]["place"]["column"], 3);

    Json mapping = ready["guess"]["mapping"];
    mapping["sheets"][0]["columns"] = {"ignore", "stem", "key"};
    hall.must(hall.post("/bank/imports/{id}/read", {{"format", "csv"}, {"mapping", mapping}}, hall.editor, draft["id"]));
    hall.runJobs();
    ready = hall.look(draft);
    QCOMPARE(ready["state"], "ready");
    QCOMPARE(hall.rows(draft, "imported")[0]["content"]["stem"], "乙");
    hall.must(hall.accept(draft));
    hall.runJobs();
    QCOMPARE(hall.look(draft)["state"], "accepted");
  }
};

QTEST_GUILESS_MAIN(ImportsTest)
#include "test_imports.moc"
