// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QDate>
#include <QObject>
#include <QStringList>

namespace invigil::kiosk {

/// What an ID card says of its holder, as far as an admission needs it. Never logged.
struct CardSeen {
  QString id_type, number;    ///< as IdType of openapi.yaml; the number is not checked yet
  QStringList names;          ///< Chinese and Latin, without empty ones
  QDate from, until;          ///< until: the last day, invalid = without end
  QByteArray photo;           ///< as on the chip, not decoded; empty where nothing here can decode it
};

/// The kiosk's ID-card reader. Lives in the GUI thread; works in another one.
class IdReader : public QObject {
  Q_OBJECT
 public:
  using QObject::QObject;
  /// "serial" or "simulated"
  virtual QString kind() const = 0;
  /// Why it does not work at the moment (devices::CardNews::reason), empty when it does.
  virtual QString fault() const = 0;
  /// Looks for cards from now on, or no longer.
  virtual void seek(bool wanted) = 0;
  /// Makes a picture of CardSeen::photo; photoReady() follows within a few seconds, also where that fails.
  virtual void decode(const QByteArray& photo) = 0;

 signals:
  void faultChanged();
  void cardSeen(const invigil::kiosk::CardSeen& card);
  void cardFailed(const QString& reason);   ///< card_moved, card_refused, card_unreadable, card_unknown
  void photoReady(const QByteArray& png);   ///< empty where it could not be decoded
};

}  // namespace invigil::kiosk

Q_DECLARE_METATYPE(invigil::kiosk::CardSeen)
