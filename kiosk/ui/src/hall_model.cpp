// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "hall_model.hpp"

#include <QTimeZone>

namespace invigil::kiosk {

HallModel::HallModel(Transport& transport, const Clock& clock, QObject* parent)
    : QObject(parent), api_(transport), clock_(clock) {
  poll_.setInterval(4000);
  connect(&poll_, &QTimer::timeout, this, &HallModel::ask);
  second_.setInterval(1000);
  connect(&second_, &QTimer::timeout, this, &HallModel::ticked);
}

void HallModel::start() {
  ask();
  poll_.start();
  second_.start();
}

void HallModel::ask() {
  api_.state([this](const Reply& reply) {
    online_ = reply.ok();
    if (reply.ok()) {
      state_ = reply.body.toVariantMap();
      offset_ = clock_.monotonic() - milliseconds{static_cast<std::int64_t>(reply.body.value("now_ms").toDouble())};
    } else if (reply.status != 0) {
      qWarning("state refused: %s", qPrintable(reply.error_id));
      emit refused(reply.error_id);
    }
    emit changed();
    emit ticked();
  });
}

std::int64_t HallModel::serverNow() const { return (clock_.monotonic() - offset_).count(); }

QDateTime HallModel::at(double utc_ms) const {
  const int zone = state_.value("utc_offset_minutes").toInt();
  return QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(utc_ms), Qt::UTC).addSecs(zone * 60);
}

}  // namespace invigil::kiosk
