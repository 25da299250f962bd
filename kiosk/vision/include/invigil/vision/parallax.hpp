// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "invigil/vision/look.hpp"

namespace invigil::vision {

/// Whether what turns is flat. Eyes and mouth corners lie nearly in a plane, the nose stands before it: when a head
/// turns, the nose moves on further than the homography of the four corners says; on paper or a screen it does not.
/// Pure. Source: docs/face.md, "Liveness".
class Parallax {
 public:
  /// @param turn  degrees from the person's own level, + towards image right. Looks at rest make the reference, looks
  /// between 15 and 45 degrees are measured, others say nothing.
  void feed(const Look& look, double turn);
  /// Median of how far the nose moved on in the direction of the turn, in eye distances; about 0 for flat things. None
  /// before three turned looks.
  std::optional<double> value() const;

 private:
  std::vector<std::array<Point, 5>> front_;
  std::vector<double> moved_;
};

}  // namespace invigil::vision
