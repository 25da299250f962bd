// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "invigil/base/result.hpp"

namespace invigil {

/// A UTC instant with millisecond resolution, as stored and sent.
using Instant = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// Milliseconds since 1970-01-01T00:00:00Z.
inline std::int64_t toMillis(Instant t) { return t.time_since_epoch().count(); }
inline Instant fromMillis(std::int64_t ms) { return Instant{milliseconds{ms}}; }

/// Where time comes from; tests bring their own. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
  /// Never steps back; the origin has no meaning.
  virtual milliseconds monotonic() const = 0;
};

/// The machine's clock.
class SystemClock final : public Clock {
 public:
  Instant now() const override;
  milliseconds monotonic() const override;
};

/// "2026-11-23T14:30:00Z"
std::string formatUtc(Instant t);

/// A local wall-clock reading in some zone.
struct LocalTime {
  int year = 1970, month = 1, day = 1, hour = 0, minute = 0, weekday = 4;  ///< weekday: 1 Monday .. 7 Sunday
};

/// Zone rules from the system's tz database (/usr/share/zoneinfo), right over every DST change.
/// Thread-safe after creation.
class TimeZone {
 public:
  /// @param name  e.g. "Asia/Shanghai". Errors: NotFound no_such_time_zone.
  static Result<TimeZone> create(const std::string& name);
  LocalTime toLocal(Instant t) const;
  /// The first instant that reads as this local minute; a reading that a DST jump skips gives the instant after
  /// the jump.
  Instant toInstant(int year, int month, int day, int hour, int minute) const;
  const std::string& name() const { return name_; }

 private:
  struct Transition { std::int64_t at; int offset; };
  std::string name_;
  std::vector<Transition> transitions_;  ///< sorted; the first one starts at the beginning of time
};

}  // namespace invigil
