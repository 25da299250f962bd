// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtQml/qqmlregistration.h>

#include <QDateTime>
#include <QTimer>
#include <QVariantMap>

#include "api_client.hpp"
#include "invigil/base/clock.hpp"

namespace invigil::kiosk {

/// What the server says about hall and seat, asked every few seconds, and the site's clock counted on from it.
class HallModel final : public QObject {
  Q_OBJECT
  QML_ANONYMOUS
  Q_PROPERTY(QVariantMap state READ state NOTIFY changed)
  Q_PROPERTY(bool known READ known NOTIFY changed)
  Q_PROPERTY(bool online READ online NOTIFY changed)
  Q_PROPERTY(QDateTime now READ now NOTIFY ticked)

 public:
  HallModel(Transport& transport, const Clock& clock, QObject* parent = nullptr);
  void start();
  QVariantMap state() const { return state_; }
  bool known() const { return !state_.isEmpty(); }
  bool online() const { return online_; }
  /// Reads as the wall clock of the site; its zone says UTC.
  QDateTime now() const { return known() ? at(serverNow()) : QDateTime(); }
  /// The same for any UTC instant.
  Q_INVOKABLE QDateTime at(double utc_ms) const;
  std::int64_t serverNow() const;

 signals:
  void changed();
  void ticked();
  /// The server does not speak with this kiosk. @param error_id  such as kiosk_unknown
  void refused(const QString& error_id);

 private:
  void ask();
  ApiClient api_;  ///< its own: forgetting a candidate's questions must not stop the clock
  const Clock& clock_;
  QVariantMap state_;
  bool online_ = false;
  milliseconds offset_{0};
  QTimer poll_, second_;
};

}  // namespace invigil::kiosk
