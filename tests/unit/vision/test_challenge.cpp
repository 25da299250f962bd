// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <cmath>
#include <functional>

#include "invigil/vision/challenge.hpp"
#include "invigil/vision/parallax.hpp"

using namespace invigil;
using namespace invigil::vision;

namespace {

constexpr int kStep = 66;

/// Somebody whose pose the test writes down, watched fifteen times a second.
class Person {
 public:
  explicit Person(std::vector<Action> actions) : challenge(std::move(actions)) {}

  Look rest() const { return {.faces = 1, .yaw = 3, .pitch = -2, .pose_measured = true, .pose_valid = true, .eye_openness = 0.26F, .mouth_opening = 0.03F, .track = 1}; }
  const Challenge::State& still(int ms) {
    return act(ms, [](Look&, double) {});
  }
  /// @param change  what is different at this share 0..1 of the time
  const Challenge::State& act(int ms, const std::function<void(Look&, double)>& change) {
    for (int t = 0; t < ms; t += kStep) {
      Look look = rest();
      change(look, static_cast<double>(t) / ms);
      if (std::abs(look.yaw) > 18) look.hint = Hint::LookStraight;
      else if (look.eye_openness < 0.1F) look.hint = Hint::OpenEyes;
      challenge.feed(look, milliseconds{now});
      now += kStep;
    }
    return challenge.state();
  }
  const Challenge::State& does(Action action, int ms = 1400) {
    return act(ms, [action](Look& look, double share) {
      const auto far = static_cast<float>(std::sin(3.14159 * share));
      switch (action) {
        case Action::TurnLeft: look.yaw += 34 * far; break;
        case Action::TurnRight: look.yaw -= 34 * far; break;
        case Action::Nod: look.pitch += 16 * far; break;
        case Action::OpenMouth: look.mouth_opening += 0.5F * far; break;
        case Action::Blink: look.eye_openness *= far > 0.4F ? 0.3F : 1; break;
      }
    });
  }
  void settle() {
    still(1200);
    QVERIFY(challenge.prompt().has_value());
    still(400);  // nobody is quicker
  }
  Challenge challenge;
  int now = 0;
};

const std::vector<Action> kAll{Action::TurnLeft, Action::TurnRight, Action::Nod, Action::OpenMouth, Action::Blink};

void addActions() {
  QTest::addColumn<int>("action");
  for (const Action one : kAll) QTest::newRow(std::string(actionName(one)).c_str()) << static_cast<int>(one);
}

}  // namespace

class ChallengeTest : public QObject {
  Q_OBJECT
 private slots:
  void whatIsAskedForPasses_data() { addActions(); }
  void whatIsAskedForPasses() {
    QFETCH(int, action);
    Person person({static_cast<Action>(action)});
    person.settle();
    person.does(static_cast<Action>(action));
    QCOMPARE(person.still(600).phase, Challenge::Phase::Passed);
    QCOMPARE(person.challenge.state().done.size(), 1U);
    QVERIFY(person.challenge.state().done[0].took.count() > 400);
  }

  void anActionThatNobodyAskedForWantsALongerRest_data() { addActions(); }
  // A film with the right pair in its middle: the action before it must not pass for fidgeting.
  void anActionThatNobodyAskedForWantsALongerRest() {
    QFETCH(int, action);
    Person person({Action::TurnLeft, Action::Nod});
    person.still(500);  // known, not settled
    person.does(static_cast<Action>(action), 1300);
    person.still(1700);
    QVERIFY(!person.challenge.prompt());
    person.does(Action::TurnLeft, 1300);  // the film goes on
    person.still(1700);
    person.does(Action::Nod, 1300);
    QVERIFY(person.challenge.state().done.empty());
    person.still(3700);  // a person comes to rest
    QVERIFY(person.challenge.prompt().has_value());
  }

  // The pose net takes shut lids for a bent head, and a jaw that opens pulls the head down.
  void shutEyesAreNoNodAndAnOpeningMouthMayNod() {
    const auto blink = [](Look& look, double share) {
      const bool shut = share > 0.15 && share < 0.85;
      look.eye_openness *= shut ? 0.3F : 1;
      look.pitch += shut ? 12 : 0;
    };
    Person nods({Action::Nod, Action::TurnLeft});
    nods.settle();
    QVERIFY(nods.act(1200, blink).phase == Challenge::Phase::Failed);
    QCOMPARE(nods.challenge.state().fault, ChallengeFault::WrongAction);
    Person blinks({Action::Blink});
    blinks.settle();
    blinks.act(1200, blink);
    QCOMPARE(blinks.still(600).phase, Challenge::Phase::Passed);
    Person opens({Action::OpenMouth});
    opens.settle();
    opens.act(1400, [](Look& look, double share) {
      const auto far = static_cast<float>(std::sin(3.14159 * share));
      look.mouth_opening += 0.5F * far;
      look.pitch += 12 * far;
    });
    QCOMPARE(opens.still(600).phase, Challenge::Phase::Passed);
  }

  void fidgetingAndNaturalBlinksCostNoTime() {
    Person person({Action::TurnLeft});
    person.still(500);
    person.act(200, [](Look& look, double) { look.eye_openness *= 0.2F; });
    person.act(300, [](Look& look, double) { look.yaw += 9, look.pitch += 5, look.mouth_opening += 0.08F; });
    QVERIFY(person.still(700).phase == Challenge::Phase::Act);
  }

  void allFiveInARowPass() {
    Person person(kAll);
    person.settle();
    for (const Action one : kAll) {
      QCOMPARE(person.challenge.prompt(), std::optional(one));
      person.does(one);
      person.still(800);
    }
    QCOMPARE(person.challenge.state().phase, Challenge::Phase::Passed);
  }

  void everyOtherActionEndsIt_data() { addActions(); }
  void everyOtherActionEndsIt() {
    QFETCH(int, action);
    const auto asked = static_cast<Action>(action);
    for (const Action other : kAll) {
      if (other == asked) continue;
      Person person({asked, Action::TurnLeft});
      person.settle();
      const auto& state = person.does(other);
      QVERIFY2(state.phase == Challenge::Phase::Failed, (std::string(actionName(asked)) + " asked, " + std::string(actionName(other)) + " done").c_str());
      QCOMPARE(state.fault, ChallengeFault::WrongAction);
    }
  }

  void doingNothingRunsOut() {
    Person person({Action::Nod});
    person.settle();
    person.still(4000);
    QCOMPARE(person.challenge.state().phase, Challenge::Phase::Act);
    QCOMPARE(person.still(1500).fault, ChallengeFault::Timeout);
  }

  void aNaturalBlinkIsNeitherAnActionNorAFault() {
    Person person({Action::Blink});
    person.settle();
    const auto wink = [&] { return person.act(200, [](Look& look, double) { look.eye_openness = 0.04F; }); };
    wink();
    QCOMPARE(person.still(600).phase, Challenge::Phase::Act);
    QVERIFY(person.challenge.state().done.empty());
    Person other({Action::TurnLeft});
    other.settle();
    other.act(200, [](Look& look, double) { look.eye_openness = 0.04F; });
    other.does(Action::TurnLeft);
    QCOMPARE(other.still(600).phase, Challenge::Phase::Passed);
  }

  void whoMovesWithThePromptDidNotSeeIt() {
    Person person({Action::TurnLeft});
    while (!person.challenge.prompt()) person.still(kStep);
    person.act(800, [](Look& look, double) { look.yaw += 30; });
    QCOMPARE(person.challenge.state().fault, ChallengeFault::MovedEarly);
  }

  void oneWrongMeasurementIsNoAction() {
    Person person({Action::TurnLeft});
    person.settle();
    person.act(kStep, [](Look& look, double) { look.yaw -= 40; });
    person.still(300);
    QCOMPARE(person.challenge.state().phase, Challenge::Phase::Act);
    person.act(kStep, [](Look& look, double) { look.yaw += 40; });
    QVERIFY(person.still(300).done.empty());
  }

  void theFaceMayNotLeave() {
    Person person({Action::TurnLeft});
    person.settle();
    person.act(600, [](Look& look, double) { look = {}; });
    QCOMPARE(person.challenge.state().phase, Challenge::Phase::Act);
    person.act(300, [](Look& look, double) { look = {}; });
    QCOMPARE(person.challenge.state().fault, ChallengeFault::LostFace);
    Person other({Action::TurnLeft});
    other.settle();
    other.act(kStep, [](Look& look, double) { look.track = 2; });
    QCOMPARE(other.challenge.state().fault, ChallengeFault::LostFace);
  }

  void aSecondPersonEndsItOnlyWhenStaying() {
    Person person({Action::TurnLeft});
    person.settle();
    person.act(300, [](Look& look, double) { look.faces = 2; });
    person.does(Action::TurnLeft);
    QCOMPARE(person.still(600).phase, Challenge::Phase::Passed);
    Person other({Action::TurnLeft});
    other.settle();
    other.act(800, [](Look& look, double) { look.faces = 2; });
    QCOMPARE(other.challenge.state().fault, ChallengeFault::SecondPerson);
  }

  void nothingBeginsBeforeThePersonIsAtRest() {
    Person person({Action::Nod});
    person.act(5000, [](Look& look, double share) { look.hint = share < 0.5 ? Hint::ComeCloser : Hint::MoreLight; });
    QCOMPARE(person.challenge.state().phase, Challenge::Phase::Settle);
    person.act(700, [](Look&, double) {});
    QCOMPARE(person.challenge.state().phase, Challenge::Phase::Settle);
    person.still(300);
    QCOMPARE(person.challenge.state().phase, Challenge::Phase::Act);
  }

  void noChallengePassesWhenAtRest() {
    Person person({});
    QCOMPARE(person.still(1200).phase, Challenge::Phase::Passed);
    QVERIFY(!person.challenge.prompt());
  }

  void namesAreThoseOfTheWire() {
    for (const Action one : kAll) QCOMPARE(actionOf(actionName(one)), std::optional(one));
    QVERIFY(!actionOf("smile"));
    QCOMPARE(faultName(ChallengeFault::None), "");
    QCOMPARE(faultName(ChallengeFault::MovedEarly), "moved_early");
  }

  /// Points of a head or of a sheet, turned, in perspective.
  void aHeadHasDepthAndASheetHasNone() {
    const auto seen = [](double nose_depth, double degrees) {
      const double a = degrees * 3.14159265 / 180;
      const double model[5][3] = {{-0.5, 0, 0}, {0.5, 0, 0}, {0, 0.6, nose_depth}, {-0.4, 1.1, 0}, {0.4, 1.1, 0}};
      Look look{.faces = 1, .yaw = static_cast<float>(degrees), .pose_valid = true};
      for (std::size_t i = 0; i < 5; ++i) {
        const double x = model[i][0] * std::cos(a) + model[i][2] * std::sin(a), z = -model[i][0] * std::sin(a) + model[i][2] * std::cos(a);
        const double near = 8 / (8 - z);
        look.five[i] = {static_cast<float>(320 + 70 * near * x), static_cast<float>(200 + 70 * near * model[i][1])};
      }
      return look;
    };
    for (const double side : {-1.0, 1.0}) {
      Parallax head, sheet, hollow;
      QVERIFY(!head.value());
      for (const double turn : {0.0, 1.0, 0.5, -0.5, 18.0, 25.0, 30.0}) {
        head.feed(seen(0.4, side * turn), side * turn);
        sheet.feed(seen(0, side * turn), side * turn);
        hollow.feed(seen(-0.1, side * turn), side * turn);
      }
      QVERIFY(head.value().value() > 0.3);
      QVERIFY(std::abs(sheet.value().value()) < 0.01);
      QVERIFY(hollow.value().value() < -0.01);
    }
  }
};

QTEST_GUILESS_MAIN(ChallengeTest)
#include "test_challenge.moc"
