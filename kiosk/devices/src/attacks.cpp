// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "attacks.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <numbers>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "invigil/vision/challenge.hpp"
#include "sources.hpp"

namespace invigil::devices {
namespace {

using std::numbers::pi;

cv::Mat matOf(const vision::Frame& frame) {
  return cv::Mat(frame.height, frame.width, CV_8UC3, const_cast<std::uint8_t*>(frame.bgr.data())).clone();
}

cv::Mat portrait(const FaceScene& scene) {
  const cv::Mat whole = matOf(drawFace(scene, 640, 480));
  return whole({130, 20, 380, 440}).clone();
}

/// A room with somebody's shirt below, and grain that differs from frame to frame.
class Room {
 public:
  explicit Room(std::uint64_t seed) : random_(seed) {
    room_ = cv::Mat(480, 640, CV_8UC3);
    const double tone = 150 + static_cast<double>(seed % 60);
    for (int y = 0; y < room_.rows; ++y) room_.row(y).setTo(cv::Scalar(tone + 0.06 * y, tone + 0.05 * y, tone - 0.02 * y));
    cv::rectangle(room_, {430, -10, 260, 300}, cv::Scalar(236, 240, 238), cv::FILLED);
    cv::ellipse(room_, {320, 560}, {230, 170}, 0, 0, 360, cv::Scalar(96, 74, 60), cv::FILLED, cv::LINE_AA);
    cv::GaussianBlur(room_, room_, {}, 5);
    grain_ = cv::Mat(room_.rows + 64, room_.cols + 64, CV_16SC3);
    cv::RNG(seed + 1).fill(grain_, cv::RNG::NORMAL, cv::Scalar::all(0), cv::Scalar::all(1.8));
  }
  cv::Mat empty() const { return room_.clone(); }
  vision::Frame shot(cv::Mat picture, milliseconds now) {
    cv::Mat wide;
    picture.convertTo(wide, CV_16SC3);
    const auto shift = [&] { return static_cast<int>(random_() % 64); };
    wide += grain_({shift(), shift(), picture.cols, picture.rows});
    wide.convertTo(picture, CV_8UC3);
    return frameOf(picture, now);
  }

 private:
  std::mt19937 random_;
  cv::Mat room_, grain_;
};

double tremor(double t, double seed, double size) { return size * (std::sin(2.1 * t + seed) + 0.5 * std::sin(5.3 * t + 2 * seed)); }

/// print, sheet, bent and cutout.
class Sheet final : public Attack {
 public:
  enum class Kind { Print, Moved, Bent, Cutout };
  Sheet(Kind kind, const AttackWish& wish)
      : kind_(kind), seed_(static_cast<double>(wish.seed % 1000)), scene_{.identity = wish.identity}, actor_(wish.seed, 0), room_(wish.seed), random_(wish.seed) {
    photo_ = portrait(scene_);
    // Half of the prints have a white edge, the others are cut along the picture.
    if (wish.seed % 2 == 0) cv::copyMakeBorder(photo_, photo_, 14, 14, 14, 14, cv::BORDER_CONSTANT, cv::Scalar(244, 246, 247));
    height_ = between(0.75, 0.95);
    yaw_ = between(-4, 4);
    bend_ = between(0.25, 0.55);
  }
  void hear(std::string_view action, milliseconds now) override {
    if (kind_ != Kind::Print) actor_.hear(action, now);
  }
  vision::Frame frame(milliseconds now) override {
    const double t = 0.001 * static_cast<double>(now.count());
    FaceScene moved;
    actor_.move(moved, now);
    SheetPose pose{.yaw = yaw_ + tremor(t, seed_, 0.7), .pitch = tremor(t, seed_ + 1, 0.6), .roll = tremor(t, seed_ + 2, 0.5), .height = height_};
    pose.x = 0.5 + tremor(t, seed_ + 3, 0.002);
    pose.y = 0.5 + tremor(t, seed_ + 4, 0.002);
    if (kind_ == Kind::Bent) pose.bend = bend_;
    if (kind_ != Kind::Print) {
      // A sheet has to be turned further than a head before it looks turned.
      pose.yaw += 1.35 * moved.yaw;
      pose.pitch += 1.2 * moved.pitch;
      const double shake = moved.mouth_open + moved.eye_closed;
      if (kind_ == Kind::Bent) pose.bend += 0.35 * shake, pose.pitch += 14 * shake * std::sin(9 * t);
      if (kind_ == Kind::Moved) pose.pitch += 16 * shake * std::sin(7 * t), pose.y += 0.04 * shake * std::sin(9 * t);
    }
    cv::Mat sheet = photo_;
    if (kind_ == Kind::Cutout && (moved.eye_closed > 0 || moved.mouth_open > 0)) sheet = withHoles(moved);
    cv::Mat picture = room_.empty();
    holdSheet(picture, sheet, pose);
    return room_.shot(picture, now);
  }

 private:
  double between(double low, double high) { return std::uniform_real_distribution<double>(low, high)(random_); }
  /// Lids and lips of the person behind it, seen through the holes.
  cv::Mat withHoles(const FaceScene& moved) const {
    FaceScene behind = scene_;
    behind.eye_closed = moved.eye_closed;
    behind.mouth_open = moved.mouth_open;
    cv::Mat live = portrait(behind);
    const int edge = (photo_.cols - live.cols) / 2;
    if (edge > 0) cv::copyMakeBorder(live, live, edge, edge, edge, edge, cv::BORDER_CONSTANT, cv::Scalar(244, 246, 247));
    return live;
  }
  Kind kind_;
  double seed_;
  FaceScene scene_;
  Actor actor_;
  Room room_;
  std::mt19937_64 random_;
  cv::Mat photo_;
  double height_, yaw_, bend_;
};

/// A genuine performance, drawn once per person and action and kept as JPEG.
class Film {
 public:
  static const std::vector<std::vector<std::uint8_t>>& scene(int identity, const std::string& action) {
    static std::mutex mutex;
    static std::map<std::pair<int, std::string>, std::vector<std::vector<std::uint8_t>>> all;
    const std::lock_guard lock(mutex);
    auto& film = all[{identity, action}];
    if (!film.empty()) return film;
    Actor actor(static_cast<std::uint64_t>(identity) * 31 + action.size(), 0);
    for (int i = 0; i < 15 * (action.empty() ? 2 : 3); ++i) {
      const milliseconds at{i * 1000 / 15};
      actor.hear(i < 3 ? "" : action, at);
      FaceScene scene = sceneAt(identity, at, false);
      actor.move(scene, at);
      film.emplace_back();
      cv::imencode(".jpg", matOf(drawFace(scene)), film.back(), {cv::IMWRITE_JPEG_QUALITY, 88});
    }
    return film;
  }
};

class Replay final : public Attack {
 public:
  explicit Replay(const AttackWish& wish) : seed_(static_cast<double>(wish.seed % 1000)), identity_(wish.identity), order_(wish.order), room_(wish.seed) {
    std::mt19937_64 random(wish.seed);
    if (order_.empty()) {
      for (std::size_t i = 0; i < vision::kActions; ++i) order_.emplace_back(vision::actionName(static_cast<vision::Action>(i)));
      std::shuffle(order_.begin(), order_.end(), random);
    }
    offset_ = static_cast<int>(random() % 15);
    bezel_ = random() % 2 == 0;
    period_ = 3.1 + static_cast<double>(random() % 100) / 60;
  }
  void hear(std::string_view, milliseconds) override {}
  vision::Frame frame(milliseconds now) override {
    const double t = 0.001 * static_cast<double>(now.count());
    cv::Mat screen = cv::imdecode(jpegAt(static_cast<int>(now.count() * 15 / 1000) + offset_), cv::IMREAD_COLOR)({110, 0, 420, 480}).clone();
    moire(screen, t);
    if (bezel_) cv::copyMakeBorder(screen, screen, 26, 26, 16, 16, cv::BORDER_CONSTANT, cv::Scalar(18, 18, 20));
    cv::Mat picture = room_.empty();
    holdSheet(picture, screen, {.yaw = tremor(t, seed_, 0.5), .pitch = tremor(t, seed_ + 1, 0.4), .height = 0.95});
    return room_.shot(picture, now);
  }

 private:
  /// A pause, then the actions with pauses between them, round and round.
  const std::vector<std::uint8_t>& jpegAt(int number) const {
    std::vector<const std::vector<std::vector<std::uint8_t>>*> reel;
    std::size_t length = 0;
    const auto add = [&](const std::string& action) {
      reel.push_back(&Film::scene(identity_, action));
      length += reel.back()->size();
    };
    add("");
    for (const std::string& action : order_) add(action);
    std::size_t at = static_cast<std::size_t>(number) % length;
    for (const auto* film : reel) {
      if (at < film->size()) return (*film)[at];
      at -= film->size();
    }
    return reel.front()->front();
  }
  void moire(cv::Mat& screen, double t) const {
    for (int y = 0; y < screen.rows; ++y) {
      const double beat = 1 + 0.05 * std::sin(2 * pi * (y / period_ + 0.7 * t));
      screen.row(y) *= beat;
    }
  }
  double seed_, period_;
  int identity_, offset_;
  bool bezel_;
  std::vector<std::string> order_;
  Room room_;
};

class TwoPeople final : public Attack {
 public:
  explicit TwoPeople(const AttackWish& wish) : identity_(wish.identity), actor_(wish.seed, 0), other_(matOf(drawFace({.identity = wish.identity % kFaceIdentities + 1, .yaw = -14}))) {
    from_right_ = wish.seed % 2 == 0;
  }
  void hear(std::string_view action, milliseconds now) override {
    if (!action.empty() && !came_) came_ = now;
    actor_.hear(action, now);
  }
  vision::Frame frame(milliseconds now) override {
    FaceScene scene = sceneAt(identity_, now, false);
    scene.sway_x += from_right_ ? -0.12 : 0.12;
    actor_.move(scene, now);
    cv::Mat picture = matOf(drawFace(scene));
    if (came_) {
      const double t = std::clamp(static_cast<double>((now - *came_).count()) / 600, 0.0, 1.0);
      const int width = static_cast<int>(250 * t);
      if (width > 8) {
        const cv::Mat person = other_({195, 0, width, other_.rows});
        person.copyTo(picture({from_right_ ? picture.cols - width : 0, 0, width, picture.rows}));
      }
    }
    return frameOf(picture, now);
  }

 private:
  int identity_;
  Actor actor_;
  cv::Mat other_;
  bool from_right_;
  std::optional<milliseconds> came_;
};

}  // namespace

std::unique_ptr<Attack> makeAttack(const std::string& name, const AttackWish& wish) {
  if (name == "print") return std::make_unique<Sheet>(Sheet::Kind::Print, wish);
  if (name == "sheet") return std::make_unique<Sheet>(Sheet::Kind::Moved, wish);
  if (name == "bent") return std::make_unique<Sheet>(Sheet::Kind::Bent, wish);
  if (name == "cutout") return std::make_unique<Sheet>(Sheet::Kind::Cutout, wish);
  if (name == "replay") return std::make_unique<Replay>(wish);
  if (name == "two") return std::make_unique<TwoPeople>(wish);
  return nullptr;
}

}  // namespace invigil::devices
