// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/vision/challenge.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace invigil::vision {
namespace {

constexpr std::array<std::string_view, kActions> kNames{"turn_left", "turn_right", "nod", "open_mouth", "blink"};
constexpr std::size_t kQuietFrames = 6, kRecentMax = 120;
// Unasked, this share of an action is one already: at a distance, or on a small screen, less of it is seen.
constexpr double kUnasked = 0.75;
// Share of an action from which its looks are compared: farther than people and prints move unasked, and of a turn before
// the face is too far round to be compared.
constexpr double kTurning = 0.6, kActing = 0.9;
constexpr int kAgainMax = 2;
constexpr double kPlainlyShut = 1.3;  ///< half of the own level's opening
// A second person who only passes by is no reason to start again.
constexpr milliseconds kCompany{500};
constexpr milliseconds kNone{-1};

double medianOf(const std::vector<Challenge::Level>& levels, double Challenge::Level::* value) {
  std::vector<double> all;
  for (const Challenge::Level& one : levels) all.push_back(one.*value);
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
  std::nth_element(all.begin(), middle, all.end());
  return *middle;
}

Challenge::Level middleOf(const std::vector<Challenge::Level>& levels) {
  using Level = Challenge::Level;
  return {medianOf(levels, &Level::yaw), medianOf(levels, &Level::pitch), medianOf(levels, &Level::eyes), medianOf(levels, &Level::mouth)};
}

}  // namespace

std::string_view actionName(Action action) { return kNames[static_cast<std::size_t>(action)]; }

std::optional<Action> actionOf(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (kNames[i] == name) return static_cast<Action>(i);
  return std::nullopt;
}

std::string_view faultName(ChallengeFault fault) {
  static constexpr std::string_view kFaults[] = {"", "timeout", "wrong_action", "lost_face", "other_person", "second_person", "moved_early"};
  return kFaults[static_cast<std::size_t>(fault)];
}

/// How far each action has gone, as a share of its limit.
struct Challenge::Signals {
  double turn = 0;                    ///< + to the person's left
  double pitch = 0, mouth = 0;
  double shut = 0;                    ///< 1 = at the limit, more = more shut
  bool clear = false;                 ///< the face can be measured

  double of(Action action) const {
    switch (action) {
      case Action::TurnLeft: return turn;
      case Action::TurnRight: return -turn;
      case Action::Nod: return std::abs(pitch);
      case Action::OpenMouth: return mouth;
      case Action::Blink: break;
    }
    return shut;
  }
  bool calm() const { return std::abs(turn) < 0.5 && std::abs(pitch) < 0.75 && mouth < 0.5 && shut < 0.6; }
};

std::optional<Action> Challenge::prompt() const {
  if (state_.phase != Phase::Act) return std::nullopt;
  return actions_[state_.place];
}

void Challenge::fail(ChallengeFault fault) {
  if (state_.phase == Phase::Failed) return;
  state_.phase = Phase::Failed;
  state_.fault = fault;
}

void Challenge::enter(Phase phase, milliseconds now) {
  state_.phase = phase;
  state_.since = now;
  calm_ = kNone;
  for (Trace& one : traces_) one = {};
}

const Challenge::State& Challenge::feed(const Look& look, milliseconds now, bool known) {
  in_action_ = false;
  if (state_.over() && (state_.phase == Phase::Failed || actions_.empty())) return state_;
  // Also once all is done, for as long as other layers look on: nobody else steps in meanwhile.
  if (!watch(look, now) || state_.over()) return state_;
  if (state_.phase == Phase::Settle) {
    settle(look, now, known);
    return state_;
  }
  const Signals moment = look.faces > 0 ? signalsOf(look, *level_) : Signals{};
  const Action action = state_.phase == Phase::Act ? actions_[state_.place] : state_.done.back().action;
  in_action_ = moment.clear && moment.of(action) >= (action == Action::TurnLeft || action == Action::TurnRight ? kTurning : kActing);
  if (state_.phase == Phase::Act) act(moment, now);
  else rest(moment, now);
  return state_;
}

/// One face, the same one, alone. False when this look says nothing more.
bool Challenge::watch(const Look& look, milliseconds now) {
  const bool begun = state_.phase != Phase::Settle;
  if (look.faces == 1) alone_ = now;
  if (look.faces == 0) {
    if (begun && now - seen_ > limits_.gap) fail(ChallengeFault::LostFace);
    if (!begun) quiet_.clear();
    return begun && !state_.over();
  }
  seen_ = now;
  if (look.track != track_) {
    track_ = look.track;
    quiet_.clear();
    if (begun) fail(ChallengeFault::LostFace);
  }
  if (begun && look.faces > 1 && now - alone_ >= kCompany) fail(ChallengeFault::SecondPerson);
  return !state_.over();
}

/// People fidget; a film goes on. Whoever did a whole action before anything was asked for has to be at rest for longer
/// than a film is between two of them, or its middle would be taken for the beginning.
void Challenge::noteUnasked(const Look& look, milliseconds now) {
  if (recent_.size() < kQuietFrames) return;  // where the camera hangs high, everybody nods against zero
  Signals moment = signalsOf(look, middleOf(recent_));
  for (double* one : {&moment.turn, &moment.pitch, &moment.mouth, &moment.shut}) *one /= kUnasked;
  for (std::size_t i = 0; i < kActions; ++i) {
    trace(static_cast<Action>(i), moment, now);
    if (!traces_[i].reached) continue;
    unasked_ = now;
    traces_[i] = {};
  }
}

void Challenge::settle(const Look& look, milliseconds now, bool known) {
  if (!actions_.empty()) noteUnasked(look, now);
  if (!look.usable() || !look.pose_valid) return quiet_.clear();
  if (quiet_.empty()) state_.since = now;
  const Level now_at{look.yaw, look.pitch, look.eye_openness, look.mouth_opening};
  quiet_.push_back(now_at);
  recent_.push_back(now_at);
  if (recent_.size() > kRecentMax) recent_.erase(recent_.begin());
  if (quiet_.size() < kQuietFrames || now - state_.since < limits_.settle) return;
  if (unasked_ != kNone && now - unasked_ < limits_.unasked) return;
  if (!known) return;
  level_ = middleOf(quiet_);
  quiet_.clear();
  recent_.clear();
  enter(actions_.empty() ? Phase::Passed : Phase::Act, now);
}

Challenge::Signals Challenge::signalsOf(const Look& look, const Level& level) const {
  Signals out;
  out.clear = look.pose_valid;
  out.turn = (look.yaw - level.yaw) / limits_.turn;
  // A profile has no pitch worth the name, its points fall together, and neither lids nor lips.
  if (!look.pose_valid || std::abs(out.turn) > 0.8) return out;
  out.pitch = (look.pitch - level.pitch) / limits_.nod;
  out.mouth = (look.mouth_opening - level.mouth) / limits_.mouth;
  const double share = look.eye_openness / std::max(0.02, level.eyes);
  out.shut = std::clamp((1 - share) / (1 - limits_.eyes_shut), 0.0, 3.0);
  // Who bends the head lowers the lids to the camera's eye, but does not shut them; shut lids look to the pose net like a bent head.
  if (out.shut >= kPlainlyShut) out.pitch = 0;
  else if (std::abs(out.pitch) > 0.75) out.shut = 0;
  return out;
}

void Challenge::trace(Action action, const Signals& moment, milliseconds now) {
  Trace& one = traces_[static_cast<std::size_t>(action)];
  const double far = moment.of(action);
  if (one.reached) {
    one.complete = one.complete || far < 0.5;
    return;
  }
  if (far < 0.5) {
    one = {};
    return;
  }
  if (far < 1) {
    one.full = kNone;
    one.frames = 0;
    return;
  }
  if (one.full == kNone) one.full = now;
  if (one.first == kNone) one.first = now;
  ++one.frames;
  // Two frames, so that one wrong measurement is no action.
  const milliseconds hold = action == Action::Blink ? limits_.shut : milliseconds{0};
  one.reached = one.frames >= 2 && now - one.full >= hold;
  one.complete = one.reached && action != Action::Nod && action != Action::Blink;
}

/// Whether this look speaks for another action than the one asked for, and not for a side effect of it.
bool Challenge::against(Action other, const Signals& moment, milliseconds now) const {
  const Action asked = actions_[state_.place];
  const Trace& one = traces_[static_cast<std::size_t>(other)];
  const bool turn = other == Action::TurnLeft || other == Action::TurnRight;
  if (other == asked || !one.reached) return false;
  if (turn) return true;
  // Mouth and lids move a little with everything; what counts is a plain action while the asked one does not happen.
  if (moment.of(asked) > 0.6) return false;
  // The jaw pulls the head down, but by the time it is back the mouth was open.
  if (other == Action::Nod) return one.complete;
  return now - one.full >= milliseconds{450};
}

void Challenge::act(const Signals& moment, milliseconds now) {
  const Action asked = actions_[state_.place];
  for (std::size_t i = 0; i < kActions; ++i) trace(static_cast<Action>(i), moment, now);
  for (std::size_t i = 0; i < kActions; ++i)
    if (against(static_cast<Action>(i), moment, now)) return fail(ChallengeFault::WrongAction);
  const Trace& one = traces_[static_cast<std::size_t>(asked)];
  if (one.reached && one.first - state_.since < limits_.reaction) return fail(ChallengeFault::MovedEarly);
  if (one.complete) {
    state_.done.push_back({asked, now - state_.since});
    ++state_.place;
    return enter(Phase::Rest, now);
  }
  if (now - state_.since >= limits_.each) fail(ChallengeFault::Timeout);
}

void Challenge::rest(const Signals& moment, milliseconds now) {
  const Action last = state_.done.back().action;
  for (const Action turn : {Action::TurnLeft, Action::TurnRight}) {
    if (turn == last) continue;
    trace(turn, moment, now);
    if (traces_[static_cast<std::size_t>(turn)].reached) return fail(ChallengeFault::WrongAction);
  }
  if (!moment.clear || !moment.calm()) calm_ = kNone;
  else if (calm_ == kNone) calm_ = now;
  if (calm_ != kNone && now - calm_ >= limits_.rest) return judge(now);
  if (now - state_.since >= limits_.rest_max) fail(ChallengeFault::Timeout);
}

void Challenge::compared(double similarity) {
  ++compared_;
  alike_ += similarity;
}

/// Back at rest. Somebody else's action ends it; one that nobody can say whose it was (too fast, turned too far at once) is asked
/// for again.
void Challenge::judge(milliseconds now) {
  const int looks = std::exchange(compared_, 0);
  const double alike = std::exchange(alike_, 0) / std::max(1, looks);
  if (limits_.alike > -1 && (looks == 0 || alike < limits_.alike)) {
    if (looks >= 2 && alike < limits_.stranger) return fail(ChallengeFault::OtherPerson);
    if (++again_ > kAgainMax) return fail(ChallengeFault::LostFace);
    state_.done.pop_back();
    --state_.place;
  }
  enter(state_.place == actions_.size() ? Phase::Passed : Phase::Act, now);
}

}  // namespace invigil::vision
