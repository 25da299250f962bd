// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "sheet.hpp"

#include <algorithm>

namespace invigil::assembly {
namespace {

using Index = std::size_t;
Index at(int value) { return static_cast<Index>(value); }

}  // namespace

CountRules::CountRules(const Problem& problem, const Cells& cells) {
  constexpr std::int64_t kMost = 1 << 30;
  for (const Rule& rule : problem.rules) {
    const bool counts = rule.sum == Rule::Sum::Count;  // bands are kept by levelling
    rules.push_back({counts ? static_cast<int>(std::min(rule.low, kMost)) : 0, counts ? static_cast<int>(std::min(rule.high, kMost)) : 0,
                     rule.if_any, rule.counts_into});
  }
  of_cell.resize(cells.items.size());
  cells_of.resize(rules.size() + cells.items.size());
  for (Index c = 0; c < cells.items.size(); ++c) {
    for (int rule : cells.rules[c]) {
      const int weight = weightIn(problem, problem.rules[at(rule)], cells.items[c].front());
      if (weight == 0) continue;
      of_cell[c].push_back({rule, weight});
      cells_of[at(rule)].push_back(static_cast<int>(c));
    }
    cells_of[rules.size()].push_back(static_cast<int>(c));
    of_cell[c].push_back({static_cast<int>(rules.size()), 1});
    rules.push_back({0, static_cast<int>(cells.items[c].size()), false, -1});
  }
}

Sheet::Sheet(const CountRules& rules) : rules_(rules), counts_(rules.rules.size(), 0), place_of_(rules.rules.size(), -1) {
  for (Index k = 0; k < counts_.size(); ++k) {
    const int by = rules.broken(static_cast<int>(k), 0);
    if (by == 0) continue;
    place_of_[k] = static_cast<int>(broken_rules_.size());
    broken_rules_.push_back(static_cast<int>(k));
    broken_ += by;
  }
  empty_ = {counts_, broken_rules_, place_of_, broken_};
}

void Sheet::load(const std::vector<int>& cells) {
  std::tie(counts_, broken_rules_, place_of_, broken_) = empty_;
  cells_.clear();
  for (int cell : cells) put(cell);
}

void Sheet::change(int rule, int by) {
  int& n = counts_[at(rule)];
  const int before = rules_.broken(rule, n), used = n > 0;
  n += by;
  const int after = rules_.broken(rule, n);
  broken_ += after - before;
  if ((before > 0) != (after > 0)) {
    int& place = place_of_[at(rule)];
    if (after > 0) {
      place = static_cast<int>(broken_rules_.size());
      broken_rules_.push_back(rule);
    } else {
      broken_rules_[at(place)] = broken_rules_.back();
      place_of_[at(broken_rules_.back())] = place;
      broken_rules_.pop_back();
      place = -1;
    }
  }
  const int into = rules_.rules[at(rule)].counts_into;
  if (into >= 0 && used != (n > 0)) change(into, n > 0 ? 1 : -1);
}

}  // namespace invigil::assembly
