// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QtTest>
#include <map>
#include <set>

#include "invigil/bank/bank_file.hpp"
#include "invigil/bank/formats.hpp"
#include "invigil/base/text.hpp"

using namespace invigil;
using namespace invigil::bank;

namespace {

Bank emptyBank() {
  Bank bank;
  bank.id = "out";
  bank.title.zh = "导出";
  bank.roles = {Role::SpecialOperations};
  return bank;
}

Item choice(const char* id, const char* stem) {
  Item item;
  item.id = id;
  item.type = ItemType::SingleChoice;
  item.stem = stem;
  item.options = {"停电", "验电 = {先} ~ #1: \\", "挂\"接地线\", <并> & 监护"};
  item.key = {1};
  return item;
}

Item typed(const char* id, ItemType type, const char* stem, std::vector<AcceptedAnswer> answers) {
  Item item;
  item.id = id;
  item.type = type;
  item.stem = stem;
  item.answers = std::move(answers);
  return item;
}

/// An item of every kind with everything that an item can have.
Bank fullBank() {
  Bank bank = emptyBank();
  const std::string png = [] {
    auto bytes = fromBase64("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=");
    return std::string(bytes->begin(), bytes->end());
  }();
  Item plain = choice("plain", "先做什么？\n请选一项。");
  plain.title = "作业顺序";
  plain.explanation = "先验电。";
  plain.difficulty = 3;
  plain.source = "安全规程第 3 条";
  plain.tags = {"触电", "验电"};
  plain.option_notes = {"不对", "对", ""};
  bank.items.push_back(plain);
  Item marks = choice("marks", "票价 $$5$$，文件 a_x000D_b 和 _x005F_，\\(x\\)？");
  marks.options = {"$$1$$", "_xABCD_", "<b>\\(y\\)</b> &amp;"};
  bank.items.push_back(marks);
  Item judge;
  judge.id = "judge";
  judge.type = ItemType::TrueFalse;
  judge.stem = "地线可以不接。";
  judge.options = {"正确", "错误"};
  judge.key = {1};
  bank.items.push_back(judge);
  Item several = choice("several", "哪些对？");
  several.type = ItemType::MultipleChoice;
  several.options = {"子", "丑", "寅", "卯"};
  several.key = {0, 2, 3};
  several.fixed_order = true;
  several.level = Level::Provincial;
  several.enemies = {"plain"};
  bank.items.push_back(several);
  Item html = choice("html", "<p>功率 10<sup>3</sup> W，\\( U=IR \\)</p><table><tbody><tr><td>一</td></tr></tbody></table>");
  html.markup = Markup::Html;
  html.options = {"<b>甲</b>", "乙<br>丙"};
  bank.items.push_back(html);
  bank.items.push_back(typed("number", ItemType::Numeric, "安全电压是多少？", {{AcceptedAnswer::Match::Range, "35.5", "36.5", 100}}));
  bank.items.push_back(typed("word", ItemType::ShortText, "写出缩写。",
                             {{AcceptedAnswer::Match::IgnoreCase, "RCD", "", 100}, {AcceptedAnswer::Match::IgnoreCase, "ELCB", "", 50}}));
  // The name of a picture is its digest: importing it once gives the bank its name.
  auto made = readMoodleXml("<quiz><question type='multichoice'><questiontext format='html'><text>&lt;p&gt;看图&lt;img src='data:image/png;base64," +
                                toBase64({reinterpret_cast<const std::uint8_t*>(png.data()), png.size()}) +
                                "' alt='表'&gt;&lt;/p&gt;</text></questiontext><single>true</single><answer fraction='100'><text>甲</text></answer>"
                                "<answer fraction='0'><text>乙</text></answer></question></quiz>", "f");
  if (!made || made->items.size() != 1) qFatal("the picture");
  Item picture = made->items[0].item;
  picture.id = "picture";
  bank.items.push_back(picture);
  bank.media = made->media;
  return bank;
}

std::map<std::string, Item> byId(const Bank& bank) {
  std::map<std::string, Item> out;
  for (const Item& item : bank.items) out[item.id] = item;
  return out;
}

}  // namespace

class ExportsTest : public QObject {
  Q_OBJECT
 private slots:
  void outAndInAgain_data() {
    QTest::addColumn<QString>("format");
    for (const std::string& format : exportFormats()) QTest::newRow(format.c_str()) << QString::fromStdString(format);
  }

  /// Every item comes back as it was, but for what the export says it lost.
  void outAndInAgain() {
    QFETCH(QString, format);
    const Bank bank = fullBank();
    const auto written = writeBankFile(bank, format.toStdString());
    QVERIFY2(written.has_value(), written ? "" : written.error().detail.c_str());
    std::map<std::string, std::string> lost;
    std::set<std::string> left_out;
    for (const Finding& one : written->lost) {
      if (one.code == "left_out") left_out.insert(one.text);
      else lost[one.text] += one.what.en;
    }
    const auto back = readBankFile(written->bytes, format.startsWith("qti") ? "bank.zip" : "bank", "", std::nullopt, emptyBank());
    QVERIFY2(back.has_value(), back ? "" : back.error().detail.c_str());
    for (const Finding& one : back->collected.refused) qWarning("refused: %s: %s", one.text.c_str(), one.what.en.c_str());
    QCOMPARE(back->collected.refused.size(), std::size_t(0));
    QCOMPARE(back->collected.bank.items.size() + left_out.size(), bank.items.size());
    const auto got = byId(back->collected.bank);
    const bool ids = !format.endsWith("csv") && format != "xlsx";
    for (const Item& item : bank.items) {
      if (left_out.contains(item.id)) continue;
      Item expected = item, have;
      if (ids) {
        QVERIFY2(got.contains(item.id), item.id.c_str());
        have = got.at(item.id);
      } else {
        for (const auto& [id, one] : got)
          if (one.stem == item.stem) have = one;
        expected.id = have.id;
      }
      const std::string& gone = lost[item.id];
      const auto forget = [&](const char* name, auto member) { if (gone.find(name) != std::string::npos) expected.*member = Item{}.*member; };
      forget("title", &Item::title), forget("topic", &Item::topic), forget("difficulty", &Item::difficulty), forget("explanation", &Item::explanation);
      forget("source", &Item::source), forget("level", &Item::level), forget("enemies", &Item::enemies), forget("option notes", &Item::option_notes);
      forget("fixed order", &Item::fixed_order), forget("case material", &Item::stimulus);
      if (gone.find("is no formula") != std::string::npos) {
        QVERIFY(format.startsWith("qti") && item.id == "marks");
        expected.stem = have.stem, expected.options = have.options, expected.markup = have.markup;
      }
      if (gone.find("tags after the first") != std::string::npos) expected.tags.resize(1);
      else if (gone.find("tags") != std::string::npos) expected.tags.clear();
      const auto same = [&](const char* name, const auto& a, const auto& b) {
        if (!(a == b)) QTest::qFail(qPrintable(QString("%1: %2 differs").arg(QString::fromStdString(item.id), name)), __FILE__, __LINE__);
      };
      same("stem", QString::fromStdString(have.stem), QString::fromStdString(expected.stem));
      if (have.stem != expected.stem) qWarning("%s\n%s", have.stem.c_str(), expected.stem.c_str());
      same("options", have.options, expected.options), same("key", have.key, expected.key), same("answers", have.answers, expected.answers);
      same("type", have.type, expected.type), same("markup", have.markup, expected.markup), same("title", have.title, expected.title);
      same("explanation", have.explanation, expected.explanation), same("notes", have.option_notes, expected.option_notes);
      same("tags", have.tags, expected.tags), same("source", have.source, expected.source), same("difficulty", have.difficulty, expected.difficulty);
      same("level", have.level, expected.level), same("order", have.fixed_order, expected.fixed_order), same("enemies", have.enemies, expected.enemies);
      if (!(have == expected)) qWarning("%s of %s differs", item.id.c_str(), qPrintable(format));
    }
    if (format != "csv" && format != "xlsx" && format != "gift") QCOMPARE(back->collected.bank.media, bank.media);
  }

  /// A case with a picture in its material; what has no place for it says so.
  void casesComeBackWhereTheFormatHasThem() {
    Bank bank = fullBank();
    const std::string picture = bank.media.at(0).name;
    bank.stimuli = {{"accident", Markup::Html, "<p>某厂配电室<b>短路</b>。</p><img src=\"media:" + picture + "\" alt=\"接线图\">"}, {"plain-case", Markup::Plain, "一名电工独自作业 < 2 m。"}};
    for (std::size_t i = 0; i < 3; ++i) bank.items[i].stimulus = "accident";
    bank.items[3].stimulus = "plain-case";
    for (const std::string& format : exportFormats()) {
      const auto written = writeBankFile(bank, format);
      QVERIFY2(written.has_value(), format.c_str());
      std::set<std::string> told;
      for (const Finding& one : written->lost)
        if (one.code == "left_out" || one.what.en.find("case material") != std::string::npos) told.insert(one.text);
      const auto back = readBankFile(written->bytes, format.starts_with("qti") ? "bank.zip" : "bank", "", std::nullopt, emptyBank());
      QVERIFY2(back && back->collected.refused.empty(), format.c_str());
      const bool carries = format == "native_json" || format == "qti30";
      QCOMPARE(back->collected.bank.stimuli == bank.stimuli, carries);
      if (carries)  // in the order of the bank too
        for (std::size_t i = 0; i < bank.items.size(); ++i) QCOMPARE(back->collected.bank.items[i].id, bank.items[i].id);
      const auto got = byId(back->collected.bank);
      for (std::size_t i = 0; i < 4; ++i) {
        const Item& item = bank.items[i];
        QCOMPARE(told.contains(item.id), !carries);
        if (carries) QCOMPARE(got.at(item.id).stimulus, item.stimulus);
      }
      if (carries) QCOMPARE(back->collected.bank.media, bank.media);
    }
  }

  /// Numbers before stems and letters before options are what tables of the field have; in our own they are part of the text.
  void textsThatLookLikeNumbersAndMarksStayInTables() {
    Bank bank = emptyBank();
    for (int i = 0; i < 12; ++i) {
      Item item = choice(("q" + std::to_string(i)).c_str(), (std::to_string(i + 1) + ". 先做什么？").c_str());
      item.options = {"A.停电", "B.验电", "A级;|;|;|;|;|;|;|;|;|;|;|;|;|;|;|;|"};
      bank.items.push_back(item);
    }
    for (const char* format : {"csv", "xlsx"}) {
      const auto back = readBankFile(writeBankFile(bank, format)->bytes, "f", "", std::nullopt, emptyBank());
      QCOMPARE(back->collected.bank.items.size(), bank.items.size());
      QCOMPARE(back->collected.counts.repaired, 0);
      for (std::size_t i = 0; i < bank.items.size(); ++i) {
        QCOMPARE(back->collected.bank.items[i].stem, bank.items[i].stem);
        QCOMPARE(back->collected.bank.items[i].options, bank.items[i].options);
      }
    }
  }

  void theSameBankGivesTheSameBytes() {
    for (const std::string& format : exportFormats()) QCOMPARE(writeBankFile(fullBank(), format)->bytes, writeBankFile(fullBank(), format)->bytes);
    QCOMPARE(writeBankFile(fullBank(), "docx").error().reason, std::string("format_unknown"));
  }
};

QTEST_APPLESS_MAIN(ExportsTest)
#include "test_exports.moc"
