// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "invigil/assembly/problem.hpp"
#include "invigil/base/random.hpp"

namespace invigil::assembly {

/// Items that no rule of counts can tell apart, and that stand in one part and band, make a cell. Exchanging two items of
/// one cell, or of kin cells (which differ in the band only), between two papers therefore never breaks such a rule.
struct Cells {
  std::vector<std::vector<int>> items;  ///< ascending; cells sorted by (rules, part, band)
  std::vector<std::vector<int>> rules;  ///< of each cell, ascending
  std::vector<int> kin;                 ///< number of the family of cells that differ in the band only; families lie side by side
  std::vector<int> group;               ///< number of the case the cell belongs to, or -1
  std::vector<std::vector<int>> group_cells;
  std::vector<int> group_rule;
  std::vector<int> of;                  ///< item -> cell
};

/// What one item counts for a rule of counts: 1, or the weight of its part.
inline int weightIn(const Problem& problem, const Rule& rule, int item) {
  const auto part = static_cast<std::size_t>(problem.items[static_cast<std::size_t>(item)].part);
  return rule.weights.empty() ? 1 : part < rule.weights.size() ? rule.weights[part] : 0;
}
Cells cellsOf(const Problem& problem);

/// papers[i] = the cells of its items. Integers only; the same arguments give the same shapes everywhere.
/// @param totals  how many places each cell should get in the whole batch; they add up to count * length
/// Errors: Conflict no_sound_paper.
Result<std::vector<std::vector<int>>> shapePapers(const Problem& problem, const Cells& cells,
                                                  const std::vector<int>& totals, int count, SeededRandom& random);

/// papers[i] = its items, grouped by cell: within a cell all items are used equally often (they differ by one at most).
/// @param shapes  each sorted
std::vector<std::vector<int>> dealItems(const Cells& cells, const std::vector<std::vector<int>>& shapes, SeededRandom& random);

/// Exchanges items between papers until the papers' sums of p and of information are nearly the same. No item is used
/// more or less often than before, and no rule of counts is broken.
void levelPapers(const Problem& problem, const Cells& cells, std::vector<std::vector<int>>& papers, SeededRandom& random);

template <class T>
void shuffle(std::vector<T>& list, SeededRandom& random) {
  for (std::size_t i = 0; i + 1 < list.size(); ++i)
    std::swap(list[i], list[i + random.below(static_cast<std::uint32_t>(list.size() - i))]);
}

}  // namespace invigil::assembly
