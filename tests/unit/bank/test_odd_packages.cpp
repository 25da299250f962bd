// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <iconv.h>

#include <QtTest>
#include <nlohmann/json.hpp>

#include "formats/package.hpp"
#include "import_defaults.hpp"
#include "invigil/bank/bank_file.hpp"
#include "invigil/bank/formats.hpp"
#include "invigil/bank/markup.hpp"
#include "invigil/base/text.hpp"

using namespace invigil;
using namespace invigil::bank;

namespace {

std::string encoded(const std::string& text, const char* to) {
  const iconv_t way = iconv_open(to, "UTF-8");
  std::string out(text.size() * 2 + 16, '\0');
  char *from = const_cast<char*>(text.data()), *target = out.data();
  std::size_t left = text.size(), room = out.size();
  if (iconv(way, &from, &left, &target, &room) == static_cast<std::size_t>(-1)) qFatal("%s", to);
  iconv_close(way);
  out.resize(out.size() - room);
  return out;
}

BankFile read(const std::string& bytes, const std::string& name = "f", const std::string& format = "") {
  auto file = readBankFile(bytes, name, format, std::nullopt, defaults());
  if (!file) qFatal("%s", file.error().detail.c_str());
  const auto& counts = file->collected.counts;
  if (counts.rows != counts.imported + counts.duplicates + counts.refused) qFatal("the sum does not hold");
  return std::move(*file);
}

std::string failure(const std::string& bytes, const std::string& name = "f") {
  const auto file = readBankFile(bytes, name, "", std::nullopt, defaults());
  return file ? "" : file.error().detail;
}

const Finding* find(const std::vector<Finding>& findings, const std::string& code, const std::string& words = "") {
  for (const Finding& one : findings)
    if (one.code == code && (one.what.zh + one.what.en + one.text).find(words) != std::string::npos) return &one;
  return nullptr;
}

std::string options(const Item& item) {
  std::string out;
  for (const std::string& one : item.options) out += (out.empty() ? "" : "|") + one;
  return out;
}

std::string letters(const Item& item) {
  std::string out;
  for (int index : item.key) out += static_cast<char>('A' + index);
  return out;
}

/// An item of QTI 2.1 of one choice among A, B and C.
std::string choice(const std::string& processing, const std::string& declared = "<correctResponse><value>A</value></correctResponse>", const std::string& cardinality = "single") {
  return "<assessmentItem identifier='q'><responseDeclaration identifier='R' cardinality='" + cardinality + "' baseType='identifier'>" + declared +
         "</responseDeclaration><outcomeDeclaration identifier='SCORE' cardinality='single' baseType='float'/><itemBody><p>先做什么？</p>"
         "<choiceInteraction responseIdentifier='R'><simpleChoice identifier='A'>停电</simpleChoice><simpleChoice identifier='B'>验电</simpleChoice>"
         "<simpleChoice identifier='C'>接地</simpleChoice></choiceInteraction></itemBody>" + processing + "</assessmentItem>";
}

std::string typed(const std::string& type, const std::string& correct, const std::string& processing, const std::string& mapping = "") {
  return "<assessmentItem identifier='q'><responseDeclaration identifier='R' cardinality='single' baseType='" + type + "'><correctResponse><value>" + correct + "</value></correctResponse>" + mapping +
         "</responseDeclaration><outcomeDeclaration identifier='SCORE' cardinality='single' baseType='float'/><itemBody><p>写出答案 <textEntryInteraction responseIdentifier='R'/> 。</p></itemBody>" +
         processing + "</assessmentItem>";
}

std::string scores(const std::string& condition, const std::string& points = "1") {
  return "<responseCondition><responseIf>" + condition + "<setOutcomeValue identifier='SCORE'><baseValue baseType='float'>" + points + "</baseValue></setOutcomeValue></responseIf></responseCondition>";
}
std::string processing(const std::string& statements) { return "<responseProcessing>" + statements + "</responseProcessing>"; }

const std::string kVariable = "<variable identifier='R'/>", kCorrect = "<correct identifier='R'/>";

std::string number(const std::string& value) { return "<baseValue baseType='float'>" + value + "</baseValue>"; }

}  // namespace

class OddPackagesTest : public QObject {
  Q_OBJECT
 private slots:
  // Lists in JSON.

  void everyListOfQuestionsIsRead() {
    const std::string judge = R"([{"title":"地线可以不接","answer":"错误"}])", single = R"([{"title":"先做什么","options":["停电","验电"],"answer":"A"}])",
                      multi = R"([{"title":"哪些对","options":["停电","验电","送电"],"answer":["A","B"]}])";
    const auto file = read("{\"single_choice\":" + single + ",\"multi_choice\":" + multi + ",\"judge\":" + judge + "}");
    QCOMPARE(file.collected.counts.imported, 3);
    QVERIFY(file.collected.bank.items[0].type == ItemType::SingleChoice);
    QVERIFY(file.collected.bank.items[1].type == ItemType::TrueFalse || file.collected.bank.items[2].type == ItemType::TrueFalse);
    QCOMPARE(read("{\"判断题\":" + judge + ",\"多选\":" + multi + "}").collected.counts.imported, 2);
    // By what it holds where the name says nothing.
    QCOMPARE(read(R"({"第一章":[{"category":"单选题","title":"甲","options":["一","二"],"answer":"b"}]})").collected.counts.imported, 1);
  }

  void wrappedListsAreRead_data() {
    QTest::addColumn<QString>("json");
    const QString row = R"({"category":"单选题","title":"甲","options":["一","二"],"answer":"B"})";
    QTest::newRow("data") << "{\"code\":0,\"data\":{\"list\":[" + row + "]}}";
    QTest::newRow("questions") << "{\"title\":\"题库\",\"questions\":[" + row + "]}";
    QTest::newRow("result") << "{\"result\":{\"data\":{\"items\":[" + row + "]}}}";
    QTest::newRow("with an answer above") << "{\"title\":\"题库\",\"answer\":1,\"题\":[" + row + "]}";
    QTest::newRow("by number") << "{\"1\":" + row + "}";
    QTest::newRow("one object") << row;
    QTest::newRow("type above") << "{\"single\":{\"list\":[{\"title\":\"甲\",\"options\":[\"一\",\"二\"],\"answer\":\"B\"}]}}";
  }
  void wrappedListsAreRead() {
    QFETCH(QString, json);
    const auto file = read(json.toStdString());
    QCOMPARE(file.collected.counts.rows, 1);
    QCOMPARE(file.collected.counts.imported, 1);
    QCOMPARE(letters(file.collected.bank.items[0]), std::string("B"));
  }

  void otherListsAreNamed() {
    const auto file = read(R"({"questions":[{"category":"判断题","title":"甲","answer":"对"}],"chapters":[{"id":1,"name":"一"},{"id":2,"name":"二"}]})");
    QCOMPARE(file.collected.counts.rows, 1);
    QVERIFY(find(file.collected.notes, "columns_not_read", "chapters"));
    QVERIFY(failure(R"({"chapters":[{"id":1}]})").find("/ The file is neither") != std::string::npos);
  }

  void anObjectALineIsAList() {
    const auto file = read("{\"category\":\"判断题\",\"title\":\"甲\",\"answer\":\"对\"}\n\n{\"category\":\"判断题\",\"title\":\"乙\",\"answer\":\"错\"}\r\n{\"category\":\"判断题\",\"title\":\n", "list.jsonl");
    QCOMPARE(file.collected.counts.imported, 2);
    QCOMPARE(file.collected.refused.size(), std::size_t(1));
    QCOMPARE(file.collected.refused[0].place.row, 4);
    QVERIFY(failure("[{\"category\":\"判断题\"}]\n[{}]").find("not valid JSON") != std::string::npos);
  }

  void membersOfRowsAreTakenOrNamed() {
    const auto file = read(R"([{"id":7,"category":"判断题","title":"甲","answer":"对","difficulty":"3","tags":["触电","x"],"source":"法规","score":2,"chapter_name":""},
                               {"category":"判断题","title":"乙","answer":"对","难度":"较难","score":2,"difficulty":"0.3"}])");
    const Item& item = file.collected.bank.items.at(0);
    QCOMPARE(item.difficulty, 3);
    QCOMPARE(item.tags, (std::vector<std::string>{"x", "触电"}));
    QCOMPARE(item.source, std::string("法规"));
    QCOMPARE(file.collected.bank.items.at(1).difficulty, 4);
    const Finding* note = find(file.collected.notes, "columns_not_read", "“score”（2 行）");
    QVERIFY(note != nullptr);
    QVERIFY2(note->what.zh.find("“difficulty”（1 行）") != std::string::npos, note->what.zh.c_str());
    QVERIFY2(note->what.zh.find("id") == std::string::npos && note->what.zh.find("chapter") == std::string::npos, note->what.zh.c_str());
  }

  void aRowWithAPictureIsRefused() {
    const auto file = read(R"([{"category":"判断题","title":"如图，甲","answer":"对","image":"img/1.png"},{"category":"判断题","title":"乙","answer":"对","image":"","imgs":[]},
        {"category":"单选题","title":"丙","options":[{"key":"A","value":"一","img":"1.png"},{"key":"B","value":"二"}],"answer":"A"}])");
    QCOMPARE(file.collected.counts.imported, 1);
    QCOMPARE(file.collected.refused.size(), std::size_t(2));
    for (const Finding& one : file.collected.refused) QCOMPARE(one.code, std::string("content_missing"));
    QVERIFY(file.collected.notes.empty());
  }

  void optionsAsTheyAreWritten_data() {
    QTest::addColumn<QString>("members");
    QTest::addColumn<QString>("says");
    const auto add = [](const char* name, const char* members, const char* says) { QTest::newRow(name) << QString::fromUtf8(members) << QString::fromUtf8(says); };
    add("members", R"("A":"停电","B":"验电","C":"送电","D":"","answer":"AC")", "停电|验电|送电 AC");
    add("small members", R"("a":"停电","b":"验电","answer":"ab")", "停电|验电 AB");
    add("optionA", R"("optionA":"停电","optionB":"验电","answer":["a","b"])", "停电|验电 AB");
    add("选项1", R"("选项1":"停电","选项2":"验电","answer":["A","B"])", "停电|验电 AB");
    add("key and value", R"("options":[{"key":"A","value":"停电"},{"key":"B","value":"验电"}],"answer":"AB")", "停电|验电 AB");
    add("label and text", R"("options":[{"label":"a","text":"停电"},{"label":"b","text":"验电"}],"answer":"AB")", "停电|验电 AB");
    add("label shown", R"("options":[{"label":"停电","value":"A"},{"label":"验电","value":"B"}],"answer":"AB")", "停电|验电 AB");
    add("label shown by some", R"("options":[{"label":"停电","value":"A"},{"label":"验电","value":"C"}],"answer":"AB")", "字母和文字分不清");
    add("ids beside texts of a letter", R"("options":[{"id":"o1","text":"A"},{"id":"o2","text":"B"},{"id":"o3","text":"AB"},{"id":"o4","text":"O"}],"answer":"AD")", "A|B|AB|O AD");
    add("ids beside the letters", R"("options":[{"id":"o1","text":"A"},{"id":"o2","text":"B"}],"answer":"AB")", "A|B AB");
    add("from zero", R"("option0":"停电","option1":"验电","option2":"送电","answer":"AC")", "停电|验电|送电 AC");
    add("选项0", R"("选项0":"停电","选项1":"验电","选项2":"送电","answer":"AC")", "停电|验电|送电 AC");
    add("an empty zero is a placeholder", R"("option0":"","option1":"验电","option2":"送电","answer":"AB")", "验电|送电 AB");
    add("a zero alone", R"("option0":"停电","A":"验电","B":"送电","answer":"AB")", "验电|送电 AB");
    add("id and content", R"("options":[{"id":101,"content":"停电"},{"id":102,"content":"验电"}],"answer":"AB")", "停电|验电 AB");
    add("small object", R"("options":{"a":"停电","b":"验电"},"answer":"a,b")", "停电|验电 AB");
    add("one member each", R"("options":[{"A":"停电"},{"B":"验电"}],"answer":"AB")", "停电|验电 AB");
    add("one member each, out of order", R"("options":[{"B":"停电"},{"A":"验电"}],"answer":"AB")", "没有按 A、B、C");
    add("other letters", R"("A":"停电","B":"验电","t":"x","answer":"AB")", "停电|验电 AB");
    add("nine", R"("A":"1","B":"2","C":"3","D":"4","E":"5","F":"6","G":"7","H":"8","I":"9","answer":"AB")", "有 9 个选项");
    add("gap", R"("A":"停电","C":"送电","answer":"AC")", "选项 B 没有文字");
    add("out of order", R"("options":[{"key":"B","value":"停电"},{"key":"A","value":"验电"}],"answer":"AB")", "没有按 A、B、C");
    add("no text", R"("options":[{"key":"A","value":1},{"key":"B","value":"验电"}],"answer":"AB")", "选项 A 不是文字");
  }
  void optionsAsTheyAreWritten() {
    QFETCH(QString, members);
    QFETCH(QString, says);
    const auto file = read(("[{\"category\":\"多选题\",\"title\":\"甲\"," + members + "}]").toStdString());
    QCOMPARE(file.collected.counts.rows, 1);
    if (file.collected.counts.refused > 0) {
      QVERIFY2(file.collected.refused[0].what.zh.find(says.toStdString()) != std::string::npos, file.collected.refused[0].what.zh.c_str());
      return;
    }
    const Item& item = file.collected.bank.items[0];
    QCOMPARE(QString::fromStdString(options(item) + " " + letters(item)), says);
  }

  void aRowWithoutItsFirstOptionMovesNoLetters() {
    const auto rows = [](const char* separator) {
      return R"({"category":"单选题","title":"甲","option0":"停电","option1":"验电","option2":"送电","answer":"A"})" + std::string(separator) +
             R"({"category":"单选题","title":"乙","option0":"","option1":"子","option2":"丑","answer":"B"})" + separator + R"({"category":"单选题","title":"丙","option1":"子","option2":"寅","answer":"B"})";
    };
    for (const std::string& json : {"[" + rows(",") + "]", rows("\n")}) {
      const auto file = read(json, "list.json");
      QCOMPARE(file.collected.counts.imported, 1);
      QCOMPARE(options(file.collected.bank.items[0]) + " " + letters(file.collected.bank.items[0]), std::string("停电|验电|送电 A"));
      QCOMPARE(file.collected.refused.size(), std::size_t(2));
      for (const Finding& one : file.collected.refused) QVERIFY2(one.what.zh.starts_with("选项 A 没有文字"), one.what.zh.c_str());
    }
    // What is the same everywhere and no option is a placeholder.
    for (const std::string filler : {"", "-"}) {
      const auto row = [&](const char* title, const char* one, const char* two, const char* answer) {
        return nlohmann::ordered_json{{"category", "单选题"}, {"title", title}, {"option0", filler}, {"option1", one}, {"option2", two}, {"answer", answer}};
      };
      const auto file = read(nlohmann::ordered_json{row("甲", "停电", "验电", "A"), row("乙", "送电", "接地", "B")}.dump());
      QCOMPARE(file.collected.counts.imported, 2);
      QCOMPARE(options(file.collected.bank.items[0]) + " " + letters(file.collected.bank.items[0]), std::string("停电|验电 A"));
      QCOMPARE(options(file.collected.bank.items[1]) + " " + letters(file.collected.bank.items[1]), std::string("送电|接地 B"));
      QCOMPARE(find(file.collected.notes, "columns_not_read", "option0") != nullptr, !filler.empty());
    }
  }

  void theTitleIsTheQuestionWhereContentIsNone() {
    const auto stems = [](const BankFile& file) {
      std::string out;
      for (const Item& item : file.collected.bank.items) out += item.stem + "/";
      return out;
    };
    const auto listed = read(R"([{"category":"单选题","title":"停电以后先做什么？","content":"A.验电 B.接地 C.挂牌","answer":"A"},{"category":"单选题","title":"安全电压是（ ）。","content":"A.36V B.220V","answer":"B"},
                                 {"category":"单选题","title":"","content":"A.甲 B.乙","answer":"A"}])");
    QCOMPARE(stems(listed), std::string("停电以后先做什么？/安全电压是（ ）。/"));
    QCOMPARE(options(listed.collected.bank.items[0]), std::string("验电|接地|挂牌"));
    QCOMPARE(letters(listed.collected.bank.items[1]), std::string("B"));
    QVERIFY2(listed.collected.refused.at(0).what.zh.starts_with("题干"), listed.collected.refused[0].what.zh.c_str());
    QCOMPARE(listed.collected.refused[0].as_read->item.options.size(), std::size_t(2));
    QVERIFY(!find(listed.collected.notes, "columns_not_read"));
    const auto same = read(R"([{"category":"判断题","title":"地线可以不接。","content":"低压电工","answer":"错"},{"category":"判断题","title":"先验电再接地。","content":"低压电工","answer":"对"}])");
    QCOMPARE(stems(same), std::string("地线可以不接。/先验电再接地。/"));
    QVERIFY(find(same.collected.notes, "columns_not_read", "“content”（2 行）"));
    nlohmann::ordered_json chapters;
    for (int i = 0; i < 20; ++i)
      chapters.push_back({{"category", "判断题"}, {"title", "第" + std::to_string(i) + "条地线可以不接。"}, {"content", i < 10 ? "第一章" : "第二章"}, {"answer", "错"}});
    QVERIFY(stems(read(chapters.dump())).starts_with("第0条地线可以不接。/"));
    // A number, a heading, two questions, or one row alone decide nothing.
    QCOMPARE(stems(read(R"([{"category":"判断题","title":"第 1 题","content":"地线可以不接。","answer":"错"},{"category":"判断题","title":"第 2 题","content":"先验电。","answer":"对"}])")), std::string("地线可以不接。/先验电。/"));
    QCOMPARE(stems(read(R"([{"category":"判断题","title":"触电是什么？","content":"地线可以不接。","answer":"错"},{"category":"判断题","title":"如何验电？","content":"先验电。","answer":"对"}])")), std::string("地线可以不接。/先验电。/"));
    QCOMPARE(stems(read(R"([{"category":"判断题","title":"地线可以不接。","content":"低压电工","answer":"错"}])")), std::string("低压电工/"));
  }

  // Encodings.

  void textInOtherEncodingsIsRead_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("format");
    QTest::newRow("hash") << "1#安全帽应当#甲$乙\n2#地线可以不接。$1\n" << "hash_lines";
    QTest::newRow("gift") << "地线可以不接{F}\n\n先做什么{=停电 ~送电}\n" << "gift";
    QTest::newRow("aiken") << "先做什么？\nA) 停电\nB) 送电\nANSWER: A\n\n后做什么？\nA) 停电\nB) 送电\nANSWER: B\n" << "aiken";
    QTest::newRow("json") << R"([{"category":"判断题","title":"地线可以不接","answer":"错误"},{"category":"判断题","title":"乙","answer":"对"}])" << "loose_json";
  }
  void textInOtherEncodingsIsRead() {
    QFETCH(QString, text);
    QFETCH(QString, format);
    const auto wanted = read(text.toStdString());
    QCOMPARE(wanted.format, format.toStdString());
    QCOMPARE(wanted.collected.counts.imported, 2);
    for (const char* encoding : {"GBK", "UTF-16LE", "UTF-16BE", "UTF-16"}) {  // the last with a mark
      const auto file = read(encoded(text.toStdString(), encoding));
      QCOMPARE(file.format, format.toStdString());
      QVERIFY2(file.collected.bank.items == wanted.collected.bank.items, encoding);
    }
  }

  void aFewBrokenBytesAreNotTakenForAnotherEncoding() {
    const std::string text = "[{\"category\":\"判断题\",\"title\":\"地线可以不接，安全帽可以不戴\xFF\",\"answer\":\"错误\"}]";
    QVERIFY(failure(text).find("UTF-8") != std::string::npos);
  }

  void xmlSaysHowItIsEncoded() {
    const std::string item = choice("");
    for (const char* encoding : {"GBK", "UTF-16"}) {
      const auto file = read(encoded("<?xml version='1.0' encoding='" + std::string(encoding) + "'?>" + item, encoding));
      QCOMPARE(file.format, std::string("qti"));
      QCOMPARE(options(file.collected.bank.items.at(0)), std::string("停电|验电|接地"));
    }
    const auto package = formats::packed({{"a.xml", encoded("<?xml version='1.0' encoding='gb2312'?>" + item, "GBK")}});
    const auto file = read(*package, "p.zip");
    QCOMPARE(options(file.collected.bank.items.at(0)), std::string("停电|验电|接地"));
  }

  void theRootSaysWhichXmlItIs() {
    const std::string quiz = "<?xml version='1.0'?><!DOCTYPE quiz [<!ENTITY a '<html>'>]><!--" + std::string(6000, '-') + "x--><quiz><question type='truefalse'><questiontext><text>甲</text></questiontext>"
                             "<answer fraction='100'><text>true</text></answer><answer fraction='0'><text>false</text></answer></question></quiz>";
    QCOMPARE(read(quiz).format, std::string("moodle_xml"));
    QCOMPARE(read(quiz).collected.counts.imported, 1);
    QCOMPARE(read("<!-- <quiz> -->" + choice("")).format, std::string("qti"));
  }

  void headingsBeforeHashLinesAreNoQuestions() {
    const auto file = read("判断题\n\n1#地线可以不接。$1\n二、单选题（共 1 题）\n2#先#停电$送电\n");
    QCOMPARE(file.format, std::string("hash_lines"));
    QCOMPARE(file.collected.counts.imported, 2);
    QCOMPARE(file.collected.counts.refused, 0);
    QCOMPARE(file.collected.notes.size(), std::size_t(2));
  }

  void namedCharactersOfHtmlAreCharacters() {
    std::string item = choice("");
    item.replace(item.find("停电"), 6, "10&nbsp;kV &times; 2&deg; &amp;nbsp; <![CDATA[&times;]]>");
    const auto reading = readQti(item, "f");
    const std::string text = plainText(reading->items.at(0).item.options[0], reading->items[0].item.markup == Markup::Html);
    QVERIFY2(text.find("×") != std::string::npos && text.find("2°") != std::string::npos, text.c_str());
    QVERIFY2(text.find("10&nbsp;") == std::string::npos && text.find("&nbsp; &times;") != std::string::npos, text.c_str());
  }

  // What an item's own response processing says.

  void processingDecidesWhatIsRight_data() {
    QTest::addColumn<QString>("item");
    QTest::addColumn<QString>("says");
    const auto add = [](const char* name, const std::string& item, const char* says) { QTest::newRow(name) << QString::fromStdString(item) << QString::fromUtf8(says); };
    const std::string match = "<match>" + kVariable + kCorrect + "</match>", is_b = "<match>" + kVariable + "<baseValue baseType='identifier'>B</baseValue></match>";
    add("match", choice(processing(scores(match))), "A");
    add("template", choice("<responseProcessing template='http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct'/>"), "A");
    add("unknown template", choice("<responseProcessing template='http://example.org/own.xml'/>"), "type_not_gradable");
    add("rewards another", choice(processing(scores(is_b))), "bad_answer");
    add("names the key itself", choice(processing(scores(is_b)), ""), "B");
    add("feedback only", choice(processing("<responseCondition><responseIf>" + is_b + "<setOutcomeValue identifier='FEEDBACK'><baseValue>x</baseValue></setOutcomeValue></responseIf></responseCondition>")), "A");
    add("not followed", choice(processing("<setOutcomeValue identifier='SCORE'><customOperator class='x'>" + kVariable + "</customOperator></setOutcomeValue>")), "type_not_gradable");
    add("else", choice(processing("<responseCondition><responseIf><isNull>" + kVariable + "</isNull><setOutcomeValue identifier='SCORE'>" + number("0") + "</setOutcomeValue></responseIf><responseElseIf>" + match +
        "<setOutcomeValue identifier='SCORE'><sum><variable identifier='SCORE'/>" + number("2") + "</sum></setOutcomeValue></responseElseIf><responseElse><setOutcomeValue identifier='SCORE'>" + number("0") +
        "</setOutcomeValue></responseElse></responseCondition><responseCondition><responseIf><gt><variable identifier='SCORE'/>" + number("2") + "</gt><setOutcomeValue identifier='SCORE'>" + number("2") +
        "</setOutcomeValue></responseIf></responseCondition>")), "A");
    const std::string mapping = "<mapping defaultValue='0'><mapEntry mapKey='A' mappedValue='1'/><mapEntry mapKey='B' mappedValue='0.5'/><mapEntry mapKey='C' mappedValue='-1'/></mapping>";
    const std::string mapped = "<responseProcessing template='http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response'/>";
    add("shares of one", choice(mapped, mapping), "A shares");
    add("shares of several", choice(mapped, mapping, "multiple"), "AB shares");
    add("key and other shares", choice(mapped, "<correctResponse><value>B</value></correctResponse>" + mapping), "bad_answer");
    add("two are right", choice(processing(scores("<or>" + is_b + match + "</or>"))), "bad_answer");
    add("several by match", choice(processing(scores(match)), "<correctResponse><value>A</value><value>C</value></correctResponse>", "multiple"), "AC");
    add("one of several", choice(processing(scores("<member><baseValue baseType='identifier'>B</baseValue>" + kVariable + "</member>")), "<correctResponse><value>A</value><value>C</value></correctResponse>", "multiple"), "bad_answer");
    const auto equal = [&](const std::string& attributes) { return processing(scores("<equal " + attributes + ">" + kVariable + kCorrect + "</equal>")); };
    add("exact", typed("float", "100", equal("toleranceMode='exact'")), "100..100");
    add("relative", typed("float", "100", equal("toleranceMode='relative' tolerance='5 5'")), "95..105");
    add("absolute", typed("float", "36", equal("toleranceMode='absolute' tolerance='0.5'")), "35.5..36.5");
    add("lopsided", typed("float", "36", equal("toleranceMode='absolute' tolerance='1 2'")), "35..38");
    add("open", typed("float", "36", equal("toleranceMode='absolute' tolerance='1 1' includeLowerBound='false'")), "type_not_gradable");
    const auto range = [&](const char* low, const char* high) { return processing(scores("<and><" + std::string(low) + ">" + kVariable + number("3") + "</" + low + "><" + high + ">" + kVariable + number("4") + "</" + high + "></and>")); };
    add("between", typed("float", "3.5", range("gte", "lte")), "3..4");
    add("between, whole", typed("integer", "3", range("gt", "lte")), "bad_answer");
    add("from, whole", typed("integer", "4", range("gt", "lte")), "4..4");
    add("no end", typed("float", "3.5", processing(scores("<gte>" + kVariable + number("3") + "</gte>"))), "type_not_gradable");
    add("partly", typed("float", "10", processing("<responseCondition><responseIf><equal toleranceMode='exact'>" + kVariable + kCorrect + "</equal><setOutcomeValue identifier='SCORE'>" + number("2") +
        "</setOutcomeValue></responseIf><responseElseIf><equal toleranceMode='absolute' tolerance='1 1'>" + kVariable + kCorrect + "</equal><setOutcomeValue identifier='SCORE'>" + number("1") +
        "</setOutcomeValue></responseElseIf></responseCondition>")), "10..10 9..11/50");
    std::string points = choice(processing(scores(is_b)));
    for (std::size_t at = points.find("SCORE"); at != std::string::npos; at = points.find("SCORE", at + 6)) points.replace(at, 5, "POINTS");
    add("another name of the score", points, "bad_answer");
    const auto words = [&](const char* attributes) { return processing(scores("<stringMatch " + std::string(attributes) + ">" + kVariable + kCorrect + "</stringMatch>")); };
    add("case counts", typed("string", "RCD", words("caseSensitive='true'")), "=RCD");
    add("case does not count", typed("string", "RCD", words("caseSensitive='false'")), "~RCD");
    add("case of no letters", typed("string", "漏电", words("caseSensitive='false'")), "~漏电");
    add("part of it", typed("string", "RCD", words("caseSensitive='false' substring='true'")), "type_not_gradable");
    add("pattern", typed("string", "RCD", processing(scores("<patternMatch pattern='R.*'>" + kVariable + "</patternMatch>"))), "type_not_gradable");
    add("entries of a mapping", typed("string", "RCD", mapped, "<mapping defaultValue='0'><mapEntry mapKey='RCD' mappedValue='2' caseSensitive='false'/><mapEntry mapKey='Elcb' mappedValue='1'/></mapping>"), "~RCD =Elcb/50");
    add("mapping that is not asked", typed("string", "RCD", processing(scores(match)), "<mapping defaultValue='0'><mapEntry mapKey='RCD' mappedValue='2'/><mapEntry mapKey='X' mappedValue='1'/></mapping>"), "=RCD");
  }
  void processingDecidesWhatIsRight() {
    QFETCH(QString, item);
    QFETCH(QString, says);
    const auto reading = readQti(item.toStdString(), "f");
    QVERIFY2(reading.has_value(), reading ? "" : reading.error().detail.c_str());
    QCOMPARE(reading->items.size() + reading->refused.size(), std::size_t(1));
    std::string got;
    if (!reading->refused.empty()) {
      got = reading->refused[0].code;
    } else {
      const Item& one = reading->items[0].item;
      got = letters(one);
      for (const AcceptedAnswer& answer : one.answers)
        got += (got.empty() ? "" : " ") + (answer.match == AcceptedAnswer::Match::Range ? answer.text + ".." + answer.upper : (answer.match == AcceptedAnswer::Match::Exact ? "=" : "~") + answer.text) +
               (answer.percent == 100 ? "" : "/" + std::to_string(answer.percent));
      if (find(reading->notes, "shares_not_carried")) got += " shares";
    }
    QCOMPARE(QString::fromStdString(got), says);
  }

  void endlessProcessingIsNotFollowed() {
    std::string deep, closed;
    for (int i = 0; i < 5000; ++i) deep += "<not>", closed += "</not>";
    const auto reading = readQti(choice(processing(scores(deep + "<isNull>" + kVariable + "</isNull>" + closed))), "f");
    QVERIFY(reading && find(reading->refused, "type_not_gradable"));
    std::string wide;
    for (int i = 0; i < 5000; ++i) wide += scores("<isNull>" + kVariable + "</isNull>");
    const auto broad = readQti(choice(processing(wide)), "f");
    QVERIFY(broad && find(broad->refused, "type_not_gradable"));
  }

  void moreOptionsThanLettersAreCountedFirst() {
    std::string choices, entries;
    for (int i = 0; i < 20'000; ++i) {
      const std::string id = "o" + std::to_string(i);
      choices += "<simpleChoice identifier='" + id + "'>" + id + "</simpleChoice>";
      entries += "<mapEntry mapKey='" + id + "' mappedValue='1'/>";
    }
    std::string item = choice("", "<correctResponse><value>none</value></correctResponse><mapping defaultValue='0'>" + entries + "</mapping>");
    item.replace(item.find("<simpleChoice"), 0, choices);
    const auto reading = readQti(item, "f");
    QVERIFY(reading && reading->refused.size() == 1);
    QCOMPARE(reading->refused[0].code, std::string("too_many_options"));
  }

  // Packages.

  void aPictureThatAllItemsShowIsTakenOnce() {
    constexpr int kItems = 70;
    const std::string picture = std::string("\x89PNG\r\n\x1A\n", 8) + std::string(4u << 20, '\0');
    std::vector<std::pair<std::string, std::string>> files{{"pictures/a.png", picture}};
    for (int i = 0; i < kItems; ++i) {
      std::string item = choice("");
      item.replace(item.find("先做什么？"), 0, "<img src='../pictures/a.png' alt=''/>" + std::to_string(i));
      files.emplace_back("items/" + std::to_string(i) + ".xml", item);
    }
    const auto package = formats::packed(files);
    const auto reading = readQti(*package, "p.zip");  // 256 MiB are unpacked at most
    QVERIFY2(reading.has_value(), reading ? "" : reading.error().detail.c_str());
    QCOMPARE(reading->items.size(), std::size_t{kItems});
    QCOMPARE(reading->media.size(), std::size_t{1});
    QVERIFY(reading->media[0].bytes == picture);
    QVERIFY(reading->items[69].item.stem.find(reading->media[0].name) != std::string::npos);
  }

  static std::string manifest(const std::string& resources) { return "<manifest><resources>" + resources + "</resources></manifest>"; }
  static std::string resource(const std::string& href) { return "<resource identifier='r' type='imsqti_item_xmlv2p1' href='" + href + "'/>"; }

  void whatTheManifestNamesIsLookedUp_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("href");
    QTest::newRow("other ending") << "a.qti" << "a.qti";
    QTest::newRow("capitals") << "b.XML" << "b.XML";
    QTest::newRow("other capitals") << "Items/B.xml" << "items/b.XML";
    QTest::newRow("from Windows") << "items\\a.xml" << "items/a.xml";
    QTest::newRow("both from Windows") << "items\\a.xml" << "items\\a.xml";
    QTest::newRow("blank") << "a b.xml" << "a%20b.xml";
    QTest::newRow("percent") << "a%20b.xml" << "a%20b.xml";
  }
  void whatTheManifestNamesIsLookedUp() {
    QFETCH(QString, name);
    QFETCH(QString, href);
    const auto package = formats::packed({{"imsmanifest.xml", manifest(resource(href.toStdString()))}, {name.toStdString(), choice("")}});
    const auto file = read(*package, "p.zip");
    QCOMPARE(file.collected.counts.imported, 1);
    QCOMPARE(file.collected.counts.refused, 0);
  }

  void pathsThatLeadOutStayOut() {
    const auto package = formats::packed({{"imsmanifest.xml", manifest(resource("..\\a.xml") + resource("\\b.xml") + resource("../../etc/c.xml"))}, {"..\\a.xml", choice("")}});
    const auto file = read(*package, "p.zip");
    QCOMPARE(file.collected.counts.imported, 0);
    QCOMPARE(file.collected.refused.size(), std::size_t(3));
    for (const Finding& one : file.collected.refused) QCOMPARE(one.code, std::string("file_missing"));
  }

  void olderItemsInAPackageAreNamed() {
    const std::string old = "<questestinterop><assessment><section><item ident='i1' title='题一'><presentation><material><mattext>先做什么？</mattext></material></presentation></item>"
                            "<item ident='i2' title='题二'/></section><section/></assessment></questestinterop>";
    const auto mixed = read(*formats::packed({{"imsmanifest.xml", manifest(resource("a.xml"))}, {"a.xml", choice("")}, {"old/quiz.xml", old}}), "p.zip");
    QCOMPARE(mixed.collected.counts.imported, 1);
    QCOMPARE(mixed.collected.refused.size(), std::size_t(2));
    QVERIFY(find(mixed.collected.refused, "bad_xml", "QTI 1.2"));
    QCOMPARE(mixed.collected.refused[0].text, std::string("先做什么？"));
    QCOMPARE(mixed.collected.refused[1].text, std::string("题二"));
    QVERIFY(failure(old).find("QTI 1.2") != std::string::npos);
  }

  void aChoiceOfRightAndWrongStaysAChoice() {
    Bank bank = defaults();
    for (ItemType type : {ItemType::SingleChoice, ItemType::TrueFalse}) {
      Item item;
      item.id = type == ItemType::TrueFalse ? "judge" : "choice";
      item.type = type;
      item.stem = type == ItemType::TrueFalse ? "地线可以不接。" : "哪个词对？";
      item.options = {"正确", "错误"};
      item.key = {1};
      bank.items.push_back(item);
    }
    for (const char* format : {"qti21", "qti30"}) {
      const auto written = writeBankFile(bank, format);
      QVERIFY(written->lost.empty());
      QVERIFY(read(written->bytes, "p.zip").collected.bank.items == bank.items);
    }
  }

  // Pages and XML that are called workbooks.

  void tablesOfPagesAreRead() {
    const std::string page = "<html xmlns:x='urn:x'><head><meta charset='gb2312'><style>td{mso-x:'<table>'}</style></head><body><!-- <table> --><table border=1>"
        "<tr><td>题型</td><th>题目</th><td>选项A</td><td>选项B</td><td>答案</td></tr>"
        "<tr><td rowspan=2>单选题</td><td>先做\n  什么？&nbsp;</td><td>停电&lt;1&gt;</td><td><b>送</b>电</td><td>A</td></tr>"
        "<TR><TD>10<sup>3</sup> W 是</TD><TD>一</TD><TD>二</TD><TD>B</TD></TR>"
        "<tr><td>单选题</td><td>看图<img src='1.png'></td><td>一</td><td>二</td><td>B</td></tr></table></body></html>";
    for (const std::string& bytes : {page, encoded(page, "GBK")}) {
      const auto file = read(bytes, "题库.xls");
      QCOMPARE(file.format, std::string("xls"));
      QCOMPARE(file.collected.counts.rows, 3);
      QCOMPARE(file.collected.counts.imported, 2);
      QCOMPARE(file.collected.bank.items[0].stem, std::string("先做 什么？"));
      QCOMPARE(options(file.collected.bank.items[0]), std::string("停电<1>|送电"));
      QVERIFY(file.collected.bank.items[1].type == ItemType::SingleChoice);
      QVERIFY2(file.collected.bank.items[1].stem.find("10<sup>3</sup>") != std::string::npos, file.collected.bank.items[1].stem.c_str());
      QVERIFY(find(file.collected.refused, "content_missing"));
      QCOMPARE(read(bytes, "x", "xls").collected.counts.imported, 2);  // as a draft is read again
    }
    QVERIFY(failure("<html><frameset></frameset></html>", "a.xls").find(".xlsx") != std::string::npos);
  }

  void wideAndNestedTablesLoseNothing() {
    const auto file = read("<table><tr><td colspan=3>安全题库</td></tr><tr><td>题目</td><td>答案</td><td>解析</td></tr><tr><td>甲<table><tr><td>里面</td></tr></table></td><td>对</td><td>因为</td></tr></table>", "a.xls");
    QCOMPARE(file.collected.counts.imported, 1);
    QVERIFY(file.collected.bank.items[0].stem.find("里面") != std::string::npos);
    std::string wide = "<table><tr>";
    for (int i = 0; i < 300; ++i) wide += "<td>x</td>";
    QVERIFY(!failure(wide + "</tr></table>", "a.xls").empty());
  }

  void spreadsheetMlIsRead() {
    const std::string book = "<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet' xmlns:ss='urn:schemas-microsoft-com:office:spreadsheet'>"
        "<Styles><Style ss:ID='Default'><NumberFormat/></Style><Style ss:ID='p'><NumberFormat ss:Format='0%'/></Style><Style ss:ID='q' ss:Parent='p'/></Styles><Worksheet ss:Name='单选题'><Table><Row><Cell ss:MergeAcross='3'><Data ss:Type='String'>题库</Data></Cell></Row><Row ss:Index='3'><Cell><Data ss:Type='String'>题目</Data></Cell><Cell><Data ss:Type='String'>选项A</Data></Cell>"
        "<Cell><Data ss:Type='String'>选项B</Data></Cell><Cell ss:Index='5'><Data ss:Type='String'>答案</Data></Cell></Row>"
        "<Row><Cell><Data ss:Type='String'>电压<ss:B>多少</ss:B></Data></Cell><Cell><Data ss:Type='Number'>36</Data></Cell><Cell><Data ss:Type='Number'>0.30000000000000004</Data></Cell><Cell ss:Index='5'><Data ss:Type='String'>A</Data></Cell></Row>"
        "<Row ss:StyleID='q'><Cell><Data ss:Type='String'>多少？</Data></Cell><Cell><Data ss:Type='Number'>0.5</Data></Cell><Cell ss:StyleID='Default'><Data ss:Type='Number'>0.5</Data></Cell><Cell ss:Index='5'><Data ss:Type='String'>A</Data></Cell></Row>"
        "<Row><Cell><Data ss:Type='String'>哪一年？</Data></Cell><Cell><Data ss:Type='Error'>#REF!</Data></Cell><Cell><Data ss:Type='String'>二</Data></Cell><Cell ss:Index='5'><Data ss:Type='String'>B</Data></Cell></Row>"
        "</Table></Worksheet><Worksheet ss:Name='说明'><Table/></Worksheet></Workbook>";
    for (const std::string& bytes : {book, encoded(book, "UTF-16")}) {
      const auto file = read(bytes, "题库.xls");
      QCOMPARE(file.collected.counts.rows, 3);
      QCOMPARE(file.collected.counts.imported, 2);
      QCOMPARE(options(file.collected.bank.items[1]), std::string("50%|0.5"));
      QCOMPARE(file.collected.places[0].row, 4);
      QCOMPARE(file.collected.bank.items[0].stem, std::string("电压多少"));
      QCOMPARE(options(file.collected.bank.items[0]), std::string("36|0.3"));
    }
  }
};

QTEST_APPLESS_MAIN(OddPackagesTest)
#include "test_odd_packages.moc"
