// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "invigil/assembly/problem.hpp"

namespace invigil::assembly {

/// p and information in a unit that is coarse enough for squares of sums to stay below 2^53.
struct Worth {
  std::int64_t p = 0, info = 0;
};

/// How far off two sums are: information counts four times.
inline std::int64_t distance(std::int64_t p, std::int64_t info) { return p * p + 4 * info * info; }

/// Of each item: p >> s and info >> s (rounding down), s the smallest that keeps length * both within 2^23.
inline std::vector<Worth> worths(const Problem& problem) {
  std::int64_t most = 0;
  for (const Candidate& item : problem.items) most = std::max({most, std::abs(item.p), std::abs(item.info)});
  int shift = 0;
  while ((most >> shift) * problem.length() > (std::int64_t{1} << 23)) ++shift;
  std::vector<Worth> out;
  for (const Candidate& item : problem.items) out.push_back({item.p >> shift, item.info >> shift});
  return out;
}

}  // namespace invigil::assembly
