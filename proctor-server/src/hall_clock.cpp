// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "hall_clock.hpp"

#include <utility>

namespace invigil::server {

HallClock::HallClock(std::shared_ptr<const Clock> machine) : machine_(std::move(machine)), made_at_(machine_->monotonic()), asked_at_(made_at_) {
  offset_ = machine_offset_ = machine_->now().time_since_epoch() - asked_at_;
}

milliseconds HallClock::read() const {
  const milliseconds monotonic = machine_->monotonic(), offset = machine_->now().time_since_epoch() - monotonic;
  const auto near = [&](milliseconds other) { return std::chrono::abs(offset - other) <= kLeap; };
  if (near(offset_)) {  // NTP's small steps are the machine's business
    offset_ = offset;
    if (std::exchange(leapt_, false)) unseen_.changed = true;
  } else if (!leapt_ || !near(machine_offset_)) {
    leapt_ = unseen_.changed = true;
    leapt_at_ = monotonic;
  }
  machine_offset_ = offset;
  if (monotonic - asked_at_ > kLeap) unseen_.slept = true;
  asked_at_ = monotonic;
  return monotonic;
}

Instant HallClock::now() const {
  const std::lock_guard lock(mutex_);
  const milliseconds monotonic = read();
  return Instant{monotonic + offset_};
}

std::optional<HallClock::Leap> HallClock::leap() const {
  const std::lock_guard lock(mutex_);
  const milliseconds monotonic = read();
  if (!leapt_) return std::nullopt;
  return Leap{machine_offset_ - offset_, monotonic - leapt_at_};
}

HallClock::Look HallClock::look() {
  const std::lock_guard lock(mutex_);
  read();
  return std::exchange(unseen_, Look{});
}

void HallClock::follow() {
  const std::lock_guard lock(mutex_);
  read();
  offset_ = machine_offset_;
  leapt_ = false;
}

}  // namespace invigil::server
