// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/vision/face_admission.hpp"

#include <algorithm>

#include "invigil/vision/frame_memory.hpp"
#include "quality.hpp"

namespace invigil::vision {
namespace {

constexpr milliseconds kKeepEvery{250}, kSpread{600};
constexpr std::size_t kKeptMax = 8;
// A camera that has stopped delivers the same picture again.
constexpr double kCopy = 0.99995;
// Two frontal frames below kSamePerson in a row are another person; one alone may be blurred.
constexpr int kStrangersMax = 2;
constexpr double kTextureLow = 0.3;
constexpr std::size_t kTextureMax = 30;
constexpr float kFrontalYaw = 15;
// In the middle of an action faces are compared more often and further round: only then is it this person's action.
constexpr milliseconds kCompareEvery{60};
constexpr float kComparedYaw = 28;
// For the layers that still want frames when all actions are done.
constexpr milliseconds kAfterwards{5000};

}  // namespace

FaceAdmission::FaceAdmission(FaceEngine& engine, Reference reference, AdmissionRules rules, FrameMemory* memory)
    : engine_(engine), reference_(std::move(reference)), rules_(std::move(rules)), memory_(memory), challenge_(rules_.actions, rules_.limits),
      light_(rules_.light ? LightChallenge::draw() : std::vector<ScreenColour>{}) {
  step_.of = rules_.actions.size();
  if (memory_) memory_->begin();
}

/// The person at rest, for the template and against an exchange.
void FaceAdmission::describe(const Frame& frame, milliseconds now) {
  if (!kept_.empty() && now - kept_at_ < kKeepEvery) return;
  auto made = engine_.embed(frame);
  if (!made) return;
  if (!kept_.empty()) {
    const double same = similarity(*made, meanOf(kept_));
    if (similarity(*made, kept_.back()) > kCopy) return;
    if (!(same >= kSamePerson)) {
      if (++strangers_ < kStrangersMax) return;
      if (!rules_.actions.empty() && challenge_.state().phase != Challenge::Phase::Settle) return challenge_.otherPerson();
      kept_.clear();  // whoever stands there now starts afresh
      textures_.clear();
      best_sharpness_ = -1;
      outcome_.same_person_min.reset();
      outcome_.second_distance.reset();
    } else {
      outcome_.same_person_min = std::min(outcome_.same_person_min.value_or(1), same);
    }
  }
  strangers_ = 0;
  if (kept_.empty()) first_kept_ = now;
  kept_at_ = now;
  if (kept_.size() == kKeptMax) kept_.erase(kept_.begin() + kKeptMax / 2);  // the first and the last ones tie the ends together
  kept_.push_back(std::move(*made));
  if (look_.sharpness > best_sharpness_) {
    best_sharpness_ = look_.sharpness;
    outcome_.best = frame;
    if (!reference_.second.empty())
      if (auto second = engine_.embedSecond(frame)) outcome_.second_distance = distance(*second, reference_.second);
  }
}

/// Whose action it is. The look at rest decides who the person is; here even a face that is not fit for that is compared.
void FaceAdmission::compareInAction(const Frame& frame, milliseconds now) {
  if (!challenge_.inAction() || kept_.empty() || now - compared_at_ < kCompareEvery) return;
  if (!look_.pose_valid || std::abs(look_.yaw) >= kComparedYaw || look_.sharpness < kBlurred || look_.inter_eye_px < kEyesApart) return;
  if (const auto made = engine_.embed(frame)) {
    compared_at_ = now;
    challenge_.compared(similarity(*made, meanOf(kept_)));
  }
}

void FaceAdmission::judgeTexture(const Frame& frame) {
  if (textures_.size() >= kTextureMax) return;
  if (const auto one = engine_.texture(frame)) textures_.push_back(*one);
}

/// Whether what the layers at rest want is there.
bool FaceAdmission::enough() const {
  const bool kept = static_cast<int>(kept_.size()) >= std::max(1, rules_.bands.frames_min) && kept_at_ - first_kept_ >= kSpread;
  const bool textured = engine_.info().texture.empty() || static_cast<int>(textures_.size()) >= rules_.texture_frames;
  return kept && textured;
}

FaceAdmission::Step FaceAdmission::feed(const Frame& frame, milliseconds now) {
  if (step_.finished) return step_;
  if (!start_) start_ = now;
  look_ = track_.look(engine_, frame);
  if (memory_) memory_->see(frame, look_.faces > 0);
  if (outcome_.best.empty() || (best_sharpness_ < 0 && look_.faces > 0)) outcome_.best = frame;
  if (look_.usable() && std::abs(look_.yaw) >= kFrontalYaw) look_.hint = Hint::LookStraight;
  if (look_.usable()) {
    describe(frame, now);
    judgeTexture(frame);
  }
  const bool known = rules_.actions.empty() || static_cast<int>(kept_.size()) >= std::max(1, rules_.bands.frames_min);
  const Challenge::State& state = challenge_.feed(look_, now, known);
  compareInAction(frame, now);
  if (challenge_.level()) parallax_.feed(look_, challenge_.turnOf(look_));
  if (state.phase == Challenge::Phase::Settle) outcome_.track_breaks = track_.breaks();

  step_.hint = look_.hint;
  step_.face_found = look_.faces > 0;
  step_.quality_ok = look_.usable();
  step_.phase = state.phase;
  step_.place = state.done.size();
  step_.prompt = challenge_.prompt();
  const auto each = static_cast<double>(rules_.limits.each.count());
  step_.time_left = step_.prompt ? std::clamp(1 - static_cast<double>((now - state.since).count()) / each, 0.0, 1.0) : 1;
  const bool passed = state.phase == Challenge::Phase::Passed;
  if (passed) light_.feed(frame, look_, now);
  step_.screen = light_.colour();
  if (state.phase == Challenge::Phase::Failed || (passed && light_.done() && enough())) finish();
  else if ((state.phase == Challenge::Phase::Settle && now - *start_ >= rules_.bands.time_max) || (passed && now - state.since >= kAfterwards)) {
    outcome_.timed_out = true;
    finish();
  }
  return step_;
}

void FaceAdmission::finish() {
  step_.finished = true;
  const Challenge::State& state = challenge_.state();
  outcome_.frames = static_cast<int>(kept_.size());
  outcome_.similarity = similarity(meanOf(kept_), reference_.first);
  outcome_.challenge = rules_.actions.empty()                          ? AdmissionOutcome::Result::None
                       : state.phase == Challenge::Phase::Passed ? AdmissionOutcome::Result::Passed
                                                                       : AdmissionOutcome::Result::Failed;
  outcome_.fault = state.fault != ChallengeFault::None || outcome_.challenge != AdmissionOutcome::Result::Failed ? state.fault : ChallengeFault::Timeout;
  outcome_.steps = state.done;
  outcome_.flatness = parallax_.value();
  if (rules_.light) outcome_.light = light_.value();
  if (!engine_.info().texture.empty()) {
    AdmissionOutcome::Texture texture{static_cast<int>(textures_.size()), 0, 0};
    for (const double one : textures_) {
      texture.mean += one / static_cast<double>(textures_.size());
      texture.low_share += (one < kTextureLow) / static_cast<double>(textures_.size());
    }
    outcome_.texture = texture;
  }
  if (memory_) outcome_.replayed = memory_->finish();
}

}  // namespace invigil::vision
