// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "formats/package.hpp"
#include "import_defaults.hpp"
#include "invigil/bank/bank_file.hpp"
#include "invigil/bank/bank_questions.hpp"
#include "invigil/bank/blueprint.hpp"
#include "invigil/bank/formats.hpp"
#include "invigil/bank/item_digest.hpp"
#include "invigil/bank/markup.hpp"
#include "invigil/base/text.hpp"
#include "shared_corpora.hpp"

using namespace invigil;
using namespace invigil::bank;

namespace {

Collected read(const std::string& bytes, const std::string& format = "") {
  auto file = readBankFile(bytes, "f", format, std::nullopt, defaults());
  if (!file) qFatal("%s", file.error().detail.c_str());
  const auto& counts = file->collected.counts;
  if (counts.rows != counts.imported + counts.duplicates + counts.refused) qFatal("the sum does not hold");
  return std::move(file->collected);
}

const Finding* find(const std::vector<Finding>& findings, const std::string& code, const std::string& words = "") {
  for (const Finding& one : findings)
    if (one.code == code && (one.what.zh + one.what.en + one.text).find(words) != std::string::npos) return &one;
  return nullptr;
}

Item choice(const std::string& id, const std::string& stem, std::vector<std::string> options, std::vector<int> key) {
  Item item;
  item.id = id;
  item.stem = stem;
  item.options = std::move(options);
  item.key = std::move(key);
  return item;
}

Bank bankOf(std::vector<Item> items) {
  Bank bank = defaults();
  bank.items = std::move(items);
  return bank;
}

std::string cell(const std::string& at, const std::string& text) { return "<c r='" + at + "' t='inlineStr'><is>" + text + "</is></c>"; }

std::string workbook(const std::string& rows) {
  return *formats::packed({{"xl/workbook.xml", "<workbook xmlns:r='r'><sheets><sheet name='题' sheetId='1' r:id='rId1'/></sheets></workbook>"},
                           {"xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id='rId1' Target='worksheets/sheet1.xml'/></Relationships>"},
                           {"xl/worksheets/sheet1.xml", "<worksheet><sheetData>" + rows + "</sheetData></worksheet>"}});
}

const std::string kHead = "题目,选项A,选项B,选项C,选项D,答案\n";

}  // namespace

class NothingLostTest : public QObject {
  Q_OBJECT
 private slots:
  // Tables.

  void aGapBetweenOptionsRefusesTheRow() {
    const Collected found = read(kHead + "先做什么?,甲,,丙,丁,C\n哪一个?,,乙,丙,,B\n够了吗?,甲,乙,,,B\n");
    QCOMPARE(found.counts.imported, 1);
    QCOMPARE(found.bank.items[0].options, (std::vector<std::string>{"甲", "乙"}));
    QCOMPARE(found.refused.size(), 2u);
    QVERIFY2(found.refused[0].what.zh.starts_with("选项 B 没有文字"), found.refused[0].what.zh.c_str());
    QVERIFY2(found.refused[1].what.zh.starts_with("选项 A 没有文字"), found.refused[1].what.zh.c_str());
  }

  void aPictureOfAnOldWorkbookRefusesItsRow() {
    auto bytes = readFile(INVIGIL_SOURCE_DIR "/tests/golden/excel-97-picture.xls", 1u << 20);
    QVERIFY(bytes.has_value());
    const Collected found = read(*bytes);
    QCOMPARE(found.counts.imported, 1);
    QCOMPARE(found.counts.refused, 1);
    QCOMPARE(found.refused[0].code, std::string("content_missing"));
    QCOMPARE(found.refused[0].place.row, 2);
    QVERIFY(find(found.notes, "pictures_left_out", "1 ") && !find(found.notes, "pictures_taken"));
  }

  void optionsBeyondTheEighthRefuseTheRow() {
    const std::string head = "题目,A,B,C,D,E,F,G,H,I,答案\n";
    const Collected found = read(head + "九个?,一,二,三,四,五,六,七,八,九,A\n八个?,一,二,三,四,五,六,七,八,,A\n");
    QCOMPARE(found.counts.imported, 1);
    QVERIFY2(found.refused.at(0).what.zh.starts_with("有 9 个选项，最多 8 个"), found.refused[0].what.zh.c_str());
    QCOMPARE(found.refused[0].place.column, 10);
    QVERIFY(!find(found.notes, "columns_not_read"));
    QCOMPARE(read("题目,选项1,选项2,选项10,答案\n甲?,一,二,三,A\n").counts.refused, 1);
    // Without headings what lies between the eighth and the key is more of them.
    std::string bare;
    for (const char* stem : {"停电检修前先做什么才对?", "安全电压是多少伏才对呢?", "地线应当先接哪一端呢?"}) bare += std::string(stem) + ",一,二,三,四,五,六,七,八,九,A\n";
    QCOMPARE(read(bare).counts.refused, 3);
  }

  void columnsThatAreNotReadAreNamedOnce() {
    const Collected found = read("序号,题目,选项A,选项B,答案,备注,章\n1,甲?,一,二,A,重要,\n2,乙?,一,二,B,,\n");
    QCOMPARE(found.counts.imported, 2);
    QCOMPARE(std::count_if(found.notes.begin(), found.notes.end(), [](const Finding& one) { return one.code == "columns_not_read"; }), 1);
    QCOMPARE(find(found.notes, "columns_not_read")->what.zh, std::string("有内容的列没有读入：F“备注”"));
  }

  void whatIsCutIsNamed() {
    std::string source, tag, why;
    for (int i = 0; i < 1001; ++i) source += "源";
    for (int i = 0; i < 65; ++i) tag += "签";
    for (int i = 0; i < 4001; ++i) why += "因";
    const Collected found = read("题目,选项A,选项B,答案,来源,标签,解析\n甲?,一,二,A," + source + "," + tag + "," + why + "\n乙?,一,二,A," + source.substr(0, 2100) + ",,\n");
    QCOMPARE(found.counts.imported, 2);
    QCOMPARE(found.counts.repaired, 1);
    for (const char* name : {"来源有 1001 个字", "标签有 65 个字", "解析有 4001 个字"}) QVERIFY2(find(found.repaired, "shortened", name), name);
    QCOMPARE(codePoints(found.bank.items[1].source), 700u);
  }

  void raisedAndLoweredCharactersStaySo() {
    const std::string raised = "<r><t>绝缘电阻 &lt;10</t></r><r><rPr><vertAlign val='superscript'/></rPr><t>6</t></r><r><t>Ω 对吗?</t></r>";
    const std::string lowered = "<r><t>U</t></r><r><rPr><vertAlign val='subscript'/></rPr><t>1</t></r>";
    const Collected found = read(workbook("<row r='1'>" + cell("A1", "<t>题目</t>") + cell("B1", "<t>选项A</t>") + cell("C1", "<t>选项B</t>") + cell("D1", "<t>答案</t>") + "</row><row r='2'>" + cell("A2", raised) +
                                          cell("B2", lowered) + cell("C2", "<t>V</t>") + cell("D2", "<t>A</t>") + "</row><row r='3'>" + cell("A3", "<t>平?</t>") + cell("B3", "<t>a</t>") + cell("C3", "<t>b</t>") + cell("D3", "<t>B</t>") + "</row>"));
    QCOMPARE(found.counts.imported, 2);
    const Item& item = found.bank.items[0];
    QVERIFY(item.markup == Markup::Html);
    QCOMPARE(item.stem, std::string("绝缘电阻 &lt;10<sup>6</sup>Ω 对吗?"));
    QCOMPARE(item.options, (std::vector<std::string>{"U<sub>1</sub>", "V"}));
    QVERIFY(found.bank.items[1].markup == Markup::Plain);
    QVERIFY(find(found.repaired, "scripts_kept"));
    QVERIFY(parseNative(writeNative(found.bank)) == found.bank);
  }

  void theElectriciansHaveTheirIndices() {
    SHARED_FILE_OR_SKIP(path, QStringLiteral("corpora/safety-questions/省级低压电工作业.xlsx"));
    auto bytes = readFile(path.toStdString(), 64u << 20);
    QVERIFY(bytes.has_value());
    const Collected found = read(*bytes);
    std::size_t runs = 0;
    for (const Item& item : found.bank.items)
      for (const std::string& text : [&] { auto all = item.options; all.push_back(item.stem); return all; }())
        for (auto at = text.find("<su"); at != std::string::npos; at = text.find("<su", at + 1)) ++runs;
    QCOMPARE(runs, 6u);
    QVERIFY(find(found.repaired, "scripts_kept"));
  }

  // Several files and ids.

  void severalFilesMakeOneBankAndLoseNothing() {
    Bank first = bankOf({choice("q1", "甲?", {"一", "二"}, {0}), choice("q2", "乙?", {"一", "二"}, {1})});
    first.items[0].stimulus = "case";
    first.stimuli = {{"case", Markup::Plain, "材料一"}};
    Bank second = bankOf({choice("q1", "丙?", {"一", "二"}, {0}), choice("q9", "乙?", {"二", "一"}, {0}), choice("q3", "丁?", {"一", "二"}, {0})});
    second.items[0].stimulus = "case";
    second.items[2].enemies = {"q1", "q9"};
    second.stimuli = {{"case", Markup::Plain, "材料二"}};
    std::vector<Reading> readings;
    for (const auto& [name, bank] : {std::pair<const char*, Bank*>{"1.json", &first}, {"2.json", &second}})
      readings.push_back(readBankReading(writeNative(*bank), name, "", std::nullopt, defaults())->reading);
    const Collected all = collect(std::move(readings), defaults());
    QCOMPARE(all.counts.imported, 4);
    QCOMPARE(all.counts.duplicates, 1);
    QCOMPARE(all.duplicates[0].place.file, std::string("2.json"));
    QVERIFY(all.duplicates[0].what.zh.find("1.json 2") != std::string::npos);
    QCOMPARE(all.bank.stimuli.size(), 2u);
    const Item& moved = all.bank.items[2];
    QVERIFY(moved.id != "q1" && moved.stimulus == "case-2" && all.bank.stimuli[1].text == "材料二");
    QVERIFY(find(all.notes, "id_changed", "q1"));
    QVERIFY(all.bank.items[3].enemies == (std::vector<std::string>{moved.id, "q2"}) || all.bank.items[3].enemies == (std::vector<std::string>{"q2", moved.id}));
    QVERIFY(parseNative(writeNative(all.bank)) == all.bank);
  }

  void whatOnlyTheRepeatSaysIsKept() {
    const Collected list = read(R"([{"category":"单选题","title":"甲?","choices":["一","二"],"answer":"A","tags":["x"]},
      {"category":"单选题","title":"甲?","choices":["二","一"],"answer":"B","difficulty":"难","解析":"见规程","tags":["x"]},
      {"category":"单选题","title":"甲?","choices":["一","二"],"answer":"A","difficulty":"易"}])");
    QCOMPARE(list.counts.imported, 1);
    QCOMPARE(list.bank.items[0].difficulty, 5);
    QCOMPARE(list.bank.items[0].explanation, std::string("见规程"));
    QVERIFY2(list.duplicates.at(0).what.zh.ends_with("完全相同，只收一次；那一行没有的已补上：难度、解析"), list.duplicates[0].what.zh.c_str());
    QVERIFY2(list.duplicates.at(1).what.en.ends_with("where this one says something else: difficulty"), list.duplicates[1].what.en.c_str());
    // Notes follow their options, enemies the ids of their own file.
    Reading first, second;
    first.items.push_back({choice("q1", "甲?", {"一", "二"}, {0}), {"1", "", 1, 0}, {}});
    first.items.push_back({choice("q2", "乙?", {"一", "二"}, {0}), {"1", "", 2, 0}, {}});
    Item repeat = choice("r1", "甲?", {"二", "一"}, {1});
    repeat.option_notes = {"错", "对"};
    repeat.enemies = {"q2", "r1"};
    repeat.fixed_order = true;
    second.items.push_back({repeat, {"2", "", 1, 0}, {}});
    second.items.push_back({choice("q2", "丙?", {"一", "二"}, {0}), {"2", "", 2, 0}, {}});
    const Collected both = collect({first, second}, defaults());
    QCOMPARE(both.counts.imported, 3);
    const Item& kept = both.bank.items[0];
    QCOMPARE(kept.option_notes, (std::vector<std::string>{"对", "错"}));
    QVERIFY(kept.fixed_order);
    QCOMPARE(kept.enemies, std::vector<std::string>{both.bank.items[2].id});
    QVERIFY2(both.duplicates.at(0).what.zh.ends_with("选项说明、选项固定顺序、互斥题"), both.duplicates[0].what.zh.c_str());
    QVERIFY(parseNative(writeNative(both.bank)) == both.bank);
  }

  void longerListsThanItemsHaveRefuseTheirRow() {
    Item many = choice("a", "甲?", {"一", "二"}, {0}), foes = choice("b", "乙?", {"一", "二"}, {0});
    std::string list, tags;
    for (std::size_t i = 0; i <= kItemTagsMax; ++i) {
      many.tags.push_back("t" + std::to_string(100 + i));
      list += (i > 0 ? "," : "") + std::string("\"") + many.tags.back() + "\"";
      tags += "<tag><text>" + many.tags.back() + "</text></tag>";
    }
    for (std::size_t i = 0; i <= kItemEnemiesMax; ++i) foes.enemies.push_back("e" + std::to_string(100 + i));
    const std::string judge = "<question type='truefalse'><questiontext><text>甲</text></questiontext><answer fraction='100'><text>true</text></answer><answer fraction='0'><text>false</text></answer><tags>";
    for (const std::string& bytes : {R"([{"category":"判断题","title":"甲","answer":"对","tags":[)" + list + "]}]", "<quiz>" + judge + tags + "</tags></question></quiz>", writeNative(bankOf({many}))}) {
      const Collected found = read(bytes);
      QCOMPARE(found.counts.imported, 0);
      const Finding* told = find(found.refused, "too_many_tags", "51 个标签，一道题最多 50 个");
      QVERIFY2(told && told->as_read && told->as_read->item.tags.size() == kItemTagsMax, bytes.c_str());
    }
    // Of a file of ours one row is refused, the others come in.
    const Collected found = read(writeNative(bankOf({many, foes, choice("c", "丙?", {"一", "二"}, {0})})));
    QCOMPARE(found.counts.imported, 1);
    QVERIFY(find(found.refused, "too_many_enemies", "201 个互斥题，一道题最多 200 个"));
    QCOMPARE(find(found.refused, "too_many_enemies")->as_read->item.enemies.size(), kItemEnemiesMax);
    QVERIFY(find(writeBankFile(bankOf({many}), "native_json")->lost, "left_out", "tags"));
    many.tags.pop_back(), foes.enemies.pop_back();
    QCOMPARE(read(writeNative(bankOf({many, foes}))).counts.imported, 2);
  }

  void anIdThatCannotStayIsTold() {
    const Collected found = read("// [id:题目/1]\n甲?{=一 ~二}\n\n乙?{=一 ~二}\n", "gift");
    QCOMPARE(found.counts.imported, 2);
    QVERIFY(find(found.notes, "id_changed", "题目/1") && find(found.notes, "id_changed", found.bank.items[0].id));
    QCOMPARE(std::count_if(found.notes.begin(), found.notes.end(), [](const Finding& one) { return one.code == "id_changed"; }), std::ptrdiff_t{1});
  }

  void ourOwnFileTellsRepeatsAndKeepsThem() {
    const Collected found = read(writeNative(bankOf({choice("a", "甲?", {"一", "二"}, {0}), choice("b", "甲?", {"二", "一"}, {1}), choice("c", "甲?", {"一", "二"}, {1}), choice("d", "乙?", {"一", "二"}, {1}), choice("e", "乙?", {"一", "三"}, {1})})));
    QCOMPARE(found.counts.imported, 5);
    QCOMPARE(found.look_alikes.size(), 4u);
    QVERIFY(find(found.look_alikes, "duplicate") && find(found.look_alikes, "other_answer"));
    QCOMPARE(std::count_if(found.look_alikes.begin(), found.look_alikes.end(), [](const Finding& one) { return one.code == "same_stem"; }), 2);
  }

  void oneQuestionAboutTwoCasesIsTwo() {
    const auto reading = [](const char* name, const std::string& id, const std::string& material) {
      Bank bank = bankOf({choice(id, "事故类别?", {"触电", "坠落"}, {0})});
      bank.items[0].stimulus = "case-" + id;
      bank.stimuli = {{"case-" + id, Markup::Plain, material}};
      return readBankReading(writeNative(bank), name, "", std::nullopt, defaults())->reading;
    };
    std::vector<Reading> readings{reading("1.json", "a", "某厂触电"), reading("2.json", "b", "某矿坠落"), reading("3.json", "c", "某厂触电")};
    const Collected all = collect(std::move(readings), defaults());
    QCOMPARE(all.counts.imported, 2);
    QCOMPARE(all.counts.duplicates, 1);
    QCOMPARE(all.duplicates[0].place.file, std::string("3.json"));
    QVERIFY(find(all.look_alikes, "same_stem", "案例"));
  }

  void aBankIsAskedForAQuestionWhateverItsId() {
    BankQuestions bank;
    bank.add(choice("a", "甲?", {"一", "二"}, {0}), "");
    bank.add(choice("b", "甲?", {"一", "二"}, {1}), "");  // a contradiction that the bank holds already
    bank.add(choice("c", "乙?", {"一", "二"}, {0}), "");
    bank.add(choice("d", "丙?", {"一", "二"}, {0}), "材料");
    const Place place{"f.csv", "题", 7, 0};
    using Kind = BankQuestions::Meeting::Kind;
    const auto met = [&](const Item& item, std::string_view material = "") { return bank.meet(item, material, place, false); };
    const auto same = met(choice("x", "甲?", {"二", "一"}, {0}));
    QVERIFY(same && same->kind == Kind::Duplicate && same->finding.bank_item == "b" && same->finding.place == place);
    QCOMPARE(same->finding.code, std::string("duplicate_in_bank"));
    const auto other = met(choice("x", "乙?", {"一", "二"}, {1}));
    QVERIFY(other && other->kind == Kind::OtherAnswer && other->finding.bank_item == "c");
    QVERIFY2(other->finding.what.zh.find("题库里是“一”，这一行是“二”") != std::string::npos, other->finding.what.zh.c_str());
    const auto alike = met(choice("x", "甲?", {"一", "三"}, {0}));
    QVERIFY(alike && alike->kind == Kind::SameStem && alike->finding.what.en.find("items a, b have") != std::string::npos);
    QVERIFY(!met(choice("x", "丁?", {"一", "二"}, {0})));
    QVERIFY(met(choice("x", "丙?", {"一", "二"}, {0}), "材料")->kind == Kind::Duplicate);
    QVERIFY(met(choice("x", "丙?", {"一", "二"}, {0}), "别的材料")->kind == Kind::SameStem);
    const auto plain = met(choice("x", "丙?", {"一", "二"}, {0}));  // of no case, as one of a case
    QVERIFY(plain && plain->kind == Kind::SameStem && plain->finding.what.zh.ends_with("选项或案例不同"));
    QVERIFY(alike->finding.what.zh.ends_with("题干相同，选项不同"));
  }

  void oneQuestionHasOneIdWhateverFileItStoodIn() {
    const std::string id = digestId(choice("", "先做什么?", {"停电", "验电"}, {1}));
    QCOMPARE(read("题目,选项A,选项B,答案\n先做什么?,停电,验电,B\n").bank.items.at(0).id, id);
    QCOMPARE(read(R"([{"category":"单选题","title":"先做什么?","choices":"**A、停电**B、验电","answer":"B"}])").bank.items.at(0).id, id);
    QCOMPARE(read("先做什么?\nA. 停电\nB. 验电\nANSWER: B\n").bank.items.at(0).id, id);
    QCOMPARE(id, std::string("q-") + id.substr(2));
    QCOMPARE(id.size(), 22u);
  }

  // Exports.

  void draftsWithoutAKeyAreLeftOutAndNamed() {
    Item judge = choice("judge", "对吗?", {"正确", "错误"}, {});
    judge.type = ItemType::TrueFalse;
    const Bank bank = bankOf({choice("whole", "甲?", {"一", "二"}, {0}), choice("keyless", "乙?", {"一", "二"}, {}), judge, choice("bare", "", {"一", "二"}, {0})});
    for (const std::string& format : exportFormats()) {
      const auto written = writeBankFile(bank, format);
      QVERIFY2(written.has_value(), format.c_str());
      std::vector<std::string> gone;
      for (const Finding& one : written->lost)
        if (one.code == "left_out") gone.push_back(one.text);
      QCOMPARE(gone, (std::vector<std::string>{"keyless", "judge", "bare"}));
      QCOMPARE(read(written->bytes).counts.imported, 1);
    }
  }

  void anExportNamesWhatItCannotCarry() {
    Item several = choice("one-right", "甲?", {"一", "二"}, {0});
    several.type = ItemType::MultipleChoice;
    const Item spaced = choice("spaced", "乙?", {"A", "A "}, {0});
    Item typed = choice("typed", "丙?", {}, {});
    typed.type = ItemType::ShortText;
    typed.answers = {{AcceptedAnswer::Match::Exact, "RCD", "", 100}, {AcceptedAnswer::Match::Regex, "R.*", "", 50}};
    for (const std::string& format : exportFormats()) {
      const auto written = writeBankFile(bankOf({several, spaced, typed}), format);
      const Collected back = read(written->bytes);
      std::size_t left_out = 0;
      for (const Finding& one : written->lost) left_out += one.code == "left_out";
      QCOMPARE(back.bank.items.size() + left_out, 3u);
      for (const Item& item : back.bank.items)
        if (item.stem == "甲?") QVERIFY2(item.type == ItemType::MultipleChoice || find(written->lost, "not_carried", "several options"), format.c_str());
      if (format == "gift") QVERIFY(find(written->lost, "left_out", "typed"));
    }
    Item sourced = choice("sourced", "丁?", {"一", "二"}, {0});
    for (int i = 0; i < 700; ++i) sourced.source += "源";
    for (const char* format : {"csv", "xlsx", "gift", "moodle_xml"}) QCOMPARE(read(writeBankFile(bankOf({sourced}), format)->bytes).bank.items.at(0).source, sourced.source);
    Item longer = choice("longer", "戊?", {std::string(4000, 'x'), "二"}, {0});
    for (const char* format : {"native_json", "csv", "xlsx"}) QCOMPARE(read(writeBankFile(bankOf({longer}), format)->bytes).bank.items.at(0).options, longer.options);
  }

  // Other systems' files.

  void qtiKeepsDirectionsAndFeedback() {
    const Collected found = read(R"(<assessmentItem identifier="a" title="t"><responseDeclaration identifier="R" cardinality="single" baseType="identifier"><correctResponse><value>x</value></correctResponse></responseDeclaration>
<itemBody><rubricBlock view="candidate tutor"><p>先看说明。</p></rubricBlock><rubricBlock view="scorer"><p>给分。</p></rubricBlock><p>选哪个？</p><choiceInteraction responseIdentifier="R"><simpleChoice identifier="x">甲</simpleChoice><simpleChoice identifier="y">乙</simpleChoice></choiceInteraction></itemBody>
<modalFeedback outcomeIdentifier="F" identifier="x" showHide="show"><p>因为甲。</p></modalFeedback></assessmentItem>)");
    const Item& item = found.bank.items.at(0);
    QVERIFY2(plainText(item.stem, item.markup == Markup::Html).find("先看说明。") == 0, item.stem.c_str());
    QCOMPARE(plainText(item.explanation, item.markup == Markup::Html), std::string("因为甲。"));
    QVERIFY(item.stem.find("给分") == std::string::npos && find(found.notes, "left_out", "评分者"));
  }

  void moodleNamesWhatHasNoPlace() {
    const Collected found = read("<quiz><question type='category'><category><text>$course$/top/电工/触电</text></category><info><text>第一章</text></info></question>"
                                 "<question type='multichoice'><questiontext><text>甲?</text></questiontext><single>true</single><correctfeedback><text>好</text></correctfeedback><hint><text>想想</text></hint>"
                                 "<answer fraction='100'><text>&lt;b&gt;一&lt;/b&gt;</text><feedback format='html'><text>看&lt;script&gt;x&lt;/script&gt;</text></feedback></answer><answer fraction='0'><text>二</text></answer></question></quiz>");
    QCOMPARE(found.bank.items.at(0).tags, std::vector<std::string>{"触电"});
    QVERIFY(find(found.notes, "category_path", "电工/触电"));
    QVERIFY(find(found.notes, "left_out", "第一章"));
    QVERIFY(find(found.notes, "left_out", "答对时的反馈、提示"));
    QVERIFY(find(found.notes, "left_out", "script"));  // of an option's note
  }

  void aHashInTheStemMakesNoChoiceOfATruth() {
    const Collected found = read("5#在2#变压器上工作时，应停电。$0\n6#用1#还是2#$0\n7#几台?#2$1\n8#多少伏?#36$220$0\n9#甲?#一$二\n", "hash_lines");
    QCOMPARE(found.counts.imported, 3);
    QVERIFY(found.bank.items[0].type == ItemType::TrueFalse && found.bank.items[0].stem == "在2#变压器上工作时，应停电。" && found.bank.items[0].key == std::vector<int>{0});
    QCOMPARE(found.bank.items[1].options, (std::vector<std::string>{"36", "220", "0"}));
    QVERIFY2(found.refused.at(0).what.zh.find("分不清") != std::string::npos, found.refused[0].what.zh.c_str());
  }

  void wideCharactersOfAPatternMatchWhatIsTyped() {
    Item item = choice("p", "写出。", {}, {});
    item.type = ItemType::ShortText;
    item.answers = {{AcceptedAnswer::Match::Regex, "（Ａ|Ｂ）[０-９]+", "", 100}};
    Part part;
    part.points_each = Points(100);
    const auto worth = [&](const char* text) {
      Response response;
      response.text = text;
      return gradeItem(item, response, part).hundredths();
    };
    QCOMPARE(worth("B)12"), 100);
    QCOMPARE(worth("（A"), 100);
    QCOMPARE(worth("A12"), 0);
  }
};

QTEST_APPLESS_MAIN(NothingLostTest)
#include "test_nothing_lost.moc"
