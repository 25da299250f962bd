// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QGuiApplication>
#include <QTemporaryDir>
#include <QtTest>

#include "fake_server.hpp"
#include "kiosk.hpp"
#include "screen_check.hpp"
#include "window.hpp"

namespace invigil::kiosk::test {

struct Fittings {
  bool camera = true;   ///< false: not open yet, as in the first moments after a start
  bool reader = false;  ///< for ID cards
  int wipe_ms = 1600;
};

/// A kiosk at work; a second one on the same folder is a restart.
struct Station {
  Station(FakeServer& server, HandClock& clock, const QString& dir, const Fittings& fittings = {})
      : kiosk({server, eyes, clock, dir, "zh", fittings.wipe_ms, fittings.reader ? &reader : nullptr}), screen(kiosk), window(*screen.window()) {
    eyes.camera = eyes.ready = fittings.camera;
    window.show();
    window.requestActivate();
    kiosk.start();
  }
  FakeEyes eyes;
  FakeReader reader;
  Kiosk kiosk;
  Screen screen;
  QQuickWindow& window;

  bool press(const QString& name) {
    if (!QTest::qWaitFor([&] { return find(window, name); }, 20'000)) return false;
    settle(window);
    return click(window, name);
  }
  bool at(const QString& name) { return QTest::qWaitFor([&] { return kiosk.screen() == name; }, 30'000); }
  void key(Qt::Key key) { QTest::keyClick(&window, key); }
  bool toConsent() {
    if (!at("welcome")) return false;
    kiosk.begin("code");
    kiosk.code()->press("7KQ2M9PX");
    kiosk.find();
    return at("consent");
  }
  bool toFace() {
    if (!toConsent()) return false;
    kiosk.consent(true);
    return at("face");
  }
  bool toInstructions() {
    if (!toFace()) return false;
    emit eyes.faceDone({QString(), 0.8, 3, false, "JPEG"});
    if (!at("confirm")) return false;
    kiosk.confirmData();
    return at("instructions");
  }
  bool toPaper() {
    if (!toInstructions()) return false;
    kiosk.startPaper();
    return at("paper");
  }
};

/// What every test of the kiosk's screens begins with: an empty folder, a server and a clock of its own.
class KioskTest : public QObject {
  Q_OBJECT
 protected:
  std::unique_ptr<QTemporaryDir> dir_;
  std::unique_ptr<FakeServer> server_;
  HandClock clock_;
 private slots:
  void init() {
    dir_ = std::make_unique<QTemporaryDir>();
    server_ = std::make_unique<FakeServer>();
    clock_ = {};
  }
};

template <class Test>
int runOnScreen(int argc, char** argv) {
  qputenv("QT_QUICK_BACKEND", "software");
  QGuiApplication app(argc, argv);
  Test test;
  return QTest::qExec(&test, argc, argv);
}

}  // namespace invigil::kiosk::test
