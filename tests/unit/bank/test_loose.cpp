// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "import_defaults.hpp"
#include "invigil/bank/bank.hpp"
#include "invigil/base/text.hpp"
#include "shared_corpora.hpp"

using namespace invigil;
using namespace invigil::bank;

namespace {

ImportedBank importRow(const QByteArray& row) {
  auto imported = importJson(("[" + row + "]").toStdString(), defaults());
  if (!imported) qFatal("%s", imported.error().detail.c_str());
  return std::move(*imported);
}

}  // namespace

class LooseTest : public QObject {
  Q_OBJECT
 private slots:
  void rowsAreRead_data() {
    QTest::addColumn<QByteArray>("row");
    QTest::addColumn<QString>("options");
    QTest::addColumn<QString>("key");
    QTest::addColumn<int>("repaired");
    const auto add = [](const char* name, const char* row, const char* options, const char* key, int repaired) {
      QTest::newRow(name) << QByteArray(row) << QString::fromUtf8(options) << QString(key) << repaired;
    };
    add("field form", R"({"category":"单选题","title":"甲()。","choices":"**A、±7% **B、±5% **C、±10% ","answer":"A"})",
        "±7%|±5%|±10%", "A", 0);
    add("hash separators", R"({"category":"单选","title":"甲","choices":"A.一##B.二","answer":"B"})", "一|二", "B", 0);
    add("full-width marks", R"({"category":"多选题","title":"甲","choices":"Ａ．一**Ｂ．二**Ｃ．三","answer":"ＡＣ"})",
        "一|二|三", "AC", 1);
    add("space marks", R"({"category":"单选题","title":"甲","choices":"A 一**B 二","answer":"A"})", "一|二", "A", 1);
    add("bare letters", R"({"category":"单选题","title":"甲","choices":"A一**B二","answer":"A"})", "一|二", "A", 1);
    add("letters that are text", R"({"category":"单选题","title":"甲","choices":"A级**B级","answer":"A"})", "A级|B级", "A", 0);
    add("first mark missing", R"({"category":"单选题","title":"甲","choices":"一**B、二","answer":"A"})", "一|二", "A", 1);
    add("no marks", R"({"category":"单选题","title":"甲","choices":"一**二","answer":"A"})", "一|二", "A", 0);
    add("one line", R"({"category":"单选题","title":"甲","choices":"A、一 B、二 C、三","answer":"C"})", "一|二|三", "C", 0);
    add("letter kept in text", R"({"category":"单选题","title":"甲","choices":"**A、a **B、B类","answer":"B"})",
        "a|B类", "B", 0);
    add("list", R"({"category":"单选题","title":"甲","choices":["一","二"],"answer":["B"]})", "一|二", "B", 0);
    add("object", R"({"type":"single","question":"甲","options":{"A":"一","B":"二"},"answer":"B"})", "一|二", "B", 0);
    add("wordy answer", R"({"category":"多选题","title":"甲","choices":"**一**二**三**四","answer":"正确答案ABD"})",
        "一|二|三|四", "ABD", 1);
    add("separated answer", R"({"category":"多选题","title":"甲","choices":"**一**二**三","answer":"c、a"})", "一|二|三", "AC", 1);
    add("white space", R"({"category":"单选题 ","title":"\t甲　","choices":"**一**二","answer":" A"})", "一|二", "A", 1);
    add("what somebody chose", R"({"category":"单选题","title":"甲","choices":"**一**二","answer":"B","correctAnswer":"B"})", "一|二", "B", 0);
    add("the surest answer", R"({"category":"单选题","title":"甲","choices":"**一**二","key":"q17","answer":"","正确答案":"B"})", "一|二", "B", 0);
    add("equal answers", R"({"category":"判断题","title":"甲","answer":"A","正确答案":"正确"})", "正确|错误", "A", 0);
    add("title as heading", R"({"category":"单选题","title":"第一章","题干":"甲","choices":"**一**二","answer":"B"})", "一|二", "B", 0);
    add("content and title", R"({"category":"单选题","title":"第 3 题","content":"甲","choices":"**一**二","answer":"B"})", "一|二", "B", 0);
    add("title where the rest is empty", R"({"category":"单选题","title":"甲","question":" ","content":7,"choices":"**一**二","answer":"B"})", "一|二", "B", 0);
    add("judge A", R"({"category":"判断题","title":"甲","choices":"**A、正确**B、错误","answer":"A"})", "正确|错误", "A", 0);
    add("judge swapped", R"({"category":"判断题","title":"甲","choices":"**A、错误**B、正确","answer":"A"})", "正确|错误", "B", 0);
    add("judge word", R"({"category":"是非题","title":"甲","choices":"","answer":"错误"})", "正确|错误", "B", 0);
    add("judge tick", R"({"category":"判断","title":"甲","answer":"√"})", "正确|错误", "A", 0);
    add("judge cross", R"({"category":"判断","title":"甲","answer":"×"})", "正确|错误", "B", 0);
    add("judge boolean", R"({"category":"判断","title":"甲","answer":false})", "正确|错误", "B", 0);
    add("judge not right", R"({"category":"判断","title":"甲","answer":"不正确"})", "正确|错误", "B", 0);
  }
  void rowsAreRead() {
    QFETCH(QByteArray, row);
    QFETCH(QString, options);
    QFETCH(QString, key);
    QFETCH(int, repaired);
    const ImportedBank imported = importRow(row);
    QVERIFY2(imported.report.refused.empty(),
             imported.report.refused.empty() ? "" : imported.report.refused[0].reason.c_str());
    const Item& item = imported.bank.items.at(0);
    QCOMPARE(item.stem.substr(0, 3), std::string("甲"));
    QStringList got;
    for (const std::string& option : item.options) got << QString::fromStdString(option);
    QCOMPARE(got.join('|'), options);
    QString letters;
    for (int index : item.key) letters += QChar('A' + index);
    QCOMPARE(letters, key);
    QCOMPARE(imported.report.repaired, repaired);
  }

  void doubtfulRowsAreRefused_data() {
    QTest::addColumn<QByteArray>("row");
    QTest::addColumn<QString>("says");
    const auto add = [](const char* name, const char* row, const char* says) {
      QTest::newRow(name) << QByteArray(row) << QString::fromUtf8(says);
    };
    add("no type", R"({"title":"甲","choices":"**一**二","answer":"A"})", "category is missing");
    add("vague type", R"({"category":"选择题","title":"甲","choices":"**一**二","answer":"A"})", "not one of");
    add("header row", R"x({"category":"试题类型(判断题、单选题、多选题)","title":"题目","choices":"选项","answer":"答案"})x", "not one of");
    add("no stem", R"({"category":"单选题","title":" ","choices":"**一**二","answer":"A"})", "stem");
    add("no answer", R"({"category":"单选题","title":"甲","choices":"**一**二"})", "answer is missing");
    add("empty answer", R"({"category":"单选题","title":"甲","choices":"**一**二","answer":" "})", "answer is missing");
    add("two keys", R"({"category":"单选题","title":"甲","choices":"**一**二","answer":"A","correctAnswer":"B"})", "'correctAnswer' and 'answer'");
    add("two keys of a judgement", R"({"category":"判断题","title":"甲","answer":false,"correctAnswer":true})", "'correctAnswer' and 'answer'");
    add("more letters than the key", R"({"category":"单选题","title":"甲","choices":"**一**二","答案":"AB","正确答案":"B"})", "'正确答案' and '答案'");
    add("answer beyond", R"({"category":"单选题","title":"甲","choices":"**一**二","answer":"C"})", "only 2 options");
    add("two answers", R"({"category":"单选题","title":"甲","choices":"**一**二","answer":"AB"})", "one answer");
    add("one of many", R"({"category":"多选题","title":"甲","choices":"**一**二","answer":"A"})", "two answers");
    add("letter twice", R"({"category":"多选题","title":"甲","choices":"**一**二","answer":"AA"})", "twice");
    add("pictures", R"({"category":"单选题","title":"甲","choices":"**A、 **B、 **C、 ","answer":"A"})", "has no text");
    add("equal options", R"({"category":"单选题","title":"甲","choices":"**A、301 **B、301","answer":"A"})", "are equal");
    add("one option", R"({"category":"单选题","title":"甲","choices":"A、一","answer":"A"})", "Fewer than two");
    add("gap in marks", R"({"category":"单选题","title":"甲","choices":"**A、一**C、三","answer":"C"})", "out of order");
    add("marks swapped", R"({"category":"单选题","title":"甲","choices":"**B、一**A、二","answer":"A"})", "out of order");
    add("gap in names", R"({"category":"单选题","title":"甲","options":{"A":"一","C":"三"},"answer":"C"})", "without a gap");
    add("zero and one", R"({"category":"判断题","title":"甲","answer":0})", "0 and 1");
    add("digits", R"({"category":"判断题","title":"甲","answer":"1"})", "not made of option letters");
    add("judge of others", R"({"category":"判断题","title":"甲","choices":"**A、大**B、小","answer":"A"})", "正确 and 错误");
    add("not an object", R"("甲")", "not a JSON object");
  }
  void doubtfulRowsAreRefused() {
    QFETCH(QByteArray, row);
    QFETCH(QString, says);
    const ImportedBank imported = importRow(row);
    QCOMPARE(imported.report.imported, 0);
    QCOMPARE(imported.report.refused.size(), std::size_t{1});
    QCOMPARE(imported.report.refused[0].row, 1);
    const QString reason = QString::fromStdString(imported.report.refused[0].reason);
    QVERIFY2(reason.contains(says), qPrintable(reason));
    QVERIFY(reason.endsWith('.'));
  }

  void repeatedRowsAreDuplicatesAndSameStemsWarned() {
    const auto imported = importJson(R"([
      {"category":"单选题","title":"甲","choices":"**一**二","answer":"A"},
      {"category":"单选题","title":"甲","choices":"**一**二","answer":"A"},
      {"category":"单选题","title":"甲","choices":"**一**二","answer":"B"},
      {"category":"单选题","title":"甲","choices":"**一**三","answer":"B"},
      {"category":"单选题","title":"甲","choices":"**二**一","answer":"B"}])", defaults());
    QCOMPARE(imported->report.rows, 5);
    QCOMPARE(imported->report.imported, 2);
    QCOMPARE(imported->report.duplicates.size(), std::size_t{2});  // options in another order are the same question
    QCOMPARE(imported->report.duplicates[1].row, 5);
    QVERIFY(imported->report.duplicates[0].reason.find("the same as row 1") != std::string::npos);
    QCOMPARE(imported->report.refused.size(), std::size_t{1});
    QVERIFY(imported->report.refused[0].reason.find("another answer") != std::string::npos);
    QCOMPARE(imported->report.warnings.size(), std::size_t{1});
    QVERIFY(imported->report.warnings[0].find("rows 1, 4 have the same stem") != std::string::npos);
  }

  void optionsThatReferToOthersKeepTheirOrder() {
    for (const char* last : {"以上都对", "以上都是。", "上述均不正确", "以上三项", "都不对", "A和B", "AB", "A、B都对", "选项A",
                             "all of the above", "None of the above.", "以上方法一起使用", "以上均有可能", "上述情形", "上面三项", "均可以", "两者均可",
                             "两者都有可能", "A和B均可", "AB都可以", "A B 都可以", "B、C皆可", "A、B、C全对", "Ａ和Ｂ都对", "A、B两种方法都可以", "选项A和选项B都对",
                             "A项和B项均可", "只有A和B能用", "A/B都可以"})
      QVERIFY2(refersToOtherOptions({"一", "二", "三", last}), last);
    for (const char* last : {"县级以上", "35kV以上", "35kV以上线路", "A", "A级", "不正确的操作", "AX", "全部断电后操作", "都市",
                             "AB类火灾", "ABC干粉灭火器", "AC220V", "A、B类火灾", "A、B两相短路", "A、B、C三相", "A、B证", "BCD码", "A-B-C", "A、B和中性线",
                             "AB对地电压", "大小均可", "交直流均可", "二者危险性一样大", "上面"})
      QVERIFY2(!refersToOtherOptions({"一", "二", "三", last}), last);
    Item html;
    html.markup = Markup::Html;
    html.options = {"一", "<b>以上都对</b>"};
    QVERIFY(refersToOtherOptions(html));
    QVERIFY(importRow(R"({"category":"单选题","title":"甲","choices":"**一**以上都对","answer":"B"})")
                .bank.items[0]
                .fixed_order);
  }

  void wrongFilesSayWhatIsWrong() {
    QCOMPARE(importJson("[]", defaults()).error().reason, std::string("no_items"));
    QCOMPARE(importJson("{\"a\":1}", defaults()).error().reason, std::string("bad_bank"));
    QCOMPARE(importJson("3", defaults()).error().reason, std::string("bad_bank"));
    QCOMPARE(importJson("", defaults()).error().reason, std::string("bad_json"));
    QCOMPARE(importJson("PK\x03\x04 a spreadsheet", defaults()).error().reason, std::string("bad_json"));
    QCOMPARE(importJson(R"([{"title":"甲"}])", Bank{}).error().reason, std::string("bad_bank"));
  }

  void realFilesLoseNothingSilently_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("refused");
    QTest::newRow("low voltage") << "基础训练-低压电工作业.json" << 628 << 6;
    QTest::newRow("high voltage") << "基础训练-高压电工作业-在线100分.json" << 1318 << 0;
    QTest::newRow("welding") << "基础训练-熔化焊接与热切割作业-在线100分.json" << 1363 << 2;
    QTest::newRow("hazchem") << "hazchem-trading-principals.json" << 845 << 0;
  }
  void realFilesLoseNothingSilently() {
    QFETCH(QString, file);
    QFETCH(int, rows);
    QFETCH(int, refused);
    SHARED_FILE_OR_SKIP(path, "corpora/safety-questions/" + file);
    const auto text = readFile(path.toStdString(), 64u << 20);
    const auto imported = importJson(*text, defaults());
    QVERIFY2(imported.has_value(), imported ? "" : imported.error().detail.c_str());
    const ImportReport& report = imported->report;
    QCOMPARE(report.rows, rows);
    QCOMPARE(report.rows, report.imported + static_cast<int>(report.duplicates.size() + report.refused.size()));
    QCOMPARE(report.imported, static_cast<int>(imported->bank.items.size()));
    QCOMPARE(static_cast<int>(report.duplicates.size() + report.refused.size()), refused);
    const auto back = parseNative(writeNative(imported->bank));
    QVERIFY2(back.has_value(), back ? "" : back.error().detail.c_str());
    QVERIFY(*back == imported->bank);
  }

  void theInvalidRealFileIsAClearError() {
    SHARED_FILE_OR_SKIP(path, QStringLiteral("corpora/safety-questions/hazchem-invalid.json"));
    const auto imported = importJson(*readFile(path.toStdString(), 64u << 20), defaults());
    QCOMPARE(imported.error().reason, std::string("bad_json"));
    QVERIFY2(imported.error().detail.starts_with("Line 2406, column 1: "), imported.error().detail.c_str());
  }
};

QTEST_APPLESS_MAIN(LooseTest)
#include "test_loose.moc"
