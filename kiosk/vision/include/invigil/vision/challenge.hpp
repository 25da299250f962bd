// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "invigil/base/clock.hpp"
#include "invigil/vision/look.hpp"

namespace invigil::vision {

/// What a person can be asked to do. Left and right are the person's own; closing the eyes is slow on purpose, so that
/// nobody's natural blink is taken for it, and the wire calls it "blink".
enum class Action { TurnLeft, TurnRight, Nod, OpenMouth, Blink };
inline constexpr std::size_t kActions = 5;
/// "turn_left", "turn_right", "nod", "open_mouth", "blink"
std::string_view actionName(Action action);
std::optional<Action> actionOf(std::string_view name);

/// Why a challenge was not passed.
enum class ChallengeFault { None, Timeout, WrongAction, LostFace, OtherPerson, SecondPerson, MovedEarly };
/// "", "timeout", "wrong_action", … as on the wire.
std::string_view faultName(ChallengeFault fault);

/// Lengths relative to the person's own level at rest. Source: docs/face.md, "Is a living person there".
struct ChallengeLimits {
  double turn = 20;           ///< degrees of yaw
  double nod = 9;             ///< degrees of pitch, down and back
  double mouth = 0.16;        ///< rise of Look::mouth_opening
  double eyes_shut = 0.62;    ///< share of the person's own eye_openness below which the eyes are shut
  milliseconds shut{300};     ///< a natural blink is over by then
  milliseconds settle{800};   ///< at rest before the first prompt
  milliseconds unasked{3500}; ///< after a full action before the first prompt: longer than a film rests between two
  milliseconds rest{300};     ///< at rest before each further one
  milliseconds rest_max{4000};
  milliseconds each{5000};    ///< time for one action
  milliseconds reaction{120}; ///< whoever begins sooner did not see the prompt
  milliseconds gap{700};      ///< without a face
  /// An action counts only if its looks were compared (compared()) and are on average at least this like the person at
  /// rest; -1 = nothing is compared. Heads turn away meanwhile: far less than at rest.
  double alike = -1;
  double stranger = 0.15;     ///< two and more looks below this on average are another person's
};

/// Asks for actions one after the other and watches whether just these are done, each after its prompt, by one face
/// that never leaves. Another action than the one asked for ends it: that is how a film in another order betrays
/// itself, and one that begins in the middle finds no rest to be taken for a person in. Pure: time and looks come in.
class Challenge {
 public:
  enum class Phase { Settle, Act, Rest, Passed, Failed };
  struct Done {
    Action action{};
    milliseconds took{0};  ///< from the prompt to the end of the action
  };
  struct State {
    Phase phase = Phase::Settle;
    std::size_t place = 0;         ///< of the action that is asked for or comes next
    milliseconds since{0};         ///< when the phase began
    ChallengeFault fault = ChallengeFault::None;
    std::vector<Done> done;
    bool over() const { return phase == Phase::Passed || phase == Phase::Failed; }
  };

  explicit Challenge(std::vector<Action> actions, const ChallengeLimits& limits = {})
      : actions_(std::move(actions)), limits_(limits) {}

  /// @param look  with Look::track of one FaceTrack  @param now  not earlier than before
  /// @param known  whoever stands there has been described: nothing is asked of a person before that
  const State& feed(const Look& look, milliseconds now, bool known = true);
  /// Whether the look that was fed last shows the person in the middle of the action, and should be compared.
  bool inAction() const { return in_action_; }
  /// What came of it: cosine with the person at rest.
  void compared(double similarity);
  /// Somebody else is in front of the camera.
  void otherPerson() { fail(ChallengeFault::OtherPerson); }

  const State& state() const { return state_; }
  /// What the screen asks for now.
  std::optional<Action> prompt() const;
  /// The person's own level, once settled.
  struct Level {
    double yaw = 0, pitch = 0, eyes = 0, mouth = 0;
  };
  const std::optional<Level>& level() const { return level_; }
  /// Of this look against the level. Only meaningful once settled.
  double turnOf(const Look& look) const { return look.yaw - level_->yaw; }

 private:
  /// One action's trace since the prompt.
  struct Trace {
    milliseconds first{-1};  ///< first beyond the limit since it went half way; -1 = not yet
    milliseconds full{-1};   ///< beyond the limit without a pause
    int frames = 0;          ///< beyond the limit
    bool reached = false;    ///< far and long enough; nod and blink then have to come back
    bool complete = false;
  };
  struct Signals;

  void fail(ChallengeFault fault);
  void enter(Phase phase, milliseconds now);
  bool watch(const Look& look, milliseconds now);
  void settle(const Look& look, milliseconds now, bool known);
  void act(const Signals& moment, milliseconds now);
  void rest(const Signals& moment, milliseconds now);
  void judge(milliseconds now);
  void noteUnasked(const Look& look, milliseconds now);
  Signals signalsOf(const Look& look, const Level& level) const;
  void trace(Action action, const Signals& moment, milliseconds now);
  bool against(Action other, const Signals& moment, milliseconds now) const;

  std::vector<Action> actions_;
  ChallengeLimits limits_;
  State state_;
  std::optional<Level> level_;
  std::vector<Level> quiet_;    ///< of the settling person
  std::vector<Level> recent_;   ///< usable looks before the first prompt; their middle is the person at rest, whatever is done between
  Trace traces_[kActions];
  int track_ = 0;
  bool in_action_ = false;
  int compared_ = 0;      ///< looks of the action at hand
  int again_ = 0;         ///< actions that had to be asked for again
  double alike_ = 0;      ///< sum of their similarities
  milliseconds seen_{0}, alone_{0}, calm_{-1}, unasked_{-1};
};

}  // namespace invigil::vision
