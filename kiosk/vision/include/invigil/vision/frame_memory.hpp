// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "invigil/vision/frame.hpp"

namespace invigil::vision {

/// Notices that a try is a film of an earlier try or sitting: nobody moves twice along the same path to within a grey
/// level. Keeps marks of 24x18 grey cells, four a second of a try, of a sitting two a second while something moves; in
/// memory only, for a day at most. How bright or flat a film is shown does not hide it; nor that it is mirrored, where the room beside
/// the person is not its own mirror image. A crop does: a fiftieth off each side moves what is at the edge by half a cell, further than
/// people sway, and whoever tries out how a film may have been cropped finds a crop for honest people too. One thread.
class FrameMemory {
 public:
  /// @param marks_max  remembered at most, 456 bytes each; the oldest film goes first. The default, 18 MB, is about what one
  ///                   seat sees in a day
  /// @param keep       by the frames' own clock
  explicit FrameMemory(std::size_t marks_max = 40'000, milliseconds keep = std::chrono::hours{24}) : marks_max_(marks_max), keep_(keep) {}

  /// A new try.
  void begin();
  /// One frame of the try. @param face  whether there is a face; without one it is left out.
  void see(const Frame& frame, bool face);
  /// Ends the try and remembers it. @return true when it ran as an earlier try or sitting had.
  bool finish();

  /// One frame of a sitting: remembered, not compared. The same clock as the tries'.
  void sit(const Frame& frame, bool face);
  /// The sitting is over.
  void stand();

  /// From here on somebody else is there.
  void nextVisit() { ++visit_; }
  /// Who is there took the consent back: nothing of the visit stays.
  void forgetVisit();
  /// Forgets what is too old. See() does it too.
  void expire(milliseconds now);

  std::size_t films() const { return earlier_.size(); }

 private:
  static constexpr int kWidth = 24, kHeight = 18;
  static constexpr float kSum = 2 * kWidth * kHeight;  ///< alike: two grey levels on average
  struct Mark {
    milliseconds at{0};
    float mean = 0, contrast = 1;  ///< of the cells; contrast: their standard deviation, at least 1
    float across = 0, down = 0;    ///< left half less right half, upper half less lower half
    std::array<std::uint8_t, kWidth * kHeight> cells{};
  };
  /// What of a film came again at one delay, each of its marks once.
  struct Found {
    std::optional<std::size_t> last;
    int alike = 0, steps = 0;  ///< steps: film and frame both came to a pose unlike the one before
  };
  using Delays = std::map<std::int64_t, Found>;
  struct Film {
    std::vector<Mark> marks;
    Delays found, found_mirrored;  ///< of the running try
    int visit = 0;
  };
  static std::optional<Mark> markOf(const Frame& frame);
  static Mark mirrored(const Mark& mark);
  static bool lopsided(const Mark& mark);
  static bool alike(const Mark& a, const Mark& b);
  static int motion(const Mark& a, const Mark& b);
  static void compare(const Mark& now, const std::vector<Mark>& then, Delays& found);
  void keep(std::vector<Mark>&& marks);

  void drop(std::deque<Film>::iterator film);

  std::size_t marks_max_, marks_ = 0;
  int visit_ = 0;
  bool lopsided_ = true;  ///< in every frame of the running try
  milliseconds keep_;
  std::vector<Mark> now_, sitting_;
  std::deque<Film> earlier_;
};

}  // namespace invigil::vision
