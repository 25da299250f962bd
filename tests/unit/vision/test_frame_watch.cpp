// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QtTest>
#include <functional>

#include "invigil/devices/simulated_face.hpp"
#include "invigil/vision/frame_watch.hpp"

using namespace invigil;
using namespace invigil::vision;

Q_DECLARE_METATYPE(std::function<void(Look&)>)

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

/// Sees what it is told.
class ToldEngine final : public FaceEngine {
 public:
  Look told;
  Embedding face{1, 0};
  std::string verifier = "told";
  EngineInfo info() const override {
    EngineInfo info;
    info.verifier = verifier;
    return info;
  }
  void warmUp() override {}
  Look look(const Frame&, const Search&) override { return told; }
  Result<Embedding> embed(const Frame&) override { return face; }
  Result<Embedding> embedSecond(const Frame&) override { return fail(ErrorCode::Unavailable, "no_second_model", "", "test_frame_watch.cpp"); }
  Result<double> texture(const Frame&) override { return fail(ErrorCode::Unavailable, "no_texture_model", "", "test_frame_watch.cpp"); }
};

/// For an engine that does not look at it: neither dark nor plain.
Frame anyFrame() {
  Frame frame{640, 480, std::vector<std::uint8_t>(640 * 480 * 3), milliseconds{0}};
  for (std::size_t i = 0; i < frame.bgr.size(); ++i) frame.bgr[i] = static_cast<std::uint8_t>(i / 50'000 * 13);
  return frame;
}

/// Somebody in the middle, well lit.
Look goodLook() {
  Look look;
  look.faces = 1;
  look.face = {230, 130, 180, 220};
  look.all = {{look.face, 0.95F}};
  look.inter_eye_px = 70;
  look.brightness = 130;
  look.contrast = 30;
  look.sharpness = 45;
  look.pose_valid = look.pose_measured = true;
  look.eye_openness = 0.25F;
  look.landmarks = {{280, 200}, {350, 200}, {315, 240}};
  return look;
}

}  // namespace

class FrameWatchTest : public QObject {
  Q_OBJECT

 private slots:
  void init() {
    if (engine_ || QString(QTest::currentTestFunction()).startsWith("told")) return;
    auto made = FaceEngine::create("");
    if (!made) QSKIP("no face detector on this machine");
    engine_ = std::move(*made);
  }

  void toldFacesAreComparedWhereverAndHoweverLitTheyAre_data() {
    QTest::addColumn<std::function<void(Look&)>>("shape");
    QTest::addColumn<bool>("compared");
    QTest::addColumn<bool>("hidden");
    const auto row = [](const char* name, const std::function<void(Look&)>& shape, bool compared, bool hidden) {
      QTest::newRow(name) << shape << compared << hidden;
    };
    row("in the middle", [](Look&) {}, true, false);
    row("off centre", [](Look& l) { l.face.x = 420; l.hint = Hint::CentreFace; }, true, false);
    row("far", [](Look& l) { l.face.width = 70; l.inter_eye_px = 26; l.hint = Hint::ComeCloser; }, true, false);
    row("near", [](Look& l) { l.face.width = 320; l.hint = Hint::MoveBack; }, true, false);
    row("dim", [](Look& l) { l.brightness = 18; l.hint = Hint::MoreLight; }, true, false);
    row("bright", [](Look& l) { l.brightness = 225; l.hint = Hint::LessLight; }, true, false);
    row("lids shut", [](Look& l) { l.eye_openness = 0.05F; l.hint = Hint::OpenEyes; }, true, false);
    row("turned", [](Look& l) { l.yaw = 22; l.hint = Hint::LookStraight; }, false, false);
    row("profile", [](Look& l) { l.pose_valid = false; }, false, false);
    row("blurred", [](Look& l) { l.sharpness = 18; l.hint = Hint::HoldStill; }, false, false);
    row("tiny", [](Look& l) { l.inter_eye_px = 17; l.hint = Hint::ComeCloser; }, false, false);
    row("black", [](Look& l) { l.brightness = 12; l.hint = Hint::MoreLight; }, false, false);
    row("white", [](Look& l) { l.brightness = 245; l.hint = Hint::LessLight; }, false, false);
    row("two faces", [](Look& l) { l.faces = 2; l.hint = Hint::SeveralFaces; }, false, false);
    row("mask", [](Look& l) { l.cover = 40; l.hint = Hint::UncoverFace; }, false, true);
    row("mask, off centre", [](Look& l) { l.cover = 40; l.face.x = 420; l.hint = Hint::CentreFace; }, false, true);
    row("mask, far", [](Look& l) { l.cover = 40; l.inter_eye_px = 26; l.hint = Hint::ComeCloser; }, false, true);
    row("mask, dim", [](Look& l) { l.cover = 40; l.brightness = 18; l.hint = Hint::MoreLight; }, false, true);
    row("mask, two faces", [](Look& l) { l.cover = 40; l.faces = 2; l.hint = Hint::SeveralFaces; }, false, true);
    row("a turned head's hair", [](Look& l) { l.cover = 40; l.yaw = 40; l.hint = Hint::LookStraight; }, false, false);
    row("a bowed head's hair", [](Look& l) { l.cover = 40; l.pitch = 24; l.hint = Hint::LookStraight; }, false, false);
  }
  void toldFacesAreComparedWhereverAndHoweverLitTheyAre() {
    QFETCH(std::function<void(Look&)>, shape);
    QFETCH(bool, compared);
    QFETCH(bool, hidden);
    ToldEngine engine;
    engine.told = goodLook();
    shape(engine.told);
    FrameWatch watch(engine, {0, 1});
    const Sighting seen = watch.look(anyFrame(), milliseconds{1000});
    QCOMPARE(seen.similarity.has_value(), compared);
    QCOMPARE(seen.hidden, hidden);
    if (compared) QCOMPARE(*seen.similarity, 0.0);
  }

  void toldFaceThatIsNeverComparableIsNoticed() {
    ToldEngine engine;
    engine.face = {0, 1};
    const Frame frame = anyFrame();
    milliseconds at{1000};
    // In how many of the looks of these seconds, two each.
    const auto noticed = [&](FrameWatch& watch, int for_seconds) {
      int times = 0;
      for (int i = 0; i < 2 * for_seconds; ++i, at += milliseconds{500}) times += watch.look(frame, at).uncompared;
      return times;
    };
    const auto turned = [&](float yaw) {
      engine.told = goodLook();
      engine.told.yaw = yaw;
    };
    const auto nobody = [&] { engine.told = {}; };
    FrameWatch watch(engine, {0, 1});
    turned(25);
    QCOMPARE(noticed(watch, 90), 0);
    QCOMPARE(noticed(watch, 10), 20);
    turned(0);  // one look is enough, where it is the person's
    QCOMPARE(watch.look(frame, at).uncompared, false);
    turned(-25);
    QCOMPARE(noticed(watch, 80), 0);
    nobody();  // bowing the head for a moment is no way out
    QCOMPARE(noticed(watch, 3), 0);
    turned(25);
    QVERIFY(noticed(watch, 20) > 20);
    nobody();
    QCOMPARE(noticed(watch, 6), 0);
    turned(25);  // who comes begins anew
    QCOMPARE(noticed(watch, 89), 0);
    QVERIFY(noticed(watch, 10) > 0);
    engine.told.faces = 2;
    QCOMPARE(noticed(watch, 5), 0);
    // Where there is nobody or nothing to compare with there is nothing to ask for.
    turned(25);
    FrameWatch strangers(engine, {});
    QCOMPARE(noticed(strangers, 200), 0);
    // Who it is is learnt from five looks however far apart, and only then asked for.
    for (int glance = 0; glance < 5; ++glance, at += milliseconds{500}) {
      turned(25);
      QCOMPARE(noticed(strangers, 80), 0);
      turned(0);
      QVERIFY(!strangers.look(frame, at).uncompared);
    }
    QVERIFY(strangers.knowsPerson());
    turned(25);
    QCOMPARE(noticed(strangers, 89), 0);
    QVERIFY(noticed(strangers, 10) > 0);
    engine.verifier.clear();
    FrameWatch unable(engine, {0, 1});
    QCOMPARE(noticed(unable, 200), 0);
  }

  /// Ten minutes with the head turned, and every 80 s one look at the camera.
  void toldGlanceNowAndThenIsEnoughOfThePersonAndNotOfSomebodyElse() {
    const auto risen = [](const Embedding& face) {
      ToldEngine engine;
      engine.face = face;
      MonitorRules rules;
      rules.of[static_cast<std::size_t>(Concern::FaceHidden)] = {8, 30, 0};
      rules.of[static_cast<std::size_t>(Concern::OtherPerson)] = {0, 5, 15};
      FrameWatch watch(engine, {0, 1}, false);
      Monitor monitor(rules);
      const Frame frame = anyFrame();
      std::vector<std::pair<Concern, Measure>> out;
      for (int look = 0; look < 2 * 600; ++look) {
        engine.told = goodLook();
        engine.told.yaw = look % 160 == 159 ? 0.0F : 25.0F;
        for (const IncidentChange& change : monitor.feed(watch.look(frame, milliseconds{1000 + 500 * look})))
          if (change.risen) out.emplace_back(change.concern, change.measure);
      }
      return out;
    };
    QVERIFY(risen({0, 1}).empty());
    // Too rarely seen to be told as another person, but never seen as the one admitted.
    QVERIFY(risen({1, 0}) == (std::vector<std::pair<Concern, Measure>>{{Concern::FaceHidden, Measure::Notice}, {Concern::FaceHidden, Measure::Warning}}));
  }

  void toldFaceInTheDarkIsNoCoveredCamera() {
    ToldEngine engine;
    FrameWatch watch(engine, {});
    const Frame dark{640, 480, std::vector<std::uint8_t>(640 * 480 * 3, 4), milliseconds{0}};
    engine.told = goodLook();
    const Sighting seen = watch.look(dark, milliseconds{1000});
    QVERIFY(seen.face && !seen.covered);
    engine.told = {};
    QVERIFY(watch.look(dark, milliseconds{1500}).covered);
  }

  void toldFreezeBeginsWithItsFirstPicture_data() {
    QTest::addColumn<bool>("stands");
    QTest::newRow("one picture stands") << true;
    QTest::newRow("what was there is played again") << false;
  }
  void toldFreezeBeginsWithItsFirstPicture() {
    QFETCH(bool, stands);
    ToldEngine engine;
    engine.told = goodLook();
    FrameWatch watch(engine, {});
    MonitorRules rules;
    rules.of[static_cast<std::size_t>(Concern::CameraFrozen)] = {0, 10, 30};
    Monitor monitor(rules);
    std::vector<IncidentChange> all;
    constexpr int kLive = 10;
    for (int look = 0; look < kLive + 30; ++look) {
      Frame frame = anyFrame();
      frame.bgr[0] = static_cast<std::uint8_t>(look < kLive ? look : stands ? 100 : look % kLive);
      for (const IncidentChange& change : monitor.feed(watch.look(frame, milliseconds{1000 + 500 * look}))) all.push_back(change);
    }
    QCOMPARE(all.size(), std::size_t(1));
    QCOMPARE(all[0].concern, Concern::CameraFrozen);
    QCOMPARE(all[0].began, milliseconds(1000 + 500 * kLive));
  }

  void toldFaceThatNeverMovesIsLifelessAlsoWhereFilmsMayRepeat() {
    ToldEngine engine;
    engine.told = goodLook();
    FrameWatch watch(engine, {}, false);
    const Frame frame = anyFrame();
    milliseconds at{1000};
    for (int i = 0; i < 120; ++i, at += milliseconds{500}) QVERIFY(!watch.look(frame, at).lifeless);
    QVERIFY(watch.look(frame, at).lifeless);
    engine.told.yaw += 10;
    QVERIFY(!watch.look(frame, at + milliseconds{500}).lifeless);
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
