// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "formats/as_read.hpp"
#include "formats/findings.hpp"
#include "formats/list_habits.hpp"
#include "import_defaults.hpp"
#include "invigil/bank/bank_file.hpp"
#include "invigil/base/text.hpp"
#include "shared_corpora.hpp"

using namespace invigil;
using namespace invigil::bank;
using formats::Json;
using Texts = std::vector<std::string>;

namespace {

std::shared_ptr<const AsRead> read(const Json& row, std::optional<ItemType> type = std::nullopt) { return asRead(formats::looseAsRead(row, type, true, formats::listHabits({&row}))); }

Collected collected(const std::string& bytes, const std::string& name) {
  auto file = readBankFile(bytes, name, "", std::nullopt, defaults());
  if (!file) qFatal("%s", file.error().detail.c_str());
  return std::move(file->collected);
}

}  // namespace

/// Who mends a refused row begins with what the file says.
class AsReadTest : public QObject {
  Q_OBJECT

 private slots:
  void whatWasRightIsThereAndADoubtfulKeyIsNot() {
    const auto row = read({{"category", "单选题"}, {"title", "有几种？"}, {"choices", "A、一B、二C、三D、四"}, {"answer", "E"}, {"explanation", "见规程"}});
    QCOMPARE(row->type, std::string("单选题"));
    QCOMPARE(row->options, std::string("A、一B、二C、三D、四"));
    QCOMPARE(row->key, std::string("E"));
    QCOMPARE(row->item.type, ItemType::SingleChoice);
    QCOMPARE(row->item.stem, std::string("有几种？"));
    QCOMPARE(row->item.options, (Texts{"一", "二", "三", "四"}));
    QVERIFY(row->item.key.empty());
    QCOMPARE(row->item.explanation, std::string("见规程"));
    QCOMPARE(read({{"category", "单选"}, {"title", "题"}, {"choices", {"甲", "乙"}}, {"answer", "AB"}})->item.key.size(), std::size_t{0});
    QCOMPARE(read({{"category", "多选"}, {"title", "题"}, {"choices", {"甲", "乙"}}, {"answer", "A"}})->item.key.size(), std::size_t{0});
  }

  void answersThatDifferAreShownWithTheirNames() {
    const auto row = read({{"category", "单选题"}, {"title", "题"}, {"choices", {"甲", "乙"}}, {"answer", "A"}, {"correctAnswer", "B"}});
    QCOMPARE(row->key, std::string("correctAnswer：B\nanswer：A"));
    QVERIFY(row->item.key.empty());
    QCOMPARE(read({{"category", "单选题"}, {"title", "题"}, {"choices", {"甲", "甲"}}, {"answer", "A"}, {"key", "q17"}})->key, std::string("A"));
    const auto zero = read({{"title", "题"}, {"option0", "甲"}, {"option1", "乙"}, {"answer", "A"}});
    QCOMPARE(zero->item.options, (Texts{"甲", "乙"}));
    const auto gap = read({{"title", "题"}, {"A", ""}, {"B", "乙"}, {"C", "丙"}, {"answer", "B"}});
    QCOMPARE(gap->item.options, (Texts{"", "乙", "丙"}));
    QVERIFY(gap->item.key.empty());
  }

  void optionsThatCannotBeTakenAreShownAsTheyStand() {
    QCOMPARE(read({{"title", "题"}, {"choices", {"A、甲", "B、", "C、丙"}}, {"answer", "C"}})->item.options.size(), std::size_t{3});
    const auto twins = read({{"title", "题"}, {"choices", {{"A", "甲"}, {"B", "甲"}, {"C", "丙"}}}, {"answer", "C"}});
    QCOMPARE(twins->item.options, (Texts{"甲", "甲", "丙"}));
    QVERIFY(twins->item.key.empty());  // which options its letter counts is for a person to see
    const auto odd = read({{"category", "单选题"}, {"title", "题"}, {"choices", "**A.60**A**B.100**甲**C.200**D.500"}, {"answer", "C"}});
    QCOMPARE(odd->item.options, (Texts{"60**A", "100**甲", "200", "500"}));
    QVERIFY(odd->item.key.empty());
    const auto objects = read({{"title", "题"}, {"options", {{{"key", "A"}, {"value", "停电"}}, {{"key", "A"}, {"value", "验电"}}}}, {"answer", "B"}});
    QCOMPARE(objects->item.options, (Texts{"停电", "验电"}));
    const auto members = read({{"题目", "题"}, {"A", "甲"}, {"B", 2}, {"答案", "A"}});
    QCOMPARE(members->item.options, (Texts{"甲", "2"}));
  }

  void theTypeIsAsStatedOrAsItLooks() {
    QCOMPARE(read({{"category", "判断题"}, {"title", "题"}, {"answer", "也许"}})->item.type, ItemType::TrueFalse);
    QVERIFY(read({{"category", "判断题"}, {"title", "题"}, {"answer", "也许"}})->item.key.empty());
    QCOMPARE(read({{"category", "判断题"}, {"title", "题"}, {"answer", "×"}})->item.key, std::vector<int>{1});
    QCOMPARE(read({{"title", "题"}, {"answer", "√"}})->item.type, ItemType::TrueFalse);
    QCOMPARE(read({{"title", "题"}, {"choices", {"甲", "乙", "丙"}}, {"answer", "AC"}})->item.type, ItemType::MultipleChoice);
    const auto typed = read({{"category", "填空题"}, {"title", "安全电压是多少？"}, {"answer", "36V"}});
    QCOMPARE(typed->item.type, ItemType::ShortText);
    QCOMPARE(typed->item.answers.at(0).text, std::string("36V"));
    QCOMPARE(read({{"title", "题"}, {"answer", "A"}}, ItemType::MultipleChoice)->item.type, ItemType::MultipleChoice);
  }

  void nonsenseIsBoundedAndWellFormed() {
    Json many = Json::array();
    for (int i = 0; i < 500; ++i) many.push_back(std::string(300, 'x') + std::to_string(i));
    const auto row = read({{"title", std::string(50'000, 'a')}, {"choices", many}, {"answer", Json::array({1, nullptr, {{"a", 1}}})}, {"explanation", "\xff\xfe"}});
    QCOMPARE(codePoints(row->item.stem), std::size_t{20'000});
    QVERIFY(row->item.stem.ends_with("…"));
    QCOMPARE(row->item.options.size(), kOptionsMax);
    QVERIFY(codePoints(row->options) <= 20'000 && isUtf8(row->item.explanation));
    QVERIFY(read(Json::array())->item.stem.empty());
    QCOMPARE(read({{"title", {{"zh", "题"}}}, {"answer", false}, {"choices", 7}})->item.key, std::vector<int>{1});
  }

  void aFindingKeepsAWholeStemAndSaysWhereItCuts() {
    std::string stem;
    for (int i = 0; i < 300; ++i) stem += "字";
    QCOMPARE(formats::findingAt({}, "refused", stem, {}).text, stem);
    for (int i = 0; i < 2000; ++i) stem += "字";
    const std::string cut = formats::findingAt({}, "refused", stem, {}).text;
    QCOMPARE(codePoints(cut), std::size_t{2000});
    QVERIFY(cut.ends_with("字…"));
  }

  void rowsOfTablesListsAndRepeatsBringWhatTheySay() {
    const auto table = collected("题型,题目,A,B,C,答案\n单选,有几种？,一,二,三,D\n判断,对吗？,,,,也许\n单选,有几种？,一,二,三,A\n单选,有几种？,一,二,三,B\n单选,有几种？,一,二,三,A\n", "题目.csv");
    QCOMPARE(table.counts.refused, 3);
    const Finding& outside = table.refused.at(1);
    QVERIFY(outside.as_read);
    QCOMPARE(outside.as_read->key, std::string("D"));
    QCOMPARE(outside.as_read->item.options, (Texts{"一", "二", "三"}));
    QCOMPARE(table.refused.at(2).as_read->item.type, ItemType::TrueFalse);
    QCOMPARE(table.refused.at(0).code, std::string("other_answer"));
    QCOMPARE(table.refused.at(0).as_read->item.key, std::vector<int>{1});
    QCOMPARE(table.refused.at(0).as_read->key, std::string("B"));
    QCOMPARE(table.duplicates.at(0).as_read->item.options.size(), std::size_t{3});
    const auto list = collected(R"([{"category": "单选", "title": "题", "choices": "**A、甲**B、乙", "answer": "C"}, {"category": "单选", "title": "好", "choices": "**A、甲**B、乙", "answer": "A"}])", "a.json");
    QCOMPARE(list.refused.at(0).as_read->item.options, (Texts{"甲", "乙"}));
  }

  void optionsBeyondTheLastThatWeTakeAreShownToo() {
    const auto table = collected("题目,选项A,选项B,选项C,选项D,选项E,选项F,选项G,选项H,选项I,答案\n题,1,2,3,4,5,6,7,8,9,A\n好,1,2,,,,,,,,A\n", "题目.csv");
    QCOMPARE(table.refused.at(0).as_read->item.options, (Texts{"1", "2", "3", "4", "5", "6", "7", "8", "9"}));
  }

  void otherFormatsBringTheirTextsToo() {
    const auto aiken = collected("有几种？\nA. 一\nB. 二\nANSWER: E\n\n好？\nA. 是\nB. 否\nANSWER: A\n", "题目.txt");
    QCOMPARE(aiken.refused.at(0).text, std::string("有几种？"));
    QCOMPARE(aiken.refused.at(0).as_read->item.options, (Texts{"一", "二"}));
    QVERIFY(aiken.refused.at(0).as_read->item.key.empty());
    const auto gift = collected("::甲::有几种？{=一 ~二 ~二}\n\n::乙::好？{=一 ~二}\n", "题目.gift");
    QCOMPARE(gift.refused.at(0).code, std::string("options_equal"));
    QCOMPARE(gift.refused.at(0).as_read->item.options, (Texts{"一", "二", "二"}));
    QCOMPARE(gift.refused.at(0).as_read->key, std::string("A"));
    QCOMPARE(gift.refused.at(0).as_read->item.title, std::string("甲"));
  }

  void everyRefusedRowOfTheRealTableCanBeMended() {
    SHARED_FILE_OR_SKIP(path, "corpora/safety-questions/省级低压电工作业.xlsx");
    const auto table = collected(test::readAll(path), "省级低压电工作业.xlsx");
    QCOMPARE(table.counts.refused, 7);
    for (const Finding& one : table.refused) {
      QVERIFY2(one.as_read && !one.as_read->item.stem.empty() && one.text.ends_with(one.as_read->item.stem), one.text.c_str());
      QVERIFY2(!one.as_read->item.options.empty(), one.text.c_str());
      QCOMPARE(one.as_read->item.key.empty(), one.code == "refused");  // of contradictions the key is whole, of the others the options are in doubt
    }
  }
};

QTEST_GUILESS_MAIN(AsReadTest)
#include "test_as_read.moc"
