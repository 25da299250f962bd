// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include "invigil/base/clock.hpp"
#include "properties.hpp"

using namespace invigil;

namespace {

std::string utcOf(const TimeZone& zone, int year, int month, int day, int hour, int minute) {
  return formatUtc(zone.toInstant(year, month, day, hour, minute));
}

std::string localOf(const TimeZone& zone, std::int64_t seconds_since_epoch) {
  const LocalTime t = zone.toLocal(Instant{seconds{seconds_since_epoch}});
  return QString::asprintf("%04d-%02d-%02d %02d:%02d/%d", t.year, t.month, t.day, t.hour, t.minute, t.weekday)
      .toStdString();
}

}  // namespace

class ClockTest : public QObject {
  Q_OBJECT
 private slots:
  void utcText() {
    QCOMPARE(formatUtc(fromMillis(0)), std::string("1970-01-01T00:00:00Z"));
    QCOMPARE(formatUtc(fromMillis(1795444200999)), std::string("2026-11-23T14:30:00Z"));
    QCOMPARE(formatUtc(fromMillis(-1)), std::string("1969-12-31T23:59:59Z"));
    QCOMPARE(formatUtc(fromMillis(951782400000)), std::string("2000-02-29T00:00:00Z"));
  }

  void shanghaiIsEightHoursAhead() {
    const auto zone = TimeZone::create("Asia/Shanghai");
    QVERIFY(zone.has_value());
    QCOMPARE(utcOf(*zone, 2026, 11, 23, 14, 30), std::string("2026-11-23T06:30:00Z"));
    QCOMPARE(localOf(*zone, 1795415400), std::string("2026-11-23 14:30/1"));
    // China had summer time from 1986 to 1991.
    QCOMPARE(utcOf(*zone, 1990, 7, 1, 12, 0), std::string("1990-07-01T03:00:00Z"));
    QCOMPARE(utcOf(*zone, 1992, 7, 1, 12, 0), std::string("1992-07-01T04:00:00Z"));
  }

  void berlinJumpsForwardInSpring() {
    const auto zone = TimeZone::create("Europe/Berlin");
    QVERIFY(zone.has_value());
    QCOMPARE(utcOf(*zone, 2026, 3, 29, 1, 59), std::string("2026-03-29T00:59:00Z"));
    QCOMPARE(utcOf(*zone, 2026, 3, 29, 2, 0), std::string("2026-03-29T01:00:00Z"));
    QCOMPARE(utcOf(*zone, 2026, 3, 29, 2, 30), std::string("2026-03-29T01:00:00Z"));
    QCOMPARE(utcOf(*zone, 2026, 3, 29, 3, 0), std::string("2026-03-29T01:00:00Z"));
    QCOMPARE(localOf(*zone, 1774745999), std::string("2026-03-29 01:59/7"));
    QCOMPARE(localOf(*zone, 1774746000), std::string("2026-03-29 03:00/7"));
  }

  void berlinRepeatsAnHourInAutumn() {
    const auto zone = TimeZone::create("Europe/Berlin");
    QCOMPARE(utcOf(*zone, 2026, 10, 25, 2, 30), std::string("2026-10-25T00:30:00Z"));
    QCOMPARE(utcOf(*zone, 2026, 10, 25, 3, 0), std::string("2026-10-25T02:00:00Z"));
    QCOMPARE(localOf(*zone, 1792888200), std::string("2026-10-25 02:30/7"));
    QCOMPARE(localOf(*zone, 1792891800), std::string("2026-10-25 02:30/7"));
  }

  void everyInstantReadsBack() {
    for (const char* name : {"Asia/Shanghai", "Europe/Berlin", "Australia/Lord_Howe", "UTC"}) {
      const auto zone = TimeZone::create(name);
      QVERIFY2(zone.has_value(), name);
      test::checkProperty("toInstant(toLocal(t)) reads as toLocal(t) and is not later than t", [&] {
        const auto minute = *rc::gen::inRange<std::int64_t>(0, 66LL * 366 * 24 * 60);
        const Instant t{seconds{minute * 60}};
        const LocalTime local = zone->toLocal(t);
        const Instant back = zone->toInstant(local.year, local.month, local.day, local.hour, local.minute);
        const LocalTime again = zone->toLocal(back);
        RC_ASSERT(back <= t);
        RC_ASSERT(std::tie(again.day, again.hour, again.minute) == std::tie(local.day, local.hour, local.minute));
      });
    }
  }

  void unknownZonesAreRefused() {
    for (const char* name : {"", "Mars/Olympus", "../../etc/passwd", "/etc/passwd", "Asia", "zone.tab"})
      QCOMPARE(TimeZone::create(name).error().reason, std::string("no_such_time_zone"));
  }
};

QTEST_APPLESS_MAIN(ClockTest)
#include "test_clock.moc"
