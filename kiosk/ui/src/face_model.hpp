// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtQml/qqmlregistration.h>

#include <QJsonArray>
#include <QJsonObject>

#include "eyes.hpp"

namespace invigil::kiosk {

/// The face check as the screen shows it: one instruction at a time, four steps, a ring.
class FaceModel final : public QObject {
  Q_OBJECT
  QML_ANONYMOUS
  Q_PROPERTY(QString hint READ hint NOTIFY changed)
  Q_PROPERTY(bool found READ found NOTIFY changed)
  Q_PROPERTY(bool quality READ quality NOTIFY changed)
  Q_PROPERTY(double progress READ progress NOTIFY changed)
  Q_PROPERTY(int stage READ stage NOTIFY changed)
  Q_PROPERTY(int tries READ tries NOTIFY changed)
  Q_PROPERTY(QString prompt READ prompt NOTIFY changed)
  Q_PROPERTY(bool challenge READ challenge NOTIFY changed)
  Q_PROPERTY(bool acting READ acting NOTIFY changed)
  Q_PROPERTY(QColor screen READ screen NOTIFY changed)
  Q_PROPERTY(bool lit READ lit NOTIFY changed)
  Q_PROPERTY(bool paused READ paused NOTIFY changed)
  Q_PROPERTY(double timeLeft READ timeLeft NOTIFY changed)

 public:
  explicit FaceModel(Eyes& eyes, QObject* parent = nullptr);
  /// One try. Ends with reported() or impossible().
  /// @param from_booking  so many of the references, the first ones; what follows is from the ID card's chip
  void start(const QByteArrayList& references, const FaceRules& rules, const QString& challenge_id, qsizetype from_booking);
  /// Until start(): camera and models are being made ready.
  void prepare();
  void stop();
  /// Between two tries: says what to do otherwise.
  void pause();
  void reset();

  QString hint() const { return hint_; }
  bool found() const { return step_.found; }
  bool quality() const { return step_.quality; }
  double progress() const;
  /// 1 find the face, 2 light and distance, 3 do what is asked or hold still, 4 comparing
  int stage() const;
  int tries() const { return tries_; }
  QString prompt() const { return running_ ? step_.prompt : QString(); }
  bool challenge() const { return asked_ > 0; }
  bool acting() const { return step_.acting; }
  QColor screen() const { return step_.screen; }
  bool lit() const { return running_ && step_.screen.isValid(); }
  bool paused() const { return paused_; }
  double timeLeft() const { return step_.time_left; }
  /// Compared of openapi.yaml: what the last try used; empty before one.
  QJsonArray compared() const { return compared_; }

 signals:
  void changed();
  void reported(const QJsonObject& face_report);
  void impossible(const QString& why);

 private:
  void take(const FaceStep& step);
  void finish(const FaceOutcome& outcome);
  Eyes& eyes_;
  bool running_ = false, comparing_ = false, paused_ = false;
  int tries_ = 0, asked_ = 0;
  qsizetype from_booking_ = 0;
  QJsonArray compared_;
  QString challenge_id_;
  QString hint_;
  qint64 hint_since_ms_ = 0;
  FaceStep step_;
};

}  // namespace invigil::kiosk
