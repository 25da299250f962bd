// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "formats/texts.hpp"
#include "invigil/bank/bank_file.hpp"
#include "invigil/bank/formats.hpp"

using namespace invigil;
using namespace invigil::bank;
using namespace std::string_literals;

// Files of other systems that are written in odd or wrong ways: what they mean comes in, or is refused with the reason.
namespace {

Reading opened(Result<Reading> reading) {
  if (!reading) qFatal("%s", reading.error().detail.c_str());
  return std::move(*reading);
}
Reading gift(const std::string& text) { return opened(readGift(text, "f")); }
Reading moodle(const std::string& questions) { return opened(readMoodleXml("<quiz>" + questions + "</quiz>", "f")); }

const Item& only(const Reading& reading) {
  if (reading.items.size() != 1 || !reading.refused.empty())
    qFatal("%zu items, %zu refused (%s)", reading.items.size(), reading.refused.size(), reading.refused.empty() ? "" : reading.refused[0].what.en.c_str());
  return reading.items[0].item;
}

const Finding& refusal(const Reading& reading) {
  if (!reading.items.empty() || reading.refused.size() != 1) qFatal("%zu items, %zu refused", reading.items.size(), reading.refused.size());
  return reading.refused[0];
}

std::string judged(const std::string& first, const std::string& second) {
  return "<question type='truefalse'><questiontext format='html'><text>对吗？</text></questiontext><answer fraction='100'>" + first + "<feedback><text>一</text></feedback></answer><answer fraction='0'>" + second +
         "<feedback><text>二</text></feedback></answer></question>";
}

std::string choice(const std::string& text, const std::string& rest, const std::string& format = "html") {
  return "<question type='multichoice'><questiontext format='" + format + "'><text>" + text + "</text></questiontext>" + rest + "</question>";
}
const std::string kTwo = "<answer fraction='100'><text>甲</text></answer><answer fraction='0'><text>乙</text></answer>";

bool noted(const Reading& reading, const char* code, const char* part) {
  return std::any_of(reading.notes.begin(), reading.notes.end(), [&](const Finding& one) { return one.code == code && one.what.en.find(part) != std::string::npos; });
}

}  // namespace

class ForeignOddTest : public QObject {
  Q_OBJECT
 private slots:
  // Moodle XML.

  void trueAndFalseAreReadHoweverTheyAreWritten_data() {
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("second");
    QTest::addColumn<int>("key");
    QTest::newRow("small") << "true" << "false" << 0;
    QTest::newRow("false is right") << "false" << "true" << 1;
    QTest::newRow("a capital") << "True" << "False" << 0;
    QTest::newRow("capitals") << "FALSE" << "TRUE" << 1;
    QTest::newRow("Chinese") << "正确" << "错误" << 0;
    QTest::newRow("in a paragraph") << "&lt;p&gt;true&lt;/p&gt;" << "<![CDATA[<p>false</p>]]>" << 0;
    QTest::newRow("blanks and lines") << "\n  true\n" << " false " << 0;
  }
  void trueAndFalseAreReadHoweverTheyAreWritten() {
    QFETCH(QString, first);
    QFETCH(QString, second);
    QFETCH(int, key);
    const Reading reading = moodle(judged("<text>" + first.toStdString() + "</text>", "<text>" + second.toStdString() + "</text>"));
    QCOMPARE(only(reading).key, std::vector<int>{key});
    QCOMPARE(only(reading).option_notes[static_cast<std::size_t>(key)], std::string("一"));
    QCOMPARE(only(moodle(judged(first.toStdString(), second.toStdString()))).key, std::vector<int>{key});
  }

  void trueAndFalseThatNobodyCanTellAreRefused() {
    const auto code = [](const std::string& xml) { return refusal(moodle(xml)).code; };
    QCOMPARE(code(judged("<text>Vero</text>", "<text>Falso</text>")), "bad_answer"s);
    QCOMPARE(code(judged("<text>true</text>", "<text>正确</text>")), "bad_answer"s);
    QCOMPARE(code(judged("<text/>", "<text>false</text>")), "bad_answer"s);
    QCOMPARE(code("<question type='truefalse'><questiontext><text>对吗？</text></questiontext><answer fraction='100'><text>true</text></answer><answer fraction='100'><text>false</text></answer></question>"), "several_right"s);
  }

  void textsInPiecesAreWhole() {
    const Reading tags = moodle(choice("Which <b>one</b> <i>of these</i> is water<BR/>?",
                                       "<answer fraction='100'><text>H<sub>2</sub>O</text></answer><answer fraction='0'><text>CO<!-- two --><sub>2</sub> &amp; more</text></answer>"));
    QCOMPARE(only(tags).stem, "Which <b>one</b> <i>of these</i> is water<br>?"s);
    QCOMPARE(only(tags).options, (std::vector<std::string>{"H<sub>2</sub>O", "CO<sub>2</sub> &amp; more"}));
    QCOMPARE(only(moodle(choice("<![CDATA[a[b[0]]]]><![CDATA[> c is?]]>", kTwo))).stem, "a[b[0]]> c is?"s);
    QCOMPARE(only(moodle(choice("Which<!-- remark --> one?", kTwo))).stem, "Which one?"s);
    QCOMPARE(only(moodle(choice("1 &lt; 2, <b>3 &lt; 4</b>", kTwo, "plain_text"))).stem, "1 &lt; 2, <b>3 &lt; 4</b>"s);
    const Reading named = moodle("<question type='multichoice'><name><text>H<sub>2</sub>O</text></name><questiontext><text>x</text></questiontext>" + kTwo + "</question>");
    QCOMPARE(only(named).title, "H2O"s);
    std::string deep;
    for (int i = 0; i < 100000; ++i) deep += "<b>";
    QCOMPARE(readMoodleXml("<quiz>" + choice(deep, kTwo) + "</quiz>", "f").has_value(), false);  // and no stack is exhausted
    for (int i = 0; i < 100000; ++i) deep += "</b>";
    QCOMPARE(refusal(moodle(choice(deep, kTwo))).code, "stem_empty"s);
  }

  void typedAnswersWithTagsAreRefused() {
    const auto typed = [](const char* type, const char* answer) {
      return moodle("<question type='"s + type + "'><questiontext><text>多少？</text></questiontext><answer fraction='100'><text>" + answer + "</text></answer></question>");
    };
    QCOMPARE(refusal(typed("numerical", "10<sup>3</sup>")).code, "bad_answer"s);
    QCOMPARE(refusal(typed("shortanswer", "H<sub>2</sub>O")).code, "bad_answer"s);
    QCOMPARE(only(typed("numerical", "<!-- about -->36")).answers[0].text, "36"s);
  }

  void encodingsAreReadAsDeclared_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("stem");
    const auto file = [](const char* encoding, const QByteArray& stem) {
      return QByteArray("<?xml version=\"1.0\" encoding=\"") + encoding + "\"?><quiz>" + QByteArray::fromStdString(choice(stem.toStdString(), "<answer fraction='100'><text>1</text></answer><answer fraction='0'><text>2</text></answer>")) + "</quiz>";
    };
    const QByteArray gb = "\xB9\xCA\xD5\xCF";
    QTest::newRow("GB2312") << file("GB2312", gb) << "故障";
    QTest::newRow("gbk") << file("gbk", gb) << "故障";
    QTest::newRow("GB18030") << file("GB18030", gb) << "故障";
    QTest::newRow("GB2312 that would be UTF-8") << file("GB2312", "\xC5\xA3") << "牛";
    QTest::newRow("GB2312 in name only") << file("GB2312", "故障") << "故障";
    QTest::newRow("Latin-1") << file("ISO-8859-1", "caf\xE9") << "café";
    QTest::newRow("UTF-8 that says ISO-8859-1") << file("iso-8859-1", "故障") << "故障";
    QTest::newRow("mark") << "\xEF\xBB\xBF" + file("UTF-8", "故障") << "故障";
    const auto wide = [&](bool little, bool marked) {
      QByteArray out = marked ? little ? QByteArray("\xFF\xFE") : QByteArray("\xFE\xFF") : QByteArray();
      for (QChar c : QString::fromUtf8(file("UTF-16", "故障"))) {
        const char low = static_cast<char>(c.unicode() & 0xFF), high = static_cast<char>(c.unicode() >> 8);
        out.append(little ? low : high).append(little ? high : low);
      }
      return out;
    };
    QTest::newRow("UTF-16LE with mark") << wide(true, true) << "故障";
    QTest::newRow("UTF-16BE with mark") << wide(false, true) << "故障";
    QTest::newRow("UTF-16LE") << wide(true, false) << "故障";
    QTest::newRow("UTF-16BE") << wide(false, false) << "故障";
  }
  void encodingsAreReadAsDeclared() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, stem);
    QCOMPARE(QString::fromStdString(only(opened(readMoodleXml(bytes.toStdString(), "f"))).stem), stem);
  }

  void bytesThatAreNotAsDeclaredAreRefused() {
    for (const std::string& head : {"<?xml version='1.0'?>"s, "<?xml version='1.0' encoding='UTF-8'?>"s, ""s, "<?xml version='1.0' encoding='x-unheard-of'?>"s, "<?xml version='1.0' encoding='GBK'?>\xFF\xFF"s}) {
      const auto reading = readMoodleXml(head + "<quiz>" + choice("\xB9\xCA\xD5\xCF", kTwo) + "</quiz>", "f");
      QVERIFY2(!reading, head.c_str());
      QCOMPARE(reading.error().reason, "not_utf8"s);
      QVERIFY(reading.error().detail.find("UTF-8") != std::string::npos);
    }
    QVERIFY(!formats::utf8Xml("<\0a\0>"s, "文件", "The file"));  // half a character
    QCOMPARE(*formats::utf8Xml("", "文件", "The file"), ""s);
  }

  void choiceIsSingleUnlessSaid() {
    const std::string half = "<answer fraction='50'><text>甲</text></answer><answer fraction='50'><text>乙</text></answer><answer fraction='0'><text>丙</text></answer>";
    const auto type = [](const std::string& rest) { return only(moodle(choice("哪个？", rest))).type; };
    QVERIFY(type(kTwo) == ItemType::SingleChoice);
    QVERIFY(type("<single>True</single>" + kTwo) == ItemType::SingleChoice);
    QVERIFY(type("<single>false</single>" + kTwo) == ItemType::MultipleChoice);
    QVERIFY(type("<single>0</single>" + kTwo) == ItemType::MultipleChoice);
    QVERIFY(type(half) == ItemType::MultipleChoice);  // only together are they the whole
    QCOMPARE(refusal(moodle(choice("哪个？", "<single>true</single>" + half))).code, "no_key"s);
  }

  void severalRightAnswersOfASingleChoiceAreRefused() {
    const std::string both = "<answer fraction='100'><text>甲</text></answer><answer fraction='0'><text>乙</text></answer><answer fraction='100'><text>丙</text></answer>";
    const Finding told = refusal(moodle(choice("哪个？", "<single>true</single>" + both)));
    QCOMPARE(told.code, "several_right"s);
    QVERIFY2(told.what.zh.find("A, C") != std::string::npos, told.what.zh.c_str());
    QCOMPARE(refusal(moodle(choice("哪个？", both))).code, "several_right"s);
    const Reading several = moodle(choice("哪些？", "<single>false</single>" + both));
    QCOMPARE(only(several).key, (std::vector<int>{0, 2}));
    QVERIFY(noted(several, "shares_not_carried", "worth"));
    // GIFT has no word for how many may be chosen, and several = are how many write a multiple choice.
    const Reading equals = gift("哪些？{=a ~b =c}");
    QVERIFY(only(equals).type == ItemType::MultipleChoice);
    QCOMPARE(only(equals).key, (std::vector<int>{0, 2}));
    QVERIFY(noted(equals, "several_right", "(A, C)"));
    QCOMPARE(only(gift("哪些？{~%50%a ~b ~%50%c}")).key, (std::vector<int>{0, 2}));
    QVERIFY(only(gift("哪个？{=a ~%50%b ~c}")).type == ItemType::SingleChoice);
  }

  void lineEndsStayWhereMoodleShowsThem() {
    const Reading automatic = moodle(choice("第一行\n第二行 &lt; 三\n", kTwo, "moodle_auto_format"));
    QCOMPARE(only(automatic).stem, "第一行\n第二行 < 三"s);
    QCOMPARE(only(moodle(choice("&lt;p&gt;一&lt;/p&gt;\n&lt;p&gt;二&lt;/p&gt;\n三", kTwo, "moodle_auto_format"))).stem, "一\n二\n三"s);
    QCOMPARE(only(moodle(choice("一\n二", kTwo, "html"))).stem, "一 二"s);
    const Reading inherited = moodle(choice("哪个？", "<answer fraction='100'><text>i&lt;b\nok</text></answer><answer fraction='0'><text>乙</text></answer>", "plain_text"));
    QCOMPARE(only(inherited).options[0], "i<b\nok"s);
  }

  void plainTextStaysAsItIs() {
    const Reading reading = moodle(choice("费用 $$5 与 $$6：\n\tx\t= \\(y\\)  z", kTwo, "plain_text"));
    QVERIFY(only(reading).markup == Markup::Plain);
    QCOMPARE(only(reading).stem, "费用 $$5 与 $$6：\n\tx\t= \\(y\\)  z"s);
    QCOMPARE(only(moodle(choice("$$x$$", kTwo))).stem, "\\( x \\)"s);  // Html, where it is a formula
    QCOMPARE(only(gift("[plain]$$x$$\tis  \\n\n   it?{T}")).stem, "$$x$$\tis  \n\nit?"s);
    QVERIFY(only(gift("[plain]$$x$${T}")).markup == Markup::Plain);
    QCOMPARE(only(gift("$$x$$?{T}")).stem, "\\( x \\)?"s);
  }

  void whatHasNoPlaceIsNoted() {
    QVERIFY(noted(moodle(choice("哪个？", "<hidden>1</hidden>" + kTwo)), "left_out", "hides"));
    QVERIFY(!noted(moodle(choice("哪个？", "<hidden>0</hidden>" + kTwo)), "left_out", "hides"));
    const Reading typed = moodle("<question type='shortanswer'><questiontext><text>缩写？</text></questiontext><answer fraction='100'><text>RCD</text><feedback><text>&lt;b&gt;好&lt;/b&gt;</text></feedback></answer>"
                                 "<answer fraction='0'><text>*</text><feedback><text>不对</text></feedback></answer></question>");
    QCOMPARE(only(typed).explanation, "RCD：<b>好</b>"s);
    QVERIFY(noted(typed, "left_out", "worth nothing"));
    QVERIFY(noted(gift("缩写？{=RCD#好 =%0%ABC#不对}"), "left_out", "worth nothing"));
  }

  // GIFT.

  void aBraceThatIsNotClosedLosesNoOtherQuestion() {
    const Reading blank = gift("一？{T}\n\nWho is {=A\n~B\n\nNext question{T}\n\n三。{F}\n");
    QCOMPARE(blank.items.size(), std::size_t(3));
    QCOMPARE(blank.items[1].item.stem, "Next question"s);
    QCOMPARE(blank.items[1].place.row, 6);
    QCOMPARE(blank.refused.size(), std::size_t(1));
    QCOMPARE(blank.refused[0].place.row, 3);
    QVERIFY2(blank.refused[0].what.en.find("not closed") != std::string::npos, blank.refused[0].what.en.c_str());
    const Reading lines = gift("Who is {=A\n~B\n\n\nNext\nquestion {\n=C\n~D\n}\n\n// [id:three] [tag:t]\n三 {=A\n\n// [id:four]\n四。{F}\n");
    QCOMPARE(lines.items.size(), std::size_t(2));
    QCOMPARE(lines.items[0].item.stem, "Next question"s);
    QCOMPARE(lines.items[0].place.row, 5);
    QCOMPARE(lines.items[1].item.id, "four"s);
    QVERIFY(lines.items[1].item.tags.empty());
    QCOMPARE(lines.refused.size(), std::size_t(2));
    // With no blank line between nobody knows where the next begins.
    QVERIFY(refusal(gift("Who is {=A\n~B\nNext question{T}\n")).what.en.find("within braces") != std::string::npos);
    QCOMPARE(refusal(gift("Who is {=A\n~B\n")).code, "bad_question"s);
  }

  void blankLinesAndBracesWithinAnswers() {
    QCOMPARE(only(gift("先做什么？{\n=停电\n\n~送电\n}\n")).options.size(), std::size_t(2));
    QCOMPARE(refusal(gift("Q {=A\n\n~B {x}\n}\n")).code, "bad_question"s);
    QCOMPARE(refusal(gift("Q {=a {x} ~b}")).code, "bad_question"s);
    const Reading text = gift("Q {=A # one\n\ntwo with {x}\n~B}\n");
    QVERIFY(text.items.empty());
    QCOMPARE(text.refused.size(), std::size_t(2));
    QCOMPARE(refusal(gift("$$\\frac{1}{2}$$ = {=0.5}")).code, "bad_question"s);
    QCOMPARE(refusal(gift("Q } {=a}")).code, "bad_question"s);
    QCOMPARE(refusal(gift("Q {=a} }")).code, "bad_question"s);
    QCOMPARE(only(gift("Q \\{x\\} {=\\{a\\} ~b}")).options[0], "{a}"s);
  }

  void aMissingBlankLinePartsQuestionsWhereThatIsSure() {
    const Reading truths = gift("// [id:one] [tag:t]\n甲{T}\n乙{F#不对#对}\n\n// [id:three]\n丙？{=子\n~丑}  \n// remark\n丁（ ）{=子 ~丑}\n[html]<b>戊</b>{T}\n");
    QCOMPARE(truths.items.size(), std::size_t(5));
    QStringList got;
    for (const auto& row : truths.items) got << QString("%1/%2/%3/%4").arg(QString::fromStdString(row.item.id), QString::fromStdString(row.item.stem)).arg(row.place.row).arg(row.repairs.size());
    QCOMPARE(got, (QStringList{"one/甲/2/0", "/乙/3/1", "three/丙？/6/0", "/丁（ ）/9/1", "/<b>戊</b>/10/1"}));
    QCOMPARE(truths.items[0].item.tags, std::vector<std::string>{"t"});
    QVERIFY(truths.items[1].item.tags.empty());
    const Reading titled = gift("甲 {=子}\n::乙:: 二 {=丑}\n// [id:c]\n丙{T}");
    QCOMPARE(titled.items.size(), std::size_t(3));
    QCOMPARE(titled.items[1].item.title, "乙"s);
    QCOMPARE(titled.items[2].item.id, "c"s);
    QVERIFY(titled.items[0].item.id.empty());
  }

  void twoGapsAreRefused() {
    for (const char* text : {"Q10 two {=x} gaps {=y}", "甲{T} 乙{F}", "两个空 {=x}\n在两行 {=y}", "甲 {=x} 在此。\n乙 {T}"}) {
      const Finding told = refusal(gift(text));
      QVERIFY2(told.code == "bad_question" && told.what.en.find("more than one pair") != std::string::npos, text);
    }
    QCOMPARE(only(gift("Grant is {~buried =entombed} in\nGrant's tomb.")).stem, "Grant is _____ in Grant's tomb."s);
  }

  /// Texts of plain items come back from GIFT as they were.
  void plainItemsComeBackFromGift() {
    Bank bank;
    bank.id = "out", bank.title.zh = "导出", bank.roles = {Role::SpecialOperations};
    Item item;
    item.id = "q", item.type = ItemType::SingleChoice, item.key = {1};
    item.stem = "费用 $$5$$：\n\n  a\tb  c\n尾 \\( x \\)";
    item.options = {"$$1$$", "二  三"};
    bank.items = {item};
    const auto written = writeBankFile(bank, "gift");
    QVERIFY(written.has_value());
    const Reading back = gift(written->bytes);
    QCOMPARE(only(back).stem, item.stem);
    QCOMPARE(only(back).options, item.options);
  }
};

QTEST_APPLESS_MAIN(ForeignOddTest)
#include "test_foreign_odd.moc"
