// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include <algorithm>
#include <set>
#include <tuple>

#include "invigil/assembly/batch.hpp"
#include "invigil/assembly/paper.hpp"
#include "invigil/bank/item_digest.hpp"

using namespace invigil;
using namespace invigil::assembly;

namespace {

std::string blueprintText(const std::string& more) {
  return R"({"format":"invigil-blueprint","version":1,"id":"b","title":{"zh":"卷"},"role":"manager","minutes":60,"pass_points":12,
    "parts":[{"type":"true_false","count":6,"points_each":1},{"type":"single_choice","count":4,"points_each":2.5}])" + more + "}";
}

bank::Blueprint blueprint(const std::string& more) {
  auto read = bank::parseBlueprint(blueprintText(more));
  if (!read) qWarning("%s", read.error().detail.c_str());
  return read ? *read : bank::Blueprint{};
}

/// 60 true/false and 40 choice items; difficulty 1..5 by turns, every tenth tagged, every other of the national bank,
/// choice items 0..19 in five cases of four.
std::vector<bank::Item> pool() {
  std::vector<bank::Item> items;
  for (int i = 0; i < 100; ++i) {
    bank::Item item;
    item.id = (i < 60 ? "t" : "c") + std::to_string(i < 60 ? i : i - 60);
    item.type = i < 60 ? bank::ItemType::TrueFalse : bank::ItemType::SingleChoice;
    item.options = i < 60 ? std::vector<std::string>{"正确", "错误"} : std::vector<std::string>{"1", "2", "3", "4"};
    item.key = {0};
    item.stem = "stem " + std::to_string(i);
    item.difficulty = 1 + i % 5;
    item.level = i % 2 == 0 ? bank::Level::National : bank::Level::Provincial;
    if (i % 10 == 0) item.tags = {"高压"};
    if (i >= 60 && i < 80) item.stimulus = "s" + std::to_string((i - 60) / 4);
    items.push_back(item);
  }
  return items;
}

Problem problem(const std::string& more, const std::map<std::string, Measured>& measured = {}) {
  const auto made = problemFrom(pool(), blueprint(more), measured);
  if (!made) qWarning("%s", made.error().detail.c_str());
  return made ? *made : Problem{};
}

Files batch(const std::string& more, int papers = 40) {
  Seed seed{};
  seed[3] = 9;
  const auto files = assembleBatch(problem(more), "b1", papers, seed, "");
  if (!files) qWarning("%s", files.error().detail.c_str());
  return files ? *files : Files{};
}

int counted(const SealedPaper& paper, const std::vector<bank::Item>& items, const bank::Selector& selector) {
  int n = 0;
  for (const std::string& id : paper.items)
    for (const bank::Item& item : items) n += item.id == id && bank::fits(selector, item) ? 1 : 0;
  return n;
}

const char* const kEverything = R"(,"rules":[
    {"title":{"zh":"高压题","en":"High voltage"},"counts":{"tags":["高压"]},"low":2,"high":3},
    {"counts":{"types":["true_false"],"difficulty":{"low":4,"high":5}},"low":2,"high":2},
    {"counts":{"levels":["national"]},"measure":"points","low":6,"high":8.5},
    {"title":{"zh":"互斥"},"counts":{"items":["t1","t2"]},"low":0,"high":1}],
  "required":["t7"],"difficulty":{"low":2.8,"high":3.25})";

}  // namespace

class PaperRulesTest : public QObject {
  Q_OBJECT
 private slots:
  void rulesAreReadAndWritten() {
    const bank::Blueprint read = blueprint(std::string(kEverything) + R"(,"case_groups":{"low":1,"high":2,"items_low":2,"items_high":3})");
    QCOMPARE(read.asks.rules.size(), std::size_t{4});
    QCOMPARE(read.asks.rules[2].low, std::int64_t{600});
    QCOMPARE(read.asks.rules[2].high, std::int64_t{850});
    QCOMPARE(read.asks.difficulty->high, std::int64_t{3'250'000});
    QCOMPARE(read.asks.case_groups->items_high, 3);
    const auto again = bank::parseBlueprint(bank::writeBlueprint(read));
    QVERIFY(again && *again == read);
    QVERIFY(blueprint("").asks.empty());
  }

  void anItemMayBeNamedWithItsBank() {
    const std::string longest = std::string(64, 'b') + "/" + std::string(64, 'i');
    QCOMPARE(blueprint(R"(,"required":[")" + longest + R"("])").asks.required, std::vector<std::string>{longest});
    const auto longer = bank::parseBlueprint(blueprintText(R"(,"required":[")" + longest + R"(x"])"));
    QVERIFY(!longer);
    QCOMPARE(QString::fromStdString(longer.error().where), QString("required[0]"));
  }

  void whatIsNoRuleIsRefusedByName_data() {
    QTest::addColumn<QString>("more");
    QTest::addColumn<QString>("where");
    const auto row = [](const char* name, const char* more, const char* where) { QTest::newRow(name) << QString::fromUtf8(more) << QString::fromUtf8(where); };
    row("unknown selector", R"(,"rules":[{"counts":{"colour":"red"},"low":0,"high":1}])", "rules[0].counts.colour");
    row("unknown member", R"(,"rules":[{"counts":{},"low":0,"high":1,"most":2}])", "rules[0].most");
    row("high below low", R"(,"rules":[{"counts":{},"low":3,"high":1}])", "rules[0].high");
    row("type", R"(,"rules":[{"counts":{"types":["essay"]},"low":0,"high":1}])", "rules[0].counts.types[0]");
    row("difficulty upside down", R"(,"rules":[{"counts":{"difficulty":{"low":4,"high":2}},"low":0,"high":1}])", "rules[0].counts.difficulty.high");
    row("empty list", R"(,"rules":[{"counts":{"tags":[]},"low":0,"high":1}])", "rules[0].counts.tags");
    row("required twice", R"(,"required":["a","a"])", "required[1]");
    row("empty band", R"(,"difficulty":{"low":3,"high":3})", "difficulty.high");
    row("two bands", R"(,"difficulty":{"low":3,"high":4},"facility":{"low":0.3,"high":0.4})", "facility");
    row("thirds of a point", R"(,"rules":[{"counts":{},"measure":"points","low":0.333,"high":1}])", "rules[0].low");
    row("case items by halves", R"(,"case_groups":{"low":1,"high":2,"items_low":2})", "case_groups.items_high");
  }
  void whatIsNoRuleIsRefusedByName() {
    QFETCH(QString, more);
    QFETCH(QString, where);
    const auto read = bank::parseBlueprint(blueprintText(more.toStdString()));
    QVERIFY(!read);
    QCOMPARE(QString::fromStdString(read.error().where), where);
  }

  void everyPaperKeepsEveryRule() {
    const Files files = batch(kEverything);
    QVERIFY(!files.empty());
    const auto papers = parsePapers(files.at("papers.jsonl"));
    QVERIFY(papers);
    QCOMPARE(papers->size(), std::size_t{40});
    const auto items = pool();
    for (const SealedPaper& paper : *papers) {
      bank::Selector high, hard, required, enemies;
      high.tags = {"高压"};
      hard.types = {bank::ItemType::TrueFalse};
      hard.difficulty_low = 4;
      hard.difficulty_high = 5;
      required.items = {"t7"};
      enemies.items = {"t1", "t2"};
      const int tagged = counted(paper, items, high);
      QVERIFY(tagged == 2 || tagged == 3);
      QCOMPARE(counted(paper, items, hard), 2);
      QCOMPARE(counted(paper, items, required), 1);
      QVERIFY(counted(paper, items, enemies) <= 1);
      double points = 0, difficulty = 0;
      for (const std::string& id : paper.items)
        for (const bank::Item& item : items) {
          if (item.id != id) continue;
          difficulty += item.difficulty / 10.0;
          if (item.level == bank::Level::National) points += item.type == bank::ItemType::TrueFalse ? 1 : 2.5;
        }
      QVERIFY2(points >= 6 && points <= 8.5, qPrintable(QString::number(points)));
      QVERIFY2(difficulty >= 2.8 && difficulty <= 3.25, qPrintable(QString::number(difficulty)));
    }
    QVERIFY(auditBatch(files).violations == 0);
  }

  void aCaseComesWholeAndStaysTogether() {
    const Files files = batch(R"(,"case_groups":{"low":1,"high":1})");
    QVERIFY(!files.empty());
    const auto papers = parsePapers(files.at("papers.jsonl")).value();
    for (const SealedPaper& paper : papers) {
      std::vector<std::size_t> places;
      std::set<int> cases;
      for (std::size_t i = 0; i < paper.items.size(); ++i) {
        const int number = paper.items[i][0] == 'c' ? std::stoi(paper.items[i].substr(1)) : 99;
        if (number >= 20) continue;
        places.push_back(i);
        cases.insert(number / 4);
      }
      QCOMPARE(cases.size(), std::size_t{1});
      QCOMPARE(places.size(), std::size_t{4});
      QCOMPARE(places.back() - places.front(), std::size_t{3});
    }
  }

  void aShortRuleIsNamedWithWhatItLacks() {
    const Problem asked = problem(R"(,"rules":[{"title":{"zh":"高压难题"},"counts":{"tags":["高压"],"difficulty":{"low":1,"high":1},"types":["single_choice"]},"low":5,"high":9}])");
    const auto bounds = preflight(asked);
    QVERIFY(bounds && !bounds->feasible);
    QCOMPARE(bounds->broken.size(), std::size_t{1});
    const Rule& rule = asked.rules[static_cast<std::size_t>(bounds->broken[0].rule)];
    QCOMPARE(QString::fromStdString(rule.where), QStringLiteral("rules[0]"));
    QCOMPARE(QString::fromStdString(rule.title.zh), QStringLiteral("高压难题"));
    QVERIFY(std::abs(bounds->broken[0].missing - 1) < 1e-6);
    QCOMPARE(bounds->broken[0].stock, 4.0);
  }

  void aShortPartIsNamedOnce() {
    bank::Blueprint asked = blueprint("");
    asked.parts[1].count = 55;
    const auto bounds = preflight(problemFrom(pool(), asked).value());
    QVERIFY(bounds && !bounds->feasible);
    QCOMPARE(bounds->broken.size(), std::size_t{1});
    QCOMPARE(bounds->broken[0].rule, 2);
    QVERIFY(std::abs(bounds->broken[0].missing - 15) < 1e-6);
  }

  void rulesThatContradictEachOtherAreNamedTogether() {
    const Problem asked = problem(R"(,"rules":[{"title":{"zh":"甲"},"counts":{"levels":["national"]},"low":7,"high":10},
      {"title":{"zh":"乙"},"counts":{"levels":["provincial"]},"low":5,"high":10}])");
    const auto bounds = preflight(asked);
    QVERIFY(bounds && !bounds->feasible);
    QStringList names;
    for (int rule : bounds->conflict) names << QString::fromStdString(asked.rules[static_cast<std::size_t>(rule)].name);
    QVERIFY2(names.contains(QStringLiteral("甲")) && names.contains(QStringLiteral("乙")) && names.contains(QStringLiteral("length")), qPrintable(names.join(',')));
    QVERIFY(std::abs(bounds->broken[0].missing - 2) < 1e-6);
  }

  void aForcedItemIsNamedWithTheRulesThatForceIt() {
    const Problem asked = problem(R"(,"rules":[{"title":{"zh":"只有一道"},"counts":{"items":["t9"]},"low":1,"high":1}])");
    const auto bounds = preflight(asked);
    QVERIFY(bounds && bounds->feasible);
    QCOMPARE(bounds->forced.size(), std::size_t{1});
    QCOMPARE(QString::fromStdString(bounds->forced[0].item), QStringLiteral("t9"));
    QCOMPARE(QString::fromStdString(asked.rules[static_cast<std::size_t>(bounds->forced[0].rules.at(0))].name), QStringLiteral("只有一道"));
    QVERIFY(std::abs(bounds->exposure_bound - 1) < 1e-6);
    QVERIFY(std::abs(bounds->expected[9] - 1) < 1e-6);
  }

  void anUnknownRequiredItemIsInfeasible() {
    const auto bounds = preflight(problem(R"(,"required":["nobody"])"));
    QVERIFY(bounds && !bounds->feasible);
    QCOMPARE(bounds->broken[0].stock, 0.0);
  }

  void noPaperAsksOneQuestionTwice() {
    std::vector<bank::Item> items = pool();
    for (const auto& [of, id, tag] : {std::tuple<std::size_t, const char*, const char*>{1, "x1", ""}, {2, "x2", "高压"}, {61, "x61", ""}}) {
      bank::Item twin = items[of];
      twin.id = id;
      if (*tag != 0) twin.tags = {tag};
      std::reverse(twin.options.begin(), twin.options.end());
      items.push_back(twin);
    }
    items.back().stimulus = "another";  // the same words about another case
    std::vector<std::string> asks;
    for (const bank::Item& item : items) asks.push_back(bank::questionDigest(item, item.stimulus));
    const bank::Blueprint asked = blueprint(R"(,"rules":[{"counts":{"tags":["高压"]},"low":0,"high":9}])");
    std::vector<Twin> twins;
    const Problem made = problemOfQuestions(items, asks, asked, {}, &twins).value();
    QCOMPARE(twins.size(), std::size_t{2});
    QVERIFY(twins[0].first == 1 && twins[0].second == 100 && twins[1].first == 2 && twins[1].second == 101);
    // No rule tells x1 from t1, so it would only make t1 twice as likely.
    QCOMPARE(made.items.size(), std::size_t{102});
    QVERIFY(std::none_of(made.items.begin(), made.items.end(), [](const Candidate& one) { return one.id == "x1"; }));
    const Rule& rule = made.rules.back();
    QCOMPARE(QString::fromStdString(rule.name), QStringLiteral("same question t2 | x2"));
    QVERIFY(rule.low == 0 && rule.high == 1 && rule.items == (std::vector<int>{2, 100}));
    QCOMPARE(made.rules.size(), problemFrom(items, asked).value().rules.size() + 1);
    const auto files = assembleBatch(made, "b1", 40, Seed{}, "");
    QVERIFY2(files.has_value(), files ? "" : files.error().detail.c_str());
    const Audit audit = auditBatch(*files);
    QVERIFY2(audit.failures.empty(), audit.failures.empty() ? "" : audit.failures[0].c_str());
    const auto papers = parsePapers(files->at("papers.jsonl"));
    for (const SealedPaper& paper : *papers)
      QVERIFY(std::count_if(paper.items.begin(), paper.items.end(), [](const std::string& id) { return id == "t2" || id == "x2"; }) <= 1);
    const auto both = preflight(problemOfQuestions(items, asks, blueprint(R"(,"required":["t1","x1"])")).value());
    QVERIFY(both && !both->feasible);
    asks.resize(100), items.resize(100);
    QVERIFY(problemOfQuestions(items, asks, asked).value() == problemFrom(items, asked).value());
  }

  void aFacilityBandNeedsMeasuredItems() {
    const bank::Blueprint asked = blueprint(R"(,"facility":{"low":0.45,"high":0.55},"information":{"low":1,"high":4})");
    QCOMPARE(QString::fromStdString(problemFrom(pool(), asked).error().reason), QStringLiteral("not_measured"));
    std::map<std::string, Measured> measured;
    for (const bank::Item& item : pool()) measured[item.id] = {150'000 * item.difficulty, 60'000 * item.difficulty};
    const Problem made = problemFrom(pool(), asked, measured).value();
    Seed seed{};
    const auto files = assembleBatch(made, "b", 30, seed, "");
    QVERIFY2(files.has_value(), files ? "" : files.error().detail.c_str());
    const Audit audit = auditBatch(*files);
    QCOMPARE(audit.violations, 0);
    QVERIFY(audit.difficulty_mean > 0.45 && audit.difficulty_mean < 0.55);
  }
};

QTEST_APPLESS_MAIN(PaperRulesTest)
#include "test_paper_rules.moc"
