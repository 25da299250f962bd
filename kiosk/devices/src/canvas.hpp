// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace invigil::devices {

using Line = std::vector<cv::Point2f>;

/// 0xRRGGBB as BGR.
cv::Scalar colour(std::uint32_t rgb);
cv::Scalar mix(const cv::Scalar& a, const cv::Scalar& b, double share_of_b);
/// Catmull-Rom through the points, `steps` pieces for each span.
Line smooth(const Line& points, bool closed, int steps = 8);

/// Paints soft-edged shapes on a BGR picture. Lengths in pixels of that picture.
class Canvas {
 public:
  explicit Canvas(cv::Mat& picture) : picture_(picture) {}
  /// @param alpha  0..1. @param blur  standard deviation of the edge. @param clip  CV_8U, size of the picture.
  void fill(const Line& outline, const cv::Scalar& colour, double alpha = 1, double blur = 0,
            const cv::Mat* clip = nullptr);
  void stroke(const Line& line, double thickness, const cv::Scalar& colour, double alpha = 1, double blur = 0,
              const cv::Mat* clip = nullptr);
  /// A mask of the shape, for clipping.
  cv::Mat mask(const Line& outline) const;
  /// Puts `source` (size of the picture) where `mask` is.
  void put(const cv::Mat& source, const cv::Mat& mask, cv::Rect where);
  cv::Mat& picture() { return picture_; }

 private:
  template <class Draw>
  void soft(const Line& points, double margin, const cv::Scalar& colour, double alpha, double blur, const cv::Mat* clip,
            Draw draw);
  cv::Mat& picture_;
};

}  // namespace invigil::devices
