// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "digest.hpp"
#include "invigil/assembly/problem.hpp"

namespace invigil::assembly {
namespace {

using Index = std::size_t;
Index at(int value) { return static_cast<Index>(value); }
constexpr std::int64_t kMillion = 1'000'000;

/// Which items a part may use, and its topic of each (-1 = the part is counted by type only).
struct Usable {
  const bank::Item* item;
  int part, topic;
};

std::vector<Usable> usableItems(const std::vector<bank::Item>& pool, const bank::Blueprint& blueprint) {
  std::unordered_set<std::string_view> ids;
  std::vector<Usable> all;
  std::vector<char> by_topic(blueprint.parts.size(), 0);
  for (const bank::Item& item : pool) {
    if (!ids.insert(item.id).second) continue;
    for (Index p = 0; p < blueprint.parts.size(); ++p) {
      if (blueprint.parts[p].type != item.type) continue;
      Usable one{&item, static_cast<int>(p), -1};
      for (Index t = 0; t < blueprint.topics.size(); ++t)
        if (!item.topic.empty() && blueprint.topics[t].id == item.topic) one.topic = static_cast<int>(t);
      by_topic[p] = static_cast<char>(by_topic[p] || one.topic >= 0);
      all.push_back(one);
      break;
    }
  }
  std::erase_if(all, [&](const Usable& one) { return by_topic[at(one.part)] && one.topic < 0; });
  return all;
}

std::string canonical(const bank::Item& item) {
  std::string text = item.id + '\n' + std::string(bank::toText(item.type)) + '\n' + item.stem;
  for (const std::string& option : item.options) text += '\n' + option;
  return text;
}

class Builder {
 public:
  Builder(const std::vector<bank::Item>& pool, const bank::Blueprint& blueprint, const std::map<std::string, Measured>& measured)
      : blueprint_(blueprint), measured_(measured), usable_(usableItems(pool, blueprint)) {
    problem_.id = blueprint.id;
  }

  Result<Problem> build() {
    for (const bank::Topic& topic : blueprint_.topics)
      if (topic.counts.size() != blueprint_.parts.size())
        return fail(ErrorCode::InvalidInput, "bad_blueprint", "The topics' counts do not add up to the part's count.", "topics");
    addItems();
    addParts();
    addTopics();
    addEnemies();
    for (Index r = 0; r < blueprint_.asks.rules.size(); ++r) addCount(blueprint_.asks.rules[r], "rules[" + std::to_string(r) + "]");
    addRequired();
    addCases();
    INVIGIL_CHECK(addBands());
    return std::move(problem_);
  }

 private:
  void addItems() {
    std::map<std::string_view, int> units;
    for (const Usable& one : usable_) {
      const bank::Item& item = *one.item;
      const bool keeps = item.type == bank::ItemType::TrueFalse || item.fixed_order || bank::refersToOtherOptions(item);
      Candidate made{item.id, sha256Hex(canonical(item)), one.part, keeps ? 0 : static_cast<int>(item.options.size()), 0, 0, -1, 0};
      if (!item.stimulus.empty()) made.unit = units.try_emplace(item.stimulus, static_cast<int>(units.size())).first->second;
      number_.emplace(item.id, static_cast<int>(problem_.items.size()));
      problem_.items.push_back(std::move(made));
    }
    weighItems();
  }

  /// Measured scores where all items have one, else difficulties; unknown ones count as the mean of the known.
  void weighItems() {
    const auto score = [this](const bank::Item& item) { return measured_.find(item.id); };
    by_facility_ = !usable_.empty() && std::all_of(usable_.begin(), usable_.end(), [&](const Usable& one) { return score(*one.item) != measured_.end(); });
    if (blueprint_.asks.facility) by_facility_ = true;
    if (blueprint_.asks.difficulty) by_facility_ = false;
    std::int64_t sum = 0, known = 0;
    for (Index i = 0; i < usable_.size(); ++i) {
      const bank::Item& item = *usable_[i].item;
      const auto found = score(item);
      std::optional<std::int64_t> p;
      if (by_facility_ && found != measured_.end()) p = found->second.p;
      if (!by_facility_ && item.difficulty > 0) p = kMillion * item.difficulty;
      if (found != measured_.end()) problem_.items[i].info = found->second.info;
      problem_.items[i].p = p.value_or(-1);
      sum += p.value_or(0);
      known += p ? 1 : 0;
    }
    for (Candidate& item : problem_.items)
      if (item.p < 0) item.p = known == 0 ? 0 : sum / known;
    known_ = known;
  }

  Rule& add(std::string name, std::int64_t low, std::int64_t high, std::string where) {
    Rule rule;
    rule.name = std::move(name);
    rule.low = low;
    rule.high = high;
    rule.where = std::move(where);
    problem_.rules.push_back(std::move(rule));
    return problem_.rules.back();
  }

  template <class Holds>
  void fill(Rule& rule, const Holds& holds) {
    for (Index i = 0; i < usable_.size(); ++i)
      if (holds(usable_[i])) rule.items.push_back(static_cast<int>(i));
  }

  std::string partName(Index part) const {
    return "part " + std::to_string(part + 1) + " (" + std::string(bank::toText(blueprint_.parts[part].type)) + ")";
  }

  void addParts() {
    fill(add("length", blueprint_.items(), blueprint_.items(), "parts"), [](const Usable&) { return true; });
    for (Index p = 0; p < blueprint_.parts.size(); ++p)
      fill(add(partName(p), blueprint_.parts[p].count, blueprint_.parts[p].count, "parts[" + std::to_string(p) + "].count"),
           [p](const Usable& one) { return at(one.part) == p; });
  }

  void addTopics() {
    for (Index p = 0; p < blueprint_.parts.size(); ++p) {
      const bool by_topic = std::any_of(usable_.begin(), usable_.end(), [p](const Usable& one) { return at(one.part) == p && one.topic >= 0; });
      for (Index t = 0; t < blueprint_.topics.size() && by_topic; ++t) {
        const bank::Topic& topic = blueprint_.topics[t];
        Rule& rule = add(partName(p) + ", topic " + topic.id, topic.counts[p], topic.counts[p],
                         "topics[" + std::to_string(t) + "].counts." + std::string(bank::toText(blueprint_.parts[p].type)));
        rule.title = topic.title;
        fill(rule, [p, t](const Usable& one) { return at(one.part) == p && one.topic == static_cast<int>(t); });
      }
    }
  }

  void addEnemies() {
    // One of the two may be silent about the other.
    std::set<std::pair<int, int>> pairs;
    for (Index i = 0; i < usable_.size(); ++i)
      for (const std::string& enemy : usable_[i].item->enemies)
        if (const auto found = number_.find(enemy); found != number_.end() && found->second != static_cast<int>(i))
          pairs.insert(std::minmax(static_cast<int>(i), int{found->second}));
    for (const auto& [one, two] : pairs)
      add("enemies " + problem_.items[at(one)].id + " | " + problem_.items[at(two)].id, 0, 1, "items").items = {one, two};
  }

  void addCount(const bank::CountRule& asked, const std::string& where) {
    Rule& rule = add(asked.title.zh.empty() ? where : asked.title.zh, asked.low, asked.high, where);
    rule.title = asked.title;
    fill(rule, [&](const Usable& one) { return bank::fits(asked.counts, *one.item); });
    if (asked.measure == bank::CountRule::Measure::Items) return;
    // Points as whole multiples of the largest amount that divides all of them: 70 items of 1 point count 1 each.
    std::int64_t unit = 0;
    for (const bank::Part& part : blueprint_.parts) unit = std::gcd(unit, part.points_each.hundredths());
    for (const bank::Part& part : blueprint_.parts)
      rule.weights.push_back(static_cast<int>(part.points_each.hundredths() / unit));
    rule.low = (asked.low + unit - 1) / unit;
    rule.high = asked.high / unit;
    rule.shown = static_cast<double>(unit) / 100;
  }

  void addRequired() {
    for (Index r = 0; r < blueprint_.asks.required.size(); ++r) {
      const std::string& id = blueprint_.asks.required[r];
      Rule& rule = add("required " + id, 1, 1, "required[" + std::to_string(r) + "]");
      if (const auto found = number_.find(id); found != number_.end()) rule.items = {found->second};
    }
  }

  void addCases() {
    const auto& groups = blueprint_.asks.case_groups;
    if (!groups) return;
    const int all = static_cast<int>(problem_.rules.size());
    add("cases", groups->low, groups->high, "case_groups");
    std::map<int, std::vector<int>> cases;
    for (Index i = 0; i < problem_.items.size(); ++i)
      if (problem_.items[i].unit >= 0) cases[problem_.items[i].unit].push_back(static_cast<int>(i));
    for (auto& [unit, items] : cases) {
      const int size = static_cast<int>(items.size());
      const bool whole = groups->items_low == 0;
      Rule& rule = add("case " + usable_[at(items.front())].item->stimulus, whole ? size : groups->items_low,
                       whole ? size : groups->items_high, "case_groups");
      rule.if_any = true;
      rule.counts_into = all;
      rule.items = std::move(items);
    }
  }

  Status addBands() {
    const bank::PaperRules& asks = blueprint_.asks;
    if ((asks.facility && known_ == 0) || (asks.information && measured_.empty()))
      return fail(ErrorCode::Conflict, "not_measured",
                  "题库中还没有统计数据，不能设定得分率或信息量目标；请改用难度，或先运行统计。 / No item was measured yet, so facility and "
                  "information cannot be aimed at. Use difficulty, or run the statistics first.", asks.facility ? "facility" : "information");
    const std::int64_t items = blueprint_.items();
    const auto band = [&](const char* name, const std::optional<bank::Band>& asked, Rule::Sum sum, std::int64_t times) {
      if (!asked) return;
      Rule& rule = add(name, asked->low * times, asked->high * times, name);
      rule.sum = sum;
      rule.shown = 1e-6 / static_cast<double>(times);
      fill(rule, [](const Usable&) { return true; });
    };
    band("difficulty", asks.difficulty, Rule::Sum::P, items);
    band("facility", asks.facility, Rule::Sum::P, items);
    band("information", asks.information, Rule::Sum::Info, 1);
    // A paper of the wanted worth may need some items more often than others of their cell.
    for (Candidate& item : problem_.items) {
      if (asks.difficulty) item.band = static_cast<int>(item.p / kMillion);
      if (asks.facility) item.band = static_cast<int>(item.p * 10 / kMillion);
      if (asks.information) item.band = 100 * item.band + static_cast<int>(std::min<std::int64_t>(99, item.info * 20 / kMillion));
    }
    return {};
  }

  const bank::Blueprint& blueprint_;
  const std::map<std::string, Measured>& measured_;
  std::vector<Usable> usable_;
  std::unordered_map<std::string_view, int> number_;
  bool by_facility_ = false;
  std::int64_t known_ = 0;
  Problem problem_;
};

}  // namespace

Result<Problem> problemFrom(const std::vector<bank::Item>& pool, const bank::Blueprint& blueprint,
                            const std::map<std::string, Measured>& measured) {
  return Builder(pool, blueprint, measured).build();
}

}  // namespace invigil::assembly
