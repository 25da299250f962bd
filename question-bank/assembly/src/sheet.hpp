// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <tuple>
#include <vector>

#include "cells.hpp"

namespace invigil::assembly {

/// The count rules as one paper meets them: those of the problem, then one for each cell, which holds no more items than
/// it has. The same for all papers.
struct CountRules {
  CountRules(const Problem& problem, const Cells& cells);
  struct One {
    int low, high;
    bool if_any;
    int counts_into;
  };
  struct Term {
    int rule, weight;
  };
  std::vector<One> rules;
  std::vector<std::vector<Term>> of_cell;     ///< what one place of the cell counts
  std::vector<std::vector<int>> cells_of;     ///< cells that a rule counts
  int broken(int rule, int n) const {
    const One& r = rules[static_cast<std::size_t>(rule)];
    if (r.if_any && n == 0) return 0;
    return n < r.low ? r.low - n : n > r.high ? n - r.high : 0;
  }
};

/// One paper as cells, with the count of every rule, the rules that are broken, and how far in all.
class Sheet {
 public:
  explicit Sheet(const CountRules& rules);
  void load(const std::vector<int>& cells);
  void put(int cell) {
    cells_.push_back(cell);
    count(cell, 1);
  }
  void replace(std::size_t place, int cell) {
    count(cells_[place], -1);
    cells_[place] = cell;
    count(cell, 1);
  }
  const std::vector<int>& cells() const { return cells_; }
  int of(int rule) const { return counts_[static_cast<std::size_t>(rule)]; }
  int broken() const { return broken_; }
  const std::vector<int>& brokenRules() const { return broken_rules_; }

 private:
  void count(int cell, int sign) {
    for (const CountRules::Term& term : rules_.of_cell[static_cast<std::size_t>(cell)]) change(term.rule, sign * term.weight);
  }
  void change(int rule, int by);

  const CountRules& rules_;
  std::vector<int> cells_, counts_;
  std::vector<int> broken_rules_, place_of_;  ///< place_of_[rule] in broken_rules_, -1 = kept
  int broken_ = 0;
  std::tuple<std::vector<int>, std::vector<int>, std::vector<int>, int> empty_;  ///< the same of a paper without items
};

}  // namespace invigil::assembly
