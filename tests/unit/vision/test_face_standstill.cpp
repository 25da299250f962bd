// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QtTest>
#include <cmath>
#include <functional>
#include <random>

#include "invigil/vision/face_standstill.hpp"

using namespace invigil;
using namespace invigil::vision;

namespace {

constexpr float kEyes = 60;  ///< eye distance, pixels

/// A face without movement, as the engine would measure it.
Look picture() {
  Look look;
  look.faces = 1;
  look.inter_eye_px = kEyes;
  look.yaw = 3, look.pitch = -2, look.roll = 1;
  look.eye_openness = 0.25F;
  look.mouth_opening = 0.02F;
  for (int i = 0; i < 106; ++i) look.landmarks.push_back({300.0F + static_cast<float>(i % 11) * 12, 200.0F + static_cast<float>(i / 11) * 12});
  return look;
}

void shift(Look& look, double x, double y) {
  for (Point& point : look.landmarks) point.x += static_cast<float>(x), point.y += static_cast<float>(y);
}

/// Two looks a second, each with the noise of measuring that stills under a webcam's noise have.
struct Minute {
  Standstill standstill;
  std::mt19937 random{11};
  milliseconds now{5000};
  double noise = 1;

  double some(double deviation) { return std::normal_distribution<double>(0, deviation * noise)(random); }
  /// @return for how many of the looks the face was without life
  int see(double for_seconds, const std::function<void(Look&, int)>& shape) {
    int lifeless = 0;
    for (int i = 0; i < static_cast<int>(for_seconds * 2); ++i) {
      Look look = picture();
      shift(look, some(0.2), some(0.2));
      look.inter_eye_px += static_cast<float>(some(0.3));
      look.yaw += static_cast<float>(some(0.25)), look.pitch += static_cast<float>(some(0.4)), look.roll += static_cast<float>(some(0.3));
      look.eye_openness += static_cast<float>(some(0.006)), look.mouth_opening += static_cast<float>(some(0.003));
      shape(look, i);
      lifeless += standstill.feed(look, now);
      now += milliseconds(500);
    }
    return lifeless;
  }
  int still(double for_seconds) {
    return see(for_seconds, [](Look&, int) {});
  }
};

}  // namespace

class StandstillTest : public QObject {
  Q_OBJECT

 private slots:
  void aPictureIsKnownAfterAMinuteAndNotBefore() {
    Minute minute;
    QCOMPARE(minute.still(60), 0);
    QCOMPARE(minute.still(60), 120);
    QVERIFY(minute.standstill.stir() < 0.8);
  }

  void oneSignOfLifeIsEnoughForAMinute() {
    const std::function<void(Look&)> signs[]{
        [](Look& look) { shift(look, 0.05 * kEyes, 0); },   // three millimetres
        [](Look& look) { shift(look, 0, -0.05 * kEyes); },
        [](Look& look) { look.inter_eye_px *= 1.12F; },
        [](Look& look) { look.yaw += 6; },
        [](Look& look) { look.pitch += 9; },
        [](Look& look) { look.roll -= 7; },
        [](Look& look) { look.eye_openness = 0.10F; },      // a blink
        [](Look& look) { look.mouth_opening = 0.15F; },
    };
    for (const auto& sign : signs) {
      Minute minute;
      minute.still(61);
      QCOMPARE(minute.see(0.5, [&](Look& look, int) { sign(look); }), 0);
      QCOMPARE(minute.still(59), 0);
      QVERIFY(minute.still(3) > 0);
    }
  }

  void whoReadsCalmlyForAnHourIsAlive() {
    // Breath and balance alone: five millimetres to and fro, slowly; no blink is caught and nothing else moves.
    Minute minute;
    QCOMPARE(minute.see(3600, [](Look& look, int i) { shift(look, 0.04 * kEyes * std::sin(i / 17.0), 0.02 * kEyes * std::sin(i / 3.1)); }), 0);
    // Quite still, but the lids close now and then; the half of it falls between two looks.
    Minute lids;
    QCOMPARE(lids.see(3600, [&](Look& look, int i) { if (i % 40 == 7) look.eye_openness = 0.12F; }), 0);
  }

  void noiseBeyondMeasureIsNoPicture() {
    Minute minute;
    minute.noise = 4;  // then nothing can be told
    QCOMPARE(minute.still(300), 0);
  }

  void aFaceThatWasGoneBeginsAnew() {
    Minute minute;
    minute.still(50);
    QCOMPARE(minute.see(3, [](Look& look, int) { look = {}; }), 0);
    QCOMPARE(minute.still(59), 0);
    QVERIFY(minute.still(10) > 0);
    Minute missed;  // a single look without the face is none
    missed.still(50);
    missed.see(0.5, [](Look& look, int) { look = {}; });
    QVERIFY(missed.still(12) > 0);
  }
};

QTEST_APPLESS_MAIN(StandstillTest)
#include "test_face_standstill.moc"
