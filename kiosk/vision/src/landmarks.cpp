// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "landmarks.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace invigil::vision {
namespace {

// Radians (20 degrees), where the door asks people to look straight and monitoring compares nobody: up to there the net places its
// points as well as on level faces, from 25 degrees on it fails.
constexpr float kLevel = 0.35F;
// Eyes closer than this share of the face are those of a profile: their line is no measure of the tilt.
constexpr float kFrontalEyes = 0.25F;

float gap(const cv::Point2f& a, const cv::Point2f& b) { return static_cast<float>(cv::norm(a - b)); }

cv::Point2f turned(const cv::Point2f& p, float sine, float cosine) { return {cosine * p.x - sine * p.y, sine * p.x + cosine * p.y}; }

}  // namespace

std::vector<cv::Point2f> Landmarks106::points(const cv::Mat& grey, cv::Point2f centre, float side, float roll) {
  const float scale = 112 / side, sine = std::sin(roll), cosine = std::cos(roll);
  const cv::Point2f moved = turned(centre, -sine, cosine) * scale;
  const cv::Matx23f into{scale * cosine, scale * sine, 56 - moved.x, -scale * sine, scale * cosine, 56 - moved.y};
  cv::Mat crop;
  cv::warpAffine(grey, crop, into, {112, 112}, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  net_.setInput(cv::dnn::blobFromImage(crop));
  const cv::Mat out = net_.forward().reshape(1, 1);
  if (out.cols != 212) return {};
  std::vector<cv::Point2f> all;
  all.reserve(106);
  for (int i = 0; i < 106; ++i)
    all.push_back(centre + turned({side * (out.at<float>(2 * i) - 0.5F), side * (out.at<float>(2 * i + 1) - 0.5F)}, sine, cosine));
  return all;
}

void Landmarks106::refine(const cv::Mat& grey, FoundFace& found) {
  const cv::Point2f eyes = found.five[1] - found.five[0];
  // The net knows upright faces only: one that is tilted is shown to it as if it were level, by the detector's own points.
  const float tilt = std::atan2(eyes.y, eyes.x);
  const float roll = std::abs(tilt) > kLevel && cv::norm(eyes) > kFrontalEyes * found.box.width ? tilt : 0;
  const cv::Point2f centre(found.box.x + found.box.width / 2, found.box.y + found.box.height / 2);
  auto p = points(grey, centre, std::max(found.box.width, found.box.height), roll);
  if (p.empty()) return;
  std::vector<cv::Point2f> level;
  for (const cv::Point2f& one : p) level.push_back(turned(one, -std::sin(roll), std::cos(roll)));
  const cv::Rect2f round = cv::boundingRect(level);
  const cv::Point2f middle = turned({round.x + round.width / 2, round.y + round.height / 2}, std::sin(roll), std::cos(roll));
  p = points(grey, middle, 1.2F * std::max({round.width, round.height, 8.0F}), roll);
  if (p.empty()) return;
  found.landmarks = std::move(p);
  measureFace(found, 52, 46, 84);
  const auto& q = found.landmarks;
  const float first = (gap(q[53], q[57]) + gap(q[54], q[56]) + gap(q[72], q[73])) / (3 * std::max(1.0F, gap(q[52], q[55])));
  const float second = (gap(q[59], q[63]) + gap(q[60], q[62]) + gap(q[75], q[76])) / (3 * std::max(1.0F, gap(q[58], q[61])));
  found.eye_openness = (first + second) / 2;
}

void measureFace(FoundFace& found, std::size_t eyes, std::size_t nose, std::size_t mouth) {
  const auto& p = found.landmarks;
  auto middle = [&](std::size_t a) { return (p[a] + p[a + 1] + p[a + 2] + p[a + 3] + p[a + 4] + p[a + 5]) / 6; };
  auto openness = [&](std::size_t a) {
    return (gap(p[a + 1], p[a + 5]) + gap(p[a + 2], p[a + 4])) / (2 * std::max(1.0F, gap(p[a], p[a + 3])));
  };
  const std::size_t other = eyes + 6, lips = mouth + 12;
  found.five = {middle(eyes), middle(other), p[nose], p[mouth], p[mouth + 6]};
  found.pose = {p[eyes], p[eyes + 3], p[other], p[other + 3], p[nose], p[mouth], p[mouth + 6]};
  found.eye_openness = (openness(eyes) + openness(other)) / 2;
  found.mouth_opening = (gap(p[lips + 1], p[lips + 7]) + gap(p[lips + 2], p[lips + 6]) + gap(p[lips + 3], p[lips + 5])) /
                        (3 * std::max(1.0F, gap(p[lips], p[lips + 4])));
}

}  // namespace invigil::vision
