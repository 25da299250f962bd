// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "kiosk.hpp"

#include <algorithm>

// From a found booking to the confirmed person.
namespace invigil::kiosk {

namespace {

/// How long advice stands before the next try, ms: a moment to look up, then about seven Chinese characters or twenty Latin
/// letters a second.
int readingMs(const QString& text) {
  constexpr int kLookUpMs = 1200, kWideMs = 140, kNarrowMs = 50, kLeastMs = 2000, kMostMs = 8000;
  int ms = kLookUpMs;
  for (const QChar letter : text) ms += letter.script() == QChar::Script_Han ? kWideMs : kNarrowMs;
  return std::clamp(ms, kLeastMs, kMostMs);
}

}  // namespace

void Kiosk::takeFound(const Reply& reply) {
  if (!reply.ok()) return fail(reply);
  found_ = reply.body.toVariantMap();
  found_["walkin"] = walking_in_;
  emit foundChanged();
  const QString outcome = found_.value("outcome").toString();
  admission_id_ = found_.value("admission_id").toString();
  if (outcome == "ready" && !admission_id_.isEmpty())
    return api_.admission(admission_id_, [this](const Reply& answer) { takeAdmission(answer); });
  setBusy(false);
  show(outcome == "choose" ? QStringLiteral("choose") : QStringLiteral("directions"));
}

void Kiosk::takeAdmission(const Reply& reply) {
  if (!reply.ok()) return fail(reply);
  setBusy(false);
  dismissError();
  admission_ = reply.body.toVariantMap();
  emit admissionChanged();
  followAdmission();
}

void Kiosk::takeVerdict(const Reply& reply) {
  if (reply.ok() || screen_ != "face") return takeAdmission(reply);
  fail(reply);
  catch_up_.start();
}

void Kiosk::followAdmission() {
  const QString state = admission_.value("state").toString();
  if (state != "new" && state != "face") dropCard();  // nothing is compared any more
  if (state == "new") return show("consent");
  if (state == "face") {
    const bool another = screen_ == "face" && face_.tries() > 0;
    show("face");
    if (!another) return checkFace();
    face_.pause();
    again_.start(readingMs(admission_.value("advice").toMap().value(language_).toString()));
  } else if (state == "waiting") {
    face_.stop();
    show("waiting");
    awaitReviewer();
  } else if (state == "admitted") {
    show("confirm");
  } else if (state == "sitting") {
    startPaper();
  } else if (state == "refused") {
    show("refused");
  } else {
    leave();
  }
}

void Kiosk::withdrawConsent() {
  if (busy_) return;
  setBusy(true);
  eyes_.forgetFilms();
  eyes_.forgetPerson();
  dropCard();
  api_.withdraw(admission_id_, [this](const Reply& reply) { takeAdmission(reply); });
}

QByteArrayList Kiosk::bookingPhotos() const {
  QByteArrayList photos;
  for (const QVariant& one : admission_.value("reference_photos").toList()) photos.append(QByteArray::fromBase64(one.toString().toLatin1()));
  return photos;
}

void Kiosk::checkFace() {
  // Somebody who comes right after the start is no case for the reviewer.
  if (!eyes_.isReady()) {
    awaits_eyes_ = true;
    return face_.prepare();
  }
  const QVariantMap policy = hall_.state().value("policy").toMap();
  QByteArrayList photos = bookingPhotos();
  const qsizetype from_booking = photos.size();
  if (!chip_photo_.isEmpty()) photos.append(chip_photo_);
  if (!eyes_.hasCamera() || !policy.value("camera_kinds").toStringList().contains(eyes_.kind()))
    return review("no_camera");
  if (!eyes_.canVerify() || photos.isEmpty()) return review("no_model");
  FaceRules rules;
  rules.admit = policy.value("admit_min", rules.admit).toDouble();
  rules.refuse = policy.value("refuse_below", rules.refuse).toDouble();
  rules.seconds_max = policy.value("face_seconds_max", rules.seconds_max).toInt();
  const QVariantMap liveness = policy.value("liveness").toMap(), challenge = admission_.value("challenge").toMap();
  rules.texture_frames = liveness.value("texture_frames_min", rules.texture_frames).toInt();
  rules.light = liveness.value("light").toBool();
  rules.actions = challenge.value("actions").toStringList();
  rules.action_seconds = challenge.value("seconds_each", rules.action_seconds).toInt();
  face_.start(photos, rules, challenge.value("id").toString(), from_booking);
}

void Kiosk::askReviewer() { review("asked"); }

void Kiosk::review(const QString& why) {
  if (reviewing_) return;
  reviewing_ = true;
  awaits_eyes_ = false;
  face_.stop();
  again_.stop();
  setBusy(true);
  const auto send = [this, why] {
    api_.review(admission_id_, why, eyes_.capture(), face_.compared(), [this](const Reply& reply) {
      reviewing_ = false;
      takeVerdict(reply);
    });
  };
  // The first picture after opening takes a moment; the reviewer wants one.
  if (eyes_.hasCamera() && eyes_.capture().isEmpty() && why != "no_camera") QTimer::singleShot(1200, this, send);
  else send();
}

void Kiosk::awaitReviewer() {
  if (screen_ != "waiting") return;
  api_.awaitAdmission(admission_id_, "waiting", [this](const Reply& reply) {
    if (screen_ != "waiting") return;
    if (!reply.ok()) {
      fail(reply);
      return retry_.start();
    }
    takeAdmission(reply);
  });
}

}  // namespace invigil::kiosk
