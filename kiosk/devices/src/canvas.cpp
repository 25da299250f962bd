// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "canvas.hpp"

#include <cmath>
#include <opencv2/imgproc.hpp>

namespace invigil::devices {
namespace {

constexpr int kShift = 4;

std::vector<cv::Point> fixed(const Line& points, cv::Point origin) {
  std::vector<cv::Point> out;
  out.reserve(points.size());
  for (const auto& p : points)
    out.emplace_back(static_cast<int>(std::lround((p.x - static_cast<float>(origin.x)) * (1 << kShift))),
                     static_cast<int>(std::lround((p.y - static_cast<float>(origin.y)) * (1 << kShift))));
  return out;
}

// A wide blur has nothing to lose at a lower resolution and costs a hundredth there.
void softenMask(cv::Mat& cover, double blur) {
  if (blur <= 0) return;
  const int less = std::min({static_cast<int>(blur / 3), cover.cols / 8, cover.rows / 8});
  if (less < 2) return cv::GaussianBlur(cover, cover, {}, blur);
  cv::Mat small;
  cv::resize(cover, small, {cover.cols / less, cover.rows / less}, 0, 0, cv::INTER_AREA);
  cv::GaussianBlur(small, small, {}, blur / less);
  cv::resize(small, cover, cover.size(), 0, 0, cv::INTER_LINEAR);
}

}  // namespace

cv::Scalar colour(std::uint32_t rgb) { return {double(rgb & 255), double(rgb >> 8 & 255), double(rgb >> 16 & 255)}; }

cv::Scalar mix(const cv::Scalar& a, const cv::Scalar& b, double share) { return a * (1 - share) + b * share; }

Line smooth(const Line& points, bool closed, int steps) {
  const int n = static_cast<int>(points.size());
  if (n < 3) return points;
  Line out;
  auto at = [&](int i) {
    return closed ? points[static_cast<std::size_t>((i % n + n) % n)]
                  : points[static_cast<std::size_t>(std::clamp(i, 0, n - 1))];
  };
  for (int i = 0; i < (closed ? n : n - 1); ++i)
    for (int k = 0; k < steps; ++k) {
      const float t = static_cast<float>(k) / static_cast<float>(steps), t2 = t * t, t3 = t2 * t;
      out.push_back(0.5F * (2 * at(i) + t * (at(i + 1) - at(i - 1)) +
                            t2 * (2 * at(i - 1) - 5 * at(i) + 4 * at(i + 1) - at(i + 2)) +
                            t3 * (3 * at(i) - 3 * at(i + 1) + at(i + 2) - at(i - 1))));
    }
  if (!closed) out.push_back(points.back());
  return out;
}

template <class Draw>
void Canvas::soft(const Line& points, double margin, const cv::Scalar& ink, double alpha, double blur,
                  const cv::Mat* clip, Draw draw) {
  if (points.empty() || alpha <= 0) return;
  cv::Rect box = cv::boundingRect(points);
  const int grow = static_cast<int>(std::ceil(margin + 3 * blur)) + 2;
  box = cv::Rect(box.x - grow, box.y - grow, box.width + 2 * grow, box.height + 2 * grow) &
        cv::Rect({0, 0}, picture_.size());
  if (box.empty()) return;
  cv::Mat cover = cv::Mat::zeros(box.size(), CV_8U);
  draw(cover, fixed(points, box.tl()));
  softenMask(cover, blur);
  const auto strength = static_cast<float>(std::min(alpha, 1.0) / 255);
  const cv::Vec3f paint(static_cast<float>(ink[0]), static_cast<float>(ink[1]), static_cast<float>(ink[2]));
  for (int y = 0; y < box.height; ++y) {
    const auto* m = cover.ptr<std::uint8_t>(y);
    const auto* c = clip ? clip->ptr<std::uint8_t>(box.y + y) + box.x : nullptr;
    auto* p = picture_.ptr<cv::Vec3b>(box.y + y) + box.x;
    for (int x = 0; x < box.width; ++x) {
      if (m[x] == 0 || (c && c[x] == 0)) continue;
      const float a = strength * static_cast<float>(c ? m[x] * c[x] / 255 : m[x]);
      for (int k = 0; k < 3; ++k) {
        const float under = p[x][k];
        p[x][k] = static_cast<std::uint8_t>(under + a * (paint[k] - under) + 0.5F);
      }
    }
  }
}

void Canvas::fill(const Line& outline, const cv::Scalar& ink, double alpha, double blur, const cv::Mat* clip) {
  soft(outline, 0, ink, alpha, blur, clip, [](cv::Mat& cover, const std::vector<cv::Point>& p) {
    cv::fillPoly(cover, std::vector<std::vector<cv::Point>>{p}, 255, cv::LINE_AA, kShift);
  });
}

void Canvas::stroke(const Line& line, double thickness, const cv::Scalar& ink, double alpha, double blur,
                    const cv::Mat* clip) {
  const int width = std::max(1, static_cast<int>(std::lround(thickness)));
  soft(line, thickness, ink, alpha, blur, clip, [&](cv::Mat& cover, const std::vector<cv::Point>& p) {
    cv::polylines(cover, std::vector<std::vector<cv::Point>>{p}, false, 255, width, cv::LINE_AA, kShift);
  });
}

cv::Mat Canvas::mask(const Line& outline) const {
  cv::Mat cover = cv::Mat::zeros(picture_.size(), CV_8U);
  cv::fillPoly(cover, std::vector<std::vector<cv::Point>>{fixed(outline, {0, 0})}, 255, cv::LINE_AA, kShift);
  return cover;
}

void Canvas::put(const cv::Mat& source, const cv::Mat& mask, cv::Rect where) {
  where &= cv::Rect({0, 0}, picture_.size());
  for (int y = where.y; y < where.br().y; ++y) {
    const auto* m = mask.ptr<std::uint8_t>(y);
    const auto* s = source.ptr<cv::Vec3b>(y);
    auto* p = picture_.ptr<cv::Vec3b>(y);
    for (int x = where.x; x < where.br().x; ++x) {
      if (m[x] == 0) continue;
      for (int k = 0; k < 3; ++k)
        p[x][k] = static_cast<std::uint8_t>((p[x][k] * (255 - m[x]) + s[x][k] * m[x] + 127) / 255);
    }
  }
}

}  // namespace invigil::devices
