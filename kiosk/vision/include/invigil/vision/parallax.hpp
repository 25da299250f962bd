// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "invigil/vision/look.hpp"

namespace invigil::vision {

/// Whether what turns is flat. Two things betray paper and screens. Eyes and mouth corners lie nearly in a plane and the
/// nose stands before it: when a head turns, the nose moves on further than the homography of the four corners says.
/// And a sheet has to be turned so far before it looks turned that the eyes come together first, as a head's never do.
/// Pure. Source: docs/face.md, "Is a living person there".
class Parallax {
 public:
  /// @param turn  degrees from the person's own level, + towards image right. The first looks at rest make the reference,
  /// looks between 15 and 45 degrees tell the depth, all up to 45 the narrowing.
  void feed(const Look& look, double turn);
  /// How far the nose stands out, in eye distances (median, by the sine of the turn); about 0 for flat things, less than
  /// 0 for hollow ones. None before three turned looks.
  std::optional<double> depth() const;
  /// Least eye distance, against the height from eyes to mouth and the cosine of the turn; 1 at rest. None as depth().
  std::optional<double> narrowest() const;
  /// The two together: depth, less where it narrowed like a sheet. None as depth().
  std::optional<double> value() const;

 private:
  std::vector<std::array<Point, 5>> front_;
  std::vector<double> moved_, narrow_;
};

}  // namespace invigil::vision
