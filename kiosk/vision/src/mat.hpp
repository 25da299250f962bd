// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <opencv2/core.hpp>

#include "invigil/vision/frame.hpp"

namespace invigil::vision {

/// A view on the frame's pixels, valid while the frame lives; empty when the sizes contradict each other.
inline cv::Mat asMat(const Frame& frame) {
  if (frame.empty() || frame.bgr.size() != static_cast<std::size_t>(frame.width) * frame.height * 3) return {};
  return cv::Mat(frame.height, frame.width, CV_8UC3, const_cast<std::uint8_t*>(frame.bgr.data()));
}

/// Copies an 8-bit BGR picture.
inline Frame asFrame(const cv::Mat& picture, milliseconds at) {
  Frame frame{picture.cols, picture.rows, {}, at};
  frame.bgr.reserve(picture.total() * 3);
  for (int row = 0; row < picture.rows; ++row)
    frame.bgr.insert(frame.bgr.end(), picture.ptr(row), picture.ptr(row) + picture.cols * 3);
  return frame;
}

}  // namespace invigil::vision
