// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "invigil/bank/statistics.hpp"

namespace invigil::bank::classical {

/// Marks and what can be reached, of each sitting.
struct Totals {
  std::vector<double> marks, reach;
  bool same_paper = false;
  double scale = 100;
  double score(std::size_t sitting) const { return reach[sitting] > 0 ? marks[sitting] / reach[sitting] * scale : 0; }
  /// Without one item; nothing where it stood alone on the paper.
  std::optional<double> rest(std::size_t sitting, double mark, double max) const {
    const double left = reach[sitting] - max;
    if (left <= 1e-12) return std::nullopt;
    return same_paper ? marks[sitting] - mark : (marks[sitting] - mark) / left * scale;
  }
};
Totals totalsOf(const ResponseTable& table);

TestStatistics testOf(const ResponseTable& table, const Totals& totals);

/// Of one item: (sitting, cell) in the order of the table.
using Asked = std::vector<std::pair<std::size_t, const ResponseTable::Cell*>>;
ItemStatistics itemOf(const ResponseTable& table, const Totals& totals, std::size_t item, const Asked& asked);

/// Sets alpha, SEM and alpha if deleted.
void addAlpha(const ResponseTable& table, Statistics& out);
void addEffectiveWeights(const ResponseTable& table, const Totals& totals, const std::vector<Asked>& asked, Statistics& out);
void addFlags(ItemStatistics& item);

}  // namespace invigil::bank::classical
