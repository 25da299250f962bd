// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "banking/banking.hpp"
#include "http/errors.hpp"
#include "import_hall.hpp"
#include "invigil/bank/tables.hpp"

using namespace invigil;
using namespace invigil::server;

/// A file meets what its bank holds already.
class ImportMeetingTest : public QObject {
  Q_OBJECT

 private slots:
  void aQuestionThatTheBankHoldsUnderAnotherIdIsNoSecondOne() {
    ImportHall hall;
    hall.intoBank("met", list({one("a", "第一题"), one("b", "第二题"), one("c", "第三题"), one("d", "第四题")}));
    Json turned = one("x1", "第一题", "A"), other = one("x3", "第三题");
    turned["options"] = {"乙", "甲", "丙"};  // the same question and answer in another order
    other["options"] = {"丁", "戊"};
    turned["explanation"] = "因为";
    Json friendly = one("x5", "新题");
    friendly["enemies"] = {"x1"};
    turned["enemies"] = {"x5"};
    const Json draft = hall.read("met", native("met", list({turned, one("x2", "第二题", "A"), other, one("d", "第四题"), friendly})));
    const Json& counts = draft["counts"];
    QCOMPARE(counts["rows"], 5);
    QCOMPARE(counts["imported"].get<int>() + counts["duplicates"].get<int>() + counts["refused"].get<int>(), 5);
    for (const auto& [what, count] : {std::pair{"duplicates", 1}, {"refused", 1}, {"look_alikes", 1}, {"new", 2}, {"unchanged", 1}, {"changed", 0}})
      QVERIFY2(counts[what] == count, (what + counts.dump()).c_str());
    const auto met = [&](const char* kind, const char* code, const std::string& id, const char* words) {
      const Json rows = hall.rows(draft, kind);
      const Json& last = rows.at(0)["findings"].back();
      return rows.size() == 1 && last["code"] == code && last["bank_item"] == id && last["what"]["zh"].get<std::string>().find(words) != std::string::npos &&
             last["what"]["en"].get<std::string>().find(id) != std::string::npos;
    };
    QVERIFY(met("duplicates", "duplicate_in_bank", "a", "与题库里的题 a 完全相同"));
    QVERIFY(met("duplicates", "duplicate_in_bank", "a", "文件里另有、没有带入的：解析"));
    QVERIFY(met("refused", "other_answer_in_bank", "b", "题库里是“乙”，这一行是“甲”"));
    QVERIFY(met("look_alikes", "same_stem_in_bank", "c", "与题库里的题 c 题干相同"));
    QCOMPARE(hall.rows(draft, "duplicates")[0]["findings"][0]["bank_item_at"], hall.search({{"bank", "met"}, {"q", "第一题"}})["items"][0]["id"]);
    // What the file asks under another id is not missing from it, and is not retired with the rest.
    const Json missing = hall.rows(draft, "missing");
    QCOMPARE(missing.size(), std::size_t{1});
    QCOMPARE(missing[0]["item_id"], "c");
    const Json report = hall.fetch("/bank/imports/{id}/report", hall.editor, draft["id"])["files"][0];
    QCOMPARE(report["duplicate_rows"][0]["bank_item"], "a");
    QCOMPARE(report["refused"][0]["bank_item"], "b");
    QCOMPARE(report["look_alikes"][0]["bank_item"], "c");
    const auto sheets = bank::readSheets(hall.sheet(draft));
    QVERIFY(sheets.has_value());
    QCOMPARE(sheets->at(3).name, std::string("重复 Duplicates"));
    QCOMPARE(sheets->at(3).lines.at(1).cells.at(8), std::string("a"));
    hall.must(hall.accept(draft, "draft", "retire"));
    hall.runJobs();
    QCOMPARE(hall.look(draft)["state"], "accepted");
    QCOMPARE(hall.found({{"bank", "met"}, {"state", "draft"}}), (std::vector<std::string>{"a", "b", "d", "x3", "x5"}));
    const Json page = hall.search({{"bank", "met"}, {"q", "x5"}});
    QCOMPARE(hall.fetch("/bank/items/{id}", hall.editor, page["items"][0]["id"])["newest"]["content"]["enemies"], Json({"a"}));
    QCOMPARE(hall.fetch("/bank/imports/{id}/report", hall.editor, draft["id"])["files"][0]["duplicate_rows"].size(), std::size_t{1});
  }

  void anEnemyThatOnlyTheBankHoldsIsNamedOnBothSides() {
    ImportHall hall;
    hall.intoBank("met", list({one("a", "第一题"), one("b", "第二题"), one("c", "第三题")}));
    Json known = one("x1", "第一题"), fresh = one("x5", "新题"), changed = one("c", "第三题，改过");
    known["enemies"] = {"x5"};
    fresh["enemies"] = {"b", "x1"};
    changed["enemies"] = {"b"};
    const Json draft = hall.read("met", native("met", list({known, fresh, changed})));
    QCOMPARE(hall.rows(draft, "new")[0]["content"]["enemies"], Json({"a", "b"}));
    QCOMPARE(hall.count("select count(*) from import_row where kind = 'item' and ready = 1"), 2);
    const Json row = hall.rows(draft, "new")[0];
    Json content = row["content"];
    content["explanation"] = "因为";
    hall.must(hall.mend(row, content));
    QCOMPARE(hall.count("select count(*) from import_row where kind = 'item' and ready = 1"), 2);
    hall.must(hall.accept(draft, "in_review"));
    hall.runJobs();
    QCOMPARE(hall.look(draft)["state"], "accepted");
    const auto detail = [&](const std::string& id) {
      const Json page = hall.search({{"bank", "met"}});
      for (const Json& item : page["items"])
        if (item["item_id"] == id) return hall.fetch("/bank/items/{id}", hall.editor, item["id"]);
      qFatal("no item %s", id.c_str());
    };
    for (const auto& [id, enemies] : {std::pair{"a", Json({"x5"})}, {"b", Json({"c", "x5"})}, {"c", Json({"b"})}, {"x5", Json({"a", "b"})}}) {
      QCOMPARE(detail(id)["newest"]["content"]["enemies"], enemies);
      QCOMPARE(detail(id)["problems"], Json::array());
    }
    QCOMPARE(detail("a")["row"]["version"], 2);
    QCOMPARE(detail("a")["row"]["state"], "draft");  // its new version waits for a second person, too
  }

  void theSameTableAgainAndOurOwnExportBringNothingIn() {
    ImportHall hall;
    const Json first = hall.readTable("table", "停电检修先做什么?,停电,验电,A\n安全电压是多少伏?,36,220,A\n");
    QCOMPARE(first["counts"]["new"], 2);
    hall.must(hall.accept(first));
    hall.runJobs();
    QCOMPARE(hall.readTable("table", "停电检修先做什么?,停电,验电,A\n安全电压是多少伏?,36,220,A\n")["counts"]["unchanged"], 2);
    const Json turned = hall.readTable("table", "停电检修先做什么?,验电,停电,B\n安全电压是多少伏?,220,36,B\n");  // other ids
    QCOMPARE(turned["counts"]["duplicates"], 2);
    QCOMPARE(turned["counts"]["missing"], 0);
    QCOMPARE(reason(hall.accept(turned)), std::string("import_is_empty"));

    hall.intoBank("twins", list({one("a", "同一道题"), one("b", "同一道题"), one("c", "另一道题")}));  // a file of ours may hold twins
    Routes exports = exportRoutes();
    for (Route& route : exports) hall.routes.push_back(std::move(route));
    Call call;
    call.caller = hall.editor;
    call.id = "twins";
    call.query = {{"format", "native_json"}};
    const auto file = hall.run("get", "/api/v1/admin/banks/{id}/export", call);
    QVERIFY(file.has_value());
    const Json again = hall.begin("twins");
    hall.must(hall.upload(again, file->bytes));
    hall.runJobs();
    QVERIFY2(hall.counts(again)["unchanged"] == 3 && hall.counts(again)["duplicates"] == 0, hall.look(again).dump().c_str());
  }

  void aRetiredItemComesBackByAPersonsDecisionOnly() {
    ImportHall hall;
    hall.intoBank("back", list({one("a", "退役的题"), one("b", "另一道退役的题"), one("c", "在用的题"), one("d", "刚刚退役的题")}));
    const auto retire = [&](const char* id) { hall.must(hall.move(hall.itemOf("back", id), "retire", hall.editor, "标准已废止")); };
    for (const char* id : {"a", "b"}) retire(id);
    Json file = native("back", list({one("a", "退役的题"), one("b", "另一道退役的题"), one("c", "在用的题"), one("d", "刚刚退役的题，改过")}));
    Json draft = hall.read("back", file);
    for (const auto& [what, count] : {std::pair{"changed", 3}, {"unchanged", 1}, {"look_alikes", 2}, {"missing", 0}, {"repaired", 0}})
      QVERIFY2(draft["counts"][what] == count, (what + draft["counts"].dump()).c_str());
    const Json row = hall.rows(draft, "changed")[0];
    const Json& finding = row["findings"][0];
    QCOMPARE(finding["code"], "retired_in_bank");
    QVERIFY(finding["what"]["zh"].get<std::string>().find("题 a 已退役") != std::string::npos);
    QVERIFY(finding["what"]["en"].get<std::string>().find("item a is retired") != std::string::npos);
    QCOMPARE(finding["bank_item_at"], hall.itemOf("back", "a")["row"]["id"]);
    QCOMPARE(hall.fetch("/bank/imports/{id}/report", hall.editor, draft["id"])["files"][0]["look_alikes"].size(), std::size_t{2});
    // Mended, it is told so once.
    Json content = row["content"];
    content["explanation"] = "因为";
    QCOMPARE(hall.must(hall.mend(row, content))["findings"].size(), std::size_t{1});
    hall.must(hall.leaveOut(draft, "b"));
    // What is retired after somebody has looked at the draft does not come back unseen.
    retire("d");
    hall.must(hall.accept(draft));
    hall.runJobs();
    QCOMPARE(hall.look(draft)["error"]["id"], "import_is_stale");
    hall.must(hall.leaveOut(draft, "d"));
    hall.must(hall.accept(draft));
    hall.runJobs();
    QCOMPARE(hall.look(draft)["state"], "accepted");
    const Json back = hall.itemOf("back", "a");
    QCOMPARE(back["row"]["state"], "draft");
    QCOMPARE(back["row"]["version"], 2);
    QCOMPARE(back["history"][0]["move"], "revive");
    QCOMPARE(back["history"][0]["from"], "retired");
    QCOMPARE(hall.found({{"bank", "back"}, {"state", "retired"}}), (std::vector<std::string>{"b", "d"}));
    QCOMPARE(hall.mayRelease("back", "a", hall.editor), std::string("released_by_author"));
    // The very same again is a change of what is retired, and none of what is there.
    draft = hall.read("back", file);
    QCOMPARE(hall.rows(draft, "look_alikes").size(), std::size_t{2});
  }

  void anExportNamesTheItemsThatStandWithAnOlderCase() {
    ImportHall hall;
    const auto lost = [&](const char* format, const char* released) {
      return hall.fetch("/admin/banks/{id}/export-losses", hall.editor, "cases", {{"format", format}, {"released", released}})["lost"];
    };
    Routes exports = exportRoutes();
    for (Route& route : exports) hall.routes.push_back(std::move(route));
    Json whole = native("cases", list({one("a", "事故的类别是？"), one("b", "事故的原因是？")}));
    for (Json& item : whole["items"]) item["stimulus"] = "case-1";
    whole["stimuli"] = {{{"id", "case-1"}, {"text", "某厂触电"}}};
    hall.must(hall.accept(hall.read("cases", whole)));
    hall.runJobs();
    for (const char* id : {"a", "b"}) hall.release("cases", id, hall.second);
    QCOMPARE(lost("native_json", "1"), Json::array());
    hall.must(hall.post("/bank/stimuli", {{"bank_id", "cases"}, {"id", "case-1"}, {"version", 1}, {"markup", "plain"}, {"text", "某厂检修时触电"}, {"reason", "更正"}}, hall.editor));
    hall.release("cases", "a", hall.second);
    QCOMPARE(lost("native_json", "0"), Json::array());  // all stand with the newest
    for (const char* format : {"native_json", "qti30"}) {
      const Json list = lost(format, "1");
      const Json* found = nullptr;
      for (const Json& one : list)
        if (one["item"] == "b" && one["what"]["zh"].get<std::string>().find("case-1") != std::string::npos) found = &one;
      QVERIFY2(found, list.dump().c_str());
      QCOMPARE((*found)["code"], "not_carried");
      QCOMPARE((*found)["what"]["zh"], "没有带上：本题所用的案例材料 case-1 第 1 版，文件里只有第 2 版");
      QCOMPARE((*found)["what"]["en"], "not carried: version 1 of the case material case-1, which the item stands with; the file holds version 2 only");
    }
  }

  void retiredItemsAndOtherBanksAreNotMet() {
    ImportHall hall;
    hall.intoBank("other", list({one("o", "别的题库的题")}));
    hall.intoBank("met", list({one("a", "退役的题"), one("b", "在用的题")}));
    Json draft = hall.read("met", native("met", list({one("b", "在用的题")})));
    hall.must(hall.accept(draft, "draft", "retire"));
    hall.runJobs();
    QCOMPARE(hall.found({{"bank", "met"}, {"state", "retired"}}), std::vector<std::string>{"a"});
    draft = hall.read("met", native("met", list({one("x", "退役的题"), one("y", "别的题库的题")})));
    QCOMPARE(draft["counts"]["new"], 2);
    QCOMPARE(draft["counts"]["duplicates"], 0);
  }

  void whatTheFileMakesOfAnItemCountsNotWhatItSaidBefore() {
    ImportHall hall;
    hall.intoBank("met", list({one("a", "第一题"), one("b", "第二题")}));
    // a gets other words and its old ones a new id: were x a duplicate of a, the question would be lost.
    Json draft = hall.read("met", native("met", list({one("a", "第一题，改过"), one("x", "第一题")})));
    QCOMPARE(draft["counts"]["changed"], 1);
    QCOMPARE(draft["counts"]["new"], 1);
    // An item that becomes the same as another one keeps its id and is told about.
    draft = hall.read("met", native("met", list({one("a", "第二题")})));
    QCOMPARE(draft["counts"]["changed"], 1);
    QCOMPARE(draft["counts"]["look_alikes"], 1);
    const Json report = hall.fetch("/bank/imports/{id}/report", hall.editor, draft["id"])["files"][0];
    QCOMPARE(report["look_alikes"][0]["code"], "duplicate_in_bank");
    QVERIFY(report["look_alikes"][0]["what"]["zh"].get<std::string>().find("两道都保留") != std::string::npos);
    QCOMPARE(report["repairs"].size(), std::size_t{0});
  }

  void theSameQuestionAboutAnotherCaseIsAnotherQuestion() {
    ImportHall hall;
    const auto file = [](const std::string& id, const std::string& material) {
      Json item = one(id, "本起事故的类别是？");
      item["stimulus"] = "case-" + id;
      Json whole = native("cases", list({item}));
      whole["stimuli"] = {{{"id", "case-" + id}, {"text", material}}};
      return whole;
    };
    Json draft = hall.read("cases", file("a", "某厂触电"));
    hall.must(hall.accept(draft));
    hall.runJobs();
    draft = hall.read("cases", file("b", "某矿坠落"));
    QCOMPARE(draft["counts"]["new"], 1);
    QCOMPARE(draft["counts"]["look_alikes"], 1);
    draft = hall.read("cases", file("c", "某厂触电"));
    QCOMPARE(draft["counts"]["duplicates"], 1);
    QCOMPARE(hall.count("select count(*) from import_stimulus where stimulus_id = 'case-c'"), 0);  // nobody refers to it
  }

  void twoDraftsOfOneQuestionDoNotBothComeIn() {
    ImportHall hall;
    hall.intoBank("race", list({one("a", "早就有的题")}));
    const Json first = hall.read("race", native("race", list({one("x", "同一道题"), one("x2", "只有甲有")})));
    const Json second = hall.read("race", native("race", list({one("y", "同一道题"), one("y2", "只有乙有")})));
    QCOMPARE(second["counts"]["new"], 2);
    hall.must(hall.accept(second));
    hall.runJobs();
    hall.must(hall.accept(first));
    hall.runJobs();
    QCOMPARE(hall.look(first)["error"]["id"], "import_is_stale");
    QCOMPARE(hall.count("select count(*) from bank_item where bank_id = 'race'"), 3);
    hall.must(hall.post("/bank/imports/{id}/read", {{"format", ""}}, hall.editor, first["id"]));
    hall.runJobs();
    QCOMPARE(hall.counts(first)["duplicates"], 1);
    QCOMPARE(hall.rows(first, "duplicates")[0]["item_id"], "y");
    hall.must(hall.accept(first));
    hall.runJobs();
    QCOMPARE(hall.found({{"bank", "race"}}), (std::vector<std::string>{"a", "y", "y2", "x2"}));
  }

  void aDuplicateOfAnItemThatHasChangedIsReadAgain() {
    ImportHall hall;
    hall.intoBank("race", list({one("a", "题库里的题")}));
    const Json draft = hall.read("race", native("race", list({one("x", "题库里的题"), one("y", "新题")})));
    QCOMPARE(draft["counts"]["duplicates"], 1);
    const Json item = hall.fetch("/bank/items/{id}", hall.second, hall.search({{"bank", "race"}})["items"][0]["id"]);
    hall.must(hall.edit(item, ItemHall::choice("同事改成了另一道题"), hall.second));
    hall.must(hall.accept(draft));
    hall.runJobs();
    QCOMPARE(hall.look(draft)["error"]["id"], "import_is_stale");  // else the question would be in neither
    hall.must(hall.post("/bank/imports/{id}/read", {{"format", ""}}, hall.editor, draft["id"]));
    hall.runJobs();
    QCOMPARE(hall.counts(draft)["new"], 2);
    hall.must(hall.accept(draft));
    hall.runJobs();
    QCOMPARE(hall.found({{"bank", "race"}}), (std::vector<std::string>{"a", "x", "y"}));
  }

  void aMendedRowMeetsTheBankToo() {
    ImportHall hall;
    hall.intoBank("met", list({one("a", "题库里的题"), one("b", "另一道题")}));
    const Json draft = hall.read("met", native("met", list({one("x", "题库里的题"), one("y", "新题")})));
    const Json fresh = hall.rows(draft, "new")[0];
    const auto again = hall.mend(fresh, ItemHall::choice("另一道题"));
    QCOMPARE(reason(again), std::string("item_in_bank"));
    QCOMPARE(errorJson(again.error())["error"]["where"], "content");
    QVERIFY(errorJson(again.error())["error"]["zh"].get<std::string>().find("（b）") != std::string::npos);
    Json alike = ItemHall::choice("另一道题");
    alike["options"] = {"丁", "戊"};
    const Json warned = hall.must(hall.mend(hall.rows(draft, "new")[0], alike));
    QCOMPARE(warned["findings"].back()["code"], "same_stem_in_bank");
    QCOMPARE(hall.counts(draft)["look_alikes"], 1);
    const Json calm = hall.must(hall.mend(warned, ItemHall::choice("没有人问过的题")));
    QCOMPARE(calm["findings"].size(), std::size_t{0});
    // A duplicate that becomes another question is a new item, not a version of the one it repeated.
    const Json mended = hall.must(hall.mend(hall.rows(draft, "duplicates")[0], ItemHall::choice("改成另外一题")));
    QCOMPARE(mended["fate"], "new");
    QVERIFY(mended["item_id"] != "a");
    QCOMPARE(hall.counts(draft)["duplicates"], 0);
    hall.must(hall.accept(draft));
    hall.runJobs();
    QCOMPARE(hall.count("select count(*) from bank_item where bank_id = 'met'"), 4);
    QCOMPARE(hall.count("select version from bank_item where bank_id = 'met' and item_id = 'a'"), 1);
  }
};

QTEST_GUILESS_MAIN(ImportMeetingTest)
#include "test_import_meeting.moc"
