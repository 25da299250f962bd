// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

#include "invigil/vision/frame.hpp"
#include "invigil/vision/look.hpp"

namespace invigil::vision {

/// Notices that a try is a film of an earlier one: nobody moves twice along the same path to within a grey level. Keeps
/// four marks a second of the newest tries, each 24x18 grey cells, in memory only, for a day at most. One thread.
class FrameMemory {
 public:
  /// @param tries_max  tries remembered; each costs up to 80 KB
  /// @param keep       by the frames' own clock
  explicit FrameMemory(std::size_t tries_max = 300, milliseconds keep = std::chrono::hours{24}) : tries_max_(tries_max), keep_(keep) {}

  /// A new try.
  void begin();
  void see(const Frame& frame, const Look& look);
  /// Ends the try and remembers it. @return true when it ran as an earlier one had.
  bool finish();
  std::size_t tries() const { return earlier_.size(); }

 private:
  static constexpr int kWidth = 24, kHeight = 18;
  struct Mark {
    milliseconds at{0};
    std::array<std::uint8_t, kWidth * kHeight> cells{};
  };
  using Try = std::vector<Mark>;
  static bool alike(const Mark& a, const Mark& b);
  static bool sameFilm(const Try& now, const Try& then);

  std::size_t tries_max_;
  milliseconds keep_;
  Try now_;
  std::deque<Try> earlier_;
};

}  // namespace invigil::vision
