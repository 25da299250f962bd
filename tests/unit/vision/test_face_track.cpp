// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "invigil/devices/simulated_face.hpp"
#include "invigil/vision/face_track.hpp"
#include "shared_corpora.hpp"

using namespace invigil;
using namespace invigil::vision;
using invigil::devices::drawFace;
using invigil::devices::FaceScene;

namespace {

// Two drawn people side by side; the first at the left.
Frame pair(double left_distance, double right_distance) {
  Frame frame = drawFace({.identity = 1, .distance = left_distance, .sway_x = -0.25});
  const Frame other = drawFace({.identity = 3, .distance = right_distance, .sway_x = 0.25});
  for (int y = 0; y < frame.height; ++y) {
    const auto from = static_cast<std::ptrdiff_t>((y * frame.width + frame.width / 2) * 3);
    std::copy_n(other.bgr.begin() + from, frame.width / 2 * 3, frame.bgr.begin() + from);
  }
  return frame;
}

Frame drawn(const FaceScene& scene, int at) {
  Frame frame = drawFace(scene);
  frame.at = milliseconds{at};
  return frame;
}

}  // namespace

class FaceTrackTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    auto made = FaceEngine::create(test::sharedFile("models").toStdString());
    if (!made) QSKIP("no face detector at all on this machine");
    engine_ = std::move(*made);
  }

  void overlapIsSharedOverAll() {
    QCOMPARE(overlap({0, 0, 10, 10}, {0, 0, 10, 10}), 1.0F);
    QCOMPARE(overlap({0, 0, 10, 10}, {5, 0, 10, 10}), 1.0F / 3);
    QCOMPARE(overlap({0, 0, 10, 10}, {20, 20, 5, 5}), 0.0F);
    QCOMPARE(overlap({}, {}), 0.0F);
  }

  void aSwayingHeadIsOneTrack() {
    FaceTrack track;
    for (int at = 0; at < 4000; at += 133) {
      Frame frame = drawFace(devices::sceneAt(1, milliseconds{at}, true));
      frame.at = milliseconds{at};
      const Look look = track.look(*engine_, frame);
      QCOMPARE(look.faces, 1);
      QCOMPARE(look.track, 1);
    }
    QCOMPARE(track.breaks(), 0);
  }

  void aJumpOrAGapBreaksTheTrack() {
    FaceTrack track;
    QCOMPARE(track.look(*engine_, drawn({.sway_x = -0.25}, 0)).track, 1);
    QCOMPARE(track.look(*engine_, drawn({.sway_x = 0.25}, 66)).track, 2);
    QCOMPARE(track.look(*engine_, drawn({.sway_x = 0.25}, 700)).track, 2);
    QCOMPARE(track.look(*engine_, drawn({.sway_x = 0.25}, 1500)).track, 3);
    QCOMPARE(track.look(*engine_, Frame{640, 480, Bytes(640 * 480 * 3, 128), milliseconds{1600}}).track, 0);
    QCOMPARE(track.look(*engine_, drawn({.sway_x = 0.25}, 1700)).track, 3);
    QCOMPARE(track.look(*engine_, drawn({.distance = 1.9, .sway_x = 0.25}, 1766)).track, 4);
    QCOMPARE(track.breaks(), 3);
    track.reset();
    QCOMPARE(track.look(*engine_, drawn({.distance = 1.9, .sway_x = 0.25}, 1800)).track, 5);
  }

  // Somebody larger who steps beside the candidate does not become the candidate.
  void theFaceThatWasThereStays() {
    FaceTrack track;
    const Look alone = track.look(*engine_, drawn({.distance = 1.4, .sway_x = -0.25}, 0));
    QVERIFY(alone.face.x < 200);
    Frame both = pair(1.4, 1.0);
    both.at = milliseconds{66};
    const Look still = track.look(*engine_, both);
    QCOMPARE(still.faces, 2);
    QCOMPARE(still.track, 1);
    QVERIFY(overlap(still.face, alone.face) > 0.5F);
    QVERIFY(engine_->look(both).face.x > 320);  // without a track the larger one is chosen
    QCOMPARE(still.all.size(), 2U);
    QVERIFY(overlap(still.all.front().box, still.face) > 0.99F);
  }

 private:
  std::unique_ptr<FaceEngine> engine_;
};

QTEST_GUILESS_MAIN(FaceTrackTest)
#include "test_face_track.moc"
