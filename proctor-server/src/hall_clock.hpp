// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "invigil/base/clock.hpp"

namespace invigil::server {

/// The hall's time: the machine's clock, but not its leaps.
///
/// A wall clock that moves by more than kLeap against the monotonic one was set, by hand, by NTP, by whoever woke a virtual
/// machine. To follow would end every exam at once, here and on the kiosks, which count what the server tells them. So the
/// hall's time goes on as it went, and follows again when the machine's clock comes back to it, or when follow() says so.
/// Thread-safe.
class HallClock final : public Clock {
 public:
  static constexpr milliseconds kLeap{60'000};

  explicit HallClock(std::shared_ptr<const Clock> machine);
  Instant now() const override;
  milliseconds monotonic() const override { return machine_->monotonic(); }

  /// The machine's clock, while it is not followed.
  struct Leap {
    milliseconds ahead;   ///< of the hall's time; negative = behind
    milliseconds stands;  ///< for so long it has gone on from there
  };
  std::optional<Leap> leap() const;

  /// What happened since the last look(). Meant for one thread.
  struct Look {
    bool changed = false;  ///< a leap began, became another one or ended by itself
    bool slept = false;    ///< for more than kLeap nobody asked for the time: the machine or this process stood still
  };
  Look look();
  /// Since it was made.
  milliseconds age() const { return machine_->monotonic() - made_at_; }
  /// From now on the hall's time is the machine's, leap and all.
  void follow();

 private:
  /// With `mutex_` held. @return the monotonic clock
  milliseconds read() const;

  std::shared_ptr<const Clock> machine_;
  milliseconds made_at_;
  mutable std::mutex mutex_;
  mutable milliseconds offset_{0};   ///< the hall's time minus the monotonic clock
  mutable milliseconds machine_offset_{0}, leapt_at_{0}, asked_at_{0};
  mutable bool leapt_ = false;
  mutable Look unseen_;
};

}  // namespace invigil::server
