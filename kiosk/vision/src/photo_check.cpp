// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/vision/photo_check.hpp"

#include <algorithm>
#include <cmath>

#include "invigil/vision/reference.hpp"

namespace invigil::vision {
namespace {

// HOG's margin has another scale than YuNet's score; 0.3 leaves out its doubtful finds.
float scoreMin(const EngineInfo& info) { return info.detector.starts_with("YuNet") ? 0.90F : 0.30F; }
// Of 110 web portraits with room around the face none is below, of 12 photographed prints 9 are (ADR 0006). The sure
// ones only: a scanned portrait is no fraud.
constexpr double kTextureMin = 0.10;
constexpr float kTextureShareMax = 0.55F;
float eyesShut(const EngineInfo& info) { return info.detector.starts_with("YuNet") ? 0.10F : 0.18F; }

}  // namespace

PhotoVerdict checkReferencePhoto(FaceEngine& engine, const Frame& photo, const std::vector<Frame>& others) {
  PhotoVerdict verdict;
  verdict.look = engine.look(photo, {.thorough = true});
  const Look& look = verdict.look;
  const EngineInfo info = engine.info();
  auto object = [&](bool wrong, const char* reason) {
    if (wrong) verdict.reasons.emplace_back(reason);
  };
  if (look.faces == 0) {
    object(look.hint == Hint::MoreLight, "too_dark");
    verdict.reasons.emplace_back("no_face");
    return verdict;
  }
  const Rect& face = look.face;
  const auto width = static_cast<float>(photo.width), height = static_cast<float>(photo.height);
  object(look.faces > 1, "several_faces");
  object(look.detection < scoreMin(info), "unsure_face");
  object(look.inter_eye_px < 45 || face.width < 0.12F * std::max(width, height), "too_small");
  object(face.width > 0.80F * width, "too_close");
  // YuNet's box starts at the hairline, dlib's at the brows: crown and hair need room above it.
  const float above = info.detector.starts_with("dlib") ? 0.22F : 0.08F;
  object(face.x < 0.02F * width || face.x + face.width > 0.98F * width || face.y < above * face.height ||
             face.y + face.height > height,
         "head_cut_off");
  object(std::abs(look.yaw) > 12 || std::abs(look.pitch) > 16, "not_frontal");
  object(std::abs(look.roll) > 10, "tilted");
  object(look.brightness < 60, "too_dark");
  object(look.brightness > 220, "too_bright");
  object(std::abs(look.light_side) > 0.30F, "uneven_light");
  object(look.contrast < 9, "low_contrast");
  object(look.sharpness < 26, "blurred");
  object(look.eye_openness < eyesShut(info), "eyes_closed");
  object(look.mouth_opening > 0.55F, "mouth_open");
  object(look.cover > 28, "face_covered");
  // The nets judge the surroundings: a face that fills the picture leaves them nothing to see.
  if (face.width <= kTextureShareMax * width)
    if (const auto live = engine.texture(photo)) object(*live < kTextureMin, "photo_of_screen");
  if (verdict.reasons.empty() && !others.empty()) {
    std::vector<Frame> together{photo};
    together.insert(together.end(), others.begin(), others.end());
    object(describeReference(engine, together).mixed, "other_person");
  }
  verdict.accepted = verdict.reasons.empty();
  return verdict;
}

}  // namespace invigil::vision
