// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include "invigil/vision/face_admission.hpp"
#include "invigil/vision/frame_memory.hpp"

using namespace invigil;
using namespace invigil::vision;
using namespace std::chrono_literals;

namespace {

/// Sees what the test says, whatever the frame shows.
class ToldEngine final : public FaceEngine {
 public:
  Look next{.faces = 1, .face = {200, 120, 160, 200}, .sharpness = 50, .inter_eye_px = 60, .pose_measured = true, .pose_valid = true, .eye_openness = 0.26F, .mouth_opening = 0.03F};
  Embedding who{1, 0, 0};
  double skin = 0.9, second = 0.3;
  bool frozen = false, textures = true;
  int described = 0;

  EngineInfo info() const override { return {.detector = "told", .verifier = "told", .texture = textures ? "told" : ""}; }
  void warmUp() override {}
  Look look(const Frame&, const Search&) override { return next; }
  Result<Embedding> embed(const Frame&) override {
    Embedding out = who;
    // No two pictures of a camera are described alike.
    if (!frozen) out[2] += 0.02F * static_cast<float>(++described % 5);
    return out;
  }
  Result<Embedding> embedSecond(const Frame&) override { return Embedding{static_cast<float>(second), 0}; }
  Result<double> texture(const Frame&) override {
    if (!textures) return fail(ErrorCode::Unavailable, "no_texture_model", "", "");
    return skin;
  }
};

class Try {
 public:
  explicit Try(AdmissionRules rules = {}, Reference reference = {{1, 0, 0}, {0, 0}}) : admission(engine, std::move(reference), std::move(rules)) {}
  FaceAdmission::Step watch(milliseconds time, const std::function<void(Look&)>& change = [](Look&) {}) {
    FaceAdmission::Step step;
    const Look rest = engine.next;
    for (milliseconds end = now + time; now < end && !step.finished; now += 66ms) {
      engine.next = rest;
      change(engine.next);
      frame.at = now;
      step = admission.feed(frame, now);
    }
    engine.next = rest;
    return step;
  }
  const AdmissionOutcome& seen() const { return admission.outcome(); }
  ToldEngine engine;
  Frame frame{64, 48, std::vector<std::uint8_t>(64 * 48 * 3, 90), 0ms};
  milliseconds now{0};
  FaceAdmission admission;
};

AdmissionRules asks(std::vector<Action> actions) { return {.bands = {}, .actions = std::move(actions)}; }

/// Out to `yaw` and back in half a second each, as heads turn.
const auto turning = [](float yaw) {
  return [yaw, step = 0](Look& look) mutable {
    const float share = std::min(1.0F, static_cast<float>(++step) / 8);
    look.yaw = yaw * (step <= 8 ? share : std::max(0.0F, 2 - static_cast<float>(step) / 8));
    if (std::abs(look.yaw) > 15) look.hint = Hint::LookStraight;
  };
};

/// A patch as bright as its `seed` on a path of its own, `t` seconds into it, with so much noise of compression.
Frame someoneMoving(milliseconds at, double t, double seed, int noise) {
  Frame frame{64, 48, std::vector<std::uint8_t>(64 * 48 * 3, 60), at};
  const int x = static_cast<int>(20 + 14 * std::sin(1.1032 * t + seed)), y = static_cast<int>(14 + 9 * std::sin(1.7411 * t + 2 * seed));
  for (int row = y; row < y + 18; ++row)
    for (int column = x; column < x + 14; ++column)
      for (int k = 0; k < 3; ++k) frame.bgr[static_cast<std::size_t>((row * 64 + column) * 3 + k)] = static_cast<std::uint8_t>(150 + 30 * seed);
  const auto grain = static_cast<std::size_t>(at.count() % 100'000);
  for (std::size_t i = 0; i < frame.bgr.size(); ++i) frame.bgr[i] = static_cast<std::uint8_t>(frame.bgr[i] + (i * 7919 + grain) % static_cast<std::size_t>(noise));
  return frame;
}

Frame mirrored(const Frame& frame) {
  Frame out = frame;
  for (int y = 0; y < frame.height; ++y)
    for (int x = 0; x < frame.width; ++x)
      for (int k = 0; k < 3; ++k)
        out.bgr[static_cast<std::size_t>((y * frame.width + x) * 3 + k)] = frame.bgr[static_cast<std::size_t>((y * frame.width + frame.width - 1 - x) * 3 + k)];
  return out;
}

/// A wardrobe at the left of the room.
Frame furnished(Frame frame) {
  for (int y = 0; y < frame.height; ++y)
    for (int k = 0; k < 8 * 3; ++k) {
      std::uint8_t& cell = frame.bgr[static_cast<std::size_t>(y * frame.width * 3 + k)];
      cell = static_cast<std::uint8_t>(std::min(255, cell + 60));
    }
  return frame;
}

}  // namespace

class FaceAdmissionTest : public QObject {
  Q_OBJECT
 private slots:
  void withoutAChallengeRestIsEnough() {
    Try one;
    QVERIFY(one.watch(3s).finished);
    QVERIFY(one.now < 1500ms);
    QVERIFY(one.seen().challenge == AdmissionOutcome::Result::None);
    QVERIFY(one.seen().frames >= 3);
    QVERIFY(one.seen().similarity > 0.99);
    QCOMPARE(one.seen().second_distance.value(), 0.3F);
    QVERIFY(one.seen().texture->frames >= 10);
    QVERIFY(std::abs(one.seen().texture->mean - 0.9) < 1e-9);
    QVERIFY(!one.seen().timed_out && !one.seen().flatness);
    QVERIFY(!one.admission.person().empty());
  }

  void aChallengeIsAskedForAndMeasured() {
    Try one(asks({Action::TurnLeft, Action::OpenMouth}));
    auto step = one.watch(1200ms);
    QCOMPARE(step.prompt, std::optional(Action::TurnLeft));
    QCOMPARE(step.of, 2U);
    one.watch(400ms);
    step = one.watch(1000ms, turning(30));
    QCOMPARE(step.place, 1U);
    step = one.watch(500ms);
    QCOMPARE(step.prompt, std::optional(Action::OpenMouth));
    QVERIFY(step.time_left > 0.9);
    one.watch(400ms);
    one.watch(500ms, [](Look& look) { look.mouth_opening = 0.6F; });
    QVERIFY(one.watch(1s).finished);
    QVERIFY(one.seen().challenge == AdmissionOutcome::Result::Passed);
    QCOMPARE(one.seen().steps.size(), 2U);
    QVERIFY(one.seen().flatness.has_value());
    QCOMPARE(one.seen().track_breaks, 0);
  }

  void aFailedChallengeEndsAtOnceAndSaysWhy() {
    Try one(asks({Action::TurnLeft}));
    one.watch(1600ms);
    QVERIFY(one.watch(500ms, [](Look& look) { look.yaw = -30; }).finished);
    QVERIFY(one.seen().challenge == AdmissionOutcome::Result::Failed);
    QVERIFY(one.seen().fault == ChallengeFault::WrongAction);
  }

  void anotherPersonDuringTheChallengeIsNoticed() {
    Try one(asks({Action::TurnLeft}));
    one.watch(1600ms);
    one.engine.who = {0, 1, 0};
    QVERIFY(one.watch(1s).finished);
    QVERIFY(one.seen().fault == ChallengeFault::OtherPerson);
  }

  /// Somebody's head turns for the picture of another: out of nothing, and gone again.
  void aTurnThatNobodySawBeginIsAskedForAgain() {
    Try one(asks({Action::TurnLeft}));
    one.watch(1600ms);
    for (int again = 0; again < 2; ++again) {
      QVERIFY(!one.watch(600ms, [](Look& look) { look.yaw = 40, look.hint = Hint::LookStraight; }).finished);
      const auto step = one.watch(500ms);
      QVERIFY(!step.finished);
      QCOMPARE(step.prompt, std::optional(Action::TurnLeft));
      QCOMPARE(step.place, 0U);
    }
    one.watch(600ms, [](Look& look) { look.yaw = 40, look.hint = Hint::LookStraight; });
    QVERIFY(one.watch(500ms).finished);
    QVERIFY(one.seen().fault == ChallengeFault::LostFace);
  }

  void whoActsForAnotherIsNoticedThoughNeverFrontal() {
    for (const Action asked : {Action::TurnLeft, Action::Nod, Action::OpenMouth, Action::Blink}) {
      Try one(asks({asked}));
      one.watch(1600ms);
      auto turn = turning(35);
      const auto act = [&](Look& look) {
        if (asked == Action::TurnLeft) return turn(look);
        look.hint = Hint::CentreFace;  // not fit for the look at rest
        if (asked == Action::Nod) look.pitch = 14;
        if (asked == Action::OpenMouth) look.mouth_opening = 0.6F;
        if (asked == Action::Blink) look.eye_openness = 0.08F;
      };
      one.engine.who = {0.05F, 1, 0};
      one.watch(1000ms, act);
      one.engine.who = {1, 0, 0};
      QVERIFY2(one.watch(600ms).finished, actionName(asked).data());
      QVERIFY(one.seen().fault == ChallengeFault::OtherPerson);
    }
  }

  void theOwnActionCountsThoughTheFaceIsNotFitForAPhoto() {
    Try one(asks({Action::OpenMouth}));
    one.watch(1600ms);
    one.watch(500ms, [](Look& look) { look.mouth_opening = 0.6F, look.hint = Hint::CentreFace; });
    QVERIFY(one.watch(1s).finished);
    QVERIFY(one.seen().challenge == AdmissionOutcome::Result::Passed);
  }

  void whoStepsInAfterTheLastActionIsNoticed() {
    AdmissionRules rules = asks({Action::OpenMouth});
    rules.texture_frames = 60;  // more than there will be: another layer still looks on
    for (const bool jumps : {false, true}) {
      Try one(rules);
      one.watch(1600ms);
      one.watch(400ms, [](Look& look) { look.mouth_opening = 0.6F; });
      QVERIFY(!one.watch(500ms).finished);
      QVERIFY(one.admission.lastLook().track != 0);
      if (jumps) one.engine.next.face.x = 900;  // elsewhere: not the same face
      else one.engine.who = {0, 1, 0};
      QVERIFY(one.watch(2s).finished);
      QVERIFY(one.seen().challenge == AdmissionOutcome::Result::Failed);
      QVERIFY(one.seen().fault == (jumps ? ChallengeFault::LostFace : ChallengeFault::OtherPerson));
    }
  }

  void nobodyIsAskedForAnythingBeforeBeingKnown() {
    Try one(asks({Action::TurnLeft}));
    const auto step = one.watch(3s, [](Look& look) { look.yaw = 16; });
    QVERIFY(!step.prompt && !step.quality_ok);
    QCOMPARE(step.hint, Hint::LookStraight);
    QVERIFY(one.watch(1200ms).prompt.has_value());
  }

  void anotherPersonBeforeItStartsAfresh() {
    Try one(asks({}), {{0, 1, 0}, {}});
    one.watch(500ms);
    one.engine.who = {0, 1, 0};
    QVERIFY(one.watch(4s).finished);
    QVERIFY(one.seen().similarity > 0.99);
    QVERIFY(!one.seen().second_distance);
  }

  void aFrozenPictureNeverSuffices() {
    Try one;
    one.engine.frozen = true;
    QVERIFY(one.watch(10s).finished);
    QVERIFY(one.seen().timed_out);
    QCOMPARE(one.seen().frames, 1);
  }

  void anEmptyRoomTimesOut() {
    Try one;
    const auto nobody = [](Look& look) { look = Look{.hint = Hint::NoFace}; };
    auto step = one.watch(14900ms, nobody);
    QVERIFY(!step.finished && !step.face_found);
    QCOMPARE(step.hint, Hint::NoFace);
    QVERIFY(one.watch(500ms, nobody).finished);
    QVERIFY(one.seen().timed_out);
    QCOMPARE(one.seen().similarity, 0.0);
    QCOMPARE(one.seen().frames, 0);
  }

  void theDarkIsSaidAndTimesOut() {
    Try one(asks({Action::Nod}));
    const auto step = one.watch(16s, [](Look& look) { look.hint = Hint::MoreLight; });
    QVERIFY(step.finished && !step.quality_ok);
    QCOMPARE(step.hint, Hint::MoreLight);
    QVERIFY(one.seen().timed_out);
    QVERIFY(one.seen().challenge == AdmissionOutcome::Result::Failed);
    QVERIFY(one.seen().fault == ChallengeFault::Timeout);
  }

  void withoutTextureNetsTheLayerIsMissingAndSaysSo() {
    Try one;
    one.engine.textures = false;
    QVERIFY(one.watch(3s).finished);
    QVERIFY(!one.seen().texture);
  }

  void lowTexturesAreCounted() {
    Try one;
    int seen = 0;
    QVERIFY(one.watch(3s, [&](Look&) { one.engine.skin = ++seen % 2 ? 0.1 : 0.9; }).finished);
    QVERIFY(std::abs(one.seen().texture->low_share - 0.5) < 0.1);
  }

  /// A face in a room, lit by the screen as far as `follows` says.
  static std::optional<double> litBy(double follows, bool other_order) {
    const std::vector<ScreenColour> colours{{255, 255, 255}, {255, 70, 70}, {70, 255, 70}, {80, 80, 255}, {255, 255, 255}};
    std::vector<ScreenColour> seen = colours;
    if (other_order) std::swap(seen[1], seen[3]);
    LightChallenge light(colours);
    for (int at = 0; !light.done(); at += 66) {
      Frame frame{160, 120, std::vector<std::uint8_t>(160 * 120 * 3, 120), milliseconds{at}};
      const auto now = seen[std::min<std::size_t>(4, static_cast<std::size_t>(at / 400))];
      const double lift[3] = {now.blue / 255.0, now.green / 255.0, now.red / 255.0};
      for (int y = 30; y < 90; ++y)
        for (int x = 55; x < 105; ++x)
          for (int k = 0; k < 3; ++k) {
            auto& cell = frame.bgr[static_cast<std::size_t>((y * 160 + x) * 3 + k)];
            cell = static_cast<std::uint8_t>(cell * (1 + follows * 0.08 * lift[k]) + (x * 7 + y * 13 + at) % 3);
          }
      light.feed(frame, Look{.faces = 1, .face = {55, 30, 50, 60}}, milliseconds{at});
    }
    return light.value();
  }

  void theFaceFollowsTheScreensLightAFilmDoesNot() {
    QVERIFY(litBy(1, false).value() > 0.8);
    QVERIFY(std::abs(litBy(0, false).value()) < 0.2);
    QVERIFY(litBy(1, true).value() < 0.3);
  }

  void theOrderOfTheColoursIsDrawn() {
    std::set<std::uint8_t> firsts;
    for (int i = 0; i < 60; ++i) {
      const auto colours = LightChallenge::draw();
      QCOMPARE(colours.size(), 5U);
      firsts.insert(colours[1].red);
    }
    QCOMPARE(firsts.size(), 3U);  // each of the three came first once
  }

  void aFilmOfAnEarlierTryIsNoticed() {
    FrameMemory memory;
    milliseconds start{0};
    const auto film = [&](double seed, int noise) {
      memory.begin();
      for (int at = 0; at < 6000; at += 66) memory.see(someoneMoving(start + milliseconds{at}, 0.001 * at, seed, noise), true);
      return memory.finish();
    };
    QVERIFY(!film(0, 5));
    QVERIFY(!film(1.3, 5));
    QVERIFY(film(0, 7));      // the first one again, compressed otherwise
    QVERIFY(!film(2.6, 5));
    QCOMPARE(memory.films(), 4U);
    start = std::chrono::hours{25};
    QVERIFY(!film(0, 7));  // what is a day old is forgotten
    QCOMPARE(memory.films(), 1U);
  }

  /// Who copies a film may show it brighter, darker or flatter.
  void aFilmShownInOtherLightIsNoticed() {
    FrameMemory memory;
    const auto film = [&](double seed, double contrast, double brighter) {
      memory.begin();
      for (int at = 0; at < 6000; at += 66) {
        Frame frame = someoneMoving(milliseconds{at}, 0.001 * at, seed, 5);
        for (std::uint8_t& cell : frame.bgr) cell = static_cast<std::uint8_t>(std::clamp(cell * contrast + brighter, 0.0, 255.0));
        memory.see(frame, true);
      }
      return memory.finish();
    };
    QVERIFY(!film(0, 1, 0));
    QVERIFY(!film(1.3, 0.7, 40));
    QVERIFY(film(0, 1, 20));
    QVERIFY(film(0, 0.75, 25));
    QVERIFY(film(0, 0.8, 0));
    QVERIFY(!film(2.6, 1, 20));
  }

  void aMirroredFilmIsNoticedAndWhoMovesAsInAMirrorIsNone() {
    using Scene = std::function<Frame(Frame)>;
    const auto film = [](FrameMemory& memory, int begin, double t, const Scene& scene) {
      memory.begin();
      for (int at = 0; at < 6000; at += 66) memory.see(scene(someoneMoving(milliseconds{begin + at}, t + 0.001 * at, 0.4, begin == 0 ? 5 : 7)), true);
      return memory.finish();
    };
    const Scene plain = [](Frame frame) { return frame; }, turned = mirrored;
    const Scene room = furnished, room_turned = [](Frame frame) { return mirrored(furnished(std::move(frame))); };
    const Scene person_turned = [](const Frame& frame) { return furnished(mirrored(frame)); };
    FrameMemory film_of_a_room;
    QVERIFY(!film(film_of_a_room, 0, 0, room));
    QVERIFY(film(film_of_a_room, 20'000, 0, room_turned));
    QVERIFY(!film(film_of_a_room, 40'000, 17.3, room_turned));  // of something else
    FrameMemory same_room;
    QVERIFY(!film(same_room, 0, 0, room));
    QVERIFY(!film(same_room, 20'000, 0, person_turned));
    // An even wall does not tell left from right, so nothing is said.
    FrameMemory wall;
    QVERIFY(!film(wall, 0, 0, plain));
    QVERIFY(!film(wall, 20'000, 0, turned));
  }

  void aFilmOfAnEarlierSittingIsNoticed() {
    FrameMemory memory;
    // Four minutes at the exam: most of the time still, moving in the third minute.
    for (int at = 0; at < 240'000; at += 500) {
      const bool moves = at >= 120'000 && at < 180'000;
      memory.sit(someoneMoving(milliseconds{at}, moves ? 0.001 * at : 120, 0.4, 5), true);
    }
    memory.stand();
    QCOMPARE(memory.films(), 1U);
    const auto attempt = [&](int begin, double t, double seed) {
      memory.begin();
      for (int at = 0; at < 8000; at += 50) memory.see(someoneMoving(milliseconds{begin + at}, t + 0.001 * at, seed, 7), true);
      return memory.finish();
    };
    QVERIFY(!attempt(300'000, 40, 2.2));    // somebody else
    QVERIFY(!attempt(400'000, 470, 0.4)); // the same person on another way
    QVERIFY(attempt(500'000, 150, 0.4));  // the third minute, played again
    memory.begin();
    for (int at = 600'000; at < 608'000; at += 66) memory.see(someoneMoving(milliseconds{at}, 120, 0.4, 7), true);
    QVERIFY(!memory.finish());  // who sits still looks like before, which is no film
  }

  void whoSitsStillWhereTheyHadSwayedIsNoFilm() {
    FrameMemory memory;
    const auto attempt = [&](int begin, int one, int other) {
      memory.begin();
      for (int at = 0; at < 6000; at += 50) {
        Frame frame{64, 48, std::vector<std::uint8_t>(64 * 48 * 3, 100), milliseconds{begin + at}};
        const int level = at / 500 % 2 == 0 ? one : other;
        for (int row = 16; row < 24; ++row)
          for (int k = 24 * 3; k < 32 * 3; ++k) frame.bgr[static_cast<std::size_t>(row * 64 * 3 + k)] = static_cast<std::uint8_t>(level);
        memory.see(frame, true);
      }
      return memory.finish();
    };
    QVERIFY(!attempt(0, 140, 160));
    QVERIFY(!attempt(20'000, 150, 150));  // half way, alike to both
    QVERIFY(attempt(40'000, 140, 160));
  }

  void whoTakesTheConsentBackLeavesNoMarks() {
    FrameMemory memory;
    const auto film = [&](int begin, double seed) {
      memory.begin();
      for (int at = 0; at < 6000; at += 66) memory.see(someoneMoving(milliseconds{begin + at}, 0.001 * at, seed, 5), true);
      return memory.finish();
    };
    QVERIFY(!film(0, 0));
    memory.nextVisit();
    QVERIFY(!film(10'000, 1.3));
    for (int at = 20'000; at < 30'000; at += 500) memory.sit(someoneMoving(milliseconds{at}, 0.001 * at, 1.3, 5), true);
    memory.forgetVisit();
    QCOMPARE(memory.films(), 1U);
    memory.stand();  // nor what was not a film yet
    QCOMPARE(memory.films(), 1U);
    QVERIFY(!film(40'000, 1.3));
    QVERIFY(film(50'000, 0));
    memory.expire(std::chrono::hours{25});  // nobody comes, and still they go
    QCOMPARE(memory.films(), 0U);
  }

  void theMemoryHasAnEndAndTheOldestGoesFirst() {
    FrameMemory memory(60);
    const auto film = [&](int begin, double seed) {
      memory.begin();
      for (int at = 0; at < 6000; at += 66) memory.see(someoneMoving(milliseconds{begin + at}, 0.001 * at, seed, 5), true);
      return memory.finish();
    };
    QVERIFY(!film(0, 0));
    QVERIFY(!film(10'000, 1.3));
    QVERIFY(!film(20'000, 2.6));  // 24 marks or less each: the first one has to go
    QCOMPARE(memory.films(), 2U);
    QVERIFY(film(30'000, 2.6));
    QVERIFY(!film(50'000, 0));
  }
};

QTEST_GUILESS_MAIN(FaceAdmissionTest)
#include "test_face_admission.moc"
