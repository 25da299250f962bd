// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "sheet.hpp"

#include <array>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace invigil::devices {
namespace {

using std::numbers::pi;

cv::Matx33d turned(const SheetPose& pose) {
  const double a = pose.yaw * pi / 180, b = pose.pitch * pi / 180, c = pose.roll * pi / 180;
  const cv::Matx33d yaw{std::cos(a), 0, std::sin(a), 0, 1, 0, -std::sin(a), 0, std::cos(a)};
  const cv::Matx33d pitch{1, 0, 0, 0, std::cos(b), std::sin(b), 0, -std::sin(b), std::cos(b)};
  const cv::Matx33d roll{std::cos(c), -std::sin(c), 0, std::sin(c), std::cos(c), 0, 0, 0, 1};
  return roll * pitch * yaw;
}

}  // namespace

void holdSheet(cv::Mat& frame, const cv::Mat& sheet, const SheetPose& pose) {
  const cv::Matx33d turn = turned(pose);
  const double ratio = static_cast<double>(sheet.cols) / sheet.rows, tall = pose.height * frame.rows;
  // In sheet heights; the camera is four of them away.
  const double arc = pi * pose.bend, radius = std::abs(arc) > 1e-3 ? ratio / arc : 0;
  const auto place = [&](double u, double v) {
    cv::Vec3d p{(u - 0.5) * ratio, v - 0.5, 0};
    if (radius != 0) p = {radius * std::sin((u - 0.5) * arc), v - 0.5, radius * (std::cos((u - 0.5) * arc) - 1) + radius * (1 - std::cos(arc / 2)) / 2};
    p = turn * p;
    const double near = 4 / (4 - p[2]);
    return cv::Point2f(static_cast<float>(pose.x * frame.cols + tall * near * p[0]), static_cast<float>(pose.y * frame.rows + tall * near * p[1]));
  };
  const int strips = radius != 0 ? 16 : 1;
  for (int i = 0; i < strips; ++i) {
    const double u0 = static_cast<double>(i) / strips, u1 = static_cast<double>(i + 1) / strips;
    const std::vector<cv::Point2f> to{place(u0, 0), place(u1, 0), place(u1, 1), place(u0, 1)};
    const cv::Rect box = cv::boundingRect(to) & cv::Rect({0, 0}, frame.size());
    if (box.empty()) continue;
    const auto w = static_cast<float>(sheet.cols), h = static_cast<float>(sheet.rows);
    const auto left = static_cast<float>(u0) * w, right = static_cast<float>(u1) * w;
    const std::vector<cv::Point2f> from{{left, 0}, {right, 0}, {right, h}, {left, h}};
    std::vector<cv::Point2f> inside;
    std::vector<cv::Point> outline;
    for (const auto& p : to) {
      inside.emplace_back(p.x - static_cast<float>(box.x), p.y - static_cast<float>(box.y));
      outline.emplace_back(cvRound(inside.back().x), cvRound(inside.back().y));
    }
    cv::Mat piece, mask = cv::Mat::zeros(box.size(), CV_8U);
    cv::warpPerspective(sheet, piece, cv::getPerspectiveTransform(from, inside), box.size(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    cv::fillConvexPoly(mask, outline, 255);
    piece.copyTo(frame(box), mask);
  }
}

}  // namespace invigil::devices
