// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <cmath>
#include <limits>

#include "invigil/vision/admission_check.hpp"

using namespace invigil;
using namespace invigil::vision;
using namespace std::chrono_literals;

namespace {

const Embedding kReference{1, 0, 0};

// A unit vector at the given cosine to the reference; `turn` makes two of them different pictures.
Embedding at(double cosine, double turn = 0) {
  const double rest = std::sqrt(1 - cosine * cosine);
  return {static_cast<float>(cosine), static_cast<float>(rest * std::cos(turn)),
          static_cast<float>(rest * std::sin(turn))};
}

Look good() { return Look{.faces = 1}; }
Look bad(Hint hint, int faces = 1) { return Look{.faces = faces, .hint = hint}; }

}  // namespace

class AdmissionCheckTest : public QObject {
  Q_OBJECT
 private slots:
  void bandEdgesBelongToTheBetterBand() {
    const Bands bands;
    QCOMPARE(decide(0.45, bands), Band::Admit);
    QCOMPARE(decide(0.4499, bands), Band::Human);
    QCOMPARE(decide(0.35, bands), Band::Human);
    QCOMPARE(decide(0.3499, bands), Band::Refuse);
    QCOMPARE(decide(-1, bands), Band::Refuse);
  }

  void whatIsNotANumberGoesToTheHuman() {
    QCOMPARE(decide(std::numeric_limits<double>::quiet_NaN(), Bands{}), Band::Human);
  }

  void theSecondOpinionOnlyTurnsAdmitIntoHuman() {
    const Bands bands;
    QCOMPARE(decide(0.9, 0.60, bands), Band::Admit);
    QCOMPARE(decide(0.9, 0.61, bands), Band::Human);
    QCOMPARE(decide(0.9, std::numeric_limits<double>::quiet_NaN(), bands), Band::Human);
    QCOMPARE(decide(0.40, 0.1, bands), Band::Human);
    QCOMPARE(decide(0.2, 0.1, bands), Band::Refuse);
  }

  void meansAndDistances() {
    QCOMPARE(distance({0, 3}, {4, 0}), 5.0);
    QVERIFY(std::isinf(distance({}, {})));
    QVERIFY(std::isinf(distance({1}, {1, 2})));
    QCOMPARE(meanOf({{1, 0}, {0, 1}}), (Embedding{0.5F, 0.5F}));
    QVERIFY(meanOf({{1, 0}, {1}}).empty());
    QVERIFY(meanOf({}).empty());
    QCOMPARE(normalise({3, 4}), (Embedding{0.6F, 0.8F}));
    QVERIFY(normalise({0, 0}).empty());
    QVERIFY(normalise({std::numeric_limits<float>::infinity()}).empty());
  }

  void similarityIsTheCosine() {
    QVERIFY(std::abs(similarity({2, 0}, {1, 1}) - std::sqrt(0.5)) < 1e-9);
    QCOMPARE(similarity({}, {}), 0.0);
    QCOMPARE(similarity({1, 0}, {1, 0, 0}), 0.0);
    QCOMPARE(similarity({0, 0}, {1, 0}), 0.0);
  }

  void threeSpacedFramesDecide() {
    AdmissionCheck check(kReference, Bands{}, 1000ms);
    auto step = check.feed(good(), at(0.8, 0), 1000ms);
    QCOMPARE(step.frames_kept, 1);
    QCOMPARE(step.frames_needed, 3);
    step = check.feed(good(), at(0.8, 0.1), 1100ms);  // too soon after the first
    QCOMPARE(step.frames_kept, 1);
    step = check.feed(good(), at(0.8, 0.2), 1300ms);
    QVERIFY(!step.finished);
    step = check.feed(good(), at(0.8, 0.3), 1600ms);
    QCOMPARE(step.frames_kept, 3);
    QVERIFY(step.finished);
    QVERIFY(!step.timed_out);
    QVERIFY(step.similarity > 0.79 && step.similarity < 0.83);
  }

  void nothingChangesAfterTheEnd() {
    AdmissionCheck check(kReference, Bands{.frames_min = 1}, 0ms);
    QVERIFY(check.feed(good(), at(0.9), 10ms).finished);
    const auto step = check.feed(good(), at(0.1, 1), 900ms);
    QVERIFY(step.similarity > 0.89);
    QVERIFY(!step.timed_out);
  }

  void unusableFramesAreNotKept() {
    AdmissionCheck check(kReference, Bands{}, 0ms);
    const auto step = check.feed(bad(Hint::MoreLight), at(0.9), 10ms);
    QCOMPARE(step.frames_kept, 0);
    QCOMPARE(step.hint, Hint::MoreLight);
    QVERIFY(step.face_found);
    QVERIFY(!step.quality_ok);
    QVERIFY(!check.feed(bad(Hint::NoFace, 0), std::nullopt, 20ms).face_found);
  }

  void aFrozenPictureNeverSuffices() {
    AdmissionCheck check(kReference, Bands{}, 0ms);
    AdmissionCheck::Step step;
    for (auto now = 0ms; now <= 15000ms; now += 66ms) step = check.feed(good(), at(0.9), now);
    step = check.feed(good(), at(0.9), 15000ms);
    QVERIFY(step.finished);
    QVERIFY(step.timed_out);
    QCOMPARE(step.frames_kept, 1);
  }

  void anEmptyRoomTimesOut() {
    AdmissionCheck check(kReference, Bands{}, 500ms);
    QVERIFY(!check.feed(bad(Hint::NoFace, 0), std::nullopt, 15499ms).finished);
    const auto step = check.feed(bad(Hint::NoFace, 0), std::nullopt, 15500ms);
    QVERIFY(step.finished && step.timed_out);
    QCOMPARE(step.similarity, 0.0);
  }

  void aFrameAfterTheDeadlineDoesNotCount() {
    AdmissionCheck check(kReference, Bands{.frames_min = 1}, 0ms);
    const auto step = check.feed(good(), at(0.9), 15000ms);
    QVERIFY(step.timed_out);
    QCOMPARE(step.frames_kept, 0);
  }

  void aSecondPersonStartsOver() {
    AdmissionCheck check({0, 1, 0}, Bands{}, 0ms);
    check.feed(good(), Embedding{1, 0, 0}, 0ms);
    check.feed(good(), Embedding{1, 0, 0.1F}, 300ms);
    const auto step = check.feed(good(), Embedding{0, 1, 0}, 600ms);
    QCOMPARE(step.frames_kept, 1);
    QVERIFY(!step.finished);
    QVERIFY(step.similarity > 0.99);
  }

  void namesAreStable() {
    QCOMPARE(hintName(Hint::None), "none");
    QCOMPARE(hintName(Hint::UncoverFace), "uncover_face");
    QCOMPARE(bandName(Band::Human), "human");
  }
};

QTEST_GUILESS_MAIN(AdmissionCheckTest)
#include "test_admission_check.moc"
