// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/dnn.hpp>

#include "quality.hpp"

namespace invigil::vision {

/// The 106 points (ZQCNN det5-112-gray). May throw cv::Exception.
class Landmarks106 {
 public:
  explicit Landmarks106(cv::dnn::Net net) : net_(std::move(net)) {}
  /// Fills landmarks, five, pose, eye_openness and mouth_opening of the face in `found.box`; two passes, the second
  /// on the square around the first's points. Leaves `found` alone when the net's answer has another shape.
  void refine(const cv::Mat& grey, FoundFace& found);

 private:
  std::vector<cv::Point2f> points(const cv::Mat& grey, cv::Point2f centre, float side, float roll);
  cv::dnn::Net net_;
};

/// Where the 68 points of a `shape` sit that both layouts share: eyes, nose tip, mouth.
/// @param eyes, nose, mouth  index of the first eye's outer corner, of the nose tip, of the left mouth corner
void measureFace(FoundFace& found, std::size_t eyes, std::size_t nose, std::size_t mouth);

}  // namespace invigil::vision
