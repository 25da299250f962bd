// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QDir>
#include <QDirIterator>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>
#include <set>

#include "invigil/bank/bank_file.hpp"
#include "invigil/bank/formats.hpp"
#include "invigil/bank/item_digest.hpp"
#include "invigil/bank/markup.hpp"
#include "shared_corpora.hpp"

using namespace invigil;
using namespace invigil::bank;

namespace {

using invigil::test::readAll;

Reading gift(const std::string& text) {
  auto reading = readGift(text, "f");
  if (!reading) qFatal("%s", reading.error().detail.c_str());
  return std::move(*reading);
}

const Item& only(const Reading& reading) {
  if (reading.items.size() != 1 || !reading.refused.empty())
    qFatal("%zu items, %zu refused (%s)", reading.items.size(), reading.refused.size(), reading.refused.empty() ? "" : reading.refused[0].what.en.c_str());
  return reading.items[0].item;
}

QString squeezed(const std::string& text, bool html) {
  QString out = QString::fromStdString(plainText(text, html));
  out.remove(QRegularExpression("\\s"));
  out.remove(QChar(0xa0));
  return out;
}

/// A text of the expected parse, without its markup.
QString expectedText(const QJsonValue& value) {
  const QJsonObject text = value.toObject();
  QString words = text.value("text").toString();
  const QString format = text.value("format").toString();
  const bool html = format == "html" || (format == "moodle" && words.contains(QRegularExpression("</?[a-z]+[^<>]*>|&[a-z]+;")));
  words.remove(QRegularExpression("<!--.*?-->", QRegularExpression::DotMatchesEverythingOption));
  return squeezed(words.toStdString(), html);
}

QString itemText(const Item& item, const std::string& text) { return squeezed(text, item.markup == Markup::Html); }

QString compareChoices(const Item& item, const QJsonArray& choices) {
  if (static_cast<qsizetype>(item.options.size()) != choices.size()) return "number of options";
  QSet<int> right, whole;
  for (qsizetype i = 0; i < choices.size(); ++i) {
    const QJsonObject choice = choices[i].toObject();
    if (itemText(item, item.options[static_cast<std::size_t>(i)]) != expectedText(choice.value("text"))) return QString("text of option %1").arg(i);
    const double weight = choice.value("weight").isNull() ? (choice.value("isCorrect").toBool() ? 100 : 0) : choice.value("weight").toDouble();
    if (weight >= 99.99) whole << static_cast<int>(i);
    if (weight > 0) right << static_cast<int>(i);
    const QString feedback = choice.value("feedback").isNull() ? QString() : expectedText(choice.value("feedback"));
    const QString note = item.option_notes.empty() ? QString() : itemText(item, item.option_notes[static_cast<std::size_t>(i)]);
    if (feedback != note) return QString("feedback of option %1").arg(i);
  }
  const QSet<int> expected = whole.isEmpty() ? right : whole;
  return QSet<int>(item.key.begin(), item.key.end()) == expected ? QString() : "key";
}

QString compareTyped(const Item& item, const QJsonValue& choices) {
  QJsonArray list = choices.toArray();
  if (choices.isObject()) list = {QJsonObject{{"text", choices}, {"isCorrect", true}}};
  std::size_t at = 0;
  for (const QJsonValue& value : list) {
    const QJsonObject choice = value.toObject(), text = choice.value("text").toObject();
    if (!choice.value("isCorrect").toBool() || (choice.value("weight").isDouble() && choice.value("weight").toDouble() == 0)) continue;
    if (at == item.answers.size()) return "too few answers";
    const AcceptedAnswer& answer = item.answers[at++];
    const int percent = choice.value("weight").isDouble() ? qRound(choice.value("weight").toDouble()) : 100;
    if (answer.percent != percent) return "percent";
    if (item.type == ItemType::ShortText) {
      if (squeezed(answer.text, false) != expectedText(text)) return "text of an answer";
      continue;
    }
    const double low = std::stod(answer.text), high = std::stod(answer.upper), number = text.value("number").toDouble();
    const bool between = text.value("type").toString() == "high-low";
    const double from = between ? text.value("numberLow").toDouble() : number - text.value("range").toDouble();
    const double to = between ? text.value("numberHigh").toDouble() : number + text.value("range").toDouble();
    if (std::abs(low - from) > 1e-9 || std::abs(high - to) > 1e-9) return QString("range %1..%2").arg(low).arg(high);
  }
  return at == item.answers.size() ? QString() : "too many answers";
}

/// "" when the item means what is expected.
QString compare(const Item& item, const QJsonObject& expected) {
  const QString type = expected.value("type").toString();
  if (QString::fromStdString(item.title) != expected.value("title").toString()) return "title " + QString::fromStdString(item.title);
  if (itemText(item, item.stem) != expectedText(expected.value("stem"))) return "stem: " + itemText(item, item.stem) + " / " + expectedText(expected.value("stem"));
  const bool numeric = type == "Numerical", words = type == "Short";
  if (type == "TF") {
    if (item.type != ItemType::TrueFalse) return "type";
    return item.key == std::vector<int>{expected.value("isTrue").toBool() ? 0 : 1} ? QString() : "key";
  }
  if (type == "MC") return hasOptions(item.type) && item.type != ItemType::TrueFalse ? compareChoices(item, expected.value("choices").toArray()) : "type";
  if ((numeric && item.type == ItemType::Numeric) || (words && item.type == ItemType::ShortText)) return compareTyped(item, expected.value("choices"));
  return "type " + type;
}

constexpr const char* kQti21 = "<assessmentItem identifier='q1' title='图'><responseDeclaration identifier='R' cardinality='multiple' baseType='identifier'>"
    "<correctResponse><value>b</value><value>a</value></correctResponse></responseDeclaration><itemBody><p>先<b>看</b></p>"
    "<choiceInteraction responseIdentifier='R' shuffle='true'><prompt>选</prompt><simpleChoice identifier='a'>甲</simpleChoice>"
    "<simpleChoice identifier='b'>乙<feedbackInline identifier='f'>好</feedbackInline></simpleChoice>"
    "<simpleChoice identifier='c'>丙</simpleChoice></choiceInteraction></itemBody></assessmentItem>";
constexpr const char* kPng = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";

}  // namespace

class TestForeign : public QObject {
  Q_OBJECT
 private slots:
  void gift_every_kind_of_question() {
    QCOMPARE(only(gift("地线可以不接。{F#不对#对}")).key, std::vector<int>{1});
    const Reading single = gift("// [id:q-1] [tag:触电]\n::标题:: 先做什么？{\n=%100%停电#好\n~送电\n~\\=\\~\\#}\n");
    QCOMPARE(only(single).id, std::string("q-1"));
    QCOMPARE(only(single).tags, std::vector<std::string>{"触电"});
    QCOMPARE(only(single).title, std::string("标题"));
    QCOMPARE(only(single).options[2], std::string("=~#"));
    QVERIFY(only(single).type == ItemType::SingleChoice && only(single).key == std::vector<int>{0});
    const Reading several = gift("哪些对{~%50%子 ~%50%丑 ~%-100%寅}");
    QVERIFY(only(several).type == ItemType::MultipleChoice);
    QCOMPARE(only(several).key, (std::vector<int>{0, 1}));
    QCOMPARE(only(gift("跨步电压 {=危险 =%50%有害} 。")).stem, std::string("跨步电压 _____ 。"));
    const Reading number = gift("安全电压{#36:0.5}");
    QCOMPARE(only(number).answers[0].text + ".." + only(number).answers[0].upper, std::string("35.5..36.5"));
  }

  void gift_what_is_not_gradable_is_named() {
    const Reading reading = gift("写一篇文章{}\n\n配对{=甲->子 =乙->丑}\n\n只是说明\n\n没有关闭{=甲\n\n::下一题:: 对吗{T}\n");
    QCOMPARE(reading.items.size(), std::size_t(1));
    QStringList codes;
    for (const Finding& one : reading.refused) codes << QString::fromStdString(one.code);
    QCOMPARE(codes, (QStringList{"type_not_gradable", "type_not_gradable", "no_question", "bad_question"}));
    QCOMPARE(reading.refused[3].place.row, 7);
  }

  void aiken() {
    auto reading = readAiken("谁先？\nA) 一\nB. 二\nANSWER: B\n\n少了答案\nA) 一\nB) 二\n\n好题\nA)一\nB)二\nANSWER: A\n", "f");
    QCOMPARE(reading->items.size(), std::size_t(2));
    QCOMPARE(reading->items[0].item.key, std::vector<int>{1});
    QCOMPARE(reading->items[1].repairs.size(), std::size_t(1));
    QCOMPARE(reading->refused.size(), std::size_t(1));
    QCOMPARE(reading->refused[0].text, std::string("少了答案"));
  }

  void hash_lines() {
    auto reading = readHashLines("0#电流表应串联。$0\n1#电压表应串联。$1\n2#先#停电$送电$合闸\n坏行\n", "f");
    QCOMPARE(reading->items.size(), std::size_t(3));
    QCOMPARE(reading->items[1].item.key, std::vector<int>{1});
    QCOMPARE(reading->items[2].item.options, (std::vector<std::string>{"停电", "送电", "合闸"}));
    QCOMPARE(reading->refused.at(0).place.row, 4);
  }

  void moodle_pictures_are_looked_for_a_hundred_times() {
    const auto quiz = [](const std::string& text) {
      return "<quiz><question type='multichoice'><questiontext format='html'><text><![CDATA[" + text + "]]></text><file name='a.png' encoding='base64'>" + kPng + "</file><file name='big.png' encoding='base64'>" +
             std::string(8u << 20, 'A') + "</file></questiontext><single>true</single><answer fraction='100'><text>甲</text></answer><answer fraction='0'><text>乙</text></answer></question></quiz>";
    };
    const std::string good = "<img src='@@PLUGINFILE@@/a.png' alt='表'>", gone = "<img src='@@PLUGINFILE@@/gone.png' alt='一张照片'>";
    std::string missing;
    for (int i = 0; i < 100; ++i) missing += gone;
    const auto repeated = readMoodleXml(quiz("看图" + good + good + good), "f");
    QCOMPARE(repeated->items.size(), std::size_t(1));
    QCOMPARE(repeated->media.size(), std::size_t(1));
    QVERIFY(!repeated->media[0].bytes.empty());
    const auto many = readMoodleXml(quiz("看图" + missing + good), "f");
    QCOMPARE(many->items.size(), std::size_t(1));
    QVERIFY(many->media.empty());
    QCOMPARE(readMoodleXml(quiz("看图<img src='@@PLUGINFILE@@/big.png'>"), "f")->refused.at(0).code, std::string("content_missing"));
  }

  void theRightOptionOfAHashLineIsNotAlwaysTheFirst() {
    std::string lines;
    for (int n = 1; n <= 30; ++n) lines += std::to_string(n) + "#第" + std::to_string(n) + "题#停电$送电$以上都不对$合闸\n";
    auto reading = readHashLines(lines, "f");
    std::set<int> places;
    for (const Reading::Row& row : reading->items) {
      const Item& item = row.item;
      QVERIFY(item.fixed_order);
      QCOMPARE(item.options.at(3), std::string("以上都不对"));
      QCOMPARE(item.options.at(static_cast<std::size_t>(item.key.at(0))), std::string("停电"));
      places.insert(item.key[0]);
      Item written = item;
      written.options = {"停电", "送电", "以上都不对", "合闸"};
      QCOMPARE(item.id, digestId(written));  // by which a bank knows it
    }
    QCOMPARE(places, (std::set<int>{0, 1, 2}));
    QVERIFY(!reading->notes.empty() && reading->notes[0].code == "options_moved");
    QVERIFY(readHashLines(lines, "f")->items[7].item == reading->items[7].item);
    const auto right = readHashLines("1#测什么#上述三种电流$直流$交流\n2#先#停电$送电\n", "f");
    QCOMPARE(right->items.at(0).item.options.at(2), std::string("上述三种电流"));
    QCOMPARE(right->items[0].item.key, std::vector<int>{2});
    QVERIFY(right->items.at(1).item.id.empty() && !right->items[1].item.fixed_order);
    const auto letters = readHashLines("1#先#A和B均可$停电$验电\n2#相序#ABC$BCA$CAB\n", "f");
    QVERIFY2(letters->refused.at(0).what.zh.find("字母") != std::string::npos, letters->refused[0].what.zh.c_str());
    QCOMPARE(letters->items.at(0).item.options.at(0), std::string("ABC"));
  }

  void moodle_with_picture_formula_and_category() {
    const std::string xml = std::string("<?xml version='1.0'?><!DOCTYPE quiz [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><quiz>"
        "<question type='category'><category><text>$course$/top/用电</text></category></question>"
        "<question type='multichoice'><name><text>图</text></name><questiontext format='html'>"
        "<text><![CDATA[<p onclick='x()'>看图 <script>alert(1)</script><img src='@@PLUGINFILE@@/a%20b.png' alt='表'> $$U=IR$$</p>]]></text>"
        "<file name='a b.png' encoding='base64'>") + kPng + "</file></questiontext>"
        "<single>false</single><answer fraction='50'><text>甲</text></answer><answer fraction='50'><text>乙</text></answer>"
        "<answer fraction='0'><text>丙</text></answer></question>"
        "<question type='multichoice'><questiontext><text>&lt;img src='@@PLUGINFILE@@/gone.png'&gt;</text></questiontext><single>true</single>"
        "<answer fraction='100'><text>甲</text></answer><answer fraction='0'><text>乙</text></answer></question>"
        "<question type='essay'><questiontext><text>&e;写</text></questiontext></question></quiz>";
    auto reading = readMoodleXml(xml, "f");
    QVERIFY2(reading.has_value(), reading ? "" : reading.error().detail.c_str());
    QCOMPARE(reading->items.size(), std::size_t(1));
    const Item& item = reading->items[0].item;
    QVERIFY(item.markup == Markup::Html && item.type == ItemType::MultipleChoice);
    QVERIFY2(checkMarkup(item.stem, "stem").has_value(), item.stem.c_str());
    QVERIFY2(item.stem.find("script") == std::string::npos && item.stem.find("onclick") == std::string::npos, item.stem.c_str());
    QVERIFY2(item.stem.find("\\( U=IR \\)") != std::string::npos && item.stem.find("media:") != std::string::npos, item.stem.c_str());
    QCOMPARE(item.tags, std::vector<std::string>{"用电"});
    QCOMPARE(reading->media.size(), std::size_t(1));
    QCOMPARE(reading->refused.size(), std::size_t(2));
    QCOMPARE(reading->refused[0].code, std::string("content_missing"));
    QCOMPARE(reading->refused[1].code, std::string("type_not_gradable"));
    QVERIFY(reading->refused[1].text.find("root:") == std::string::npos);
    QCOMPARE(readMoodleXml("<quiz><question", "f").error().reason, std::string("bad_xml"));
  }

  void html_is_cleaned_data() {
    QTest::addColumn<QString>("raw");
    QTest::addColumn<QString>("html");
    QTest::newRow("kept") << "<p>a <b>b</b></p>" << "<p>a <b>b</b></p>";
    QTest::newRow("entities") << "a &lt; b & c" << "a &lt; b &amp; c";
    QTest::newRow("links and styles go") << "<a href='x'>a</a><font color=red>b</font>" << "ab";
    QTest::newRow("unclosed") << "<table><tr><td colspan=2>x" << "<table><tbody><tr><td colspan=\"2\">x</td></tr></tbody></table>";
    QTest::newRow("fraction") << "<math><mfrac><mi>a</mi><mn>2</mn></mfrac></math>" << "\\( \\frac{a}{2} \\)";
    QTest::newRow("script") << "<script>1</script>x" << "x";
  }
  void html_is_cleaned() {
    QFETCH(QString, raw);
    QFETCH(QString, html);
    QCOMPARE(QString::fromStdString(cleanHtml(raw.toStdString()).html), html);
  }

  void whatever_is_cleaned_passes_the_check() {
    // Deep, broken and hostile: what comes out must always be what an editor could have saved.
    std::string deep;
    for (int i = 0; i < 4000; ++i) deep += "<b><table><tr><td>";
    for (const std::string& raw : {deep, std::string("<svg><script>x</script></svg><p"), std::string("<img src=x onerror=alert(1)><img>"),
                                   std::string("</p></p><li>x<li>y"), std::string("&#0;&#x110000;&nope;<") , std::string(20000, '<')}) {
      const CleanedText cleaned = cleanHtml(raw);
      const auto checked = checkMarkup(cleaned.html, "stem");
      QVERIFY2(checked.has_value(), checked ? "" : checked.error().detail.c_str());
    }
  }

  void qti_of_every_version() {
    auto reading = readQti(kQti21, "f");
    QVERIFY2(reading.has_value(), reading ? "" : reading.error().detail.c_str());
    const Item& item = only(*reading);
    QCOMPARE(item.id, std::string("q1"));
    QCOMPARE(item.stem, std::string("<p>先<b>看</b></p><p>选</p>"));
    QCOMPARE(item.key, (std::vector<int>{0, 1}));
    QCOMPARE(item.options, (std::vector<std::string>{"甲", "乙", "丙"}));
    QCOMPARE(item.option_notes[1], std::string("好"));
    auto three = readQti("<qti-assessment-item identifier='n'><qti-response-declaration identifier='R' cardinality='single' base-type='float'>"
                         "<qti-correct-response><qti-value>36</qti-value></qti-correct-response></qti-response-declaration><qti-item-body><p>安全电压 "
                         "<qti-text-entry-interaction response-identifier='R'/> V</p></qti-item-body><qti-response-processing><qti-equal "
                         "tolerance-mode='absolute' tolerance='0.5'/></qti-response-processing></qti-assessment-item>", "f");
    QVERIFY(only(*three).type == ItemType::Numeric);
    QCOMPARE(only(*three).stem, std::string("安全电压  _____  V"));
    QCOMPARE(only(*three).answers[0].text + ".." + only(*three).answers[0].upper, std::string("35.5..36.5"));
    QCOMPARE(readQti("<questestinterop/>", "f").error().reason, std::string("bad_xml"));
    QCOMPARE(readQti("PK\x03\x04 no zip", "f").error().reason, std::string("bad_package"));
    auto order = readQti("<assessmentItem><itemBody><orderInteraction responseIdentifier='R'><prompt>排</prompt></orderInteraction></itemBody></assessmentItem>", "f");
    QCOMPARE(order->refused.at(0).code, std::string("type_not_gradable"));
  }

  void qti_set_is_read_or_named() {
    SHARED_FILE_OR_SKIP(top, "corpora/qti21");
    for (const char* set : {"qti21", "qti22", "qti30"}) {
      int files = 0, unreadable = 0, items = 0, refused = 0;
      QMap<QString, int> codes;
      QDirIterator all(QFileInfo(top).dir().filePath(set), {"*.xml", "*.zip"}, QDir::Files, QDirIterator::Subdirectories);
      while (all.hasNext()) {
        const QString name = all.next();
        ++files;
        const auto reading = readQti(readAll(name), name.toStdString());
        if (!reading) {
          QVERIFY(!reading.error().detail.empty());
          ++unreadable;
          continue;
        }
        items += static_cast<int>(reading->items.size()), refused += static_cast<int>(reading->refused.size());
        for (const Finding& one : reading->refused) ++codes[QString::fromStdString(one.code)];
        for (const auto& row : reading->items)
          if (row.item.markup == Markup::Html) QVERIFY2(checkMarkup(row.item.stem, "stem").has_value(), qPrintable(name));
      }
      QStringList reasons;
      for (auto code = codes.begin(); code != codes.end(); ++code) reasons << QString("%1 %2").arg(code.key()).arg(code.value());
      qInfo("%s: %d files (%d hold no items: tests, manifests, QTI 1.2, broken), %d items in, %d refused: %s", set, files, unreadable, items, refused, qPrintable(reasons.join(", ")));
      QVERIFY(items > 0);
    }
  }

  void formats_are_told_apart_by_content() {
    Bank defaults;
    defaults.id = "x";
    for (const auto& [text, format] : {std::pair<const char*, const char*>{"[html]<p>对吗</p>{T}", "gift"}, {"{ =甲 } 是对的。", "gift"}, {"问\nA) 甲\nB) 乙\nANSWER: A\n", "aiken"},
                                       {"0#题$1\n", "hash_lines"}, {"<quiz></quiz>", "moodle_xml"}, {kQti21, "qti"}}) {
      const auto file = readBankFile(text, "upload", "", std::nullopt, defaults);
      QVERIFY2(file.has_value(), text);
      QCOMPARE(file->format, std::string(format));
    }
  }

  void gift_set_agrees() {
    SHARED_FILE_OR_SKIP(folder, "corpora/gift/tests/questions");
    int agree = 0;
    const QDir dir(folder);
    for (const QString& name : dir.entryList({"*.gift"})) {
      const Reading reading = gift(readAll(dir.filePath(name)));
      const QJsonArray expected = QJsonDocument::fromJson(QByteArray::fromStdString(readAll(dir.filePath(name.chopped(5) + ".json")))).array();
      std::size_t item = 0, refused = 0;
      QString wrong;
      for (const QJsonValue& value : expected) {
        const QJsonObject question = value.toObject();
        const QString type = question.value("type").toString();
        if (type == "Category") continue;
        if (type == "Essay" || type == "Matching" || type == "Description") { ++refused; continue; }
        if (item == reading.items.size()) { wrong = "an item is missing"; break; }
        wrong = compare(reading.items[item++].item, question);
        if (!wrong.isEmpty()) break;
      }
      if (wrong.isEmpty() && (item != reading.items.size() || refused != reading.refused.size()))
        wrong = QString("%1 items, %2 refused").arg(reading.items.size()).arg(reading.refused.size());
      if (wrong.isEmpty()) ++agree;
      else qWarning("%s: %s%s", qPrintable(name), qPrintable(wrong), reading.refused.empty() ? "" : (" | " + reading.refused[0].what.en).c_str());
    }
    QCOMPARE(agree, 51);
  }

  void moodle_set_has_every_choice_item_in() {
    SHARED_FILE_OR_SKIP(folder, "corpora/moodle-xml");
    const QDir dir(folder);
    int files = 0, items = 0, refused = 0;
    for (const QString& name : dir.entryList({"*.xml"})) {
      const std::string text = readAll(dir.filePath(name));
      const auto reading = readMoodleXml(text, name.toStdString());
      QVERIFY2(reading.has_value(), qPrintable(name));
      ++files, items += static_cast<int>(reading->items.size()), refused += static_cast<int>(reading->refused.size());
      for (const Finding& one : reading->refused)
        QVERIFY2(one.code == "type_not_gradable" || one.code == "no_question", qPrintable(name + ": " + QString::fromStdString(one.what.en)));
    }
    qInfo("Moodle XML: %d files, %d items in, %d named as not gradable", files, items, refused);
    QCOMPARE(files, 26);
  }
};

QTEST_APPLESS_MAIN(TestForeign)
#include "test_foreign.moc"
