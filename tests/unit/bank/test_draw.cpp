// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QtTest>
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "invigil/bank/blueprint.hpp"
#include "properties.hpp"

using namespace invigil;
using namespace invigil::bank;

namespace {

constexpr std::array<const char*, 3> kTopics = {"law", "fire", "tools"};

/// `each` items of every type and topic, ids such as "s-fire-3".
std::vector<Item> makePool(int each) {
  std::vector<Item> pool;
  for (ItemType type : {ItemType::TrueFalse, ItemType::SingleChoice, ItemType::MultipleChoice})
    for (const char* topic : kTopics)
      for (int i = 0; i < each; ++i) {
        Item item;
        item.type = type;
        item.topic = topic;
        item.id = std::string(1, "jsm"[static_cast<int>(type)]) + "-" + topic + "-" + std::to_string(i);
        item.stem = item.id;
        item.options = type == ItemType::TrueFalse ? std::vector<std::string>{"正确", "错误"}
                                                   : std::vector<std::string>{"一", "二", "三", "四"};
        item.key = type == ItemType::MultipleChoice ? std::vector<int>{0, 1} : std::vector<int>{0};
        pool.push_back(item);
      }
  return pool;
}

Blueprint makeBlueprint() {
  Blueprint blueprint;
  blueprint.parts = {{ItemType::TrueFalse, 4}, {ItemType::SingleChoice, 5}, {ItemType::MultipleChoice, 3}};
  blueprint.topics = {{"law", {"法", ""}, {1, 2, 1}}, {"fire", {"火", ""}, {3, 1, 0}}, {"tools", {"具", ""}, {0, 2, 2}}};
  return blueprint;
}

Seed seedOf(std::uint32_t n) {
  Seed seed{};
  for (int i = 0; i < 4; ++i) seed[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(n >> (8 * i));
  return seed;
}

Paper drawn(const std::vector<Item>& pool, const Blueprint& blueprint, const Seed& seed) {
  auto paper = drawPaper(pool, blueprint, seed);
  if (!paper) qFatal("%s", paper.error().detail.c_str());
  return std::move(*paper);
}

QByteArray text(const Paper& paper) {
  QByteArray out;
  for (const PaperItem& item : paper.items) {
    out += QByteArray::fromStdString(item.item_id) + ":";
    for (int index : item.option_order) out += QByteArray::number(index);
    out += "/" + QByteArray::number(item.part) + " ";
  }
  return out.trimmed();
}

double chiSquare(const std::map<std::string, int>& counts, std::size_t cells, int total) {
  const double expected = static_cast<double>(total) / static_cast<double>(cells);
  double sum = expected * static_cast<double>(cells - counts.size());
  for (const auto& [cell, count] : counts) sum += (count - expected) * (count - expected) / expected;
  return sum;
}

}  // namespace

class DrawTest : public QObject {
  Q_OBJECT
 private slots:
  void itemsOfOneCaseStandTogether() {
    std::vector<Item> pool = makePool(6);
    for (std::size_t i = 0; i < pool.size(); ++i)
      if (i % 3 != 0) pool[i].stimulus = i % 3 == 1 ? "case-1" : "case-2";
    std::map<std::string, std::string> case_of;
    for (const Item& item : pool) case_of[item.id] = item.stimulus;
    for (std::uint32_t n = 0; n < 50; ++n) {
      const Paper paper = drawn(pool, makeBlueprint(), seedOf(n));
      std::set<std::pair<int, std::string>> left;  // a case that the paper has gone on from, in its part
      for (std::size_t i = 0; i < paper.items.size(); ++i) {
        const std::pair here{paper.items[i].part, case_of[paper.items[i].item_id]};
        QVERIFY(!left.contains(here));
        const bool goes_on = i + 1 < paper.items.size() && std::pair{paper.items[i + 1].part, case_of[paper.items[i + 1].item_id]} == here;
        if (!here.second.empty() && !goes_on) left.insert(here);
      }
    }
  }

  // Worked out by tests/unit/bank/draw_reference.py, an independent implementation of docs/adr/0004-paper-draw.md.
  void aSeedGivesTheGoldenPaper() {
    Seed seed{};
    for (std::size_t i = 0; i < seed.size(); ++i) seed[i] = static_cast<std::uint8_t>(i);
    const auto paper = drawPaper(makePool(6), makeBlueprint(), seed);
    QVERIFY(paper.has_value());
    QFile golden(QStringLiteral(INVIGIL_SOURCE_DIR "/tests/golden/paper-of-seed-00-to-1f.txt"));
    QVERIFY(golden.open(QIODevice::ReadOnly));
    QCOMPARE(text(*paper), golden.readAll().trimmed());
  }

  void everyPaperKeepsTheBlueprint() {
    test::checkProperty("counts by part and topic, no repeats, parts in order, options permuted", [] {
      const auto pool = makePool(*rc::gen::inRange(3, 9));
      const Blueprint blueprint = makeBlueprint();
      const auto paper = drawPaper(pool, blueprint, seedOf(*rc::gen::arbitrary<std::uint32_t>()));
      RC_ASSERT(paper.has_value());
      RC_ASSERT(static_cast<int>(paper->items.size()) == blueprint.items());
      std::set<std::string> ids;
      std::map<std::pair<int, std::string>, int> counts;
      int part = 0;
      for (const PaperItem& placed : paper->items) {
        RC_ASSERT(placed.part >= part);
        part = placed.part;
        const auto item = std::find_if(pool.begin(), pool.end(), [&](const Item& i) { return i.id == placed.item_id; });
        RC_ASSERT(item != pool.end());
        RC_ASSERT(item->type == blueprint.parts[static_cast<std::size_t>(part)].type);
        RC_ASSERT(ids.insert(item->id).second);
        ++counts[{part, item->topic}];
        auto order = placed.option_order;
        if (item->type == ItemType::TrueFalse) RC_ASSERT(order == (std::vector<int>{0, 1}));
        std::sort(order.begin(), order.end());
        RC_ASSERT(order.size() == item->options.size());
        for (std::size_t i = 0; i < order.size(); ++i) RC_ASSERT(order[i] == static_cast<int>(i));
      }
      for (const Topic& topic : blueprint.topics)
        for (std::size_t p = 0; p < topic.counts.size(); ++p)
          RC_ASSERT((counts[{static_cast<int>(p), topic.id}]) == topic.counts[p]);
    });
  }

  void theSameSeedGivesTheSamePaper() {
    const auto pool = makePool(6);
    QVERIFY(*drawPaper(pool, makeBlueprint(), seedOf(7)) == *drawPaper(pool, makeBlueprint(), seedOf(7)));
    QVERIFY(!(*drawPaper(pool, makeBlueprint(), seedOf(7)) == *drawPaper(pool, makeBlueprint(), seedOf(8))));
  }

  void withoutTopicsAPartIsDrawnByType() {
    auto pool = makePool(3);
    for (Item& item : pool)
      if (item.type == ItemType::SingleChoice) item.topic = "unknown-to-the-blueprint";
    std::set<std::string> seen;
    for (std::uint32_t n = 0; n < 100; ++n)
      for (const PaperItem& item : drawn(pool, makeBlueprint(), seedOf(n)).items)
        if (item.part == 1) seen.insert(item.item_id);
    QCOMPARE(seen.size(), std::size_t{9});
  }

  void oneKnownTopicMakesThePartStratified() {
    auto pool = makePool(3);
    for (Item& item : pool)
      if (item.topic != "law") item.topic.clear();
    const auto paper = drawPaper(pool, makeBlueprint(), seedOf(1));
    QCOMPARE(paper.error().reason, std::string("pool_too_small"));
    QVERIFY2(paper.error().detail.find("3 items of true_false, topic 'fire'; the pool has 0") != std::string::npos,
             paper.error().detail.c_str());
  }

  void aShortPoolIsNamed() {
    auto pool = makePool(3);
    std::erase_if(pool, [](const Item& item) { return item.id == "m-tools-0" || item.id == "m-tools-1"; });
    const auto paper = drawPaper(pool, makeBlueprint(), seedOf(1));
    QCOMPARE(paper.error().code, ErrorCode::NotFound);
    QVERIFY2(
        paper.error().detail.find("2 items of multiple_choice, topic 'tools'; the pool has 1") != std::string::npos,
        paper.error().detail.c_str());
    QCOMPARE(drawPaper({}, makeBlueprint(), seedOf(1)).error().reason, std::string("pool_too_small"));
  }

  void anItemThatStandsTwiceIsOneItem() {
    auto pool = makePool(2);
    const auto copy = pool;
    pool.insert(pool.end(), copy.begin(), copy.end());
    QCOMPARE(drawPaper(pool, makeBlueprint(), seedOf(1)).error().reason, std::string("pool_too_small"));
  }

  void countsThatDoNotAddUpAreRefused() {
    Blueprint blueprint = makeBlueprint();
    blueprint.topics[0].counts[1] = 3;
    QCOMPARE(drawPaper(makePool(6), blueprint, seedOf(1)).error().reason, std::string("bad_blueprint"));
  }

  void optionsKeepTheirOrderWhereTheyMust() {
    auto pool = makePool(2);
    for (Item& item : pool) {
      if (item.type == ItemType::SingleChoice) item.options.back() = "以上都对";
      if (item.type == ItemType::MultipleChoice) item.fixed_order = true;
    }
    for (std::uint32_t n = 0; n < 20; ++n) {
      Blueprint blueprint = makeBlueprint();
      blueprint.topics = {{"law", {}, {2, 2, 1}}, {"fire", {}, {2, 1, 1}}, {"tools", {}, {0, 2, 1}}};
      for (const PaperItem& item : drawn(pool, blueprint, seedOf(n)).items)
        QVERIFY(std::is_sorted(item.option_order.begin(), item.option_order.end()));
    }
  }

  // With 23 degrees of freedom a fair shuffle passes 49.7 once in 1000 times; the seeds are fixed, so it never
  // flickers.
  void optionOrdersAreUniform() {
    auto pool = makePool(1);
    Blueprint blueprint;
    blueprint.parts = {{ItemType::SingleChoice, 3}};
    std::map<std::string, int> orders;
    const int papers = 4000;
    for (int n = 0; n < papers; ++n)
      for (const PaperItem& item : drawn(pool, blueprint, seedOf(static_cast<std::uint32_t>(n))).items) {
        std::string order;
        for (int index : item.option_order) order += static_cast<char>('A' + index);
        ++orders[order];
      }
    QCOMPARE(orders.size(), std::size_t{24});
    const double chi = chiSquare(orders, 24, papers * 3);
    QVERIFY2(chi < 49.7, qPrintable(QString::number(chi)));
  }

  // 6 items, 3 drawn in order: 120 arrangements; 119 degrees of freedom, 1 in 1000 above 173.6.
  void itemsAndTheirPlacesAreUniform() {
    auto pool = makePool(2);
    Blueprint blueprint;
    blueprint.parts = {{ItemType::TrueFalse, 3}};
    std::map<std::string, int> arrangements;
    const int papers = 24000;
    for (int n = 0; n < papers; ++n) {
      std::string arrangement;
      for (const PaperItem& item : drawn(pool, blueprint, seedOf(static_cast<std::uint32_t>(n))).items)
        arrangement += item.item_id + " ";
      ++arrangements[arrangement];
    }
    QCOMPARE(arrangements.size(), std::size_t{120});
    const double chi = chiSquare(arrangements, 120, papers);
    QVERIFY2(chi < 173.6, qPrintable(QString::number(chi)));
  }
};

QTEST_APPLESS_MAIN(DrawTest)
#include "test_draw.moc"
