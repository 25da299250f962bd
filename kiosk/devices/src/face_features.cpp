// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

#include "head.hpp"

namespace invigil::devices {
namespace {

const cv::Scalar kWhite{236, 242, 245};

Line onFace(const Head& head, const std::vector<cv::Point2d>& points, double lift = 0) {
  Line line;
  for (const auto& p : points) line.push_back(head.on(p.x, p.y, lift));
  return line;
}

void paintEye(Canvas& canvas, const Head& head, const FaceLook& look, double side, double closed, const cv::Mat& skin) {
  const double gap = look.eye_gap, w = look.eye_width, u = head.unit();
  const cv::Scalar base = colour(look.skin), shadow = mix(base, colour(0x3A1712), 0.55);
  const cv::Scalar lash = mix(colour(0x17110F), base, 0.08);
  // t runs from the inner corner (0) to the outer (1).
  auto x = [&](double t) { return side * (gap - w + 2 * w * t); };
  auto middle = [&](double t) { return -0.12 + 0.015 * (1 - t) - look.eye_tilt * t; };
  auto arch = [](double t) { return std::pow(std::sin(std::numbers::pi * std::pow(t, 0.92)), 0.75); };
  auto lower = [&](double t) { return middle(t) + 0.62 * look.eye_height * arch(t); };
  auto upper = [&](double t) {
    const double open = middle(t) - look.eye_height * 1.15 * arch(t);
    return open + (lower(t) - 0.012 - open) * closed;
  };
  std::vector<cv::Point2d> top, low, crease;
  for (int i = 0; i <= 14; ++i) {
    const double t = i / 14.0;
    top.emplace_back(x(t), upper(t));
    low.emplace_back(x(t), lower(t));
    crease.emplace_back(x(t * 1.06 - 0.02), middle(t) - look.eye_height * (1.75 - 0.25 * closed) * arch(t) - 0.01);
  }
  Line opening = onFace(head, top, 0.05);
  const Line low_line = onFace(head, low, 0.05), top_line = opening;
  opening.insert(opening.end(), low_line.rbegin(), low_line.rend());

  canvas.stroke(onFace(head, crease, 0.03), 0.10 * u, shadow, 0.22 * (1 - 0.7 * closed), 0.035 * u, &skin);
  canvas.stroke(onFace(head, crease, 0.03), 0.018 * u, shadow, look.crease * (1 - 0.85 * closed), 0.006 * u, &skin);
  if (closed < 0.93) {
    const cv::Mat inside = canvas.mask(opening);
    canvas.fill(opening, kWhite, 1, 0.008 * u);
    const double r = 0.118, cx = side * gap, cy = -0.135;
    auto disc = [&](double radius, double dx = 0, double dy = 0) {
      Line ring;
      for (int i = 0; i < 24; ++i) {
        const double a = i * std::numbers::pi / 12;
        ring.push_back(head.project(
            {cx + dx + radius * std::cos(a), cy + dy + radius * std::sin(a), head.surface(cx, cy) + 0.05}));
      }
      return ring;
    };
    canvas.fill(disc(r), mix(colour(look.iris), colour(0x000000), 0.35), 1, 0.008 * u, &inside);
    canvas.fill(disc(r * 0.82), colour(look.iris), 1, 0.012 * u, &inside);
    canvas.fill(disc(r * 0.45), colour(0x0C0A0A), 1, 0.006 * u, &inside);
    canvas.fill(disc(r * 0.22, 0.045, -0.045), colour(0xFFFFFF), 0.95, 0.004 * u, &inside);
    canvas.stroke(top_line, 0.07 * u, colour(0x3A2A26), 0.35, 0.02 * u, &inside);
  }
  canvas.stroke(low_line, 0.016 * u, shadow, 0.55, 0.006 * u, &skin);
  canvas.stroke(top_line, (0.026 + 0.022 * look.lashes) * u, lash, 0.95, 0.005 * u, &skin);
  if (look.lashes > 0.5) {
    const cv::Point2d end = top.back();
    canvas.stroke(
        onFace(head, {top[11], {end.x, end.y - 0.01}, {end.x + side * 0.05, end.y - 0.05 + 0.06 * closed}}, 0.05),
        0.032 * u, lash, 0.9, 0.004 * u);
  }
  if (look.age > 0.3)
    canvas.stroke(onFace(head, {{x(0.05), 0.06}, {x(0.5), 0.12}, {x(0.95), 0.05}}), 0.02 * u, shadow, 0.35 * look.age,
                  0.012 * u, &skin);
}

void paintBrow(Canvas& canvas, const Head& head, const FaceLook& look, double side, const cv::Mat& skin) {
  const double inner = look.eye_gap - 0.27, outer = look.eye_gap + 0.31;
  std::vector<cv::Point2d> top, low;
  for (int i = 0; i <= 10; ++i) {
    const double t = i / 10.0, x = side * (inner + (outer - inner) * t);
    const double y = look.brow_y - look.brow_arch * std::sin(std::numbers::pi * std::pow(t, 1.3)) -
                     look.brow_tilt * (t - 0.5) + 0.05 * t * t;
    const double thick = look.brow_thick * (t < 0.15 ? 0.65 + 2.3 * t : 1.0 - 0.75 * (t - 0.15));
    top.emplace_back(x, y - thick);
    low.emplace_back(x, y + thick * 0.75);
  }
  Line shape = onFace(head, top, 0.01), back = onFace(head, low, 0.01);
  shape.insert(shape.end(), back.rbegin(), back.rend());
  const bool pale = look.age > 0.8;
  canvas.fill(shape, mix(colour(look.hair_colour), colour(look.skin), pale ? 0.15 : 0.12), 0.88, 0.014 * head.unit(),
              &skin);
}

void paintNose(Canvas& canvas, const Head& head, const FaceLook& look, const cv::Mat& skin) {
  const double u = head.unit(), w = look.nose_width, y = look.nose_tip;
  const cv::Scalar shadow = mix(colour(look.skin), colour(0x3A1712), 0.62);
  for (const double side : {-1.0, 1.0}) {
    canvas.fill(smooth(onFace(head, {{side * w * 0.18, y + 0.11},
                                     {side * w * 0.40, y + 0.075},
                                     {side * w * 0.62, y + 0.105},
                                     {side * w * 0.40, y + 0.125}}),
                       true),
                mix(shadow, colour(0x1C0A08), 0.45), 0.75, 0.010 * u, &skin);
    canvas.stroke(
        smooth(onFace(head, {{side * w * 0.98, y - 0.07}, {side * w * 1.06, y + 0.02}, {side * w * 0.92, y + 0.10}}),
               false),
        0.026 * u, shadow, 0.45, 0.014 * u, &skin);
  }
  canvas.stroke(smooth(onFace(head, {{-w * 0.6, y + 0.15}, {0, y + 0.18}, {w * 0.6, y + 0.15}}), false), 0.06 * u,
                shadow, 0.30, 0.03 * u, &skin);
  canvas.fill(smooth(onFace(head, {{-0.05, y - 0.06}, {0, y - 0.10}, {0.05, y - 0.06}, {0, y - 0.02}}), true),
              colour(0xFFF8F0), 0.35, 0.03 * u, &skin);
}

void paintMouth(Canvas& canvas, const Head& head, const FaceLook& look, double open, const cv::Mat& skin) {
  // The corners come together as the jaw drops.
  const double u = head.unit(), w = look.mouth_width * (1 - 0.12 * open), y = look.mouth_y, lip = look.lip, s = look.smile * (1 - open);
  const double gap = 0.52 * open;
  auto line = [&](double t) {
    return y + 0.3 * s + 0.010 * std::cos(t * std::numbers::pi * 2) - s * std::pow(std::abs(t), 1.8);
  };
  std::vector<cv::Point2d> seam, floor, top, low;
  for (int i = -10; i <= 10; ++i) {
    const double t = i / 10.0, a = std::abs(t), round = std::sqrt(std::max(0.0, 1 - a * a));
    seam.emplace_back(w * t, line(t) - 0.25 * gap * round);
    floor.emplace_back(w * t, line(t) + 0.75 * gap * round);
    top.emplace_back(w * t, line(t) - 0.25 * gap * round - lip * (round * 0.95 + 0.18 * std::exp(-std::pow((a - 0.2) / 0.13, 2)) -
                                             0.12 * std::exp(-a * a / 0.01)));
    low.emplace_back(w * t * 0.96, line(t) + 0.75 * gap * round + lip * 1.35 * std::pow(round, 1.2));
  }
  const cv::Scalar lips = colour(look.lips);
  Line upper = onFace(head, top, 0.01), lower = onFace(head, low, 0.01), middle = onFace(head, seam, 0.01);
  const Line bottom = onFace(head, floor, 0.01);
  Line upper_shape = upper, lower_shape = lower;
  upper_shape.insert(upper_shape.end(), middle.rbegin(), middle.rend());
  lower_shape.insert(lower_shape.end(), bottom.rbegin(), bottom.rend());
  if (open > 0.02) {
    Line inside = middle;
    inside.insert(inside.end(), bottom.rbegin(), bottom.rend());
    canvas.fill(inside, colour(0x3A1013), 1, 0.008 * u);
    Line teeth(middle.begin() + 4, middle.end() - 4);
    canvas.stroke(teeth, 0.10 * gap * u, colour(0xE9E4DA), 0.9, 0.01 * u, &skin);
  }
  canvas.fill(upper_shape, mix(lips, colour(0x401414), 0.18), 0.85, 0.010 * u, &skin);
  canvas.fill(lower_shape, lips, 0.85, 0.014 * u, &skin);
  canvas.stroke(onFace(head, {{-w * 0.45, y + 0.75 * gap + lip * 0.75}, {0, y + 0.75 * gap + lip * 0.85}, {w * 0.45, y + 0.75 * gap + lip * 0.75}}), 0.03 * u,
                colour(0xFFF4EC), 0.22, 0.02 * u, &skin);
  canvas.stroke(middle, 0.022 * u, mix(lips, colour(0x2A0C0C), 0.65), 0.85, 0.005 * u, &skin);
  for (const double side : {-1.0, 1.0})
    canvas.stroke(onFace(head, {{side * w, line(1) + 0.005}, {side * (w + 0.045), line(1) - 0.055}}), 0.028 * u,
                  mix(colour(look.skin), colour(0x3A1712), 0.6), 0.5, 0.014 * u, &skin);
  canvas.stroke(onFace(head, {{-w * 0.5, y + 0.75 * gap + lip * 1.9}, {0, y + 0.75 * gap + lip * 2.1}, {w * 0.5, y + 0.75 * gap + lip * 1.9}}), 0.06 * u,
                mix(colour(look.skin), colour(0x3A1712), 0.55), 0.28, 0.035 * u, &skin);
}

}  // namespace

void paintFeatures(Canvas& canvas, const Head& head, const FaceLook& look, const FaceScene& scene,
                   const cv::Mat& skin) {
  const double u = head.unit(), closed = std::clamp(scene.eye_closed, 0.0, 1.0);
  const cv::Scalar warm = mix(colour(look.skin), colour(0xD8604E), 0.5);
  for (const double side : {-1.0, 1.0}) {
    Line cheek;
    for (int i = 0; i < 16; ++i)
      cheek.push_back(head.on(side * 0.55 + 0.2 * std::cos(i * 0.3927), 0.42 + 0.16 * std::sin(i * 0.3927)));
    canvas.fill(cheek, warm, 0.20, 0.10 * u, &skin);
    if (look.age > 0.3)
      canvas.stroke(smooth(onFace(head, {{side * 0.30, 0.50}, {side * 0.43, 0.70}, {side * 0.47, 0.90}}), false),
                    0.025 * u, mix(colour(look.skin), colour(0x3A1712), 0.6), 0.40 * look.age, 0.014 * u, &skin);
  }
  for (int i = 0; i < static_cast<int>(36 * look.freckles); ++i) {
    const double x = 0.62 * std::sin(i * 2.4) * (0.45 + 0.55 * (i % 7) / 6.0), y = 0.24 + 0.22 * std::sin(i * 5.1 + 1);
    canvas.stroke({head.on(x, y), head.on(x + 0.01, y)}, 0.03 * u, colour(0x9A5C3C), 0.5, 0.006 * u, &skin);
  }
  if (look.age > 0.5)
    for (const double y : {-0.66, -0.78})
      canvas.stroke(smooth(onFace(head, {{-0.42, y + 0.03}, {-0.15, y}, {0.15, y + 0.01}, {0.42, y + 0.03}}), false),
                    0.02 * u, mix(colour(look.skin), colour(0x3A1712), 0.6), 0.35 * look.age, 0.012 * u, &skin);
  paintBeard(canvas, head, look, skin);
  paintNose(canvas, head, look, skin);
  paintMouth(canvas, head, look, std::clamp(scene.mouth_open, 0.0, 1.0), skin);
  for (const double side : {-1.0, 1.0}) {
    paintEye(canvas, head, look, side, closed, skin);
    paintBrow(canvas, head, look, side, skin);
  }
}

void paintBeard(Canvas& canvas, const Head& head, const FaceLook& look, const cv::Mat& skin) {
  if (look.beard == Beard::None) return;
  const double u = head.unit(), m = look.mouth_y, w = look.mouth_width;
  const cv::Scalar ink = mix(colour(look.hair_colour), colour(look.skin), 0.12);
  canvas.fill(smooth(onFace(head,
                            {{-w - 0.10, m + 0.06},
                             {-w * 0.75, m - 0.15},
                             {-0.08, m - 0.22},
                             {0, m - 0.18},
                             {0.08, m - 0.22},
                             {w * 0.75, m - 0.15},
                             {w + 0.10, m + 0.06},
                             {w * 0.6, m - 0.08},
                             {0, m - 0.07},
                             {-w * 0.6, m - 0.08}},
                            0.02),
                     true),
              ink, 0.92, 0.02 * u, &skin);
  if (look.beard != Beard::Full) return;
  auto edge = [&](double y) { return head.halfWidth(y) * 0.985; };
  const double chin = head.bottom() - 0.01;
  std::vector<cv::Point2d> shape{
      {-edge(0.1), 0.1},     {-edge(0.6), 0.6},     {-edge(1.0), 1.0},       {-edge(1.3), 1.3},
      {-0.2, chin},          {0.2, chin},           {edge(1.3), 1.3},        {edge(1.0), 1.0},
      {edge(0.6), 0.6},      {edge(0.1), 0.1},      {edge(0.1) - 0.10, 0.2}, {0.72, 0.62},
      {w + 0.12, m - 0.08},  {w + 0.03, m + 0.12},  {0.12, m + 0.19},        {-0.12, m + 0.19},
      {-w - 0.03, m + 0.12}, {-w - 0.12, m - 0.08}, {-0.72, 0.62},           {-edge(0.1) + 0.10, 0.2}};
  canvas.fill(smooth(onFace(head, shape), true), ink, 0.90, 0.03 * u, &skin);
}

void paintGlasses(Canvas& canvas, const Head& head, const FaceLook& look) {
  if (look.glasses == Glasses::None) return;
  const double u = head.unit(), cy = -0.08;
  const bool square = look.glasses == Glasses::Square;
  const double rx = square ? 0.37 : 0.35, ry = square ? 0.27 : 0.33, power = square ? 0.45 : 1.0;
  const cv::Scalar frame = square ? colour(0x1B1B1E) : colour(0x6E4B33);
  const double thick = (square ? 0.06 : 0.035) * u;
  for (const double side : {-1.0, 1.0}) {
    Line ring;
    for (int i = 0; i <= 40; ++i) {
      const double a = i * std::numbers::pi / 20, c = std::cos(a), s = std::sin(a);
      const double x = side * (look.eye_gap + 0.02) + rx * std::copysign(std::pow(std::abs(c), power), c);
      ring.push_back(head.project({x, cy + ry * std::copysign(std::pow(std::abs(s), power), s), 1.22 - 0.22 * x * x}));
    }
    canvas.fill(ring, colour(0xDCE8F0), 0.07);
    canvas.stroke(ring, thick, frame, 0.95);
    const double end = look.eye_gap + 0.02 + rx;
    canvas.stroke({head.project({side * end, cy - 0.05, 1.22 - 0.22 * end * end}),
                   head.project({side * (look.width + 0.02), cy - 0.08, 0.35})},
                  thick, frame, 0.95);
  }
  const double inner = look.eye_gap + 0.02 - rx;
  Line bridge;
  for (const double t : {-1.0, -0.4, 0.4, 1.0})
    bridge.push_back(head.project({inner * t, cy - 0.06 - 0.05 * (1 - t * t), 1.28}));
  canvas.stroke(smooth(bridge, false), thick, frame, 0.95);
}

}  // namespace invigil::devices
