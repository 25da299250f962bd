// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "invigil/bank/blueprint.hpp"

namespace invigil::bank {

int gradeItem(const Item& item, const std::vector<int>& chosen, const Part& part) {
  std::vector<int> sorted = chosen;
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  return !sorted.empty() && sorted == item.key ? part.points_each : 0;
}

}  // namespace invigil::bank
