// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/vision/parallax.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace invigil::vision {
namespace {

constexpr double kFront = 6, kTurnMin = 15, kTurnMax = 45;
constexpr std::size_t kFrontMax = 12, kTurnedMin = 3;

/// Moved so that the eyes' middle is the origin, in eye distances: head size and place do not matter.
std::array<Point, 5> standardised(const std::array<Point, 5>& five) {
  const float x = (five[0].x + five[1].x) / 2, y = (five[0].y + five[1].y) / 2;
  const float unit = std::max(1.0F, std::hypot(five[1].x - five[0].x, five[1].y - five[0].y));
  std::array<Point, 5> out;
  for (std::size_t i = 0; i < 5; ++i) out[i] = {(five[i].x - x) / unit, (five[i].y - y) / unit};
  return out;
}

}  // namespace

void Parallax::feed(const Look& look, double turn) {
  if (look.faces == 0 || !look.pose_valid) return;
  if (std::abs(turn) < kFront) {
    if (front_.size() < kFrontMax && look.usable()) front_.push_back(standardised(look.five));
    return;
  }
  if (std::abs(turn) < kTurnMin || std::abs(turn) > kTurnMax || front_.empty()) return;
  std::array<Point, 5> mean{};
  for (const auto& one : front_)
    for (std::size_t i = 0; i < 5; ++i) {
      mean[i].x += one[i].x / static_cast<float>(front_.size());
      mean[i].y += one[i].y / static_cast<float>(front_.size());
    }
  const auto corner = [](const std::array<Point, 5>& p, std::size_t i) { return cv::Point2f(p[i].x, p[i].y); };
  const cv::Point2f from[] = {corner(mean, 0), corner(mean, 1), corner(mean, 3), corner(mean, 4)};
  const cv::Point2f to[] = {corner(look.five, 0), corner(look.five, 1), corner(look.five, 3), corner(look.five, 4)};
  const cv::Mat h = cv::getPerspectiveTransform(from, to);
  std::vector<cv::Point2f> nose{corner(mean, 2)}, flat;
  cv::perspectiveTransform(nose, flat, h);
  // Turning narrows the eyes' distance but not the distance from eyes to mouth.
  const cv::Point2f eyes = (to[0] + to[1]) / 2, mouth = (to[2] + to[3]) / 2, eyes0 = (from[0] + from[1]) / 2, mouth0 = (from[2] + from[3]) / 2;
  const double unit = cv::norm(mouth - eyes) / std::max(0.1, cv::norm(mouth0 - eyes0));
  const cv::Point2f across = (to[1] - to[0]) / std::max(1.0, cv::norm(to[1] - to[0]));
  moved_.push_back((corner(look.five, 2) - flat[0]).dot(across) / std::max(1.0, unit) * (turn > 0 ? 1 : -1));
}

std::optional<double> Parallax::value() const {
  if (moved_.size() < kTurnedMin) return std::nullopt;
  std::vector<double> sorted = moved_;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  return *middle;
}

}  // namespace invigil::vision
