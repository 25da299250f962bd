// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QtTest>
#include <set>

#include "invigil/base/random.hpp"
#include "invigil/base/text.hpp"
#include "properties.hpp"

using namespace invigil;

namespace {

std::string keystream(const Seed& seed, std::size_t skip_words, std::size_t words) {
  SeededRandom random(seed);
  for (std::size_t i = 0; i < skip_words; ++i) random.next();
  Bytes bytes;
  for (std::size_t i = 0; i < words; ++i) {
    const std::uint32_t word = random.next();
    for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<std::uint8_t>(word >> shift));
  }
  return toHex(bytes);
}

}  // namespace

class RandomTest : public QObject {
  Q_OBJECT
 private slots:
  // RFC 8439 appendix A.1, vectors 1, 2 and 3.
  void keystreamIsChaCha20OfRfc8439() {
    QCOMPARE(keystream(Seed{}, 0, 16),
             std::string("76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7"
                         "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586"));
    QCOMPARE(keystream(Seed{}, 16, 16),
             std::string("9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed"
                         "29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f"));
    Seed one{};
    one[31] = 1;
    QCOMPARE(keystream(one, 16, 16),
             std::string("3aeb5224ecf849929b9d828db1ced4dd832025e8018b8160b82284f3c949aa5a"
                         "8eca00bbb4a73bdad192b5c42f73f2fd4e273644c8b36125a64addeb006c13a0"));
  }

  void boundedNumbersStayBelowTheBound() {
    test::checkProperty("below(n) < n", [](std::uint32_t raw) {
      const std::uint32_t bound = raw == 0 ? 1 : raw;
      Seed seed{};
      seed[0] = static_cast<std::uint8_t>(raw);
      SeededRandom random(seed);
      for (int i = 0; i < 20; ++i) RC_ASSERT(random.below(bound) < bound);
    });
  }

  // A plain remainder would give the lower half of this bound twice as often as the upper half.
  void boundedNumbersAreNotBiasedByTheRemainder() {
    SeededRandom random(Seed{});
    const std::uint32_t bound = 0xC0000000u;
    int low = 0;
    const int draws = 30000;
    for (int i = 0; i < draws; ++i) low += random.below(bound) < 0x40000000u;
    QVERIFY2(std::abs(low - draws / 3) < 400, qPrintable(QString::number(low)));
  }

  void codesHoldNoLookAlikes() {
    std::set<std::string> codes;
    for (int i = 0; i < 200; ++i) {
      const std::string code = randomCode(12);
      QCOMPARE(code.size(), std::size_t{12});
      QCOMPARE(code.find_first_of("01OIL"), std::string::npos);
      codes.insert(code);
    }
    QCOMPARE(codes.size(), std::size_t{200});
    QCOMPARE(randomHex(16).size(), std::size_t{32});
    QVERIFY(randomSeed() != randomSeed());
  }
};

QTEST_APPLESS_MAIN(RandomTest)
#include "test_random.moc"
