// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>
#include <vector>

#include "sheet.hpp"

namespace invigil::assembly {

/// Finds shapes of papers: which cells, so that no rule of counts is broken. Works on one paper, `sheet`, beside how often
/// each cell was used so far. Integers only.
class Search {
 public:
  using Index = std::size_t;

  /// @param totals  how many places each cell should get in the whole batch
  Search(const Problem& problem, const Cells& cells, const std::vector<int>& totals, SeededRandom& random);

  bool hasCases() const { return !cells_.group_cells.empty(); }
  int below(Index bound) { return static_cast<int>(random_.below(static_cast<std::uint32_t>(bound))); }
  template <class List>
  int one(const List& list) { return list[static_cast<Index>(below(list.size()))]; }
  Index anyPlace() { return static_cast<Index>(below(sheet.cells().size())); }

  void use(int cell, int sign) { ahead_[static_cast<Index>(cell)] += sign; }
  void use(const std::vector<int>& cells, int sign) {
    for (int cell : cells) use(cell, sign);
  }
  /// Uses beyond the cell's total, for cells of different sizes; the smaller the further behind.
  std::int64_t ahead(int cell) const { return ahead_[static_cast<Index>(cell)] * weight_[static_cast<Index>(cell)]; }
  /// The same use(), and what it changes the weighted sum of squared distances from the totals by.
  std::int64_t move(int cell, int sign) {
    const std::int64_t change = weight_[static_cast<Index>(cell)] * (2 * sign * ahead_[static_cast<Index>(cell)] + 1);
    use(cell, sign);
    return change;
  }

  /// A new paper, some cases first; it may break rules.
  void start();
  /// A cell that may stand beside the paper's cases: of a case that is on it already, or of none.
  int pickFor();
  /// One step towards a broken rule: {place, cell to put there}; cell -1 = this rule offers none.
  std::pair<Index, int> propose(int rule);
  /// Puts another case in the place of one that is on the paper. False = no case was found.
  bool otherCase();
  /// One case more on the paper, or one less. False = none was found.
  bool changeCases(bool more);
  /// Whether papers may have more or fewer cases.
  bool casesVary() const;
  /// Walks until no rule is broken, `steps` at most; `heat` of 65536 steps that make one more item wrong are taken at first.
  void repair(int steps, int heat);
  /// start() or the given shape, then repair(), a few times. False = some rule is still broken.
  bool find(const std::vector<int>* shape);

  Sheet& sheet;

 private:
  template <class List>
  int pick(const List& list, int tries);
  int pickCase();
  bool present(int group) const { return sheet.of(cells_.group_rule[static_cast<Index>(group)]) > 0; }
  std::int64_t groupAhead(int group) const;
  std::vector<int> members(int group);
  void exchangeCase(int from, int to);
  bool accepts(int worse, int heat);

  const Cells& cells_;
  const CountRules rules_;
  SeededRandom& random_;
  Sheet sheet_;
  const int length_;
  std::vector<std::int64_t> ahead_, weight_;  ///< places of each cell beyond its total; 2^20 / size
  std::vector<int> alone_;                    ///< cells of no case
  std::vector<int> cases_;                    ///< cases that are used at all
};

}  // namespace invigil::assembly
