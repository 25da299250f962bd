// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/vision/face_track.hpp"

#include <cmath>

namespace invigil::vision {
namespace {

// A head moves less than this share of its own width between two frames that are at most gap_max apart.
constexpr float kStepMax = 0.75F;
constexpr float kGrowthMax = 1.6F;

}  // namespace

bool FaceTrack::continues(const Rect& face) const {
  const float dx = face.x + face.width / 2 - last_.x - last_.width / 2;
  const float dy = face.y + face.height / 2 - last_.y - last_.height / 2;
  if (!(std::hypot(dx, dy) <= kStepMax * last_.width)) return false;
  // A turned head keeps its height but loses width, so height tells near from far.
  const float growth = face.height / last_.height;
  return growth < kGrowthMax && growth > 1 / kGrowthMax;
}

Look FaceTrack::look(FaceEngine& engine, const Frame& frame) {
  const bool fresh = have_ && frame.at >= last_at_ && frame.at - last_at_ <= gap_max_;
  Look look = engine.look(frame, {.expected = fresh ? &last_ : nullptr});
  if (look.faces == 0) return look;
  if (!fresh || !continues(look.face)) ++number_;
  look.track = number_;
  last_ = look.face;
  last_at_ = frame.at;
  have_ = true;
  return look;
}

void FaceTrack::reset() { have_ = false; }

}  // namespace invigil::vision
