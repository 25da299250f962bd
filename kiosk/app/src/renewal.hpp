// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QTimer>
#include <functional>
#include <optional>

#include "hall_model.hpp"
#include "identity.hpp"
#include "invigil/base/clock.hpp"
#include "transport.hpp"

namespace invigil::kiosk {

/// Fetches this kiosk's next certificate in time: with less than a third of its life left a new key is made, its certificate is
/// asked for over the connection of the old one, both are saved in one step and then used. A try that fails is made again an hour
/// later, with another key; a few minutes later where there was no network. The hall's time counts once it is known.
///
/// A server that does not know this kiosk may have its database from before the last renewal: the pair from then is tried once
/// between two looks, and renewed. GUI thread.
class Renewal final : public QObject {
  Q_OBJECT
 public:
  using Use = std::function<void(const Identity&)>;
  /// @param hall  its time, and whether the server speaks with this kiosk
  /// @param use   is given the identity that counts from then on: a new one when it is on the disk
  Renewal(Transport& transport, const HallModel& hall, const Clock& clock, QString data_dir, Identity identity, Use use, QObject* parent = nullptr);
  /// Looks soon, then every hour.
  void start();
  void look();
  milliseconds pause() const { return timer_.intervalAsDuration(); }  ///< before the next look

 private:
  Instant now() const;
  void ask();
  void take(const QByteArray& key_pem, const Reply& reply);
  void tryBefore(const QString& error_id);
  void goBackToNewest();

  Transport& transport_;
  const HallModel& hall_;
  const Clock& clock_;
  const QString data_dir_;
  Identity identity_;
  std::optional<Identity> newest_;  ///< while the pair from before it is tried
  const Use use_;
  bool asking_ = false, tried_before_ = false;
  QTimer timer_;
};

}  // namespace invigil::kiosk
