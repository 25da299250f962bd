// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "invigil/segment/segment.hpp"

using namespace invigil;

namespace {

segment::Key keyOf(std::uint8_t fill) {
  segment::Key key;
  key.fill(fill);
  return key;
}
const segment::Head kHead{"sitting-1", 7, 1'795'000'000'000, 1'795'000'030'000, 150};
const std::string kContent = std::string("film\0with a zero", 16) + std::string(5000, 'x');

template <class T>
std::string reason(const Result<T>& result) {
  return result ? std::string() : result.error().reason;
}

}  // namespace

class SegmentTest : public QObject {
  Q_OBJECT

 private slots:
  void whatIsSealedOpensAgainAndItsHeadIsReadableWithoutTheKey() {
    const auto sealed = segment::seal(keyOf(1), kHead, kContent);
    QVERIFY(sealed.has_value());
    QVERIFY(sealed->find("xxxx") == std::string::npos);
    const auto head = segment::readHead(*sealed);
    QVERIFY(head.has_value());
    QCOMPARE(head->sitting_id, kHead.sitting_id);
    QCOMPARE(head->number, kHead.number);
    QCOMPARE(head->began_ms, kHead.began_ms);
    QCOMPARE(head->ended_ms, kHead.ended_ms);
    QCOMPARE(head->frames, kHead.frames);
    QCOMPARE(segment::open(keyOf(1), *sealed).value(), kContent);
  }

  void theSameFilmNeverLooksTheSame() {
    QVERIFY(*segment::seal(keyOf(1), kHead, kContent) != *segment::seal(keyOf(1), kHead, kContent));
  }

  void anotherKeyOpensNothing() {
    QCOMPARE(reason(segment::open(keyOf(2), *segment::seal(keyOf(1), kHead, kContent))), std::string("segment_damaged"));
  }

  void aChangedByteAnywhereIsNoticed() {
    const std::string sealed = *segment::seal(keyOf(1), kHead, "short film");
    for (std::size_t i = 0; i < sealed.size(); ++i) {
      std::string changed = sealed;
      changed[i] = static_cast<char>(changed[i] ^ 1);
      QVERIFY2(!segment::open(keyOf(1), changed), qPrintable(QString("byte %1").arg(i)));
    }
  }

  void aCutOffFileIsNoticedAtEveryLength() {
    const std::string sealed = *segment::seal(keyOf(1), kHead, "short film");
    for (std::size_t size = 0; size < sealed.size(); ++size) QVERIFY(!segment::open(keyOf(1), sealed.substr(0, size)));
    QVERIFY(!segment::open(keyOf(1), sealed + "x"));
  }

  void headsOutOfRangeAndHugeFilmsAreRefused() {
    for (const char* id : {"", "../x", "a/b"}) {
      segment::Head head = kHead;
      head.sitting_id = id;
      QCOMPARE(reason(segment::seal(keyOf(1), head, "x")), std::string("bad_segment"));
    }
    segment::Head backwards = kHead;
    backwards.ended_ms = backwards.began_ms - 1;
    QCOMPARE(reason(segment::seal(keyOf(1), backwards, "x")), std::string("bad_segment"));
    QCOMPARE(reason(segment::seal(keyOf(1), kHead, std::string(segment::kBytesMax, 'x'))), std::string("segment_too_large"));
    QCOMPARE(reason(segment::readHead("not a segment")), std::string("bad_segment"));
  }
};

QTEST_APPLESS_MAIN(SegmentTest)
#include "test_segment.moc"
