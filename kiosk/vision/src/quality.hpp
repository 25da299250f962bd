// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <opencv2/core.hpp>

#include "invigil/vision/face_engine.hpp"

namespace invigil::vision {

/// Five points in YuNet's order: eye at image left, eye at image right, nose tip, mouth corner left, right.
using FivePoints = std::array<cv::Point2f, 5>;
/// Eye corners left outer, left inner, right inner, right outer (as seen in the image), nose tip, mouth corners
/// left, right.
using PosePoints = std::array<cv::Point2f, 7>;

struct FoundFace {
  int faces = 0;
  cv::Rect2f box;
  float score = 0;
  FivePoints five{};
  PosePoints pose{};
  float eye_openness = 0;
};

/// What differs between the two pairs of detector and landmark net.
struct QualityLimits {
  float eyes_shut = 0.1F;  ///< eye_openness below this
  float pitch_level = 0;   ///< degrees that a level face reads as
};

/// Least-squares similarity without reflection that carries `from` to `to` (face.md 4.3).
cv::Matx23f alignment(const FivePoints& from, const FivePoints& to);
/// 112x112 BGR, aligned to the ArcFace template.
cv::Mat alignedFace(const cv::Mat& picture, const FivePoints& five);

/// Measures the face in `picture` (BGR) and names the first thing to change. Lengths in pixels of `picture`.
Look judge(const cv::Mat& picture, const FoundFace& found, const QualityLimits& limits);

}  // namespace invigil::vision
