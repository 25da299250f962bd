// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <optional>
#include <random>
#include <sstream>

#include "attacks.hpp"
#include "invigil/vision/challenge.hpp"
#include "sources.hpp"

namespace invigil::devices {
namespace {

struct Wish {
  int identity = 1;
  bool scripted = false;
  double light = 1, distance = 1, fps = 15, clumsy = 0;
  std::optional<std::uint64_t> seed;
  std::string attack;
  std::vector<std::string> order;
};

/// Which visit of a person this is, where no seed says it: from 1, for the whole program.
std::uint64_t nextVisit() {
  static std::atomic<std::uint64_t> visits{0};
  return ++visits;
}

class SimulatedCamera final : public CameraSource {
 public:
  SimulatedCamera(const Wish& wish, bool paced)
      : wish_(wish), seed_(wish.seed ? *wish.seed : nextVisit()), pace_(wish.fps, paced), actor_(seed_, wish.clumsy),
        attack_(makeAttack(wish.attack, {wish.identity, seed_, wish.order})) {
    if (wish.seed) return;
    // Nobody sits down twice in the same place: the kiosk would take it for a film of the first visit.
    std::mt19937_64 random(seed_);
    const auto between = [&](double low, double high) { return std::uniform_real_distribution<double>(low, high)(random); };
    place_ = {.distance = between(0.97, 1.06), .sway_x = between(-0.05, 0.05), .sway_y = between(-0.03, 0.03)};
  }
  // A virtual camera looks like any other to a program that does not ask for its driver.
  std::string kind() const override { return wish_.attack == "virtual" ? "camera" : "simulated"; }
  std::string name() const override {
    return "simulated candidate " + std::to_string(wish_.identity) + (wish_.attack.empty() ? "" : ", attack " + wish_.attack);
  }
  DeviceIdentity device() const override {
    if (wish_.attack != "virtual") return CameraSource::device();
    return {"Integrated Camera", "v4l2 loopback", "platform:v4l2loopback-000", {}};
  }
  void prompt(std::string_view action) override {
    if (attack_) attack_->hear(action, now_);
    else actor_.hear(action, now_);
  }
  void screen(double red, double green, double blue) override { glow_ = {std::max(0.0, red), std::max(0.0, green), std::max(0.0, blue)}; }
  Result<vision::Frame> grab() override {
    now_ = pace_.next();
    if (attack_) return attack_->frame(now_);
    // Where in its own sway somebody is when the camera opens differs from try to try.
    FaceScene scene = sceneAt(wish_.identity, now_ + milliseconds(static_cast<std::int64_t>(seed_ % 97) * 211), wish_.scripted);
    actor_.move(scene, now_);
    scene.light *= wish_.light;
    scene.distance *= wish_.distance * place_.distance;
    scene.sway_x += place_.sway_x;
    scene.sway_y += place_.sway_y;
    std::copy(glow_.begin(), glow_.end(), scene.glow);
    vision::Frame frame = drawFace(scene);
    frame.at = now_;
    return frame;
  }

 private:
  Wish wish_;
  std::uint64_t seed_;
  FaceScene place_;
  Pace pace_;
  Actor actor_;
  std::unique_ptr<Attack> attack_;
  milliseconds now_{0};
  std::array<double, 3> glow_{};
};

template <class Number>
bool read(std::string_view text, Number& out) {
  const auto result = std::from_chars(text.data(), text.data() + text.size(), out);
  return result.ec == std::errc{} && result.ptr == text.data() + text.size();
}

template <class Number>
bool readWithin(std::string_view text, Number& out, Number low, Number high) {
  return read(text, out) && out >= low && out <= high;
}

bool readOrder(const std::string& text, std::vector<std::string>& out) {
  std::istringstream parts(text);
  std::string part;
  while (std::getline(parts, part, '+')) {
    if (!vision::actionOf(part)) return false;
    out.push_back(part);
  }
  return !out.empty();
}

bool readAttack(const std::string& name) { return name == "virtual" || makeAttack(name, {}) != nullptr; }

bool readOption(const std::string& key, const std::string& value, Wish& wish) {
  if (key == "pose") return wish.scripted = value == "scripted";
  if (key == "light") return readWithin(value, wish.light, 0.0, 10.0);
  if (key == "distance") return readWithin(value, wish.distance, 0.3, 10.0);
  if (key == "fps") return readWithin(value, wish.fps, 0.0, 60.0);
  if (key == "clumsy") return readWithin(value, wish.clumsy, 0.0, 1.0);
  if (key == "seed") return read(value, wish.seed.emplace());
  if (key == "order") return readOrder(value, wish.order);
  if (key == "attack") return readAttack(wish.attack = value);
  return false;
}

}  // namespace

Result<std::unique_ptr<CameraSource>> openSimulated(const std::string& spec, bool paced) {
  Wish wish;
  std::istringstream parts(spec);
  std::string part;
  bool good = !spec.ends_with(',') && std::getline(parts, part, ',') && readWithin(part, wish.identity, 1, kFaceIdentities);
  while (good && std::getline(parts, part, ',')) {
    const auto equals = part.find('=');
    good = equals != std::string::npos && readOption(part.substr(0, equals), part.substr(equals + 1), wish);
  }
  if (good) return std::make_unique<SimulatedCamera>(wish, paced);
  return fail(ErrorCode::InvalidInput, "bad_camera_spec",
              "simulated:" + spec + " wants an identity 1 to 8, then pose=scripted, light=, distance=, fps=, seed=, clumsy=, order= or attack=print, "
              "sheet, bent, cutout, replay, two or virtual",
              "simulated_camera.cpp");
}

}  // namespace invigil::devices
