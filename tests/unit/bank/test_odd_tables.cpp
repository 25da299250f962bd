// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "formats/package.hpp"
#include "formats/zero_option.hpp"
#include "import_defaults.hpp"
#include "invigil/bank/bank_file.hpp"
#include "invigil/bank/formats.hpp"

using namespace invigil;
using namespace invigil::bank;

// Tables as people fill them in: what is clear is read, what is not is refused, and nothing becomes another question.

namespace {

BankFile file(const std::string& bytes, const std::optional<ColumnMap>& map = std::nullopt) {
  auto read = readBankFile(bytes, "f.csv", bytes.starts_with("PK") ? "xlsx" : "csv", map, defaults());
  if (!read) qFatal("%s", read.error().detail.c_str());
  const auto& counts = read->collected.counts;
  if (counts.rows != counts.imported + counts.duplicates + counts.refused) qFatal("the sum does not hold");
  return std::move(*read);
}

Collected read(const std::string& bytes) { return file(bytes).collected; }

const Finding* find(const std::vector<Finding>& findings, const std::string& code, const std::string& words = "") {
  for (const Finding& one : findings)
    if (one.code == code && (one.what.zh + one.what.en + one.text + one.place.sheet).find(words) != std::string::npos) return &one;
  return nullptr;
}

using Rows = std::vector<std::vector<std::string>>;

std::string escaped(std::string text) {
  for (const auto& [c, by] : {std::pair<std::string, std::string>{"&", "&amp;"}, {"<", "&lt;"}})
    for (std::size_t at = text.find(c); at != std::string::npos; at = text.find(c, at + by.size())) text.replace(at, c.size(), by);
  return text;
}

std::string workbook(const std::vector<std::pair<std::string, Rows>>& sheets) {
  std::string names, links;
  std::vector<std::pair<std::string, std::string>> parts;
  for (std::size_t i = 0; i < sheets.size(); ++i) {
    const std::string n = std::to_string(i + 1);
    names += "<sheet name='" + sheets[i].first + "' sheetId='" + n + "' r:id='rId" + n + "'/>";
    links += "<Relationship Id='rId" + n + "' Target='worksheets/sheet" + n + ".xml'/>";
    std::string data;
    for (std::size_t r = 0; r < sheets[i].second.size(); ++r) {
      data += "<row r='" + std::to_string(r + 1) + "'>";
      for (std::size_t c = 0; c < sheets[i].second[r].size(); ++c)
        if (!sheets[i].second[r][c].empty())
          data += std::string("<c r='") + static_cast<char>('A' + c) + std::to_string(r + 1) + "' t='inlineStr'><is><t>" + escaped(sheets[i].second[r][c]) + "</t></is></c>";
      data += "</row>";
    }
    parts.emplace_back("xl/worksheets/sheet" + n + ".xml", "<worksheet><sheetData>" + data + "</sheetData></worksheet>");
  }
  parts.insert(parts.begin(), {{"xl/workbook.xml", "<workbook xmlns:r='r'><sheets>" + names + "</sheets></workbook>"}, {"xl/_rels/workbook.xml.rels", "<Relationships>" + links + "</Relationships>"}});
  return *formats::packed(parts);
}

/// One choice whose options share a cell.
Collected inOneCell(const std::string& options, const std::string& key = "A") { return read("题型,题目,选项,答案\n单选题,先做什么?,\"" + options + "\"," + key + "\n"); }

using Texts = std::vector<std::string>;

}  // namespace

class OddTablesTest : public QObject {
  Q_OBJECT
 private slots:
  // Sheets and columns.

  void peopleBesideTheQuestionsAreNoQuestions() {
    const Rows questions{{"题目", "A", "B", "答案"}, {"先做什么?", "停电", "验电", "A"}, {"后做什么?", "停电", "验电", "B"}};
    const Rows people{{"姓名", "单位", "身份证号", "是否在岗"}, {"张三", "某某供电公司", "11010519491231002X", "是"}, {"李四", "某某热电公司", "110105194912310038", "否"}, {"王五", "某某水务公司", "110105194912310046", "是"}};
    const Rows marks{{"姓名", "单位", "等级"}, {"张三", "某某供电公司检修一班", "A"}, {"李四", "某某供电公司检修二班", "B"}, {"王五", "某某供电公司检修三班", "D"}};
    const Collected found = read(workbook({{"题库", questions}, {"人员", people}, {"成绩", marks}}));
    QCOMPARE(found.counts.rows, 2);
    QCOMPARE(found.counts.imported, 2);
    QVERIFY(find(found.notes, "sheet_not_used", "人员") && find(found.notes, "sheet_not_used", "成绩"));
    QVERIFY(!find(found.notes, "columns_guessed"));
    // Alone it is a list of people too, and numbers of another kind are no stems.
    QCOMPARE(read(workbook({{"人员", people}})).counts.rows, 0);
    for (const Item& item : read("0012-3345-6678,设备台账的名称,是\n0012-3345-6679,另一台设备名称,否\n").bank.items) QVERIFY2(item.stem.find("0012") == std::string::npos, item.stem.c_str());
  }

  void aGuessFromTheContentIsTold() {
    const Collected found = read("停电检修前先做什么?,验电,送电,A\n安全电压是多少伏?,220,36,B\n");
    QCOMPARE(found.counts.imported, 2);
    const Finding* note = find(found.notes, "columns_guessed");
    QVERIFY(note != nullptr);
    QVERIFY2(note->what.zh.find("第 1 列题干") != std::string::npos && note->what.zh.find("第 4 列答案") != std::string::npos, note->what.zh.c_str());
    QVERIFY(!find(read("题目,答案\n甲对吗,对\n").notes, "columns_guessed"));
  }

  void theHeadingThatSaysMoreIsRead_data() {
    QTest::addColumn<QByteArray>("heads");
    QTest::addColumn<QByteArray>("cells");
    const auto add = [](const char* heads, const char* cells) { QTest::newRow(heads) << QByteArray(heads) << QByteArray(cells); };
    add("类型,题型,题目,A,B,答案", "安全管理,单选题,先做什么?,停电,验电,B");
    add("题目,题干,A,B,答案", "第1题,先做什么?,停电,验电,B");
    add("题干,题目,A,B,答案", "先做什么?,第1题,停电,验电,B");
    add("题目,A,B,答案,正确答案", "先做什么?,停电,验电,,B");
    add("题目,A,B,答案,参考答案", "先做什么?,停电,验电,B,见规程");
    add("题目,A,B,正确答案,答案", "先做什么?,停电,验电,,B");
    add("考题,选项一,选项二,答案", "先做什么?,停电,验电,B");
    add("题目名称,A.,B.,答案.", "先做什么?,停电,验电,B");
    add("试题,备选答案A,备选答案B,答案", "先做什么?,停电,验电,B");
    add("试题,候选项A,候选项B,标准答案", "先做什么?,停电,验电,B");
    add("试题,选择A,选择B,答案：", "先做什么?,停电,验电,B");
  }
  void theHeadingThatSaysMoreIsRead() {
    QFETCH(QByteArray, heads);
    QFETCH(QByteArray, cells);
    const Collected found = read((heads + "\n" + cells + "\n").toStdString());
    QCOMPARE(found.counts.imported, 1);
    QCOMPARE(found.bank.items[0].stem, std::string("先做什么?"));
    QCOMPARE(found.bank.items[0].options, (Texts{"停电", "验电"}));
    QCOMPARE(found.bank.items[0].key, std::vector<int>{1});
    QCOMPARE(found.counts.repaired, 0);
  }

  /// As in a real file, where somebody made the letters bold by hand and sometimes their text with them.
  void lettersThatStandAloneBetweenStarsBelongToTheTextBehindThem() {
    const auto options = [](const char* cell) { return inOneCell(cell, "B").bank.items.at(0).options; };
    QCOMPARE(options("**A**CO   **B**CO2  **CH2   **DH2O"), (Texts{"CO", "CO2", "H2", "H2O"}));
    QCOMPARE(options("**A**CO  **B**CO2  **CH2   **D水蒸气"), (Texts{"CO", "CO2", "H2", "水蒸气"}));
    QCOMPARE(options("**A弧柱**B阳极**C**A和**B**D阴极"), (Texts{"弧柱", "阳极", "A和B", "阴极"}));
    QCOMPARE(options("**A、**停电 **B、**验电"), (Texts{"停电", "验电"}));
    QCOMPARE(options("**A.30m**A**B.50m**A**C.100m**A"), (Texts{"30mA", "50mA", "100mA"}));
    QCOMPARE(options("**A.R**B.L**C.I**D.**C"), (Texts{"R", "L", "I", "C"}));
    QCOMPARE(options("**A.口对口**B.按压**C.**A、**B两种方法一起使用"), (Texts{"口对口", "按压", "A、B两种方法一起使用"}));
    // Nothing to join where every letter has its text, or where the letters are all there is.
    QCOMPARE(options("**A停电**B验电"), (Texts{"停电", "验电"}));
    QCOMPARE(options("停电**A级设备**验电"), (Texts{"停电", "A级设备", "验电"}));
    QCOMPARE(options("A**AB**B**O"), (Texts{"A", "AB", "B", "O"}));  // blood groups
    QCOMPARE(inOneCell("**A**甲**B**乙**丙**丁").counts.refused, 1);
  }

  void difficultyAndChapterHaveMoreNames() {
    const Collected found = read("题目,A,B,答案,试题难度,所属章节\n先做什么?,停电,验电,B,难,第一章\n");
    QCOMPARE(found.bank.items.at(0).difficulty, 5);
    QCOMPARE(found.bank.items[0].tags, Texts{"第一章"});
    QVERIFY(!find(found.notes, "columns_not_read"));
  }

  void headingsMayStandBelowAPageOfAdvice() {
    std::string advice;
    for (int i = 1; i <= 11; ++i) advice += "填表说明 " + std::to_string(i) + ",,,\n";
    QCOMPARE(read(advice + "题目,A,B,答案\n先做什么?,停电,验电,B\n").counts.rows, 1);
  }

  void headingsThatStandAgainAreNoQuestions() {
    const Rows rows{{"一、判断题"}, {"序号", "题目", "答案"}, {"1", "地线可以不接。", "错"}, {"2", "先验电再接地。", "对"},
                    {"二、单选题（每题2分）"}, {"序号", "题目", "A", "B", "C", "答案"}, {"1", "先做什么?", "停电", "验电", "接地", "C"}, {"2", "后做什么?", "停电", "验电", "接地", "A"},
                    {"三、判断题"}, {"序号", "题目", "答案"}, {"1", "可以带电作业。", "B"}};
    const Collected found = read(workbook({{"试卷", rows}}));
    QCOMPARE(found.counts.rows, 5);
    QCOMPARE(found.counts.imported, 5);
    QVERIFY(found.bank.items[2].type == ItemType::SingleChoice);
    QCOMPARE(found.bank.items[2].options, (Texts{"停电", "验电", "接地"}));
    QCOMPARE(found.bank.items[2].key, std::vector<int>{2});
    QVERIFY(found.bank.items[4].type == ItemType::TrueFalse && found.bank.items[4].key == std::vector<int>{1});
    QVERIFY(find(found.notes, "headings_repeated", "6、10"));
    QVERIFY(!find(found.notes, "lettered_truths"));  // the section says that it is true/false
    // By a person's own map they are no questions, and the map stays.
    auto map = parseColumnMap(R"({"sheets":[{"name":"试卷","header_row":2,"columns":["tags","stem","key"]}]})");
    const Collected mapped = file(workbook({{"试卷", rows}}), *map).collected;
    QCOMPARE(mapped.counts.rows, 5);
    QCOMPARE(mapped.counts.imported, 3);
  }

  void aSectionThatCannotBeGradedIsRefused() {
    const Collected found = read("题目,答案\n一、判断题\n地线可以不接。,错\n二、简答题\n为什么要接地?,对\n");
    QCOMPARE(found.counts.imported, 1);
    QCOMPARE(found.counts.refused, 1);
    QVERIFY2(found.refused[0].what.zh.find("题型") != std::string::npos, found.refused[0].what.zh.c_str());
    QCOMPARE(read("题目,答案\n判断题的答案只有对和错。,对\n").counts.imported, 1);
  }

  void theMarkThatPartsMostLinesAlikePartsCells() {
    const std::string tabs = "Question\tA\tB\tAnswer\nFirst, what is done, and by whom?\tStop, look\tRun\tA\nThen, what is done?\tStop\tRun, jump, and so on\tB\nNow, and then, what?\tStop, wait, look\tRun\tA\n";
    const Collected found = read(tabs);
    QCOMPARE(found.counts.imported, 3);
    QCOMPARE(found.bank.items[0].options, (Texts{"Stop, look", "Run"}));
    QCOMPARE(read("题目,选项,答案\n先做什么?,停电|验电|接地|送电,C\n后做什么?,停电|验电|接地|送电,D\n").counts.imported, 2);
  }

  void answersInStemsAreNamedWhereNoColumnHoldsThem() {
    const Collected found = read("题目,A,B\n停电以后先做什么（ B ）。,接地,验电\n验电以后再做什么（A）。,接地,验电\n可以带电作业吗（ B ）?,可以,不行\n");
    QCOMPARE(found.counts.rows, 0);
    QVERIFY(find(found.notes, "sheet_not_used", "答案好像写在题干的括号里"));
    QVERIFY(!find(read("姓名,单位\n张三,某某供电公司\n").notes, "sheet_not_used", "括号"));
  }

  // Options.

  void optionsThatRunTogetherArePartedOrRefused_data() {
    QTest::addColumn<QByteArray>("cell");
    QTest::addColumn<QByteArray>("options");  // parted by |; "" = refused
    QTest::addColumn<int>("repaired");
    const auto add = [](const char* cell, const char* options, int repaired) { QTest::newRow(cell) << QByteArray(cell) << QByteArray(options) << repaired; };
    add("A.甲 B.乙 C.丙 D.丁", "甲|乙|丙|丁", 0);
    add("A.甲 B.乙C.丙 D.丁", "甲|乙|丙|丁", 1);
    add("A.甲B.乙C.丙D.丁", "甲|乙|丙|丁", 1);
    add("A、甲 B、乙 D、丁", "", 0);
    add("A.甲  B.乙  C 丙  D.丁", "甲|乙|丙|丁", 1);
    add("A.甲\nB.乙\nC.丙 D.丁", "甲|乙|丙|丁", 1);
    add("A.甲 B.乙\nC.丙 D.丁", "甲|乙|丙|丁", 1);
    add("A.甲\nB.乙\nC.丙D.丁", "", 0);
    add("甲 B.乙\nC.丙", "", 0);
    add("A:应拿牢。\nB:可抛掷。C:没有要求", "应拿牢。|可抛掷。|没有要求", 1);
    add("A.甲\nB.乙\nD.丁", "", 0);
    add("A.甲 B.乙 C.丙 见图E.", "甲|乙|丙 见图E.", 0);
    add("A.甲 B.见图C.", "甲|见图C.", 0);
    add("A、A、B两相 B、B、C两相 C、三相", "A、B两相|B、C两相|三相", 0);
    add("A、B相 B、C相 C、A相", "B相|C相|A相", 0);
    add("**A、见图B、C**B、乙**C、丙", "见图B、C|乙|丙", 0);
    add("**A、甲**B、接C、D两端", "甲|接C、D两端", 0);
    add("A.USB.甲 B.乙", "USB.甲|乙", 0);
    add("(A)甲 (B)乙 (C)丙", "甲|乙|丙", 0);
    add("（A）甲（B）乙（C）丙", "甲|乙|丙", 1);
    add("甲|乙|丙", "甲|乙|丙", 0);
    add("甲；乙；丙", "甲|乙|丙", 0);
    add("A.甲；B.乙；C.丙", "甲|乙|丙", 0);
    add("A.甲;B.乙;C.丙", "甲|乙|丙", 0);
    add("A.停电；验电 B.送电", "停电；验电|送电", 0);
    add("A.甲<br>B.乙<br>C.丙", "甲|乙|丙", 1);
    add("甲$乙$丙", "甲|乙|丙", 0);
    add("价格5$以上", "", 0);
    add("A.1 B.2 C.3 D.4 E.5 F.6 G.7 H.8 I.9", "", 0);
  }
  void optionsThatRunTogetherArePartedOrRefused() {
    QFETCH(QByteArray, cell);
    QFETCH(QByteArray, options);
    QFETCH(int, repaired);
    const Collected found = inOneCell(cell.toStdString());
    if (options.isEmpty()) {
      QCOMPARE(found.counts.refused, 1);
      QVERIFY2(found.refused[0].what.zh.find("选项") != std::string::npos, found.refused[0].what.zh.c_str());
      return;
    }
    QVERIFY2(found.refused.empty(), found.refused.empty() ? "" : found.refused[0].what.zh.c_str());
    QByteArrayList got;
    for (const std::string& option : found.bank.items.at(0).options) got << QByteArray::fromStdString(option);
    QCOMPARE(got.join('|'), options);
    QCOMPARE(found.counts.repaired, repaired);
  }

  void looseListsArePartedTheSameWay() {
    const auto list = importJson(R"([{"category":"单选题","title":"甲","choices":"A.甲 B.乙C.丙 D.丁","answer":"D"},{"category":"单选题","title":"乙","choices":"A、甲 B、乙 D、丁","answer":"A"}])", defaults());
    QCOMPARE(list->bank.items.size(), 1u);
    QCOMPARE(list->bank.items[0].options, (Texts{"甲", "乙", "丙", "丁"}));
    QCOMPARE(list->report.repaired, 1);
    QVERIFY2(list->report.refused.at(0).reason.starts_with("分不出选项 C"), list->report.refused[0].reason.c_str());
  }

  void oneMarkOfFourIsText() {
    const std::string head = "题目,选项A,选项B,选项C,选项D,答案\n";
    QCOMPARE(read(head + "哪种短路?,\"A、B两相短路\",三相短路,断路,接地,A\n").bank.items.at(0).options, (Texts{"A、B两相短路", "三相短路", "断路", "接地"}));
    QCOMPARE(read(head + "哪种短路?,A.两相短路,三相短路,断路,接地,A\n").bank.items.at(0).options, (Texts{"A.两相短路", "三相短路", "断路", "接地"}));
    const Collected most = read(head + "哪种短路?,A.两相短路,B.三相短路,C.断路,接地,A\n");
    QCOMPARE(most.bank.items.at(0).options, (Texts{"两相短路", "三相短路", "断路", "接地"}));
    QCOMPARE(most.counts.repaired, 1);
    QCOMPARE(read(head + "哪两相?,\"A、B两相\",\"B、C两相\",\"A、C两相\",三相,A\n").bank.items.at(0).options, (Texts{"A、B两相", "B、C两相", "A、C两相", "三相"}));
  }

  // Choice and true/false.

  void aChoiceWithoutOptionsIsNeverTrueOrFalse() {
    for (const char* table : {"题目,答案\n电压是（ ）。,A\n电流是（　）。,B\n", "题目,答案\n电压是哪一个?,A\nA.甲,\nB.乙,\n电流是哪一个?,B\nA.甲,\nB.乙,\n"}) {
      const Collected found = read(table);
      QCOMPARE(found.counts.imported, 0);
      for (const Finding& one : found.refused) QVERIFY2(one.what.zh.find("选项") != std::string::npos, one.what.zh.c_str());
    }
  }

  void optionsWithinTheStemAreOptions() {
    for (const char* stem : {"相同（ ）\nA.甲\nB.乙", "相同（ ） A.甲 B.乙", "相同（ ）A.甲B.乙"}) {
      const Collected found = read("题目,答案\n\"" + std::string(stem) + "\",B\n");
      QCOMPARE(found.counts.imported, 1);
      QVERIFY(found.bank.items[0].type == ItemType::SingleChoice);
      QCOMPARE(found.bank.items[0].stem, std::string("相同（ ）"));
      QCOMPARE(found.bank.items[0].options, (Texts{"甲", "乙"}));
      QCOMPARE(found.bank.items[0].key, std::vector<int>{1});
      QCOMPARE(found.counts.repaired, 1);
    }
    QCOMPARE(read("题型,题目,答案\n判断题,\"两相 A.甲 B.乙 相同。\",对\n").bank.items.at(0).stem, std::string("两相 A.甲 B.乙 相同。"));
  }

  void lettersOfStatementsAreTruthsAndTold() {
    const Collected found = read("题目,答案\n地线可以不接。,B\n先验电再接地。（ ）,A\n");
    QCOMPARE(found.counts.imported, 2);
    QCOMPARE(found.counts.repaired, 2);
    QVERIFY(found.bank.items[0].type == ItemType::TrueFalse && found.bank.items[0].key == std::vector<int>{1});
    QVERIFY(find(found.notes, "lettered_truths", "2"));
    const Collected typed = read("题型,题目,答案\n判断题,地线可以不接。,B\n");
    QVERIFY(typed.counts.repaired == 0 && !find(typed.notes, "lettered_truths"));
  }

  void aLetterThatLooksLikeATruthIsALetter() {
    const Collected found = read("题目,A,B,C,D,E,F,答案\n哪一个?,一,二,三,四,五,六,F\n有几种?,是,否,不一定,,,,是\n够吗?,正确,错误,,,,,错误\n");
    QCOMPARE(found.counts.imported, 3);
    QVERIFY(found.bank.items[0].type == ItemType::SingleChoice && found.bank.items[0].key == std::vector<int>{5});
    QVERIFY(found.bank.items[1].type == ItemType::SingleChoice && found.bank.items[1].key == std::vector<int>{0});
    QVERIFY(found.bank.items[2].type == ItemType::TrueFalse && found.bank.items[2].key == std::vector<int>{1});
  }

  void typesThatLeaveTheNumberOfAnswersOpen() {
    const std::string head = "题型,题目,A,B,C,答案\n";
    const Collected found = read(head + "不定项选择题,哪些?,一,二,三,AC\n不定项,哪个?,一,二,三,B\n选择题,什么?,一,二,三,C\nMultiple Choice,which?,一,二,三,C\n选择题,无选项,,,,A\n");
    QCOMPARE(found.counts.imported, 4);
    QVERIFY(found.bank.items[0].type == ItemType::MultipleChoice);
    for (std::size_t i : {1u, 2u, 3u}) QVERIFY(found.bank.items[i].type == ItemType::SingleChoice);
    QCOMPARE(found.counts.repaired, 4);
    QVERIFY(found.refused.at(0).what.zh.find("选项") != std::string::npos);
    // Beside single choice it means several answers, and one is too few.
    QCOMPARE(read(head + "Single Choice,a?,一,二,三,C\nMultiple Choice,b?,一,二,三,C\n").counts.refused, 1);
    QCOMPARE(read(head + "多选题,哪些?,一,二,三,A\n").counts.refused, 1);
  }

  void keysAreReadWhereTheyAreClear_data() {
    QTest::addColumn<QByteArray>("row");
    QTest::addColumn<QByteArray>("key");  // "" = refused
    QTest::addColumn<int>("repaired");
    const auto add = [](const char* row, const char* key, int repaired) { QTest::newRow(row) << QByteArray(row) << QByteArray(key) << repaired; };
    add("单选题,哪个?,甲,乙,丙,（C）", "C", 1);
    add("单选题,哪个?,甲,乙,丙,【B】", "B", 1);
    add("单选题,哪个?,甲,乙,丙,B.乙", "B", 1);
    add("单选题,哪个?,甲,乙,丙,B.丙", "", 0);
    add("单选题,哪个?,甲,乙,丙,乙", "B", 1);
    add("单选题,哪个?,甲,乙,丙,戊", "", 0);
    add("多选题,哪些?,甲,乙,丙,A和C", "AC", 1);
    add("多选题,哪些?,甲,乙,丙,(A)(C)", "", 0);
    add("判断题,对吗?,,,,错误。", "B", 1);
    add("判断题,对吗?,,,,（×）", "B", 1);
    add("判断题,对吗?,,,,A.正确", "A", 1);
    add("判断题,对吗?,正确,错误,,B.错误", "B", 1);
    add("判断题,对吗?,正确,错误,,A.错误", "", 0);
    add("判断题,对吗?,,,,\u2714\uFE0F", "A", 0);
    add(",对吗?,,,,（√）", "A", 1);
  }
  void keysAreReadWhereTheyAreClear() {
    QFETCH(QByteArray, row);
    QFETCH(QByteArray, key);
    QFETCH(int, repaired);
    const Collected found = read("题型,题目,选项A,选项B,选项C,答案\n" + row.toStdString() + "\n");
    if (key.isEmpty()) {
      QCOMPARE(found.counts.refused, 1);
      return;
    }
    QVERIFY2(found.refused.empty(), found.refused.empty() ? "" : found.refused[0].what.zh.c_str());
    QByteArray letters;
    for (int index : found.bank.items.at(0).key) letters += static_cast<char>('A' + index);
    QCOMPARE(letters, key);
    QCOMPARE(found.counts.repaired, repaired);
  }

  void numbersNameOptionsWhereTheHeadingsAreNumbered() {
    const std::string head = "题型,题目,选项1,选项2,选项3,答案\n";
    const Collected found = read(head + "单选题,哪个?,甲,乙,丙,2\n多选题,哪些?,甲,乙,丙,\"1,3\"\n单选题,几个?,3,2,1,3\n单选题,多少?,甲,乙,丙,4\n");
    QCOMPARE(found.counts.imported, 2);
    QCOMPARE(found.bank.items[0].key, std::vector<int>{1});
    QCOMPARE(found.bank.items[1].key, (std::vector<int>{0, 2}));
    QCOMPARE(found.counts.repaired, 2);
    QCOMPARE(read("题型,题目,选项A,选项B,答案\n单选题,哪个?,甲,乙,2\n").counts.refused, 1);
  }

  void optionsMayBeNumberedFromZero() {
    const std::string head = "题型,题目,选项0,选项1,选项2,答案\n";
    const Collected found = read(head + "单选题,哪个?,甲,乙,丙,A\n单选题,是谁?,,乙,丙,B\n单选题,几号?,甲,乙,丙,1\n");
    QCOMPARE(found.counts.imported, 1);
    QCOMPARE(found.bank.items[0].options, (Texts{"甲", "乙", "丙"}));
    QCOMPARE(found.bank.items[0].key, std::vector<int>{0});
    QVERIFY(!find(found.notes, "columns_not_read"));
    QCOMPARE(read("题目,选项0,选项A,选项B,答案\n哪个?,x,甲,乙,A\n").bank.items.at(0).options, (Texts{"甲", "乙"}));
    QVERIFY(find(read("题目,选项0,选项1,选项2,选项3,选项4,选项5,选项6,选项7,选项8,答案\n哪个?,1,2,3,4,5,6,7,8,9,A\n").refused, "refused", "9 个选项"));
  }

  void aPlaceholderForOptionZeroIsNoOption() {
    const std::string head = "题型,题目,选项0,选项1,选项2,选项3,答案\n";
    const Collected empty = read(head + "单选题,哪个?,,甲,乙,丙,A\n单选题,是谁?,,子,丑,寅,C\n" + head + "单选题,几号?,,一,二,三,2\n");
    QCOMPARE(empty.counts.imported, 3);
    QCOMPARE(empty.bank.items[0].options, (Texts{"甲", "乙", "丙"}));
    QCOMPARE(empty.bank.items[0].key, std::vector<int>{0});
    QCOMPARE(empty.bank.items[1].key, std::vector<int>{2});
    QCOMPARE(empty.bank.items[2].key, std::vector<int>{1});
    const Collected signs = read(head + "单选题,哪个?,-,甲,乙,丙,A\n单选题,是谁?,-,子,丑,寅,B\n");
    QCOMPARE(signs.counts.imported, 2);
    QCOMPARE(signs.bank.items[0].options, (Texts{"甲", "乙", "丙"}));
    QCOMPARE(signs.bank.items[0].key, std::vector<int>{0});
    QVERIFY(find(signs.notes, "columns_not_read", "选项0"));
    std::string words;
    for (const char* n : {"一", "二", "三", "四", "五"}) words += std::string("单选题,第") + n + "个?,占位,甲" + n + ",乙" + n + ",丙" + n + ",A\n";
    const Collected filled = read(head + words);
    QCOMPARE(filled.counts.imported, 5);
    for (const Item& item : filled.bank.items) QVERIFY(item.options.size() == 3 && item.key == std::vector<int>{0});
    // Nine columns of options and a placeholder: 选项8 is H.
    const Collected eight = read("题目,选项0,选项1,选项2,选项3,选项4,选项5,选项6,选项7,选项8,答案\n哪个?,,1,2,3,4,5,6,7,8,H\n");
    QCOMPARE(eight.bank.items.at(0).key, std::vector<int>{7});
  }

  void anEmptyOptionZeroMovesNoLetters() {
    const std::string head = "题型,题目,选项0,选项1,选项2,选项3,答案\n";
    const Collected gap = read(head + "单选题,哪个?,甲,乙,丙,丁,D\n单选题,是谁?,,子,丑,寅,A\n单选题,几号?,,一,二,三,B\n");
    QCOMPARE(gap.counts.imported, 1);
    QCOMPARE(gap.bank.items[0].key, std::vector<int>{3});
    for (const Finding& one : gap.refused) QVERIFY2(one.what.zh.starts_with("选项 A 没有文字"), one.what.zh.c_str());
    // Another sheet of the file has it.
    const Rows whole{{"题目", "选项0", "选项1", "选项2", "答案"}, {"哪个?", "甲", "乙", "丙", "C"}}, hollow{whole[0], {"是谁?", "", "子", "丑", "A"}};
    const Collected two = read(workbook({{"一", whole}, {"二", hollow}}));
    QCOMPARE(two.counts.imported, 1);
    QCOMPARE(two.refused.at(0).place.sheet, std::string("二"));
    // The keys count it: D of three options.
    QCOMPARE(read(head + "单选题,哪个?,,甲,乙,丙,D\n单选题,是谁?,,子,丑,寅,B\n").counts.refused, 2);
    // A few questions may have the same first option, all of them where they are true or false, and a picture has no text.
    formats::ZeroOption alike, truths, picture;
    for (const char* one : {"乙", "丑", "二", "2"}) alike.add({"甲", one, 2, "A"});
    for (const char* one : {"错误", "错", "不正确", "不对", "否", "×"}) truths.add({"正确", one, 1, "A"});
    picture.add({"", "乙", 2, "A", true});
    QVERIFY(alike.isOption() && truths.isOption() && picture.isOption() && formats::ZeroOption().isOption());
    alike.add({"甲", "乙二", 2, "B"});
    QVERIFY(!alike.isOption());
  }

  /// Each heading used to look through all of them: with so many that takes longer than a test is given.
  void aTableOfThousandsOfOptionsIsLookedThroughOnce() {
    constexpr std::size_t kColumns = 50'000, kFilled = 40'000;
    Sheet sheet;
    sheet.lines.push_back({1, Texts(kColumns, "选项99")});
    sheet.lines.push_back({2, Texts(kColumns)});
    Texts &heads = sheet.lines[0].cells, &cells = sheet.lines[1].cells;
    heads[0] = "题目", heads[1] = "选项A", heads[2] = "选项B", heads.back() = "答案";
    cells[0] = "哪个?", cells[1] = "甲", cells[2] = "乙", cells[kFilled] = "丙", cells.back() = "A";
    const std::vector<Sheet> sheets{sheet};
    const Reading reading = readTable(sheets, guessColumns(sheets), "f");
    QCOMPARE(reading.refused.size(), 1u);
    QVERIFY2(reading.refused[0].what.zh.starts_with("有 9 个选项"), reading.refused[0].what.zh.c_str());
    QCOMPARE(reading.refused[0].place.column, static_cast<int>(kFilled) + 1);
  }

  // HTML in cells.

  void htmlInCellsIsReadAsHtml() {
    const Rows rows{{"题目", "选项A", "选项B", "答案", "解析"}, {"<p>一&nbsp;&lt;（ ）</p>", "<p>A.甲</p>", "<p>B.乙</p>", "A", ""},
                    {"<p>1 m<sup>2</sup> 是多少?</p>", "A.1", "B.<b>10</b>&lt;", "B", "x < y"}, {"看图<img src=\"/u/1.png\">", "甲", "乙", "A", ""}, {"x<y 且 y>1?", "甲", "乙", "A", ""}};
    const Collected found = read(workbook({{"题", rows}}));
    QCOMPARE(found.counts.imported, 3);
    QCOMPARE(found.counts.repaired, 2);
    QCOMPARE(found.bank.items[0].stem, std::string("一\u00A0<（ ）"));
    QVERIFY(found.bank.items[0].markup == Markup::Plain);
    QCOMPARE(found.bank.items[0].options, (Texts{"甲", "乙"}));
    QVERIFY(found.bank.items[1].markup == Markup::Html);
    QCOMPARE(found.bank.items[1].stem, std::string("<p>1 m<sup>2</sup> 是多少?</p>"));
    QCOMPARE(found.bank.items[1].options, (Texts{"1", "<b>10</b>&lt;"}));
    QCOMPARE(found.bank.items[1].explanation, std::string("x &lt; y"));
    QCOMPARE(found.bank.items[2].stem, std::string("x<y 且 y>1?"));
    QCOMPARE(found.refused.at(0).code, std::string("content_missing"));
    QVERIFY(parseNative(writeNative(found.bank)) == found.bank);
  }

  void ourOwnTablesStayAsTheyAre() {
    Bank bank = defaults();
    Item item;
    item.type = ItemType::SingleChoice;
    int number = 0;
    for (const auto& [stem, options] : {std::pair<std::string, Texts>{"<p>一</p>", {"A.甲", "(B)乙"}}, {"题目", {"答案", "选项"}}, {"二、单选题", {"<b>1</b>", "&lt;"}}, {"A.甲 B.乙", {"A、B两相", "三相"}}}) {
      item.id = "q" + std::to_string(++number);
      item.stem = stem;
      item.options = options;
      item.key = {1};
      bank.items.push_back(item);
    }
    for (const char* format : {"csv", "xlsx"}) {
      const auto written = writeBankFile(bank, format);
      const Collected back = read(written->bytes);
      QCOMPARE(back.counts.imported, 4);
      QCOMPARE(back.counts.repaired, 0);
      for (std::size_t i = 0; i < 4; ++i) QVERIFY(back.bank.items[i].stem == bank.items[i].stem && back.bank.items[i].options == bank.items[i].options && back.bank.items[i].markup == Markup::Plain);
    }
  }
};

QTEST_APPLESS_MAIN(OddTablesTest)
#include "test_odd_tables.moc"
