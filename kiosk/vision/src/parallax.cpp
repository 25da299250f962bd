// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/vision/parallax.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

namespace invigil::vision {
namespace {

constexpr double kFront = 6, kTurnMin = 15, kTurnMax = 45;
// The reference is made before anything turns: a sheet that has begun to turn still looks frontal.
constexpr std::size_t kFrontFrames = 4, kTurnedMin = 3;
// A head never fell below 0.85, a sheet always came to 0.8 (docs/benchmarks.md).
constexpr double kSheet = 0.70, kHead = 0.85;

/// Moved so that the eyes' middle is the origin, in eye distances: head size and place do not matter.
std::array<Point, 5> standardised(const std::array<Point, 5>& five) {
  const float x = (five[0].x + five[1].x) / 2, y = (five[0].y + five[1].y) / 2;
  const float unit = std::max(1.0F, std::hypot(five[1].x - five[0].x, five[1].y - five[0].y));
  std::array<Point, 5> out;
  for (std::size_t i = 0; i < 5; ++i) out[i] = {(five[i].x - x) / unit, (five[i].y - y) / unit};
  return out;
}

/// Distance of the eyes against the height from eyes to mouth.
double breadth(const std::array<Point, 5>& p) {
  const double eyes = std::hypot(p[1].x - p[0].x, p[1].y - p[0].y);
  const double height = std::hypot((p[3].x + p[4].x - p[0].x - p[1].x) / 2, (p[3].y + p[4].y - p[0].y - p[1].y) / 2);
  return eyes / std::max(1e-3, height);
}

std::array<Point, 5> meanOf(const std::vector<std::array<Point, 5>>& all) {
  std::array<Point, 5> mean{};
  for (const auto& one : all)
    for (std::size_t i = 0; i < 5; ++i) {
      mean[i].x += one[i].x / static_cast<float>(all.size());
      mean[i].y += one[i].y / static_cast<float>(all.size());
    }
  return mean;
}

}  // namespace

void Parallax::feed(const Look& look, double turn) {
  if (look.faces == 0 || !look.pose_valid || std::abs(turn) > kTurnMax) return;
  if (front_.size() < kFrontFrames) {
    if (std::abs(turn) < kFront && look.usable()) front_.push_back(standardised(look.five));
    return;
  }
  const std::array<Point, 5> mean = meanOf(front_);
  const double radians = std::abs(turn) * std::numbers::pi / 180;
  narrow_.push_back(breadth(look.five) / breadth(mean) / std::cos(radians));
  if (std::abs(turn) < kTurnMin) return;
  const auto corner = [](const std::array<Point, 5>& p, std::size_t i) { return cv::Point2f(p[i].x, p[i].y); };
  const cv::Point2f from[] = {corner(mean, 0), corner(mean, 1), corner(mean, 3), corner(mean, 4)};
  const cv::Point2f to[] = {corner(look.five, 0), corner(look.five, 1), corner(look.five, 3), corner(look.five, 4)};
  std::vector<cv::Point2f> nose{corner(mean, 2)}, flat;
  cv::perspectiveTransform(nose, flat, cv::getPerspectiveTransform(from, to));
  // Turning narrows the eyes' distance but not the height from eyes to mouth, which is the measure here.
  const cv::Point2f eyes = (to[0] + to[1]) / 2, mouth = (to[2] + to[3]) / 2, eyes0 = (from[0] + from[1]) / 2, mouth0 = (from[2] + from[3]) / 2;
  const double unit = cv::norm(mouth - eyes) / std::max(0.1, cv::norm(mouth0 - eyes0));
  const cv::Point2f across = (to[1] - to[0]) / std::max(1.0, cv::norm(to[1] - to[0]));
  moved_.push_back((corner(look.five, 2) - flat[0]).dot(across) / std::max(1.0, unit) / std::sin(radians) * (turn > 0 ? 1 : -1));
}

std::optional<double> Parallax::depth() const {
  if (moved_.size() < kTurnedMin) return std::nullopt;
  std::vector<double> sorted = moved_;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  return *middle;
}

std::optional<double> Parallax::narrowest() const {
  if (moved_.size() < kTurnedMin) return std::nullopt;
  std::vector<double> sorted = narrow_;
  std::partial_sort(sorted.begin(), sorted.begin() + 2, sorted.end());
  return sorted[1];  // one wrong measurement is none
}

std::optional<double> Parallax::value() const {
  if (moved_.size() < kTurnedMin) return std::nullopt;
  return *depth() * std::clamp((*narrowest() - kSheet) / (kHead - kSheet), 0.0, 1.0);
}

}  // namespace invigil::vision
