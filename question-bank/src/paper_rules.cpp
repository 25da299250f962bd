// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "paper_rules.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace invigil::bank {
namespace {

using formats::indexed;
using formats::Json;
using formats::Members;
using Ordered = nlohmann::ordered_json;

constexpr const char* kReason = "bad_blueprint";
constexpr std::size_t kListMax = 5000, kItemTextMax = 129;

/// A number as whole parts of 1/`scale`, exact as long as the file states no more decimals than that.
Result<std::int64_t> readScaled(const Members& members, std::string_view name, double scale, double max) {
  INVIGIL_TRY(value, members.member(name));
  const double number = value->is_number() ? value->get<double>() : -1, scaled = number * scale;
  if (!(number >= 0) || number > max || std::abs(scaled - std::round(scaled)) > 1e-3)
    return members.bad(name, "must be a number, 0 to " + std::to_string(static_cast<long long>(max)) +
                                 (scale == 100 ? ", with at most two decimals" : ", with at most six decimals"));
  return std::llround(scaled);
}

/// Texts without repeats; absent = empty. A server names an item BANK/ITEM, each up to 64 characters.
Result<std::vector<std::string>> readTexts(const Members& members, std::string_view name, std::size_t most, std::size_t length_max = 64) {
  std::vector<std::string> out;
  if (!members.has(name)) return out;
  INVIGIL_TRY(list, members.array(name));
  if (list->empty() || list->size() > most)
    return members.bad(name, "must hold 1 to " + std::to_string(most) + " entries, or be left out");
  std::set<std::string> seen;
  for (std::size_t i = 0; i < list->size(); ++i) {
    if (const std::string fault = formats::textFault((*list)[i], 1, length_max); !fault.empty())
      return members.bad(indexed(name, i), fault);
    out.push_back((*list)[i].get<std::string>());
    if (!seen.insert(out.back()).second) return members.bad(indexed(name, i), "repeats an entry of the list");
  }
  return out;
}

Result<Selector> readSelector(const Json& json, std::string where) {
  INVIGIL_TRY(members, Members::of(json, std::move(where), kReason));
  INVIGIL_CHECK(members.only({"types", "topics", "difficulty", "levels", "tags", "items"}));
  Selector selector;
  INVIGIL_TRY(types, readTexts(members, "types", 5));
  for (std::size_t i = 0; i < types.size(); ++i) {
    const auto type = itemTypeFromText(types[i]);
    if (!type) return members.bad(indexed("types", i), "must be true_false, single_choice, multiple_choice, numeric or short_text");
    selector.types.push_back(*type);
  }
  INVIGIL_TRY(levels, readTexts(members, "levels", 3));
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (levels[i] == "national") selector.levels.push_back(Level::National);
    else if (levels[i] == "provincial") selector.levels.push_back(Level::Provincial);
    else if (levels[i] == "unstated") selector.levels.push_back(Level::Unstated);
    else return members.bad(indexed("levels", i), "must be national, provincial or unstated");
  }
  if (members.has("difficulty")) {
    INVIGIL_TRY(range_json, members.member("difficulty"));
    INVIGIL_TRY(range, Members::of(*range_json, members.at("difficulty"), kReason));
    INVIGIL_CHECK(range.only({"low", "high"}));
    INVIGIL_TRY(low, range.integer("low", 1, 5));
    INVIGIL_TRY(high, range.integer("high", low, 5));
    selector.difficulty_low = low;
    selector.difficulty_high = high;
  }
  INVIGIL_TRY(topics, readTexts(members, "topics", kListMax));
  INVIGIL_TRY(tags, readTexts(members, "tags", kListMax));
  INVIGIL_TRY(items, readTexts(members, "items", kListMax, kItemTextMax));
  selector.topics = std::move(topics);
  selector.tags = std::move(tags);
  selector.items = std::move(items);
  return selector;
}

Result<CountRule> readRule(const Json& json, std::string where) {
  INVIGIL_TRY(members, Members::of(json, std::move(where), kReason));
  INVIGIL_CHECK(members.only({"title", "counts", "measure", "low", "high"}));
  CountRule rule;
  if (members.has("title")) {
    INVIGIL_TRY(title, members.wording("title"));
    rule.title = std::move(title);
  }
  INVIGIL_TRY(counts_json, members.member("counts"));
  INVIGIL_TRY(counts, readSelector(*counts_json, members.at("counts")));
  rule.counts = std::move(counts);
  INVIGIL_TRY(measure, members.textOrEmpty("measure", 64));
  if (measure == "points") rule.measure = CountRule::Measure::Points;
  else if (!measure.empty() && measure != "items") return members.bad("measure", "must be items or points");
  if (rule.measure == CountRule::Measure::Points) {
    INVIGIL_TRY(low, readScaled(members, "low", 100, 100'000));
    INVIGIL_TRY(high, readScaled(members, "high", 100, 100'000));
    rule.low = low;
    rule.high = high;
  } else {
    INVIGIL_TRY(low, members.integer("low", 0, 2500));
    INVIGIL_TRY(high, members.integer("high", 0, 2500));
    rule.low = low;
    rule.high = high;
  }
  if (rule.high < rule.low) return members.bad("high", "must not be below low");
  return rule;
}

Result<CaseGroups> readCaseGroups(const Json& json, std::string where) {
  INVIGIL_TRY(members, Members::of(json, std::move(where), kReason));
  INVIGIL_CHECK(members.only({"low", "high", "items_low", "items_high"}));
  CaseGroups groups;
  INVIGIL_TRY(low, members.integer("low", 0, 500));
  INVIGIL_TRY(high, members.integer("high", low, 500));
  groups.low = low;
  groups.high = high;
  if (!members.has("items_low") && !members.has("items_high")) return groups;
  INVIGIL_TRY(items_low, members.integer("items_low", 1, 500));
  INVIGIL_TRY(items_high, members.integer("items_high", items_low, 500));
  groups.items_low = items_low;
  groups.items_high = items_high;
  return groups;
}

Result<std::optional<Band>> readBand(const Members& members, std::string_view name, double max) {
  if (!members.has(name)) return std::optional<Band>();
  INVIGIL_TRY(json, members.member(name));
  INVIGIL_TRY(band, Members::of(*json, members.at(name), kReason));
  INVIGIL_CHECK(band.only({"low", "high"}));
  INVIGIL_TRY(low, readScaled(band, "low", 1e6, max));
  INVIGIL_TRY(high, readScaled(band, "high", 1e6, max));
  if (high <= low) return band.bad("high", "must be above low: no two papers are worth exactly the same");
  return std::optional<Band>(Band{low, high});
}

Ordered scaled(std::int64_t value, std::int64_t scale) {
  if (value % scale == 0) return value / scale;
  return static_cast<double>(value) / static_cast<double>(scale);
}

Ordered written(const Selector& selector) {
  Ordered out = Ordered::object();
  for (ItemType type : selector.types) out["types"].push_back(toText(type));
  if (!selector.topics.empty()) out["topics"] = selector.topics;
  if (selector.difficulty_low > 0) out["difficulty"] = {{"low", selector.difficulty_low}, {"high", selector.difficulty_high}};
  for (Level level : selector.levels)
    out["levels"].push_back(level == Level::National ? "national" : level == Level::Provincial ? "provincial" : "unstated");
  if (!selector.tags.empty()) out["tags"] = selector.tags;
  if (!selector.items.empty()) out["items"] = selector.items;
  return out;
}

template <class List, class Value>
bool holds(const List& list, const Value& value) {
  return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace

bool fits(const Selector& selector, const Item& item) {
  const bool difficulty = selector.difficulty_low == 0 ||
                          (item.difficulty >= selector.difficulty_low && item.difficulty <= selector.difficulty_high);
  const bool tags = selector.tags.empty() || std::any_of(item.tags.begin(), item.tags.end(), [&](const std::string& tag) {
    return std::find(selector.tags.begin(), selector.tags.end(), tag) != selector.tags.end();
  });
  return difficulty && tags && holds(selector.types, item.type) && holds(selector.topics, item.topic) &&
         holds(selector.levels, item.level) && holds(selector.items, item.id);
}

Result<PaperRules> readPaperRules(const Members& members) {
  PaperRules out;
  if (members.has("rules")) {
    INVIGIL_TRY(rules, members.array("rules"));
    if (rules->size() > kPaperRulesMax) return members.bad("rules", "must hold at most " + std::to_string(kPaperRulesMax) + " rules");
    for (std::size_t i = 0; i < rules->size(); ++i) {
      INVIGIL_TRY(rule, readRule((*rules)[i], indexed("rules", i)));
      out.rules.push_back(std::move(rule));
    }
  }
  INVIGIL_TRY(required, readTexts(members, "required", kRequiredMax, kItemTextMax));
  out.required = std::move(required);
  if (members.has("case_groups")) {
    INVIGIL_TRY(json, members.member("case_groups"));
    INVIGIL_TRY(groups, readCaseGroups(*json, members.at("case_groups")));
    out.case_groups = groups;
  }
  INVIGIL_TRY(difficulty, readBand(members, "difficulty", 5));
  INVIGIL_TRY(facility, readBand(members, "facility", 1));
  INVIGIL_TRY(information, readBand(members, "information", 1000));
  out.difficulty = difficulty;
  out.facility = facility;
  out.information = information;
  if (out.difficulty && out.facility)
    return members.bad("facility", "cannot stand beside difficulty: state the level of the items or their measured score");
  return out;
}

void writePaperRules(const PaperRules& rules, Ordered& out) {
  for (const CountRule& rule : rules.rules) {
    Ordered one = Ordered::object();
    if (!rule.title.zh.empty()) {
      one["title"] = Ordered{{"zh", rule.title.zh}};
      if (!rule.title.en.empty()) one["title"]["en"] = rule.title.en;
    }
    const bool points = rule.measure == CountRule::Measure::Points;
    one["counts"] = written(rule.counts);
    if (points) one["measure"] = "points";
    one["low"] = scaled(rule.low, points ? 100 : 1);
    one["high"] = scaled(rule.high, points ? 100 : 1);
    out["rules"].push_back(std::move(one));
  }
  if (!rules.required.empty()) out["required"] = rules.required;
  if (rules.case_groups) {
    out["case_groups"] = {{"low", rules.case_groups->low}, {"high", rules.case_groups->high}};
    if (rules.case_groups->items_low > 0) {
      out["case_groups"]["items_low"] = rules.case_groups->items_low;
      out["case_groups"]["items_high"] = rules.case_groups->items_high;
    }
  }
  const auto band = [&out](const char* name, const std::optional<Band>& value) {
    if (value) out[name] = Ordered{{"low", scaled(value->low, 1'000'000)}, {"high", scaled(value->high, 1'000'000)}};
  };
  band("difficulty", rules.difficulty);
  band("facility", rules.facility);
  band("information", rules.information);
}

}  // namespace invigil::bank
