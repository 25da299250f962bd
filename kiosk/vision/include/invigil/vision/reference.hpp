// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "invigil/vision/face_engine.hpp"

namespace invigil::vision {

/// The photos from the booking as both verifiers describe them: the mean over the photos, so that glasses in one of them
/// do not decide.
struct Reference {
  Embedding first, second;  ///< first empty = nothing to compare with; second empty = not installed
  bool mixed = false;       ///< the photos show different people: none of them is taken
  std::vector<std::size_t> used;  ///< places of the photos that showed a face
};
/// Photos that are empty or in which no face is found are left out. Empty when that leaves none, when the photos show different people, or
/// without a verifier. One thread; two detector passes and the verifiers for each photo.
Reference describeReference(FaceEngine& engine, const std::vector<Frame>& photos);

}  // namespace invigil::vision
