// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <string>

#include "quality.hpp"

namespace invigil::vision {

struct FindOptions {
  std::optional<cv::Rect2f> expected;
  bool thorough = false;
};

/// Finds the faces of a picture and the landmarks of the person's. May throw cv::Exception.
class FaceFinder {
 public:
  virtual ~FaceFinder() = default;
  virtual FoundFace find(const cv::Mat& bgr, const FindOptions& options) = 0;
  virtual QualityLimits limits() const = 0;
  /// Fills detector, landmarks and models.
  virtual void describe(EngineInfo& info) const = 0;
};

/// YuNet and the 106 points. Errors: NotFound, Corrupt.
Result<std::unique_ptr<FaceFinder>> createYuNetFinder(const std::string& models_dir);
/// dlib's HOG detector and the 68 points of Debian's libdlib-data. Errors: NotFound, Corrupt.
Result<std::unique_ptr<FaceFinder>> createHogFinder();
/// What a user of the 68-point file has to know.
inline constexpr const char* kHogCaution =
    "shape_predictor_68_face_landmarks.dat (libdlib-data): Debian's copyright file says CC0, but its author says it "
    "was trained on iBUG 300-W, whose licence excludes commercial use, and cannot be used in a commercial product. "
    "Have a person decide, or install the YuNet and 106-point models with deploy/models.";

}  // namespace invigil::vision
