// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "kiosk.hpp"

// An ID card on the reader: it finds the booking as its typed number would, and its photo waits for a consent.
namespace invigil::kiosk {
namespace {

void overwrite(QByteArray& bytes) {
  bytes.fill('\0');
  bytes.clear();
}

/// Screens on which a card is somebody's wish to come in.
bool takesCards(const QString& screen) { return screen == "welcome" || screen == "find" || screen == "walkin"; }

}  // namespace

void Kiosk::listenToReader() {
  if (!reader_) return;
  connect(reader_, &IdReader::faultChanged, this, &Kiosk::readerChanged);
  connect(reader_, &IdReader::cardSeen, this, &Kiosk::takeCard);
  connect(reader_, &IdReader::cardFailed, this, [this](const QString& reason) {
    if (cardWanted()) failCard(reason);
  });
  connect(reader_, &IdReader::photoReady, this, [this](const QByteArray& png) {
    if (!decoding_) return;  // the person has left, or said no
    decoding_ = false;
    chip_photo_ = png;
    sendConsent(true);
  });
}

void Kiosk::seekCards() {
  if (reader_) reader_->seek(takesCards(screen_));
}

bool Kiosk::cardWanted() const {
  const bool open = hall_.online() && hall_.state().value("open_now").toBool();
  return !busy_ && takesCards(screen_) && (screen_ != "welcome" || open);
}

void Kiosk::failCard(const QString& reason) {
  if (screen_ == "welcome") begin("card");
  dropCard();
  Reply broken;
  broken.error_id = reason;
  fail(broken);
}

void Kiosk::takeCard(const CardSeen& card) {
  if (!cardWanted()) return;
  alive();
  if (screen_ == "welcome") begin("card");
  dismissError();
  dropCard();
  const QDate today = hall_.now().date();
  if (card.until.isValid() && today > card.until) return failCard("card_expired");
  if (today < card.from) return failCard("card_not_yet");
  document_.setKind(card.id_type);
  document_.press(card.number);
  if (!document_.good()) {
    document_.clear();
    return failCard("card_unreadable");
  }
  card_number_ = document_.text();
  card_names_ = card.names;
  chip_ = card.photo;
  if (screen_ == "walkin") return;  // the telephone number is still asked for
  setBusy(true);
  api_.findById(document_.kind(), document_.text(), card_names_, [this](const Reply& reply) { takeFound(reply); });
}

/// After the consent, and only then, the chip's photo is decoded; the server learns whether there is one.
void Kiosk::consent(bool given) {
  if (busy_) return;
  setBusy(true);
  if (!given) dropCard();
  if (chip_.isEmpty()) return sendConsent(given);
  decoding_ = true;
  reader_->decode(chip_);
  overwrite(chip_);
}

void Kiosk::sendConsent(bool given) {
  const QString version = hall_.state().value("face_consent").toMap().value("version").toString();
  api_.consent(admission_id_, given, version, language_, chip_photo_.isEmpty() ? QString() : reader_->kind(),
               [this, given](const Reply& reply) {
                 takeAdmission(reply);
                 if (given && reply.ok() && screen_ == "waiting") takePicture();
               });
}

/// At a refusal, a withdrawal, the end of the check, and when the person leaves or is gone.
void Kiosk::dropCard() {
  overwrite(chip_);
  overwrite(chip_photo_);
  card_names_.clear();
  card_number_.clear();
  decoding_ = false;
}

}  // namespace invigil::kiosk
