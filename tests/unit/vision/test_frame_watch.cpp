// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "invigil/devices/simulated_face.hpp"
#include "invigil/vision/frame_watch.hpp"

using namespace invigil;
using namespace invigil::vision;

namespace {

Frame drawn(int identity, milliseconds at) { return devices::drawFace(devices::sceneAt(identity, at, false)); }

/// A wall with structure, so that a moved camera can be told.
Frame withBackground(Frame frame, int shift) {
  for (int y = 0; y < frame.height; ++y)
    for (int x = 0; x < frame.width; ++x) {
      const bool beside = x < frame.width / 5 || x > frame.width * 4 / 5;
      if (!beside) continue;
      const auto tone = static_cast<std::uint8_t>(60 + 120 * ((((x + shift) / 40) + ((y + 2 * shift) / 40)) % 2));
      for (int c = 0; c < 3; ++c) frame.bgr[static_cast<std::size_t>((y * frame.width + x) * 3 + c)] = tone;
    }
  return frame;
}

}  // namespace

class FrameWatchTest : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() {
    auto made = FaceEngine::create("");
    if (!made) QSKIP("no face detector on this machine");
    engine_ = std::move(*made);
  }

  void aDrawnCandidateIsThereAndAPlainPictureIsCovered() {
    FrameWatch watch(*engine_, {});
    const Sighting there = watch.look(drawn(1, milliseconds{0}), milliseconds{1000});
    QVERIFY(there.picture && there.face && !there.covered && !there.frozen);
    QVERIFY(there.second < 0.4);
    Frame black{640, 480, std::vector<std::uint8_t>(640 * 480 * 3, 4), milliseconds{500}};
    QVERIFY(watch.look(black, milliseconds{1500}).covered);
    QVERIFY(!watch.look(Frame{}, milliseconds{2000}).picture);
  }

  void aPictureThatWasThereBeforeIsNoLiveOne() {
    FrameWatch watch(*engine_, {});
    const Frame first = drawn(1, milliseconds{0}), second = drawn(1, milliseconds{400});
    QVERIFY(!watch.look(first, milliseconds{1000}).frozen);
    QVERIFY(!watch.look(second, milliseconds{1500}).frozen);
    QVERIFY(watch.look(first, milliseconds{9000}).frozen);
    FrameWatch demo(*engine_, {}, false);
    (void)demo.look(first, milliseconds{1000});
    QVERIFY(!demo.look(first, milliseconds{1500}).frozen);
  }

  void aMovedCameraIsToldFromAMovingPerson() {
    FrameWatch watch(*engine_, {});
    milliseconds at{1000};
    for (int i = 0; i < 8; ++i, at += milliseconds{500}) (void)watch.look(withBackground(drawn(1, at), 0), at);
    const auto still = watch.look(withBackground(drawn(1, at), 0), at);
    QVERIFY2(still.background && *still.background > 0.8, qPrintable(QString::number(still.background.value_or(-9))));
    const auto moved = watch.look(withBackground(drawn(1, at + milliseconds{500}), 40), at + milliseconds{500});
    QVERIFY(moved.background && *moved.background < 0.25);
  }

 private:
  std::unique_ptr<FaceEngine> engine_;
};

QTEST_APPLESS_MAIN(FrameWatchTest)
#include "test_frame_watch.moc"
