// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "invigil/bank/bank.hpp"
#include "invigil/bank/blueprint.hpp"
#include "properties.hpp"

using namespace invigil;
using namespace invigil::bank;

namespace {

const std::string kGood = R"({"format":"invigil-bank","version":1,"id":"b-1","title":{"zh":"题","en":"Items"},
"roles":["manager"],"items":[
{"id":"j.1","type":"true_false","stem":"甲","key":true},
{"id":"s_1","type":"single_choice","topic":"law","difficulty":3,"stem":"乙","options":["一","二"],"key":["B"]},
{"id":"m-1","type":"multiple_choice","stem":"丙","options":["一","二","三"],"key":["C","A"],"fixed_order":true}]})";

std::string replaced(const std::string& what, const std::string& with) {
  QString text = QString::fromStdString(kGood);
  Q_ASSERT(text.contains(QString::fromStdString(what)));
  return text.replace(QString::fromStdString(what), QString::fromStdString(with)).toStdString();
}

Bank arbitraryBank() {
  const auto text = [](std::size_t length) {
    std::string out = "题";
    out += *rc::gen::container<std::string>(length, rc::gen::elementOf(std::string("a\"\\ \n\t/<")));
    return out;
  };
  Bank bank;
  bank.id = "bank-7";
  bank.title = {text(3), *rc::gen::arbitrary<bool>() ? text(2) : ""};
  bank.roles = {Role::Manager, Role::SpecialOperations};
  bank.category = *rc::gen::element<std::string>("", "1.2");
  const int count = *rc::gen::inRange(1, 8);
  for (int i = 0; i < count; ++i) {
    Item item;
    item.id = "i" + std::to_string(i);
    item.type = *rc::gen::element(ItemType::TrueFalse, ItemType::SingleChoice, ItemType::MultipleChoice);
    item.topic = *rc::gen::element<std::string>("", "law", "fire_lightning");
    item.difficulty = *rc::gen::inRange(0, 6);
    item.stem = text(5);
    item.explanation = *rc::gen::arbitrary<bool>() ? text(4) : "";
    item.fixed_order = *rc::gen::arbitrary<bool>();
    if (item.type == ItemType::TrueFalse) {
      item.options = {"正确", "错误"};
      item.key = {*rc::gen::inRange(0, 2)};
    } else {
      const int options = *rc::gen::inRange(2, 9);
      for (int k = 0; k < options; ++k) item.options.push_back(std::to_string(k) + text(3));
      item.key = item.type == ItemType::SingleChoice ? std::vector<int>{options - 1} : std::vector<int>{0, options - 1};
    }
    bank.items.push_back(item);
  }
  return bank;
}

}  // namespace

class NativeTest : public QObject {
  Q_OBJECT
 private slots:
  void readsTheDocumentedShape() {
    const auto bank = parseNative(kGood);
    QVERIFY2(bank.has_value(), bank ? "" : bank.error().detail.c_str());
    QCOMPARE(bank->language, std::string("zh-CN"));
    QCOMPARE(bank->items.size(), std::size_t{3});
    QCOMPARE(bank->items[0].options, (std::vector<std::string>{"正确", "错误"}));
    QCOMPARE(bank->items[0].key, std::vector<int>{0});
    QCOMPARE(bank->items[1].key, std::vector<int>{1});
    QCOMPARE(bank->items[2].key, (std::vector<int>{0, 2}));
    QVERIFY(bank->items[2].fixed_order);
  }

  void writesWhatItReads() {
    test::checkProperty("parseNative(writeNative(b)) == b", [] {
      const Bank bank = arbitraryBank();
      const auto back = parseNative(writeNative(bank));
      if (!back) RC_FAIL(back.error().detail);
      RC_ASSERT(*back == bank);
    });
  }

  void wrongMembersAreNamed_data() {
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("with");
    QTest::addColumn<QString>("where");
    const auto row = [](const char* name, const char* what, const char* with, const char* where) {
      QTest::newRow(name) << QString::fromUtf8(what) << QString::fromUtf8(with) << QString::fromUtf8(where);
    };
    row("unknown member", R"("difficulty")", R"("dificulty")", "items[1].dificulty");
    row("unknown at top", R"("roles")", R"("role":1,"roles")", "role");
    row("newer version", R"("version":1)", R"("version":2)", "version");
    row("other format", "invigil-bank", "other", "format");
    row("bad bank id", "b-1", "B_1", "id");
    row("repeated id", "s_1", "j.1", "items[1].id");
    row("bad id", "s_1", "s 1", "items[1].id");
    row("unknown type", "single_choice", "choice", "items[1].type");
    row("unknown role", "manager", "boss", "roles");
    row("difficulty", "\"difficulty\":3", "\"difficulty\":6", "items[1].difficulty");
    row("fraction", "\"difficulty\":3", "\"difficulty\":3.5", "items[1].difficulty");
    row("empty stem", R"("stem":"乙")", R"("stem":" ")", "items[1].stem");
    row("control character", R"("stem":"乙")", R"("stem":"乙\u0000")", "items[1].stem");
    row("key beyond options", R"(["B"])", R"(["C"])", "items[1].key");
    row("two keys", R"(["B"])", R"(["A","B"])", "items[1].key");
    row("no key", R"(["B"])", R"([])", "items[1].key");
    row("small letter", R"(["B"])", R"(["b"])", "items[1].key");
    row("no key of several", R"(["C","A"])", R"([])", "items[2].key");
    row("key twice", R"(["C","A"])", R"(["A","A"])", "items[2].key");
    row("text for boolean", R"("key":true)", R"("key":"true")", "items[0].key");
    row("options of judge", R"("key":true)", R"("key":true,"options":["a","b"])", "items[0].options");
    row("one option", R"(["一","二"])", R"(["一"])", "items[1].options");
    row("equal options", R"(["一","二"])", R"(["一","一"])", "items[1].options[1]");
    row("option not text", R"(["一","二"])", R"(["一",2])", "items[1].options[1]");
  }
  void wrongMembersAreNamed() {
    QFETCH(QString, what);
    QFETCH(QString, with);
    QFETCH(QString, where);
    const auto bank = parseNative(replaced(what.toStdString(), with.toStdString()));
    QVERIFY(!bank);
    QCOMPARE(QString::fromStdString(bank.error().reason), QString("bad_bank"));
    QCOMPARE(QString::fromStdString(bank.error().where), where);
  }

  void listsLongerThanAnItemHasAreNamed() {
    const auto listed = [](const std::string& name, std::size_t count) {
      std::string out = "\"stem\":\"乙\",\"" + name + "\":[";
      for (std::size_t i = 0; i < count; ++i) out += (i > 0 ? "," : "") + std::string("\"x") + std::to_string(1000 + i) + "\"";
      return parseNative(replaced(R"("stem":"乙")", out + "]"));
    };
    for (const auto& [name, most] : {std::pair<std::string, std::size_t>{"tags", kItemTagsMax}, {"enemies", kItemEnemiesMax}}) {
      QVERIFY(listed(name, most).has_value());
      const auto more = listed(name, most + 1);
      QVERIFY(!more);
      QCOMPARE(more.error().where, "items[1]." + name);
      QVERIFY2(more.error().detail.find("at most " + std::to_string(most)) != std::string::npos, more.error().detail.c_str());
    }
  }

  void aTruncatedFileSaysLineAndColumn() {
    const auto bank = parseNative(kGood.substr(0, kGood.find("\"key\":[\"B\"]")));
    QVERIFY(!bank);
    QCOMPARE(bank.error().reason, std::string("bad_json"));
    QVERIFY2(bank.error().detail.starts_with("Line 4, column "), bank.error().detail.c_str());
    QVERIFY2(bank.error().detail.find("cut off") != std::string::npos, bank.error().detail.c_str());
  }

  void everyTruncationIsRefused() {
    for (std::size_t length = 0; length < kGood.size(); ++length) {
      const auto bank = parseNative(std::string_view(kGood).substr(0, length));
      QVERIFY(!bank);
      QCOMPARE(bank.error().reason, std::string("bad_json"));
    }
  }

  void syntaxErrorsSayLineAndColumn() {
    const std::pair<const char*, const char*> cases[] = {{"{\"a\": 1,\n \"题\" x}", "Line 2, column 6:"},
                                                         {"[1,\n2,\n]", "Line 3, column 1:"},
                                                         {"{} {}", "Line 1, column 4:"},
                                                         {"{\"a\":1,\n\"a\":2}", "Line 2, column 3:"}};
    for (const auto& [text, place] : cases) {
      const auto bank = parseNative(text);
      QCOMPARE(bank.error().reason, std::string("bad_json"));
      QVERIFY2(bank.error().detail.starts_with(place), bank.error().detail.c_str());
    }
  }

  void duplicateMembersAreRefused() {
    const auto bank = parseNative(replaced(R"("stem":"乙")", R"("stem":"乙","stem":"丁")"));
    QCOMPARE(bank.error().reason, std::string("bad_json"));
    QVERIFY(bank.error().detail.find("\"stem\" stands twice") != std::string::npos);
  }

  void deepNestingIsRefused() {
    const auto bank = parseNative(std::string(100000, '['));
    QCOMPARE(bank.error().reason, std::string("bad_json"));
    QVERIFY(bank.error().detail.find("levels deep") != std::string::npos);
  }

  void hugeFilesAreRefused() {
    QCOMPARE(parseNative(std::string((64u << 20) + 1, ' ')).error().reason, std::string("file_too_large"));
  }

  void otherEncodingsAreRefused() {
    const auto bank = parseNative("{\n \"id\": \"\xcc\xe2\"}");
    QCOMPARE(bank.error().reason, std::string("bad_json"));
    QVERIFY2(bank.error().detail.starts_with("Line 2, column 9: the text is not UTF-8"), bank.error().detail.c_str());
  }

  void blueprintsSayWhichMemberIsWrong() {
    const std::string good = R"({"format":"invigil-blueprint","version":1,"id":"x","title":{"zh":"考"},"role":"manager",
"minutes":60,"pass_points":8,"parts":[{"type":"true_false","count":10,"points_each":1}],
"topics":[{"id":"a","title":{"zh":"甲"},"counts":{"true_false":4}},{"id":"b","title":{"zh":"乙"},"counts":{"true_false":6}}]})";
    const auto blueprint = parseBlueprint(good);
    QVERIFY2(blueprint.has_value(), blueprint ? "" : blueprint.error().detail.c_str());
    QCOMPARE(blueprint->items(), 10);
    QVERIFY(*parseBlueprint(writeBlueprint(*blueprint)) == *blueprint);
    const std::tuple<QString, QString, const char*> wrong[] = {
        {"\"true_false\":6", "\"true_false\":5", "parts[0].count"},
        {"\"pass_points\":8", "\"pass_points\":11", "pass_points"},
        {"\"id\":\"b\"", "\"id\":\"a\"", "topics[1]"},
        {"\"minutes\":60", "\"minutes\":0", "minutes"},
        {"\"true_false\":6", "\"single_choice\":6", "topics[1].counts"}};
    for (const auto& [what, with, where] : wrong) {
      const auto bad = parseBlueprint(QString::fromStdString(good).replace(what, with).toStdString());
      QCOMPARE(bad.error().reason, std::string("bad_blueprint"));
      QCOMPARE(bad.error().where, std::string(where));
    }
  }
};

QTEST_APPLESS_MAIN(NativeTest)
#include "test_native.moc"
