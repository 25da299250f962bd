// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numbers>

#include "head.hpp"

namespace invigil::devices {
namespace {

using std::numbers::pi;

double step(double from, double to, double at) {
  const double t = std::clamp((at - from) / (to - from), 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

struct Style {
  double thick;      ///< of the hair on the head, head units
  double side;       ///< where it ends beside the face
  double behind;     ///< where it ends behind the neck
  double spread;     ///< half width behind
  double bumps = 0;  ///< curls
};

Style styleOf(Hair hair) {
  switch (hair) {
    case Hair::Cropped:
      return {0.07, -0.22, 0.02, 1.04};
    case Hair::SideSwept:
      return {0.15, -0.20, 0.02, 1.09};
    case Hair::Fringe:
      return {0.15, 1.05, 1.35, 1.14};
    case Hair::Bob:
      return {0.14, 0.90, 1.25, 1.20};
    case Hair::Long:
      return {0.15, 1.25, 2.6, 1.30};
    case Hair::Bun:
      return {0.10, -0.15, 0.05, 1.05};
    case Hair::Receding:
      return {0.05, -0.10, 0.05, 1.03};
    case Hair::Curly:
      return {0.34, 0.25, 0.9, 1.30, 0.06};
  }
  return {};
}

/// Where the hair ends at the front; `turn` is the angle from straight ahead.
double frontLine(Hair hair, double turn) {
  const double away = std::abs(turn);
  switch (hair) {
    case Hair::Cropped:
      return -1.06 + 0.10 * away;
    case Hair::SideSwept:
      return turn < -0.42 ? -1.08 + 0.55 * (-0.42 - turn)
                          : -1.08 + 0.30 * step(-0.42, 0.05, turn) + 0.06 * std::sin(3 * turn);
    case Hair::Fringe:
      return -0.60 + 0.025 * std::sin(turn * 19) - 0.05 * std::cos(turn * 2);
    case Hair::Bob:
      return -1.12 + 0.55 * std::pow(std::abs(turn - 0.12), 1.1);
    case Hair::Long:
      return -1.12 + 0.48 * std::pow(std::abs(turn + 0.15), 0.9);
    case Hair::Bun:
      return -1.05 + 0.16 * away;
    case Hair::Receding:
      return -1.36 - 0.10 * std::sin(std::min(away * 3.2, pi)) + 0.25 * step(0.8, 1.1, away);
    case Hair::Curly:
      return -0.98 + 0.05 * std::sin(turn * 15) + 0.15 * away;
  }
  return -1;
}

}  // namespace

void paintHairBehind(Canvas& canvas, const Head& head, const FaceLook& look) {
  const Style style = styleOf(look.hair);
  const double u = head.unit(), w = style.spread * look.width, top = head.top() - style.thick * 0.8;
  const cv::Scalar dark = mix(colour(look.hair_colour), colour(0x000000), 0.38);
  Line shape;
  if (style.bumps > 0) {
    for (int i = 0; i < 72; ++i) {
      const double a = i * pi / 36, r = 1 + style.bumps * std::sin(a * 13);
      shape.push_back(head.project({1.42 * r * std::sin(a), -0.38 - 1.50 * r * std::cos(a), -0.25}));
    }
  } else {
    const double low = style.behind;
    for (const auto& p : std::vector<cv::Point2d>{{0, top},
                                                  {0.55 * w, top + 0.10},
                                                  {0.92 * w, top + 0.55},
                                                  {w, -0.4},
                                                  {w, 0.2 * low},
                                                  {w, 0.75 * low},
                                                  {0.9 * w, low},
                                                  {0, low + 0.05},
                                                  {-0.9 * w, low},
                                                  {-w, 0.75 * low},
                                                  {-w, 0.2 * low},
                                                  {-w, -0.4},
                                                  {-0.92 * w, top + 0.55},
                                                  {-0.55 * w, top + 0.10}})
      shape.push_back(head.project({p.x, p.y, -0.3}));
  }
  if (look.hair == Hair::Bun) {
    Line bun;
    for (int i = 0; i < 32; ++i)
      bun.push_back(head.project({0.48 * std::cos(i * pi / 16), top - 0.15 + 0.36 * std::sin(i * pi / 16), -0.5}));
    canvas.fill(bun, mix(colour(look.hair_colour), colour(0x000000), 0.16));
  }
  canvas.fill(smooth(shape, true), dark, 1, 0.012 * u);
}

void paintHairFront(Canvas& canvas, const Head& head, const FaceLook& look) {
  const Style style = styleOf(look.hair);
  const double thick = style.thick, crown = head.top() - thick;
  const double reach = look.hair == Hair::Long || look.hair == Hair::Bob || look.hair == Hair::Fringe ? 1.95 : 1.75;
  auto lineAt = [&](double turn) {
    const double front = frontLine(look.hair, turn) * look.length;
    return front + (style.side - front) * step(0.92, 1.22, std::abs(turn));
  };
  auto sheet = [&](double across, double down) -> cv::Vec3d {
    const double turn = (across - 0.5) * 2 * reach, end = lineAt(turn);
    const double y = crown + (end - crown) * down;
    // The skull keeps its width below the ears, so that long hair hangs instead of hugging the jaw.
    const double on_skull = std::min(y < 0 ? head.top() * (y / crown) : y, 0.05);
    // Hair lies on the forehead at its very end; elsewhere it has its full thickness.
    const double curls = 1 + style.bumps * 1.6 * std::sin(turn * 14) * std::sin(down * 16);
    const double taper = thick * curls * (0.35 + 0.65 * (1 - std::pow(down, 6)));
    return {(head.halfWidth(on_skull) + taper) * std::sin(turn), y,
            (head.depth(on_skull) + (down > 0.5 ? 0.03 : 0.0) + taper) * std::cos(turn)};
  };
  const cv::Scalar base = colour(look.hair_colour);
  const double part = look.hair == Hair::SideSwept ? -0.42 : look.hair == Hair::Long ? -0.15 : 0.12;
  auto strands = [&](double across, double down) {
    const double turn = (across - 0.5) * 2 * reach, fan = (turn - part) * (1 + 1.4 * (1 - down));
    const double fine = 0.07 * std::sin(fan * 23) + 0.05 * std::sin(fan * 37 + 2 * down);
    return 0.12 + (style.bumps > 0 ? 0.16 * std::sin(turn * 14 + 3 * down) * std::sin(down * 18) : fine);
  };
  head.paintSheet(canvas, sheet, 130, 30, mix(base, colour(0x000000), 0.55), mix(base, colour(0xFFFFFF), 0.20),
                  0.012 * head.unit(), strands);
}

}  // namespace invigil::devices
