// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "exam_hall.hpp"
#include "hall_clock.hpp"
#include "open_app.hpp"

using namespace invigil;
using namespace invigil::server;

namespace {

/// A machine whose wall clock can be set apart from its monotonic one.
class Machine final : public Clock {
 public:
  explicit Machine(std::shared_ptr<FakeClock> truth) : truth_(std::move(truth)) {}
  Instant now() const override { return truth_->now() + leap; }
  milliseconds monotonic() const override { return truth_->monotonic(); }
  milliseconds leap{0};

 private:
  std::shared_ptr<FakeClock> truth_;
};

/// A hall on that machine: `clock` is the true time.
struct LeapHall : ExamHall {
  std::shared_ptr<Machine> machine = std::make_shared<Machine>(clock);

  LeapHall() {
    app.clock = std::make_shared<HallClock>(machine);
    app.config.recordings_dir = dir.path().toStdString();
    app.serving_since = clock->now();
  }
  /// Lets the chores run as the server does, every half minute.
  void live(minutes time) {
    for (const Instant end = clock->now() + time; clock->now() < end; clock->advance(seconds(30))) housekeeping(app);
    housekeeping(app);
  }
  std::int64_t running() { return count("select count(*) from sitting where finished_ms is null"); }
  std::string booking(const Json& reservation) {
    return *app.store->readNow<std::string>([&](Tx& tx) -> Result<std::string> {
      return *tx.value<std::string>("select state from reservation where id = :a", reservation["id"].get<std::string>());
    });
  }
  std::int64_t audited(const std::string& action) { return count("select count(*) from audit where action = '" + action + "'"); }
};

}  // namespace

class HallClockTest : public QObject {
  Q_OBJECT

 private slots:
  void itFollowsSmallStepsAndNoLeap() {
    const auto truth = std::make_shared<FakeClock>(shanghai(3, 2, 9));
    const auto machine = std::make_shared<Machine>(truth);
    HallClock clock(machine);
    QCOMPARE(clock.now(), truth->now());
    machine->leap = seconds(59);
    QCOMPARE(clock.now(), machine->now());
    machine->leap = seconds(1);
    QCOMPARE(clock.now(), machine->now());
    QVERIFY(!clock.look().changed);
    for (const milliseconds leap : {milliseconds(std::chrono::hours(5)), milliseconds(-std::chrono::hours(5))}) {
      const Instant before = clock.now();
      machine->leap = seconds(1) + leap;
      truth->advance(seconds(3));
      QCOMPARE(clock.now(), before + seconds(3));
      QVERIFY(clock.look().changed);
      QVERIFY(!clock.look().changed);  // said once
      truth->advance(minutes(2));
      QVERIFY(clock.leap().has_value());
      QCOMPARE(clock.leap()->ahead, leap);
      QCOMPARE(clock.leap()->stands, milliseconds(minutes(2)));
      machine->leap = seconds(1);  // somebody has mended it
      QCOMPARE(clock.now(), machine->now());
      QVERIFY(!clock.leap().has_value());
      QVERIFY(clock.look().changed);
    }
    machine->leap = std::chrono::hours(1);
    clock.now();
    clock.follow();
    QCOMPARE(clock.now(), machine->now());
    QVERIFY(!clock.leap().has_value());
  }

  void anotherLeapBeginsItsWaitAnew() {
    const auto truth = std::make_shared<FakeClock>(shanghai(3, 2, 9));
    const auto machine = std::make_shared<Machine>(truth);
    HallClock clock(machine);
    machine->leap = std::chrono::hours(1);
    clock.now();
    truth->advance(minutes(9));
    machine->leap = std::chrono::hours(3);
    clock.now();
    truth->advance(minutes(1));
    QCOMPARE(clock.leap()->stands, milliseconds(minutes(1)));
  }

  void whoSleptIsTold() {
    const auto truth = std::make_shared<FakeClock>(shanghai(3, 2, 9));
    HallClock clock(std::make_shared<Machine>(truth));
    truth->advance(seconds(59));
    QVERIFY(!clock.look().slept);
    truth->advance(seconds(61));
    QVERIFY(clock.look().slept);
    QVERIFY(!clock.look().slept);
  }

  /// The machine's clock is five hours ahead for as long as it likes: who sits there keeps their time, who has booked their seat.
  void aWrongClockEndsNoExamAndReleasesNoSeat() {
    LeapHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    const Json later = hall.must(hall.reserve(hall.addPerson("李大力", kSecond), hall.site, shanghai(3, 2, 13)));
    hall.live(minutes(1));
    hall.machine->leap = std::chrono::hours(5);
    hall.live(minutes(30));
    QCOMPARE(hall.running(), 1);
    QCOMPARE(hall.booking(later), std::string("booked"));
    QCOMPARE(hall.app.clock->now(), hall.clock->now());
    QCOMPARE(hall.audited("clock_leapt"), 1);
    hall.machine->leap = {};
    hall.live(minutes(1));
    QCOMPARE(hall.audited("clock_back"), 1);
    // The deadline is where it was.
    hall.clock->set(fromMillis(sitting["deadline_ms"].get<std::int64_t>()) + seconds(31));
    hall.live(minutes(1));
    QCOMPARE(hall.running(), 0);
  }

  /// The machine was wrong before, or its virtual one stood still: after ten minutes its clock is believed, as soon as nobody's exam
  /// would be over by that; bookings have the grace that they have after a restart.
  void aClockThatStandsByItsLeapIsFollowedWhenThatHarmsNobody() {
    LeapHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    hall.machine->leap = std::chrono::hours(5);
    const Json missed = hall.must(hall.reserve(hall.addPerson("李大力", kSecond), hall.site, shanghai(3, 2, 14)));
    hall.live(minutes(40));
    QVERIFY(hall.app.clock->now() == hall.clock->now());
    hall.must(hall.submit(visit, sitting));
    hall.live(minutes(1));
    QVERIFY(hall.app.clock->now() == hall.machine->now());  // half past three: an hour and a half after the booking
    QCOMPARE(hall.audited("clock_followed"), 1);
    hall.live(minutes(28));
    QCOMPARE(hall.booking(missed), std::string("booked"));
    hall.live(minutes(4));
    QCOMPARE(hall.booking(missed), std::string("no_show"));
  }

  void aClockThatWasAheadIsFollowedBackWhenNobodySitsThere() {
    LeapHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    hall.machine->leap = -std::chrono::hours(3);
    hall.live(minutes(40));
    QVERIFY(hall.app.clock->now() == hall.clock->now());
    QCOMPARE(hall.running(), 1);
    hall.must(hall.submit(visit, sitting));
    hall.live(minutes(1));
    QVERIFY(hall.app.clock->now() == hall.machine->now());
    QCOMPARE(hall.audited("clock_followed"), 1);
  }

  /// No battery for the machine's clock: it gets the time from the network just after the start.
  void aMachineThatGetsItsTimeAfterTheStartIsFollowedAtOnce() {
    LeapHall hall;
    hall.live(minutes(1));
    hall.machine->leap = std::chrono::hours(5);
    hall.live(minutes(1));
    QVERIFY(hall.app.clock->now() == hall.machine->now());
    hall.live(minutes(10));
    hall.machine->leap = std::chrono::hours(9);  // later it has to stand by it
    hall.live(minutes(5));
    QVERIFY(hall.app.clock->now() != hall.machine->now());
  }

  /// A laptop that was closed: both its clocks went on, but nobody could come meanwhile.
  void aMachineThatSleptMakesNobodyANoShow() {
    LeapHall hall;
    const Json booked = hall.must(hall.reserve(hall.addPerson("王小明", kFirst), hall.site, shanghai(3, 2, 10)));
    hall.live(minutes(1));
    hall.clock->set(shanghai(3, 2, 12));
    hall.live(minutes(29));
    QCOMPARE(hall.booking(booked), std::string("booked"));
    hall.live(minutes(2));
    QCOMPARE(hall.booking(booked), std::string("no_show"));
  }
};

QTEST_GUILESS_MAIN(HallClockTest)
#include "test_hall_clock.moc"
