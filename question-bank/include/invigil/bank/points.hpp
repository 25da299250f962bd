// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace invigil::bank {

/// Exact points: whole hundredths, so that halves and thirds of a percent add up without rounding. 1.5 points are
/// Points(150). The type is explicit so that nobody mistakes points for hundredths.
class Points {
 public:
  constexpr Points() = default;
  constexpr explicit Points(std::int64_t hundredths) : hundredths_(hundredths) {}
  static constexpr Points whole(std::int64_t points) { return Points(points * 100); }

  constexpr std::int64_t hundredths() const { return hundredths_; }
  constexpr bool isWhole() const { return hundredths_ % 100 == 0; }
  /// "80", "79.5", "-0.25": no needless zeros.
  std::string text() const;

  constexpr Points operator-() const { return Points(-hundredths_); }
  constexpr Points operator+(Points other) const { return Points(hundredths_ + other.hundredths_); }
  constexpr Points operator*(std::int64_t times) const { return Points(hundredths_ * times); }
  constexpr Points& operator+=(Points other) { return *this = *this + other; }
  constexpr auto operator<=>(const Points&) const = default;

 private:
  std::int64_t hundredths_ = 0;
};

}  // namespace invigil::bank
