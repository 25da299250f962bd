// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <barrier>
#include <thread>

#include "hall.hpp"

using namespace invigil;
using namespace invigil::server;

namespace {

constexpr const char* kFirst = "440308199901101512";
constexpr const char* kSecond = "11010519491231002X";

int freeAt(const Json& availability, Instant start) {
  for (const Json& slot : availability.at("slots"))
    if (slot.at("start_ms") == toMillis(start)) return slot.at("free");
  return -1;
}

}  // namespace

class ReservationTest : public QObject {
  Q_OBJECT

  Json day(Hall& hall, const std::string& site, const std::string& text) {
    auto reply = hall.get("/booking/availability", {{"site", site}, {"day", text}});
    if (!reply) qFatal("availability: %s", reply.error().reason.c_str());
    return reply->body;
  }

 private slots:
  void aReservationHoldsItsSeatWithTheTurnover() {
    Hall hall;
    const std::string site = hall.addSite("Asia/Shanghai", everyDay(0, 1440));
    hall.addSeat(site, "1");
    hall.addSeat(site, "2");
    const auto person = hall.addPerson("王小明", kFirst);
    QCOMPARE(freeAt(day(hall, site, "2026-03-03"), shanghai(3, 3, 14)), 2);
    const auto made = hall.reserve(person, site, shanghai(3, 3, 14));
    QVERIFY(made.has_value());
    const Json& booked = made->body;
    QCOMPARE(booked.at("end_ms").get<std::int64_t>(), toMillis(shanghai(3, 3, 16)));
    QCOMPARE(booked.at("entry_from_ms").get<std::int64_t>(), toMillis(shanghai(3, 3, 13, 45)));
    QCOMPARE(booked.at("entry_until_ms").get<std::int64_t>(), toMillis(shanghai(3, 3, 14, 30)));
    QCOMPARE(booked.at("move_until_ms").get<std::int64_t>(), toMillis(shanghai(3, 3, 12)));
    QCOMPARE(booked.at("name_masked"), "王**");
    QCOMPARE(booked.at("code").get<std::string>().size(), std::size_t{8});
    QCOMPARE(booked.at("manage_token").get<std::string>().size(), std::size_t{64});
    QCOMPARE(hall.count("select count(*) from reservation_slot"), std::int64_t{5});
    QCOMPARE(hall.count("select count(*) from reservation where manage_hash = '" +
                        booked.at("manage_token").get<std::string>() + "'"),
             std::int64_t{0});
    // From 11:30 a sitting of two hours and its turnover end when this one begins; at 16:30 the seat is free again.
    const Json free = day(hall, site, "2026-03-03");
    QCOMPARE(freeAt(free, shanghai(3, 3, 11, 30)), 2);
    QCOMPARE(freeAt(free, shanghai(3, 3, 12)), 1);
    QCOMPARE(freeAt(free, shanghai(3, 3, 16)), 1);
    QCOMPARE(freeAt(free, shanghai(3, 3, 16, 30)), 2);
    QCOMPARE(reason(hall.reserve(person, site, shanghai(3, 4, 14))), std::string("already_booked"));
  }

  void thePastClosedHoursAndFarDaysAreNotOffered() {
    Hall hall;
    const std::string site = hall.addSite("Asia/Shanghai", everyDay(8 * 60, 20 * 60));
    hall.addSeat(site, "1");
    const auto person = hall.addPerson("王小明", kFirst);
    const Json today = day(hall, site, "2026-03-02");
    QCOMPARE(today.at("slots").front().at("label"), "09:00");
    QCOMPARE(today.at("slots").back().at("label"), "18:00");
    hall.clock->advance(milliseconds{1});
    QCOMPARE(day(hall, site, "2026-03-02").at("slots").front().at("label"), "09:30");
    QCOMPARE(reason(hall.reserve(person, site, shanghai(3, 2, 9))), std::string("in_the_past"));
    QCOMPARE(reason(hall.reserve(person, site, shanghai(3, 2, 18, 30))), std::string("site_closed"));
    QCOMPARE(reason(hall.reserve(person, site, shanghai(3, 2, 10, 10))), std::string("not_on_the_grid"));
    QCOMPARE(day(hall, site, "2026-04-01").at("slots").size(), std::size_t{21});
    QCOMPARE(day(hall, site, "2026-04-02").at("slots").size(), std::size_t{0});
    QCOMPARE(reason(hall.reserve(person, site, shanghai(4, 2, 9))), std::string("too_far_ahead"));
    QCOMPARE(reason(hall.reserve(person, site, fromMillis(9000000000000000000))), std::string("not_on_the_grid"));
    QCOMPARE(reason(hall.reserve(person, site, fromMillis(-1800000))), std::string("not_on_the_grid"));
    QCOMPARE(reason(hall.reserve(person, "nowhere", shanghai(3, 3, 9))), std::string("no_such_site"));
    QCOMPARE(reason(hall.get("/booking/availability", {{"site", site}, {"day", "tomorrow"}})),
             std::string("day_wrong"));
    QVERIFY(hall.reserve(person, site, shanghai(4, 1, 18)).has_value());
  }

  void theDayOfAClockChangeHasEveryHourOnce() {
    Hall hall;
    Json policy = defaultPolicy();
    policy["booking_days"] = 90;
    const std::string site = hall.addSite("Europe/Berlin", everyDay(0, 1440), policy);
    hall.addSeat(site, "1");
    const Json spring = day(hall, site, "2026-03-29");
    QCOMPARE(spring.at("slots").size(), std::size_t{46});
    QCOMPARE(spring.at("slots")[3].at("label"), "01:30");
    QCOMPARE(spring.at("slots")[4].at("label"), "03:00");
    hall.clock->set(zone("Europe/Berlin").toInstant(2026, 10, 1, 0, 0));
    const Json autumn = day(hall, site, "2026-10-25");
    QCOMPARE(autumn.at("slots").size(), std::size_t{50});
    QCOMPARE(autumn.at("slots")[4].at("label"), "02:00");
    QCOMPARE(autumn.at("slots")[6].at("label"), "02:00");
    QCOMPARE(autumn.at("slots")[6].at("start_ms").get<std::int64_t>() -
                 autumn.at("slots")[4].at("start_ms").get<std::int64_t>(),
             std::int64_t{3600000});
  }

  void theLastSeatGoesToExactlyOneAHundredTimes() {
    Hall hall;
    const std::string site = hall.addSite("Asia/Shanghai", everyDay(0, 1440));
    hall.addSeat(site, "1");
    const Hall::Person people[2] = {hall.addPerson("王小明", kFirst), hall.addPerson("李红", kSecond)};
    for (int round = 0; round < 100; ++round) {
      std::barrier start(2);
      Result<Reply> outcomes[2];
      std::vector<std::thread> threads;
      for (int i = 0; i < 2; ++i)
        threads.emplace_back([&, i] {
          start.arrive_and_wait();
          outcomes[i] = hall.reserve(people[i], site, shanghai(3, 3, 14));
        });
      for (std::thread& thread : threads) thread.join();
      QCOMPARE(int(outcomes[0].has_value()) + int(outcomes[1].has_value()), 1);
      const int winner = outcomes[0] ? 0 : 1;
      QCOMPARE(reason(outcomes[1 - winner]), std::string("seat_taken"));
      QCOMPARE(hall.count("select count(*) from reservation_slot"), std::int64_t{5});
      QVERIFY(hall.post("/manage/cancel", {{"token", outcomes[winner]->body.at("manage_token")}}).has_value());
      hall.clock->advance(minutes{11});  // the next rounds are not over the rate limit
    }
    QCOMPARE(hall.count("select count(*) from reservation where state = 'booked'"), std::int64_t{0});
  }

  void aSeatHeldInPartIsNotTakenAtAll() {
    Hall hall;
    const std::string site = hall.addSite("Asia/Shanghai", everyDay(0, 1440)), seat = hall.addSeat(site, "1");
    const auto holder = hall.addPerson("王小明", kFirst), late = hall.addPerson("李红", kSecond);
    QVERIFY(hall.reserve(holder, site, shanghai(3, 3, 14)).has_value());
    QCOMPARE(reason(hall.reserve(late, site, shanghai(3, 3, 12))), std::string("seat_taken"));
    QCOMPARE(reason(hall.reserve(late, site, shanghai(3, 3, 16))), std::string("seat_taken"));
    QCOMPARE(hall.count("select count(*) from reservation"), std::int64_t{1});
    QCOMPARE(hall.count("select count(*) from reservation_slot where seat_id = '" + seat + "'"), std::int64_t{5});
    QVERIFY(hall.reserve(late, site, shanghai(3, 3, 16, 30)).has_value());
  }

  void onePersonAtTwoDevicesGetsOneReservation() {
    Hall hall;
    const std::string site = hall.addSite("Asia/Shanghai", everyDay(0, 1440));
    hall.addSeat(site, "1");
    hall.addSeat(site, "2");
    const auto person = hall.addPerson("王小明", kFirst);
    std::barrier start(2);
    Result<Reply> outcomes[2];
    std::vector<std::thread> threads;
    for (int i = 0; i < 2; ++i)
      threads.emplace_back([&, i] {
        start.arrive_and_wait();
        outcomes[i] = hall.reserve(person, site, shanghai(3, 3, 9 + 4 * i));
      });
    for (std::thread& thread : threads) thread.join();
    QCOMPARE(int(outcomes[0].has_value()) + int(outcomes[1].has_value()), 1);
    QCOMPARE(reason(outcomes[outcomes[0] ? 1 : 0]), std::string("already_booked"));
    QCOMPARE(hall.count("select count(*) from reservation_slot"), std::int64_t{5});
  }

  void twoExamsOfOnePersonCannotOverlap() {
    Hall hall;
    const std::string site = hall.addSite("Asia/Shanghai", everyDay(0, 1440));
    hall.addSeat(site, "1");
    hall.addSeat(site, "2");
    const auto first = hall.addPerson("王小明", kFirst);
    const auto second = hall.addPerson("王小明", kFirst, "principal");
    QCOMPARE(first.caller.candidate_id, second.caller.candidate_id);
    QVERIFY(hall.reserve(first, site, shanghai(3, 3, 14)).has_value());
    QCOMPARE(reason(hall.reserve(second, site, shanghai(3, 3, 15))), std::string("overlapping_booking"));
    QVERIFY(hall.reserve(second, site, shanghai(3, 3, 16)).has_value());
  }

  void anothersEligibilityCannotBeBooked() {
    Hall hall;
    const std::string site = hall.addSite("Asia/Shanghai", everyDay(0, 1440));
    hall.addSeat(site, "1");
    auto person = hall.addPerson("王小明", kFirst);
    person.caller = hall.addPerson("李红", kSecond).caller;
    QCOMPARE(reason(hall.reserve(person, site, shanghai(3, 3, 14))), std::string("no_such_eligibility"));
  }

  void movingTakesTheNewSeatAndFreesTheOld() {
    Hall hall;
    const std::string site = hall.addSite("Asia/Shanghai", everyDay(0, 1440));
    hall.addSeat(site, "1");
    const auto person = hall.addPerson("王小明", kFirst);
    const Json booked = hall.reserve(person, site, shanghai(3, 3, 14))->body;
    const auto move = [&](Instant start) {
      return hall.post("/manage/move",
                       {{"token", booked.at("manage_token")}, {"site_id", site}, {"start_ms", toMillis(start)}});
    };
    // Half an hour later overlaps with the own old time on the only seat.
    const auto moved = move(shanghai(3, 3, 14, 30));
    QVERIFY(moved.has_value());
    QCOMPARE(moved->body.at("reservation").at("start_ms").get<std::int64_t>(), toMillis(shanghai(3, 3, 14, 30)));
    QCOMPARE(moved->body.at("reservation").at("code"), booked.at("code"));
    QCOMPARE(moved->body.at("reservation").at("manage_token"), booked.at("manage_token"));
    QCOMPARE(hall.count("select count(*) from reservation_slot"), std::int64_t{5});
    // A move that cannot be leaves everything as it was.
    const auto other = hall.addPerson("李红", kSecond);
    QVERIFY(hall.reserve(other, site, shanghai(3, 4, 14)).has_value());
    QCOMPARE(reason(move(shanghai(3, 4, 15))), std::string("seat_taken"));
    const auto view = hall.post("/manage/view", {{"token", booked.at("manage_token")}});
    QCOMPARE(view->body.at("reservation").at("start_ms").get<std::int64_t>(), toMillis(shanghai(3, 3, 14, 30)));
    QVERIFY(view->body.at("can_change").get<bool>() && view->body.at("result").is_null());
    QCOMPARE(hall.count("select count(*) from reservation_slot"), std::int64_t{10});
  }

  void changesEndTwoHoursBefore() {
    Hall hall;
    const std::string site = hall.addSite("Asia/Shanghai", everyDay(0, 1440));
    hall.addSeat(site, "1");
    const auto person = hall.addPerson("王小明", kFirst);
    const Json token = {{"token", hall.reserve(person, site, shanghai(3, 3, 14))->body.at("manage_token")}};
    Json move = token;
    move["site_id"] = site;
    move["start_ms"] = toMillis(shanghai(3, 5, 14));
    hall.clock->set(shanghai(3, 3, 12) + milliseconds{1});
    QCOMPARE(reason(hall.post("/manage/move", move)), std::string("too_late_to_change"));
    QCOMPARE(reason(hall.post("/manage/cancel", token)), std::string("too_late_to_change"));
    QVERIFY(!hall.post("/manage/view", token)->body.at("can_change").get<bool>());
    hall.clock->set(shanghai(3, 3, 12));
    QVERIFY(hall.post("/manage/view", token)->body.at("can_change").get<bool>());
    const auto cancelled = hall.post("/manage/cancel", token);
    QVERIFY(cancelled.has_value());
    QCOMPARE(cancelled->body.at("reservation").at("state"), "cancelled");
    QCOMPARE(hall.count("select count(*) from reservation_slot"), std::int64_t{0});
    QCOMPARE(reason(hall.post("/manage/cancel", token)), std::string("cannot_change"));
    QCOMPARE(reason(hall.post("/manage/move", move)), std::string("cannot_change"));
    QVERIFY(hall.reserve(person, site, shanghai(3, 3, 14)).has_value());
  }

  void aWrongTokenFindsNothingAndIsLimited() {
    Hall hall;
    const Json token = {{"token", std::string(64, 'a')}};
    for (int i = 0; i < 120; ++i)
      QCOMPARE(reason(hall.post("/manage/view", token)), std::string("no_such_reservation"));
    QCOMPARE(reason(hall.post("/manage/view", token)), std::string("too_many_tries"));
    hall.clock->advance(minutes{11});
    QCOMPARE(reason(hall.post("/manage/view", token)), std::string("no_such_reservation"));
  }

  void whoDoesNotComeLosesTheSeatAndNotTheAttempt() {
    Hall hall;
    const std::string site = hall.addSite("Asia/Shanghai", everyDay(0, 1440));
    hall.addSeat(site, "1");
    const auto person = hall.addPerson("王小明", kFirst);
    QVERIFY(hall.reserve(person, site, shanghai(3, 2, 14)).has_value());
    const auto sweep = [&](Instant now) {
      hall.clock->set(now);
      QVERIFY(hall.write<void>([&](Tx& tx) -> Status {
        releaseNoShows(hall.app, tx, now);
        return {};
      }));
    };
    sweep(shanghai(3, 2, 14, 30));
    QCOMPARE(hall.count("select count(*) from reservation where state = 'booked'"), std::int64_t{1});
    sweep(shanghai(3, 2, 14, 30) + milliseconds{1});
    QCOMPARE(hall.count("select count(*) from reservation where state = 'no_show'"), std::int64_t{1});
    QCOMPARE(hall.count("select count(*) from reservation_slot"), std::int64_t{0});
    QCOMPARE(hall.count("select attempts_used from eligibility"), std::int64_t{0});
    QCOMPARE(hall.count("select count(*) from audit where action = 'reservation.no_show'"), std::int64_t{1});
    QVERIFY(hall.reserve(person, site, shanghai(3, 2, 15)).has_value());
  }

  void aSittingPersonIsNotSweptAway() {
    Hall hall;
    const std::string site = hall.addSite("Asia/Shanghai", everyDay(0, 1440));
    hall.addSeat(site, "1");
    QVERIFY(hall.reserve(hall.addPerson("王小明", kFirst), site, shanghai(3, 2, 14)).has_value());
    QVERIFY(hall.write<void>([&](Tx& tx) -> Status {
      tx.exec("update reservation set state = 'sitting'");
      releaseNoShows(hall.app, tx, shanghai(3, 2, 15));
      return {};
    }));
    QCOMPARE(hall.count("select count(*) from reservation_slot"), std::int64_t{5});
  }

  void aWalkInTakesTheRunningHalfHourOfThatSeat() {
    Hall hall;
    const std::string site = hall.addSite("Asia/Shanghai", everyDay(0, 1440)), seat = hall.addSeat(site, "1");
    const std::string other = hall.addSeat(site, "2");
    const auto person = hall.addPerson("王小明", kFirst);
    hall.clock->set(shanghai(3, 2, 14, 10));
    QCOMPARE(day(hall, site, "2026-03-02").at("now_free").get<int>(), 2);
    Call call;
    call.now = hall.clock->now();
    const std::function<Result<NewReservation>(Tx&)> sit = [&](Tx& tx) {
      return takeSeat(hall.app, tx, call, person.caller.candidate_id, person.eligibility_id, site, other,
                      toMillis(call.now), true);
    };
    const auto taken = hall.app.store->writeNow<NewReservation>(sit);
    QVERIFY(taken.has_value());
    QCOMPARE(taken->row.seat_id, other);
    QCOMPARE(hall.count("select count(*) from reservation_slot where seat_id = '" + other + "'"), std::int64_t{6});
    QCOMPARE(hall.count("select min(slot) from reservation_slot") * kSlot.count(), toMillis(shanghai(3, 2, 14)));
    QCOMPARE(day(hall, site, "2026-03-02").at("now_free").get<int>(), 1);
    // Finished early: the running half hour stays held, the rest is free.
    QVERIFY(hall.write<void>([&](Tx& tx) -> Status {
      releaseSeat(tx, taken->row.id, "finished", toMillis(shanghai(3, 2, 15, 10)));
      return {};
    }));
    QCOMPARE(hall.count("select count(*) from reservation_slot"), std::int64_t{3});
    Json policy = defaultPolicy();
    policy["walk_in"] = false;
    const std::string closed = hall.addSite("Asia/Shanghai", everyDay(0, 1440), policy);
    hall.addSeat(closed, "1");
    QCOMPARE(day(hall, closed, "2026-03-02").at("now_free").get<int>(), 0);
  }

  void seatsWithAKioskAreGivenFirst() {
    Hall hall;
    const std::string site = hall.addSite("Asia/Shanghai", everyDay(0, 1440));
    hall.addSeat(site, "1");
    const std::string second = hall.addSeat(site, "2");
    QVERIFY(hall.write<void>([&](Tx& tx) -> Status {
      tx.exec("insert into kiosk(id, seat_id, fingerprint, enrolled_ms) values ('k', :a, 'f', 1)", second);
      return {};
    }));
    const auto made = hall.reserve(hall.addPerson("王小明", kFirst), site, shanghai(3, 3, 14));
    QCOMPARE(made->body.at("seat_label"), "2");
    QCOMPARE(hall.reserve(hall.addPerson("李红", kSecond), site, shanghai(3, 3, 14))->body.at("seat_label"), "1");
  }

  void theAdministratorFindsAndCancels() {
    Hall hall;
    const std::string site = hall.addSite("Asia/Shanghai", everyDay(0, 1440));
    hall.addSeat(site, "1");
    const Json first = hall.reserve(hall.addPerson("王小明", kFirst), site, shanghai(3, 3, 9))->body;
    const Json second = hall.reserve(hall.addPerson("李红", kSecond), site, shanghai(3, 4, 9))->body;
    const auto search = [&](const Json& more) {
      Json body{{"site", ""}, {"day", ""}, {"q", ""}};
      body.update(more);
      return hall.post("/admin/reservations/search", body, hall.admin)->body;
    };
    const auto total = [&](const Json& more) { return search(more).at("total").get<int>(); };
    QCOMPARE(total(Json::object()), 2);
    QCOMPARE(total({{"site", site}, {"day", "2026-03-03"}}), 1);
    QCOMPARE(total({{"day", "2026-03-04"}}), 1);
    QCOMPARE(total({{"q", "小明"}}), 1);
    QCOMPARE(total({{"q", first.at("code").get<std::string>()}}), 1);
    QCOMPARE(total({{"q", "%"}}), 0);
    QCOMPARE(total({{"q", "1"}}), 2);  // the seat
    QCOMPARE(search({{"limit", 1}, {"offset", 1}}).at("reservations")[0].at("id"), first.at("id"));
    // Also when the candidate could no longer do it.
    hall.clock->set(shanghai(3, 4, 8, 59));
    const auto cancelled = hall.post("/admin/reservations/{id}/cancel", {}, hall.admin, second.at("id"));
    QVERIFY(cancelled.has_value());
    QCOMPARE(cancelled->body.at("state"), "cancelled");
    QCOMPARE(reason(hall.post("/admin/reservations/{id}/cancel", {}, hall.admin, second.at("id"))),
             std::string("cannot_change"));
    QCOMPARE(reason(hall.post("/admin/reservations/{id}/cancel", {}, hall.admin, "nothing")),
             std::string("no_such_reservation"));
  }
};

QTEST_GUILESS_MAIN(ReservationTest)
#include "test_reservation.moc"
