// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "face_model.hpp"

#include <QDateTime>
#include <algorithm>

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

void FaceModel::start(const QByteArrayList& references, const FaceRules& rules, const QString& challenge_id, qsizetype from_booking) {
  from_booking_ = from_booking;
  compared_ = {};
  step_ = {};
  asked_ = static_cast<int>(rules.actions.size());
  challenge_id_ = challenge_id;
  hint_.clear();
  comparing_ = paused_ = false;
  running_ = true;
  ++tries_;
  emit changed();
  eyes_.checkFace(references, rules);
}

void FaceModel::prepare() {
  hint_ = QStringLiteral("getting_ready");
  emit changed();
}

void FaceModel::stop() { running_ = false; }

void FaceModel::pause() {
  running_ = comparing_ = false;
  paused_ = true;
  step_ = {};
  hint_.clear();
  emit changed();
}

void FaceModel::reset() {
  stop();
  paused_ = false;
  compared_ = {};
  tries_ = 0;
  step_ = {};
  hint_.clear();
  emit changed();
}

double FaceModel::progress() const {
  if (comparing_) return 1;
  if (!step_.acting) return (step_.found ? 0.15 : 0) + (step_.quality ? 0.15 : 0);
  return step_.of > 0 ? 0.3 + 0.6 * step_.place / step_.of : 0.7;
}

int FaceModel::stage() const {
  if (comparing_) return 4;
  if (!step_.found) return 1;
  return step_.quality || step_.acting ? 3 : 2;
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
  const auto used = [&](bool chip) { return std::any_of(outcome.used.begin(), outcome.used.end(), [&](int place) { return (place >= from_booking_) == chip; }); };
  if (used(false)) compared_.append("booking");
  if (used(true)) compared_.append("chip");
  if (!outcome.impossible.isEmpty()) return emit impossible(outcome.impossible);
  comparing_ = true;
  emit changed();
  QJsonObject liveness = outcome.liveness;
  liveness["challenge_id"] = challenge_id_;
  emit reported({{"camera_kind", eyes_.kind()},
                 {"similarity", outcome.similarity},
                 {"frames", outcome.frames},
                 {"timed_out", outcome.timed_out},
                 {"liveness", liveness},
                 {"camera", eyes_.device()},
                 {"compared", compared_},
                 {"detector", eyes_.detector().left(64)},
                 {"verifier", eyes_.verifier().left(64)},
                 {"verifier_sha256", eyes_.verifierHash().left(64)},
                 {"capture", QString::fromLatin1(outcome.capture.toBase64())}});
}

}  // namespace invigil::kiosk
