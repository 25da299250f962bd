// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <opencv2/core.hpp>
#include <span>

#include "face_choice.hpp"
#include "invigil/vision/face_engine.hpp"

namespace invigil::vision {

/// Five points in YuNet's order: eye at image left, eye at image right, nose tip, mouth corner left, right.
using FivePoints = std::array<cv::Point2f, 5>;
/// Eye corners left outer, left inner, right inner, right outer (as seen in the image), nose tip, mouth corners
/// left, right.
using PosePoints = std::array<cv::Point2f, 7>;

struct FoundFace {
  int faces = 0;
  std::vector<Candidate> all;  ///< the person first
  cv::Rect2f box;
  float score = 0;
  FivePoints five{};      ///< of the landmarks: twice as exact as the detector's own (ADR 0006)
  FivePoints detected{};  ///< the detector's own
  PosePoints pose{};
  std::vector<cv::Point2f> landmarks;
  float eye_openness = 0, mouth_opening = 0;
};

/// Look::sharpness below it is blurred, Look::cover above it covered; eyes nearer to each other (pixels) than this say little of who it is.
constexpr float kBlurred = 23, kCovered = 28, kEyesApart = 20;

/// What differs between the two pairs of detector and landmark net.
struct QualityLimits {
  float eyes_shut = 0.1F;  ///< eye_openness below this
  float pitch_level = 0;   ///< degrees that a level face reads as
};

/// Least-squares similarity without reflection that carries `from` to `to` (Umeyama, PAMI 1991, in the plane).
cv::Matx23f alignment(std::span<const cv::Point2f> from, std::span<const cv::Point2f> to);
/// The same, to the ArcFace template of 112x112.
cv::Matx23f alignment(const FivePoints& from);
/// 112x112 BGR, aligned to the ArcFace template.
cv::Mat alignedFace(const cv::Mat& picture, const FivePoints& five);

/// Measures the face in `picture` (BGR): all but pose net and gaze. Lengths in pixels of `picture`.
/// @param aligned  alignedFace(picture, found.five), empty without a face
Look measure(const cv::Mat& picture, const cv::Mat& aligned, const FoundFace& found, const QualityLimits& limits);
/// The first thing to change. @param size  of the frame that `look` is in pixels of
Hint hintFor(const Look& look, const cv::Size& size, const QualityLimits& limits);

}  // namespace invigil::vision
