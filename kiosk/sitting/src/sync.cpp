// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/sitting/sync.hpp"

#include <algorithm>

namespace invigil::sitting {

std::vector<Response> Sync::batch(const State& state) {
  std::vector<Response> out = state.unsent();
  if (out.size() > kBatchMax) out.resize(kBatchMax);
  return out;
}

void Sync::succeeded() {
  in_flight_ = false;
  failures_ = 0;
  retry_at_ = milliseconds{0};
}

void Sync::failed(milliseconds now, double chance) {
  in_flight_ = false;
  const milliseconds ceiling = std::min(kRetryMax, kRetryFirst * (1 << std::min(failures_, 8)));
  failures_++;
  // Half fixed, half chance: never at once, never all kiosks together.
  retry_at_ = now + ceiling / 2 +
              milliseconds{static_cast<std::int64_t>(static_cast<double>(ceiling.count()) / 2 * chance)};
}

}  // namespace invigil::sitting
