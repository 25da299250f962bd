// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "invigil/sitting/sitting.hpp"

namespace invigil::sitting {

/// When to speak to the server again. Pure: time and chance come in as values.
class Sync {
 public:
  static constexpr std::size_t kBatchMax = 200;
  static constexpr milliseconds kRetryFirst{1000}, kRetryMax{20000};

  /// True when nothing is under way and the pause after a failure is over.
  bool ready(milliseconds now) const { return !in_flight_ && now >= retry_at_; }
  /// The next batch, oldest position first, at most kBatchMax; empty = nothing to send.
  static std::vector<Response> batch(const State& state);

  void sent() { in_flight_ = true; }
  void succeeded();
  /// @param chance  uniform in 0..1; spreads kiosks that lost the same server.
  void failed(milliseconds now, double chance);
  bool online() const { return failures_ == 0; }
  /// When ready() turns true again after a failure.
  milliseconds retryAt() const { return retry_at_; }

 private:
  bool in_flight_ = false;
  int failures_ = 0;
  milliseconds retry_at_{0};
};

}  // namespace invigil::sitting
