// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/devices/simulated_face.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

#include "head.hpp"

namespace invigil::devices {
namespace {

using std::numbers::pi;

void paintRoom(Canvas& canvas) {
  cv::Mat& p = canvas.picture();
  const cv::Scalar high = colour(0xE4EBEF), low = colour(0xC6D1D9);
  for (int y = 0; y < p.rows; ++y) p.row(y).setTo(mix(high, low, static_cast<double>(y) / p.rows));
  const auto w = static_cast<float>(p.cols), h = static_cast<float>(p.rows);
  canvas.fill({{0.70F * w, -0.1F * h}, {1.1F * w, -0.1F * h}, {1.1F * w, 0.75F * h}, {0.78F * w, 0.75F * h}},
              colour(0xF6F9FA), 0.6, 0.04 * w);
}

void paintBody(Canvas& canvas, const Head& head, const FaceLook& look, cv::Point2d centre) {
  const double u = head.unit();
  auto at = [&](double x, double y) {
    return cv::Point2f(static_cast<float>(centre.x + u * x), static_cast<float>(centre.y + u * y));
  };
  const cv::Scalar skin = colour(look.skin), shadow = mix(skin, colour(0x3A1712), 0.42), shirt = colour(look.shirt);
  const cv::Point2f chin = head.project({0, 0.9, 0.1});
  const auto lean = static_cast<float>((chin.x - centre.x) / u);
  const double n = 0.60 * look.width;
  const Line throat = smooth({at(lean - n, 0.7), at(lean * 0.5 - n, 1.5), at(-n - 0.10, 2.0), at(-0.2, 2.6),
                              at(0.2, 2.6), at(n + 0.10, 2.0), at(lean * 0.5 + n, 1.5), at(lean + n, 0.7)},
                             true);
  const cv::Mat neck = canvas.mask(throat);
  canvas.fill(throat, mix(skin, shadow, 0.35));
  canvas.fill(
      smooth({at(lean - n, 1.0), at(lean - n, 1.55), at(lean, 1.92), at(lean + n, 1.55), at(lean + n, 1.0)}, true),
      shadow, 0.75, 0.09 * u, &neck);
  const Line torso = smooth(
      {at(-3.2, 6), at(-2.75, 3.2), at(-2.1, 2.42), at(-1.15, 2.12), at(-n - 0.13, 1.88), at(-0.45, 2.30), at(0, 2.52),
       at(0.45, 2.30), at(n + 0.13, 1.88), at(1.15, 2.12), at(2.1, 2.42), at(2.75, 3.2), at(3.2, 6)},
      true);
  const cv::Mat cloth = canvas.mask(torso);
  canvas.fill(torso, shirt);
  canvas.fill({at(-3.2, 2), at(-1.5, 2), at(-1.8, 6), at(-3.2, 6)}, colour(0x101418), 0.28, 0.5 * u, &cloth);
  canvas.fill({at(0.3, 2.3), at(1.9, 2.2), at(1.7, 6), at(0.5, 6)}, colour(0xFFFFFF), 0.12, 0.4 * u, &cloth);
  canvas.stroke(smooth({at(-n - 0.13, 1.88), at(-0.45, 2.30), at(0, 2.52), at(0.45, 2.30), at(n + 0.13, 1.88)}, false),
                0.15 * u, mix(shirt, colour(0x000000), 0.25), 0.9, 0.02 * u);
}

void paintEars(Canvas& canvas, const Head& head, const FaceLook& look) {
  const double u = head.unit();
  const cv::Scalar skin = mix(colour(look.skin), colour(0x3A1712), 0.14),
                   inner = mix(colour(look.skin), colour(0x3A1712), 0.42);
  for (const double side : {-1.0, 1.0}) {
    auto ear = [&](double x, double y) { return head.project({side * (look.width - 0.06 + x), y, -0.06}); };
    canvas.fill(
        smooth({ear(0, -0.22), ear(0.13, -0.30), ear(0.20, -0.16), ear(0.17, 0.10), ear(0.09, 0.34), ear(0, 0.36)},
               true),
        skin, 1, 0.012 * u);
    canvas.stroke(smooth({ear(0.05, -0.16), ear(0.12, -0.18), ear(0.12, 0.02), ear(0.06, 0.18)}, false), 0.05 * u,
                  inner, 0.6, 0.02 * u);
  }
}

// Exposure of the whole room, and the sensor's own grain: a picture without any is too clean to be a camera's.
void expose(cv::Mat& picture, const FaceScene& scene, cv::Point2d head, double radius) {
  cv::Mat grain(picture.size(), CV_16SC3);
  cv::RNG random(20261123);
  random.fill(grain, cv::RNG::NORMAL, cv::Scalar::all(0), cv::Scalar::all(1.6));
  std::vector<double> gain(static_cast<std::size_t>(picture.cols));
  for (int x = 0; x < picture.cols; ++x)
    gain[static_cast<std::size_t>(x)] =
        scene.light * std::max(0.0, 1 + 0.5 * scene.light_side * (2.0 * x / picture.cols - 1));
  // A screen at arm's length lifts a lit face by some per cent.
  const bool glows = scene.glow[0] + scene.glow[1] + scene.glow[2] > 0;
  double glow[3];
  for (int k = 0; k < 3; ++k) glow[k] = 0.09 * scene.glow[k];
  const auto near = [&](int x, int y) { return glows && std::hypot(x - head.x, y - head.y) < radius ? 1.0 : 0.0; };
  for (int y = 0; y < picture.rows; ++y) {
    auto* p = picture.ptr<cv::Vec3b>(y);
    const auto* g = grain.ptr<cv::Vec3s>(y);
    for (int x = 0; x < picture.cols; ++x)
      for (int k = 0; k < 3; ++k)
        p[x][k] = cv::saturate_cast<std::uint8_t>(p[x][k] * gain[static_cast<std::size_t>(x)] * (1 + glow[2 - k] * near(x, y)) + g[x][k]);
  }
}

}  // namespace

vision::Frame drawFace(const FaceScene& scene, int width, int height) {
  width = std::clamp(width, 64, 4000);
  height = std::clamp(height, 64, 4000);
  // Twice the size, then halved: clean edges from plain polygons.
  constexpr int kOver = 2;
  cv::Mat big(height * kOver, width * kOver, CV_8UC3);
  Canvas canvas(big);
  const FaceLook& look = faceLook(scene.identity);
  const bool portrait = height > width;
  const double base = portrait ? 0.205 * width : 0.148 * std::min<double>(width, height * 4.0 / 3);
  const double unit = kOver * base / std::clamp(scene.distance, 0.3, 10.0);
  const cv::Point2d centre(kOver * width * (0.5 + scene.sway_x),
                           kOver * height * ((portrait ? 0.46 : 0.48) + scene.sway_y));
  const Head head(look, scene, unit, centre);

  paintRoom(canvas);
  paintHairBehind(canvas, head, look);
  paintBody(canvas, head, look, centre);
  paintEars(canvas, head, look);
  head.paintSkin(canvas);
  const cv::Mat skin = canvas.mask(head.outline());
  paintFeatures(canvas, head, look, scene, skin);
  paintHairFront(canvas, head, look);
  paintGlasses(canvas, head, look);

  cv::Mat small;
  cv::resize(big, small, {width, height}, 0, 0, cv::INTER_AREA);
  expose(small, scene, centre / kOver, 1.6 * unit / kOver);
  vision::Frame frame{width, height, {}, milliseconds{0}};
  frame.bgr.assign(small.data, small.data + small.total() * 3);
  return frame;
}

FaceScene sceneAt(int identity, milliseconds at, bool scripted) {
  const double t = static_cast<double>(at.count()) / 1000;
  auto wave = [t](double period, double phase = 0) { return std::sin(2 * pi * t / period + phase); };
  FaceScene scene{.identity = identity};
  scene.yaw = 2.6 * wave(7.1) + 0.8 * wave(2.9, 1);
  scene.pitch = 1.8 * wave(6.3, 2);
  scene.roll = 1.4 * wave(8.9, 0.5);
  scene.sway_x = 0.010 * wave(5.3, 1.2);
  scene.sway_y = 0.006 * wave(4.1, 0.3);
  // A blink of 240 ms at uneven intervals of about four seconds.
  const double since = std::fmod(t + 0.7 * wave(13), 4.3) - 2.5;
  if (since >= 0 && since < 0.24) scene.eye_closed = std::pow(std::sin(pi * since / 0.24), 0.6);
  if (scripted) {
    const double phase = std::fmod(t, 20);
    auto hold = [phase](double from, double to) {
      return std::clamp(std::min(phase - from, to - phase) / 0.8, 0.0, 1.0);
    };
    scene.yaw += 32 * (hold(8, 12) - hold(4, 8));
    scene.pitch += 18 * (hold(15, 18) - hold(12, 15));
  }
  return scene;
}

}  // namespace invigil::devices
