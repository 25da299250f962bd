// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <deque>

#include "invigil/base/clock.hpp"
#include "invigil/vision/look.hpp"

namespace invigil::vision {

/// Tells a face without any life: a print or a still before the camera, or a still with noise added. Nobody holds the head to a
/// fifteenth of the eye distance for a minute and neither blinks, reads nor breathes meanwhile; the same minute of a picture shows
/// nothing but the noise of measuring. Every measure has to stand still, so that one sign of life is enough. Pure: time comes in.
/// Source: docs/face.md, "While the exam runs".
class Standstill {
 public:
  /// @param look  in order of time, at least one in 1.5 s. @return whether the face has stood still for kAfter by now.
  bool feed(const Look& look, milliseconds at);
  /// The widest spread since kAfter ago as a share of its limit, where 1 is life; 0 before the first face.
  double stir() const;

  static constexpr milliseconds kAfter{60'000};

 private:
  static constexpr std::size_t kMeasures = 8;
  using Measures = std::array<double, kMeasures>;
  struct Sample {
    milliseconds at;
    Measures of;
  };
  static Measures measuresOf(const Look& look);
  std::deque<Sample> samples_;  ///< the oldest is kAfter old or the first since the face was gone
};

}  // namespace invigil::vision
