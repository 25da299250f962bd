// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

#include "invigil/base/clock.hpp"

namespace invigil {

/// A clock that stands still until it is told otherwise. Thread-safe.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(Instant start) : ms_(toMillis(start)) {}
  Instant now() const override { return fromMillis(ms_.load()); }
  milliseconds monotonic() const override { return milliseconds{ms_.load()}; }
  void set(Instant t) { ms_ = toMillis(t); }
  void advance(milliseconds by) { ms_ += by.count(); }

 private:
  std::atomic<std::int64_t> ms_;
};

}  // namespace invigil
