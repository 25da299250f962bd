// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "face_model.hpp"

#include <QDateTime>

#include "invigil/base/clock.hpp"

namespace invigil::kiosk {
namespace {
constexpr qint64 kHintMs = 900;  // a hint that changes faster cannot be read
qint64 monotonicMs() { return SystemClock().monotonic().count(); }
}  // namespace

FaceModel::FaceModel(Eyes& eyes, QObject* parent) : QObject(parent), eyes_(eyes) {
  connect(&eyes_, &Eyes::faceStep, this, &FaceModel::take);
  connect(&eyes_, &Eyes::faceDone, this, &FaceModel::finish);
}

void FaceModel::start(const QByteArray& reference_jpeg, const FaceRules& rules) {
  step_ = {};
  hint_.clear();
  comparing_ = false;
  running_ = true;
  ++tries_;
  emit changed();
  eyes_.checkFace(reference_jpeg, rules);
}

void FaceModel::stop() { running_ = false; }

void FaceModel::reset() {
  stop();
  tries_ = 0;
  step_ = {};
  hint_.clear();
  emit changed();
}

double FaceModel::progress() const {
  if (comparing_) return 1;
  const double kept = step_.needed > 0 ? static_cast<double>(step_.kept) / step_.needed : 0;
  return (step_.found ? 0.15 : 0) + (step_.quality ? 0.15 : 0) + 0.7 * kept;
}

int FaceModel::stage() const {
  if (comparing_) return 4;
  if (!step_.found) return 1;
  return step_.quality || step_.kept > 0 ? 3 : 2;
}

void FaceModel::take(const FaceStep& step) {
  if (!running_) return;
  step_ = step;
  const qint64 now = monotonicMs();
  if (step.hint != hint_ && (hint_.isEmpty() || now - hint_since_ms_ >= kHintMs)) {
    hint_ = step.hint;
    hint_since_ms_ = now;
  }
  emit changed();
}

void FaceModel::finish(const FaceOutcome& outcome) {
  if (!running_) return;
  running_ = false;
  if (!outcome.possible) return emit impossible();
  comparing_ = true;
  emit changed();
  emit reported({{"camera_kind", eyes_.kind()},
                 {"similarity", outcome.similarity},
                 {"frames", outcome.frames},
                 {"timed_out", outcome.timed_out},
                 {"detector", eyes_.detector().left(64)},
                 {"verifier", eyes_.verifier().left(64)},
                 {"verifier_sha256", eyes_.verifierHash().left(64)},
                 {"capture", QString::fromLatin1(outcome.capture.toBase64())}});
}

}  // namespace invigil::kiosk
