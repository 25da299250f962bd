// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/base/clock.hpp"

#include <algorithm>
#include <cstdio>
#include <limits>

#include "invigil/base/text.hpp"

namespace invigil {
namespace {

// TZif (RFC 8536), the 64-bit block. The POSIX footer is not needed until the file's last transition (2037).
std::int64_t readBig(const std::string& data, std::size_t at, int bytes) {
  std::uint64_t value = 0;
  for (int i = 0; i < bytes; ++i) value = value << 8 | static_cast<std::uint8_t>(data[at + static_cast<std::size_t>(i)]);
  if (bytes == 4) return static_cast<std::int32_t>(static_cast<std::uint32_t>(value));
  return static_cast<std::int64_t>(value);
}

struct Header {
  std::size_t isUtc, isStd, leap, times, types, chars;
};

Header readHeader(const std::string& data, std::size_t at) {
  auto n = [&](int i) { return static_cast<std::size_t>(readBig(data, at + 20 + 4 * static_cast<std::size_t>(i), 4)); };
  return {n(0), n(1), n(2), n(3), n(4), n(5)};
}

}  // namespace

Instant SystemClock::now() const {
  return std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now());
}

milliseconds SystemClock::monotonic() const {
  return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

std::string formatUtc(Instant t) {
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day ymd{day};
  const std::chrono::hh_mm_ss hms{std::chrono::floor<seconds>(t - day)};
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(ymd.year()),
                static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()),
                static_cast<int>(hms.hours().count()), static_cast<int>(hms.minutes().count()),
                static_cast<int>(hms.seconds().count()));
  return text;
}

Result<TimeZone> TimeZone::create(const std::string& name) {
  const auto unknown = [&] {
    return fail(ErrorCode::NotFound, "no_such_time_zone", "Time zone '" + name + "' is not in /usr/share/zoneinfo.");
  };
  if (name.empty() || name.size() > 64 || name.front() == '/' || name.find("..") != std::string::npos) return unknown();
  auto file = readFile("/usr/share/zoneinfo/" + name, 1 << 20);
  if (!file || file->size() < 88 || file->compare(0, 4, "TZif") != 0 || (*file)[4] < '2') return unknown();
  const std::string& data = *file;
  const Header one = readHeader(data, 0);
  const std::size_t second = 44 + one.times * 5 + one.types * 6 + one.chars + one.leap * 8 + one.isStd + one.isUtc;
  if (second + 44 > data.size()) return unknown();
  const Header two = readHeader(data, second);
  const std::size_t times = second + 44, kinds = times + two.times * 8, types = kinds + two.times;
  if (two.types == 0 || types + two.types * 6 > data.size()) return unknown();
  const auto offsetOf = [&](std::size_t type) { return static_cast<int>(readBig(data, types + type * 6, 4)); };
  TimeZone zone;
  zone.name_ = name;
  zone.transitions_.push_back({std::numeric_limits<std::int64_t>::min(), offsetOf(0)});
  for (std::size_t i = 0; i < two.times; ++i) {
    const auto type = static_cast<std::size_t>(static_cast<std::uint8_t>(data[kinds + i]));
    if (type >= two.types) return unknown();
    zone.transitions_.push_back({readBig(data, times + i * 8, 8), offsetOf(type)});
  }
  return zone;
}

LocalTime TimeZone::toLocal(Instant t) const {
  const std::int64_t at = std::chrono::floor<seconds>(t.time_since_epoch()).count();
  auto after = std::upper_bound(transitions_.begin(), transitions_.end(), at,
                                [](std::int64_t v, const Transition& x) { return v < x.at; });
  const int offset = std::prev(after)->offset;
  const std::chrono::sys_seconds local{seconds{at + offset}};
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day ymd{day};
  const std::chrono::hh_mm_ss hms{local - day};
  const int weekday = static_cast<int>(std::chrono::weekday{day}.iso_encoding());
  return {static_cast<int>(ymd.year()), static_cast<int>(static_cast<unsigned>(ymd.month())),
          static_cast<int>(static_cast<unsigned>(ymd.day())), static_cast<int>(hms.hours().count()),
          static_cast<int>(hms.minutes().count()), weekday};
}

Instant TimeZone::toInstant(int year, int month, int day, int hour, int minute) const {
  using namespace std::chrono;
  const sys_days date{std::chrono::year{year} / std::chrono::month{static_cast<unsigned>(month)} /
                      std::chrono::day{static_cast<unsigned>(day)}};
  const std::int64_t wall = (sys_seconds{date} + hours{hour} + std::chrono::minutes{minute}).time_since_epoch().count();
  for (std::size_t i = 0; i < transitions_.size(); ++i) {
    const std::int64_t at = wall - transitions_[i].offset;
    if (i + 1 < transitions_.size() && at >= transitions_[i + 1].at) continue;
    return Instant{seconds{std::max(at, transitions_[i].at)}};
  }
  return Instant{seconds{wall - transitions_.back().offset}};
}

}  // namespace invigil
