// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "actor.hpp"

#include <algorithm>
#include <cmath>

#include "invigil/vision/challenge.hpp"

namespace invigil::devices {
namespace {

// When nothing came of it, people try again.
constexpr milliseconds kAgain{700};

milliseconds ms(double value) { return milliseconds(std::llround(value)); }

}  // namespace

void Actor::start(std::string_view action, milliseconds now) {
  doing_ = action;
  begin_ = now;
  reach_ = 1;
  if (action == "turn_left" || action == "turn_right") {
    rise_ = ms(between(350, 700)), span_ = 2 * rise_ + ms(between(200, 600)), reach_ = between(26, 40);
  } else if (action == "nod") {
    rise_ = ms(between(280, 450)), span_ = 2 * rise_ + ms(between(0, 200)), reach_ = between(15, 24);
  } else if (action == "open_mouth") {
    rise_ = ms(between(200, 400)), span_ = 2 * rise_ + ms(between(300, 800)), reach_ = between(0.8, 1);
  } else {
    rise_ = ms(between(80, 160)), span_ = 2 * rise_ + ms(between(500, 1000));
  }
}

void Actor::hear(std::string_view action, milliseconds now) {
  if (action == heard_ && (action.empty() || now < begin_ + span_ + kAgain)) return;
  const bool again = action == heard_;
  heard_ = action;
  if (action.empty()) return;
  const double luck = between(0, 1);
  std::string_view does = action;
  if (luck < clumsy_ / 2) does = vision::actionName(static_cast<vision::Action>(between(0, vision::kActions - 0.001)));
  start(does, now + ms(again ? 100 : between(350, 900)));
  if (luck >= clumsy_ / 2 && luck < clumsy_) begin_ += milliseconds{2500};  // looked away, read it late
}

void Actor::move(FaceScene& scene, milliseconds now) const {
  if (doing_.empty() || now < begin_ || now >= begin_ + span_) return;
  const auto at = static_cast<double>((now - begin_).count()), span = static_cast<double>(span_.count()), rise = static_cast<double>(rise_.count());
  const double t = std::clamp(std::min(at, span - at) / rise, 0.0, 1.0), far = reach_ * t * t * (3 - 2 * t);
  if (doing_ == "turn_left") scene.yaw += far;
  else if (doing_ == "turn_right") scene.yaw -= far;
  else if (doing_ == "nod") scene.pitch += far;
  else if (doing_ == "open_mouth") scene.mouth_open = far;
  else scene.eye_closed = std::max(scene.eye_closed, far);
}

}  // namespace invigil::devices
