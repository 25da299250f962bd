// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "invigil/vision/face_engine.hpp"

namespace invigil::vision {

/// Stays with one face from frame to frame. A jump, a gap or a face of quite another size ends the track; whether the
/// person is the same one is the embedding's business, not the track's.
class FaceTrack {
 public:
  /// @param gap_max  longest time without the face that still continues the track
  explicit FaceTrack(milliseconds gap_max = milliseconds{700}) : gap_max_(gap_max) {}

  /// The engine's look with `track` filled in; prefers the face that continues the track. Time is frame.at.
  Look look(FaceEngine& engine, const Frame& frame);
  /// Forgets the face; the next one gets a new number.
  void reset();
  /// How often continuity broke since the first face.
  int breaks() const { return number_ > 0 ? number_ - 1 : 0; }

 private:
  bool continues(const Rect& face) const;
  milliseconds gap_max_, last_at_{0};
  Rect last_;
  bool have_ = false;
  int number_ = 0;
};

}  // namespace invigil::vision
