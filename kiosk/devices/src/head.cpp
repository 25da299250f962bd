// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "head.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

namespace invigil::devices {
namespace {

using std::numbers::pi;

template <std::size_t N>
double curve(const std::array<std::array<double, 2>, N>& table, double at) {
  if (at <= table.front()[0]) return table.front()[1];
  for (std::size_t i = 1; i < N; ++i) {
    if (at > table[i][0]) continue;
    auto value = [&](std::size_t k) { return table[std::min(k, N - 1)][1]; };
    const double t = (at - table[i - 1][0]) / (table[i][0] - table[i - 1][0]);
    const double p0 = value(i > 1 ? i - 2 : 0), p1 = value(i - 1), p2 = value(i), p3 = value(i + 1);
    return 0.5 *
           (2 * p1 + t * (p2 - p0) + t * t * (2 * p0 - 5 * p1 + 4 * p2 - p3) + t * t * t * (3 * p1 - 3 * p2 + p3 - p0));
  }
  return table.back()[1];
}

double bell(double x, double y, double sx, double sy) {
  return std::exp(-x * x / (2 * sx * sx) - y * y / (2 * sy * sy));
}

double step(double from, double to, double at) {
  const double t = std::clamp((at - from) / (to - from), 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

}  // namespace

Head::Head(const FaceLook& look, const FaceScene& scene, double unit, cv::Point2d centre)
    : look_(look), unit_(unit), centre_(centre) {
  const double a = scene.yaw * pi / 180, b = scene.pitch * pi / 180, c = scene.roll * pi / 180;
  const cv::Matx33d yaw{std::cos(a), 0, std::sin(a), 0, 1, 0, -std::sin(a), 0, std::cos(a)};
  const cv::Matx33d pitch{1, 0, 0, 0, std::cos(b), std::sin(b), 0, -std::sin(b), std::cos(b)};
  const cv::Matx33d roll{std::cos(c), -std::sin(c), 0, std::sin(c), std::cos(c), 0, 0, 0, 1};
  turn_ = roll * pitch * yaw;
  light_ = cv::normalize(cv::Vec3d(0.28 + 1.3 * scene.light_side, -0.55, 1.0));
}

double Head::halfWidth(double y) const {
  static constexpr double kFull = 1.0;
  const std::array<std::array<double, 2>, 9> table{{{-1.62, 0.10},
                                                    {-1.5, 0.50},
                                                    {-1.2, 0.86},
                                                    {-0.65, kFull},
                                                    {0.05, kFull},
                                                    {0.5, 0.55 * kFull + 0.45 * look_.jaw + 0.03},
                                                    {0.95, look_.jaw},
                                                    {1.32, 0.36 * look_.jaw + 0.95 * look_.chin},
                                                    {1.52, 0.5 * look_.chin}}};
  return look_.width * curve(table, y / look_.length);
}

double Head::depth(double y) const {
  static constexpr std::array<std::array<double, 2>, 8> kTable{
      {{-1.62, 0.10}, {-1.45, 0.62}, {-1.1, 0.95}, {-0.5, 1.10}, {0.1, 1.10}, {0.9, 1.08}, {1.3, 1.0}, {1.52, 0.72}}};
  return curve(kTable, y / look_.length);
}

double Head::bump(double x, double y) const {
  const double gap = look_.eye_gap, tip = look_.nose_tip, w = look_.nose_width, away = std::abs(x);
  const double along = step(-0.25, tip, y) * (1 - step(tip + 0.04, tip + 0.17, y));
  const double ridge = 0.10 + (w * 0.55 - 0.10) * step(0.05, tip, y);
  double z = look_.nose_height * along * std::exp(-x * x / (2 * ridge * ridge));
  z += 0.10 * bell(away - 0.72 * w, y - tip - 0.02, 0.085, 0.08);
  z -= 0.11 * bell(away - gap, y + 0.12, 0.22, 0.15);
  z += 0.05 * bell(away - gap, y - look_.brow_y - 0.02, 0.30, 0.10);
  z += 0.07 * bell(away - 0.55, y - 0.38, 0.24, 0.22);
  z += 0.07 * bell(x, y - look_.mouth_y, 0.28, 0.11);
  z -= 0.05 * bell(x, y - look_.mouth_y - 0.22, 0.25, 0.06);
  z += 0.09 * bell(x, y - 1.32 * look_.length, 0.22, 0.13);
  z -= look_.age * 0.05 * bell(away - 0.30 - 0.35 * (y - tip), y - 0.75, 0.05, 0.20);
  return z;
}

double Head::surface(double x, double y) const {
  const double w = halfWidth(y), across = std::clamp(x / w, -0.999, 0.999);
  return depth(y) * std::sqrt(1 - across * across) + bump(x, y);
}

cv::Vec3d Head::skinPoint(double side, double y) const {
  const double x = halfWidth(y) * std::sin(side);
  return {x, y, depth(y) * std::cos(side) + (std::cos(side) > 0 ? bump(x, y) : 0)};
}

cv::Point2f Head::project(const cv::Vec3d& p) const {
  const cv::Vec3d q = turn_ * p;
  const double near = 10 / (10 - q[2]);
  return {static_cast<float>(centre_.x + unit_ * near * q[0]), static_cast<float>(centre_.y + unit_ * near * q[1])};
}

double Head::shade(const cv::Vec3d& normal) const {
  const double wrapped = (normal.dot(light_) + 0.35) / 1.35;
  return 0.16 + 0.94 * std::max(0.0, wrapped);
}

Line Head::outline() const {
  Line all, hull;
  for (double y = top(); y <= bottom() + 1e-9; y += (bottom() - top()) / 60)
    for (double side = -pi / 2; side <= pi / 2 + 1e-9; side += pi / 24) {
      const double x = halfWidth(y) * std::sin(side);
      all.push_back(project({x, y, depth(y) * std::cos(side)}));
    }
  cv::convexHull(all, hull);
  return hull;
}

void Head::paintSheet(Canvas& canvas, const std::function<cv::Vec3d(double, double)>& sheet, int across, int down,
                      const cv::Scalar& dark, const cv::Scalar& light, double soften,
                      const std::function<double(double, double)>& tint) const {
  struct Tile {
    double z;
    std::array<cv::Point2f, 4> corner;
    cv::Scalar ink;
  };
  const auto columns = static_cast<std::size_t>(across + 1);
  std::vector<cv::Vec3d> turned;
  std::vector<cv::Point2f> flat;
  for (int j = 0; j <= down; ++j)
    for (int i = 0; i <= across; ++i) {
      const cv::Vec3d p = sheet(static_cast<double>(i) / across, static_cast<double>(j) / down);
      turned.push_back(turn(p));
      flat.push_back(project(p));
    }
  std::vector<Tile> tiles;
  for (std::size_t j = 0; j < static_cast<std::size_t>(down); ++j)
    for (std::size_t i = 0; i < static_cast<std::size_t>(across); ++i) {
      const std::size_t a = j * columns + i, b = a + 1, c = a + columns, d = c + 1;
      cv::Vec3d n = (turned[b] - turned[c]).cross(turned[d] - turned[a]);
      const double length = cv::norm(n);
      if (length < 1e-12) continue;
      n *= 1 / length;
      if (n[2] < 0.02) continue;
      const double t =
          shade(n) * (1 - tint((static_cast<double>(i) + 0.5) / across, (static_cast<double>(j) + 0.5) / down));
      tiles.push_back(
          {turned[a][2] + turned[d][2], {flat[a], flat[b], flat[d], flat[c]}, mix(dark, light, std::min(t, 1.12))});
    }
  std::stable_sort(tiles.begin(), tiles.end(), [](const Tile& a, const Tile& b) { return a.z < b.z; });
  if (tiles.empty()) return;
  cv::Mat layer = canvas.picture().clone(), cover = cv::Mat::zeros(layer.size(), CV_8U);
  cv::Rect box = cv::boundingRect(flat);
  for (const auto& tile : tiles) {
    std::vector<cv::Point> p;
    for (const auto& q : tile.corner) p.emplace_back(cvRound(q.x * 16), cvRound(q.y * 16));
    cv::fillConvexPoly(layer, p, tile.ink, cv::LINE_8, 4);
    cv::fillConvexPoly(cover, p, 255, cv::LINE_8, 4);
  }
  const int grow = static_cast<int>(4 * soften) + 2;
  box = cv::Rect(box.x - grow, box.y - grow, box.width + 2 * grow, box.height + 2 * grow) &
        cv::Rect({0, 0}, layer.size());
  if (box.empty()) return;
  if (soften > 0) cv::GaussianBlur(layer(box), layer(box), {}, soften);
  cv::GaussianBlur(cover(box), cover(box), {}, 1.1);
  canvas.put(layer, cover, box);
}

void Head::paintSkin(Canvas& canvas) const {
  const cv::Scalar base = colour(look_.skin);
  const cv::Scalar dark = mix(base, colour(0x3A1712), 0.62), light = mix(base, colour(0xFFF6EA), 0.10);
  // The tiles end a hair inside the outline; the flat colour under them closes the seam.
  canvas.fill(outline(), mix(dark, light, 0.45));
  paintSheet(
      canvas, [this](double u, double v) { return skinPoint((u - 0.5) * pi * 1.12, top() + v * (bottom() - top())); },
      72, 96, dark, light, 0.035 * unit_, [](double, double) { return 0.0; });
}

}  // namespace invigil::devices
