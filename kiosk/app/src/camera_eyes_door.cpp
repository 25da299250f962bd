// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QJsonDocument>
#include <QMutexLocker>

#include "camera_eyes.hpp"
#include "camera_eyes_convert.hpp"

// One check of a face at the door; on the worker thread.
namespace invigil::kiosk {
namespace {

std::span<const std::uint8_t> span(const QByteArray& bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.constData()), static_cast<std::size_t>(bytes.size())};
}

vision::AdmissionRules admissionRules(const FaceRules& rules) {
  vision::AdmissionRules out;
  out.bands = {.admit = rules.admit, .refuse = rules.refuse};
  out.bands.time_max = seconds{rules.seconds_max};
  out.limits.each = seconds{rules.action_seconds};
  out.texture_frames = rules.texture_frames;
  out.light = rules.light;
  for (const QString& name : rules.actions)
    if (const auto action = vision::actionOf(name.toStdString())) out.actions.push_back(*action);
  return out;
}

}  // namespace

vision::Reference CameraEyes::describe(const QByteArrayList& photos) {
  if (!engine_ || photos.empty()) return {};
  std::vector<vision::Frame> frames;
  for (const QByteArray& one : photos) {
    auto photo = vision::decodeImage(span(one));
    frames.push_back(photo ? std::move(*photo) : vision::Frame());  // the places stay
  }
  return vision::describeReference(*engine_, frames);
}

void CameraEyes::checkOnce(const Order& order, devices::CameraSource& camera) {
  FaceOutcome outcome;
  vision::Reference reference = describe(order.references);
  for (const std::size_t place : reference.used) outcome.used.append(static_cast<int>(place));
  if (reference.first.empty()) {
    outcome.impossible = reference.mixed ? QStringLiteral("photos_differ") : QStringLiteral("no_model");
    emit faceDone(outcome);
    return;
  }
  {
    // Whoever sits down has to be seen by this one.
    const QMutexLocker lock(&mutex_);
    held_ = device_ = camera.device();
    kind_ = text(camera.kind());
  }
  vision::FaceAdmission admission(*engine_, std::move(reference), admissionRules(order.rules), &memory_);
  vision::FaceAdmission::Step step;
  int failures = 0;
  while (!step.finished && current().number == order.number) {
    const auto frame = camera.grab();
    if (!frame) {
      if (++failures > 5) return emit lost();
      continue;
    }
    failures = 0;
    show(*frame);
    // The camera's own time: a drawn candidate on a slow machine moves in its own seconds.
    step = admission.feed(*frame, frame->at);
    const std::string_view prompt = step.prompt ? vision::actionName(*step.prompt) : std::string_view();
    camera.prompt(prompt);
    const QColor screen = step.screen ? QColor(step.screen->red, step.screen->green, step.screen->blue) : QColor();
    if (screen.isValid()) camera.screen(screen.redF(), screen.greenF(), screen.blueF());
    else camera.screen(-1, 0, 0);
    emit faceStep({text(vision::hintName(step.hint)), step.face_found, step.quality_ok, text(prompt), step.phase != vision::Challenge::Phase::Settle,
                   static_cast<int>(step.place), static_cast<int>(step.of), step.time_left, screen});
  }
  camera.prompt({});
  camera.screen(-1, 0, 0);
  if (!step.finished) return;
  const vision::AdmissionOutcome& seen = admission.outcome();
  if (seen.similarity >= order.rules.admit) {
    const QMutexLocker lock(&mutex_);
    person_ = admission.person();
  }
  outcome = {QString(), seen.similarity, seen.frames, seen.timed_out, jpeg(seen.best), QJsonDocument::fromJson(QByteArray::fromStdString(vision::livenessReport(seen, {}))).object(), outcome.used};
  emit faceDone(outcome);
}

}  // namespace invigil::kiosk
