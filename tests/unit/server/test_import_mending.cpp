// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "http/errors.hpp"
#include "import_hall.hpp"

using namespace invigil;
using namespace invigil::server;

namespace {

std::string words(const Result<Reply>& refused) { return refused ? "" : errorJson(refused.error())["error"]["zh"].get<std::string>(); }

/// A loose list: one good question, then two whose keys are none of their options.
Json twoRefused() {
  Json file = Json::array();
  for (const auto& [title, answer] : {std::pair{"好的题", "B"}, {"坏的题", "D"}, {"也坏的题", "E"}})
    file.push_back({{"category", "单选"}, {"title", title}, {"choices", "**A、甲**B、乙**C、丙"}, {"answer", answer}});
  return file;
}

Json turned(const std::string& stem) {
  Json content = ItemHall::choice(stem);
  content["options"] = {"乙", "甲", "丙"};
  content["key"] = {0};
  return content;
}

}  // namespace

/// What people make of the rows of a draft brings no question in twice and takes none away.
class ImportMendingTest : public QObject {
  Q_OBJECT

 private slots:
  void twoRowsAreNotMendedToOneQuestion() {
    ImportHall hall;
    const Json draft = hall.read("loose", twoRefused(), {{"title", "网上题库"}, {"roles", {"special_operations"}}});
    const Json rows = hall.rows(draft, "refused");
    QCOMPARE(rows.size(), std::size_t{2});
    const std::string first = hall.must(hall.mend(rows[0], ItemHall::choice("同一道题")))["item_id"];
    for (const Json& content : {turned("同一道题"), ItemHall::choice("同一道题")}) {
      const auto again = hall.mend(rows[1], content);
      QCOMPARE(reason(again), std::string("question_in_import"));
      QVERIFY2(words(again).find("（第 2 行 / row 2）") != std::string::npos, words(again).c_str());
    }
    Json other_key = turned("同一道题");
    other_key["key"] = {1};
    QCOMPARE(reason(hall.mend(rows[1], other_key)), std::string("question_in_import"));
    QCOMPARE(reason(hall.mend(rows[1], turned("好的题"))), std::string("question_in_import"));  // of a row that nobody mended
    hall.must(hall.leaveOut(draft, first));
    const std::string second = hall.must(hall.mend(rows[1], turned("同一道题")))["item_id"];
    QVERIFY(first != second);
    QCOMPARE(reason(hall.leaveOut(draft, first, false)), std::string("question_in_import"));
    hall.must(hall.leaveOut(draft, second));
    hall.must(hall.leaveOut(draft, first, false));
    hall.must(hall.accept(draft));
    hall.runJobs();
    QCOMPARE(hall.look(draft)["state"], "accepted");
    QCOMPARE(hall.count("select count(*) from bank_item where bank_id = 'loose'"), 2);
  }

  void aRowMendedToTheStemOfAnotherIsSavedWithAWarning() {
    ImportHall hall;
    const Json draft = hall.read("alike", twoRefused(), {{"title", "网上题库"}, {"roles", {"special_operations"}}});
    const Json rows = hall.rows(draft, "refused");
    Json content = ItemHall::choice("好的题");
    content["options"] = {"丁", "戊", "己"};
    const Json mended = hall.must(hall.mend(rows[0], content));
    const Json& warning = mended["findings"].back();
    QCOMPARE(warning["code"], "same_stem");
    QCOMPARE(warning["what"]["zh"], "与第 1 行题干相同，选项不同");
    QCOMPARE(warning["what"]["en"], "the same stem as row 1 with other options");
    QCOMPARE(hall.counts(draft)["look_alikes"], 1);
    QCOMPARE(hall.fetch("/bank/imports/{id}/report", hall.editor, draft["id"])["files"][0]["look_alikes"].size(), std::size_t{1});
    const Json again = hall.must(hall.mend(mended, ItemHall::choice("别的题")));
    for (const Json& one : again["findings"]) QVERIFY(one["code"] != "same_stem");
    QCOMPARE(hall.counts(draft)["look_alikes"], 0);
    hall.must(hall.leaveOut(draft, hall.rows(draft, "new")[0]["item_id"]));
    content["options"] = {"庚", "辛", "壬"};
    const Json alone = hall.must(hall.mend(again, content));  // the other row is left out
    for (const Json& one : alone["findings"]) QVERIFY(one["code"] != "same_stem");
  }

  void whatStandsInAFileOfOursTwiceMayStaySo() {
    ImportHall hall;
    const Json draft = hall.read("twins", native("twins", list({one("a", "同一道题"), one("b", "同一道题")})));
    hall.must(hall.leaveOut(draft, "b"));
    hall.must(hall.leaveOut(draft, "b", false));
    const Json row = hall.rows(draft, "new")[1];
    Json content = row["content"];
    content["explanation"] = "因为";
    hall.must(hall.mend(row, content));
    QCOMPARE(hall.counts(draft)["new"], 2);
  }

  void aRowLeftOutDoesNotLetItsOldQuestionInTwice() {
    ImportHall hall;
    hall.intoBank("met", list({one("a", "原来的题")}));
    const Json draft = hall.read("met", native("met", list({one("a", "改过的题"), one("x", "原来的题"), one("y", "新题")})));
    QCOMPARE(draft["counts"]["new"], 2);
    const auto refused = hall.leaveOut(draft, "a");
    QCOMPARE(reason(refused), std::string("question_stays_in_bank"));
    QVERIFY2(words(refused).find("（第 2 行 / row 2）") != std::string::npos, words(refused).c_str());
    QCOMPARE(hall.counts(draft)["left_out"], 0);
    hall.must(hall.leaveOut(draft, "x"));
    hall.must(hall.leaveOut(draft, "a"));
    QCOMPARE(reason(hall.leaveOut(draft, "x", false)), std::string("item_in_bank"));
    hall.must(hall.accept(draft));
    hall.runJobs();
    QCOMPARE(hall.look(draft)["state"], "accepted");
    QCOMPARE(hall.found({{"bank", "met"}}), (std::vector<std::string>{"a", "y"}));
    QCOMPARE(hall.count("select version from bank_item where bank_id = 'met' and item_id = 'a'"), 1);
  }

  void anItemLeftAloneThatHasChangedMeanwhileIsToldAboutOnce() {
    ImportHall hall;
    hall.intoBank("race", list({one("a", "原来的题"), one("b", "没有变的题")}));
    const Json draft = hall.read("race", native("race", list({one("a", "改过的题"), one("b", "没有变的题"), one("x", "同事的题"), one("y", "同事的另一题")})));
    hall.must(hall.leaveOut(draft, "a"));
    const Json items = hall.search({{"bank", "race"}})["items"];
    // b first, which the draft would leave unchanged, then a, which it leaves out.
    for (const auto& [at, stem] : {std::pair{1, "同事的另一题"}, {0, "同事的题"}}) {
      hall.must(hall.edit(hall.fetch("/bank/items/{id}", hall.second, items[at]["id"]), ItemHall::choice(stem), hall.second));
      hall.must(hall.accept(draft));
      hall.runJobs();
      QCOMPARE(hall.look(draft)["error"]["id"], "import_is_stale");
    }
    hall.must(hall.post("/bank/imports/{id}/read", {{"format", ""}}, hall.editor, draft["id"]));
    hall.runJobs();
    for (const auto& [item, row] : {std::pair{"a", "x"}, {"b", "y"}}) {
      QCOMPARE(reason(hall.leaveOut(draft, item)), std::string("question_stays_in_bank"));
      hall.must(hall.leaveOut(draft, row));
      hall.must(hall.leaveOut(draft, item));
    }
    QCOMPARE(reason(hall.accept(draft)), std::string("import_is_empty"));
  }

  void aMendedRowDoesNotTakeAwayWhatADuplicateStandsOn() {
    ImportHall hall;
    hall.must(hall.accept(hall.readTable("table", "停电检修先做什么?,停电,验电,A\n")));
    hall.runJobs();
    const std::string id = hall.found({{"bank", "table"}}).at(0);
    const Json draft = hall.readTable("table", "停电检修先做什么?,验电,停电,B\n安全电压是多少伏?,36,220,E\n");
    QCOMPARE(hall.rows(draft, "duplicates")[0]["item_id"], id);
    Json other = ItemHall::choice("停电检修先做什么?");
    other["options"] = {"停电", "验电"};
    const auto refused = hall.mend(hall.rows(draft, "refused")[0], other);
    QCOMPARE(reason(refused), std::string("item_stands_for_row"));
    QVERIFY2(words(refused).find("（" + id + "）") != std::string::npos, words(refused).c_str());
  }

  void aRowDoesNotOverwriteTheItemItRepeats() {
    ImportHall hall;
    hall.must(hall.accept(hall.readTable("table", "停电检修先做什么?,停电,验电,A\n")));
    hall.runJobs();
    const std::string id = hall.found({{"bank", "table"}}).at(0);
    Json content = ItemHall::choice("停电检修先做什么?");
    content["options"] = {"停电", "验电"};
    for (const auto& [kind, key] : {std::pair{"duplicates", "B"}, {"refused", "A"}}) {
      const Json draft = hall.readTable("table", "停电检修先做什么?,验电,停电," + std::string(key) + "\n");
      const Json row = hall.rows(draft, kind).at(0);
      QCOMPARE(row["item_id"], id);
      for (int right : {0, 1}) {
        content["key"] = {right};
        const auto refused = hall.mend(row, content);
        QCOMPARE(reason(refused), std::string("item_in_bank"));
        QVERIFY2(words(refused).find("（" + id + "）") != std::string::npos, words(refused).c_str());
      }
      QCOMPARE(reason(hall.accept(draft)), std::string("import_is_empty"));
    }
  }

  void theReportTellsHowAMendedTwinMeetsTheBankNow() {
    ImportHall hall;
    hall.intoBank("met", list({one("a", "第一题"), one("b", "第二题")}));
    const Json draft = hall.read("met", native("met", list({one("a", "第二题")})));
    Json row = hall.rows(draft, "changed")[0], content = row["content"];
    const auto lists = [&](const Json& changed) {
      row = hall.must(hall.mend(row, changed));
      const Json file = hall.fetch("/bank/imports/{id}/report", hall.editor, draft["id"])["files"][0];
      Json codes = Json::array();
      for (const Json& finding : file["look_alikes"]) codes.push_back(finding["code"]);
      return file["repairs"].empty() && hall.counts(draft)["look_alikes"] == codes.size() ? codes : file;
    };
    content["explanation"] = "因为";
    QCOMPARE(lists(content), Json({"duplicate_in_bank"}));
    content["key"] = {0};
    QCOMPARE(lists(content), Json({"other_answer_in_bank"}));
    content["options"] = {"丁", "戊"};
    QCOMPARE(lists(content), Json({"same_stem_in_bank"}));
    content["stem"] = "没有人问过的题";
    QCOMPARE(lists(content), Json::array());
  }
};

QTEST_GUILESS_MAIN(ImportMendingTest)
#include "test_import_mending.moc"
