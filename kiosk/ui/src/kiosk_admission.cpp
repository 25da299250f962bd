// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "kiosk.hpp"

#include <algorithm>

#include "invigil/base/text.hpp"

// From a found booking to the confirmed person.
namespace invigil::kiosk {

namespace {

constexpr int kFirstPictureMs = 1200;  ///< the first picture after opening takes a moment; the reviewer wants one

/// How long advice stands before the next try, ms: a moment to look up, then about seven Chinese characters or twenty Latin
/// letters a second.
int readingMs(const QString& text) {
  constexpr int kLookUpMs = 1200, kWideMs = 140, kNarrowMs = 50, kLeastMs = 2000, kMostMs = 8000;
  int ms = kLookUpMs;
  for (const QChar letter : text) ms += letter.script() == QChar::Script_Han ? kWideMs : kNarrowMs;
  return std::clamp(ms, kLeastMs, kMostMs);
}

/// The server has had these words already.
bool came(const Reply& reply) { return reply.error_id == "challenge_stale" || reply.error_id == "admission_wrong_state"; }

/// Whether a refusal is about this moment, and not about what was sent: the same words may be taken later, or were already.
bool mayPass(const Reply& reply) {
  return reply.ofTheMoment() || reply.status == 404 || reply.status == 409;
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

void Kiosk::deliver() {
  if (delivering_ || !owesWord()) return;
  delivering_ = true;
  const auto answered = [this, of_report = !report_.isEmpty()](const Reply& reply) {
    delivering_ = false;
    takeVerdict(reply, of_report);
  };
  if (!report_.isEmpty()) return api_.face(admission_id_, report_, answered);
  const auto send = [this, answered, id = admission_id_] {
    if (delivering_ && id == admission_id_) api_.review(id, review_why_, eyes_.capture(), face_.compared(), answered);
  };
  if (eyes_.hasCamera() && eyes_.capture().isEmpty() && review_why_ != "no_camera") QTimer::singleShot(kFirstPictureMs, this, send);
  else send();
}

void Kiosk::takeVerdict(const Reply& reply, bool of_report) {
  if (screen_ != "face") return dropWord();  // decided in another way meanwhile
  if (reply.ok()) {
    if (of_report) report_ = {};
    else review_why_.clear();
    // Who asked for a person meanwhile is not put back into the check.
    if (owesWord() && reply.body.value("state").toString() == "face") return deliver();
    dropWord();
    return takeAdmission(reply);
  }
  // Refused as a message: it would be refused again, so a person looks.
  if (of_report && reply.status >= 400 && !mayPass(reply)) {
    qWarning("a face report was not taken: %s", qPrintable(reply.error_id));
    report_ = {};
    return review_why_.isEmpty() ? review("asked") : deliver();
  }
  if (!came(reply)) fail(reply);
  catch_up_.start();
}

void Kiosk::catchUp() {
  if (screen_ != "face" || delivering_) return;
  api_.admission(admission_id_, [this](const Reply& reply) {
    if (screen_ != "face" || delivering_) return;
    if (!reply.ok()) {
      fail(reply);
      return catch_up_.start();
    }
    const QVariantMap now = reply.body.toVariantMap();
    const auto same = [&](const char* member) { return now.value(member) == admission_.value(member); };
    // Another challenge or a try less: the report had arrived.
    if (!same("challenge") || !same("tries_left")) report_ = {};
    if (now.value("state").toString() == "face" && owesWord()) return deliver();
    dropWord();
    takeAdmission(reply);
  });
}

void Kiosk::dropWord() {
  report_ = {};
  review_why_.clear();
  delivering_ = false;
}

void Kiosk::followAdmission() {
  const QString state = admission_.value("state").toString();
  if (state != "new" && state != "face") dropCard();  // nothing is compared any more
  if (state == "new") return show("consent");
  if (state == "face") {
    // Words of the invigilator, or of the try before, are read first.
    const bool another = (screen_ == "face" && face_.tries() > 0) || admission_.value("why").toString() == "asked_again";
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
  face_.stop();
  again_.stop();
  awaits_eyes_ = false;
  dropWord();
  if (screen_ == "withdraw") {
    recording_.end();
    proctor_.decline();
    show("paper");
  }
  eyes_.forgetFilms();
  eyes_.forgetPerson();
  dropCard();
  if (!withdrawals_.contains(admission_id_)) withdrawals_.append(admission_id_);
  keepWithdrawals();
  tellWithdrawals();
}

void Kiosk::keepWithdrawals() const {
  if (const auto kept = writeFileDurably(withdrawals_path_.toStdString(), withdrawals_.join('\n').toStdString(), 0600); !kept)
    qWarning("withdrawals: %s", kept.error().detail.c_str());
}

void Kiosk::takeWithdrawal(const Reply& reply) {
  static const QStringList before{"consent", "face", "waiting", "confirm"};
  if (before.contains(screen_)) return takeAdmission(reply);
  setBusy(false);
  if (!reply.ok()) return;  // told again; monitoring and recording end when the server has heard it
  admission_["consent"] = "declined";
  emit admissionChanged();
}

void Kiosk::tellWithdrawals() {
  if (telling_withdrawal_ || withdrawals_.isEmpty()) return;
  telling_withdrawal_ = true;
  lasting_.withdraw(withdrawals_.first(), [this, id = withdrawals_.first()](const Reply& reply) {
    telling_withdrawal_ = false;
    const bool again = reply.ofTheMoment();
    if (!again) {
      withdrawals_.removeFirst();
      keepWithdrawals();
    }
    if (id == admission_id_) takeWithdrawal(reply);
    else if (reply.ok()) lasting_.leave(id, false, [](const Reply&) {});  // nobody is there whom a person could check
    if (again) withdraw_again_.start();
    else tellWithdrawals();
  });
}

QByteArrayList Kiosk::bookingPhotos() const {
  QByteArrayList photos;
  for (const QVariant& one : admission_.value("reference_photos").toList()) photos.append(QByteArray::fromBase64(one.toString().toLatin1()));
  return photos;
}

void Kiosk::checkFace() {
  if (owesWord()) return;
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
  if (!review_why_.isEmpty()) return;
  review_why_ = why;
  awaits_eyes_ = false;
  face_.stop();
  again_.stop();
  setBusy(true);
  deliver();
}

void Kiosk::takePicture() {
  if (!eyes_.hasCamera()) return;
  eyes_.watch();
  QTimer::singleShot(kFirstPictureMs, this, [this, id = admission_id_] {
    if (screen_ != "waiting" || id != admission_id_) return;
    const QByteArray picture = withdrawals_.contains(id) ? QByteArray() : eyes_.capture();
    eyes_.off();
    if (!picture.isEmpty()) api_.review(id, "asked", picture, {}, [](const Reply&) {});
  });
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
