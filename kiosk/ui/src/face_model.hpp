// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtQml/qqmlregistration.h>

#include <QJsonObject>

#include "eyes.hpp"

namespace invigil::kiosk {

/// The face check as the screen shows it: one hint, four steps, a ring.
class FaceModel final : public QObject {
  Q_OBJECT
  QML_ANONYMOUS
  Q_PROPERTY(QString hint READ hint NOTIFY changed)
  Q_PROPERTY(bool found READ found NOTIFY changed)
  Q_PROPERTY(bool quality READ quality NOTIFY changed)
  Q_PROPERTY(double progress READ progress NOTIFY changed)
  Q_PROPERTY(int stage READ stage NOTIFY changed)
  Q_PROPERTY(int tries READ tries NOTIFY changed)

 public:
  explicit FaceModel(Eyes& eyes, QObject* parent = nullptr);
  /// One try. Ends with reported() or impossible().
  void start(const QByteArray& reference_jpeg, const FaceRules& rules);
  void stop();
  void reset();

  QString hint() const { return hint_; }
  bool found() const { return step_.found; }
  bool quality() const { return step_.quality; }
  double progress() const;
  /// 1 find the face, 2 light and distance, 3 hold still, 4 comparing
  int stage() const;
  int tries() const { return tries_; }

 signals:
  void changed();
  void reported(const QJsonObject& face_report);
  void impossible();

 private:
  void take(const FaceStep& step);
  void finish(const FaceOutcome& outcome);
  Eyes& eyes_;
  bool running_ = false, comparing_ = false;
  int tries_ = 0;
  QString hint_;
  qint64 hint_since_ms_ = 0;
  FaceStep step_;
};

}  // namespace invigil::kiosk
