// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "invigil/vision/face_engine.hpp"

namespace invigil::vision {

/// The judgement on a photo sent in at booking.
struct PhotoVerdict {
  bool accepted = false;
  /// Stable ids, the most important first, empty when accepted: no_face, several_faces, too_small, too_close,
  /// head_cut_off, not_frontal, tilted, too_dark, too_bright, uneven_light, low_contrast, blurred, eyes_closed,
  /// mouth_open, face_covered, photo_of_screen, unsure_face, other_person. The server has a sentence for each (photo_texts.hpp).
  std::vector<std::string> reasons;
  Look look;
};

/// Stricter than the live gate: a bad reference spoils every later comparison.
/// @param others  photos of the same person kept before; another face is other_person, where a verifier is installed
PhotoVerdict checkReferencePhoto(FaceEngine& engine, const Frame& photo, const std::vector<Frame>& others = {});

}  // namespace invigil::vision
