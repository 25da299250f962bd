// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <cmath>
#include <limits>

#include "invigil/vision/bands.hpp"
#include "invigil/vision/face_engine.hpp"

using namespace invigil;
using namespace invigil::vision;

class BandsTest : public QObject {
  Q_OBJECT
 private slots:
  void bandEdgesBelongToTheBetterBand() {
    const Bands bands;
    QCOMPARE(decide(0.50, bands), Band::Admit);
    QCOMPARE(decide(0.4999, bands), Band::Human);
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

  void namesAreStable() {
    QCOMPARE(hintName(Hint::None), "none");
    QCOMPARE(hintName(Hint::UncoverFace), "uncover_face");
    QCOMPARE(bandName(Band::Human), "human");
  }
};

QTEST_GUILESS_MAIN(BandsTest)
#include "test_bands.moc"
