// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "invigil/bank/bank.hpp"

namespace invigil::bank {

/// Which items a rule counts: those that fit every stated selector. An empty selector fits every item.
struct Selector {
  std::vector<ItemType> types;
  std::vector<std::string> topics;
  int difficulty_low = 0, difficulty_high = 0;  ///< 1..5 both, or 0 both = unstated; items of unknown difficulty never fit a range
  std::vector<Level> levels;       ///< national or provincial bank; Unstated = items that do not say
  std::vector<std::string> tags;   ///< fits an item that carries one of them
  std::vector<std::string> items;  ///< ids
  bool operator==(const Selector&) const = default;
};
bool fits(const Selector& selector, const Item& item);

/// "Of these, `low` to `high` on every paper."
struct CountRule {
  enum class Measure { Items, Points };
  Wording title;  ///< may be empty
  Selector counts;
  Measure measure = Measure::Items;
  std::int64_t low = 0, high = 0;  ///< items, or hundredths of points
  bool operator==(const CountRule&) const = default;
};

/// Items with one stimulus come as a case: none of them, or at least `items_low`.
struct CaseGroups {
  int low = 0, high = 0;              ///< how many cases a paper has
  int items_low = 0, items_high = 0;  ///< of each case on the paper; both 0 = all of its items
  bool operator==(const CaseGroups&) const = default;
};

/// An aim for each whole paper; in millionths.
struct Band {
  std::int64_t low = 0, high = 0;
  bool operator==(const Band&) const = default;
};

constexpr std::size_t kPaperRulesMax = 500, kRequiredMax = 200;

/// What a blueprint asks beyond the counts of parts and topics. All of it is optional.
struct PaperRules {
  std::vector<CountRule> rules;
  std::vector<std::string> required;    ///< ids of items that are on every paper
  std::optional<CaseGroups> case_groups;
  std::optional<Band> difficulty;   ///< mean difficulty (1..5) of a paper's items; unknown ones count as the mean of the known
  std::optional<Band> facility;     ///< mean expected score (0..1) of a paper's items, where it was measured
  std::optional<Band> information;  ///< test information at the pass mark, where it was measured
  bool empty() const { return *this == PaperRules{}; }
  bool operator==(const PaperRules&) const = default;
};

}  // namespace invigil::bank
