// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QQmlApplicationEngine>
#include <QTranslator>
#include <memory>

class QQuickWindow;

namespace invigil::kiosk {

class Kiosk;

/// Engine, translation and window around the one Kiosk, which must outlive it.
class Screen : public QObject {
  Q_OBJECT
 public:
  explicit Screen(Kiosk& kiosk);
  ~Screen() override;
  /// The root window, null when the QML does not load (the reason is in the log).
  QQuickWindow* window() const;
  QQmlEngine& engine() { return engine_; }

 private:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void translate();
  Kiosk& kiosk_;
  QTranslator english_;
  QQmlApplicationEngine engine_;
};

}  // namespace invigil::kiosk
