// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "hall.hpp"

using namespace invigil;
using namespace invigil::server;

namespace {

Json row(int weekday, int open, int close) {
  return {{"weekday", weekday}, {"open_minute", open}, {"close_minute", close}};
}

Site siteWith(const std::string& zone_name, const Json& hours) {
  return Site{"s", "", "", "", "", zone(zone_name), hours, defaultPolicy(), false};
}

Json siteBody(const Json& hours, const Json& policy = defaultPolicy(), const std::string& zone_name = "Asia/Shanghai") {
  return {{"name", wording("考点", "Site")},
          {"address", wording("路", "Road")},
          {"time_zone", zone_name},
          {"hours", hours},
          {"policy", policy},
          {"disabled", false}};
}

}  // namespace

class SitesTest : public QObject {
  Q_OBJECT
 private slots:
  void opensAndClosesToTheMinute() {
    const Site site = siteWith("Asia/Shanghai", Json::array({row(1, 9 * 60, 17 * 60)}));
    QVERIFY(site.openDuring(shanghai(3, 2, 9), shanghai(3, 2, 17)));
    QVERIFY(!site.openDuring(shanghai(3, 2, 8, 59), shanghai(3, 2, 10)));
    QVERIFY(!site.openDuring(shanghai(3, 2, 16), shanghai(3, 2, 17, 1)));
    QVERIFY(!site.openDuring(shanghai(3, 3, 9), shanghai(3, 3, 10)));
    QVERIFY(!site.alwaysOpen());
  }

  void hoursThatMeetCountAsOne() {
    const Site site = siteWith("Asia/Shanghai", Json::array({row(1, 13 * 60, 18 * 60), row(1, 9 * 60, 13 * 60)}));
    QVERIFY(site.openDuring(shanghai(3, 2, 12), shanghai(3, 2, 14)));
    const Site lunch = siteWith("Asia/Shanghai", Json::array({row(1, 9 * 60, 12 * 60), row(1, 13 * 60, 18 * 60)}));
    QVERIFY(!lunch.openDuring(shanghai(3, 2, 11), shanghai(3, 2, 14)));
  }

  void midnightBetweenTwoOpenDaysIsOpen() {
    const Site site = siteWith("Asia/Shanghai", Json::array({row(7, 20 * 60, 1440), row(1, 0, 6 * 60)}));
    QVERIFY(site.openDuring(shanghai(3, 1, 23), shanghai(3, 2, 1)));
    QVERIFY(!site.openDuring(shanghai(3, 2, 23), shanghai(3, 3, 1)));
    QVERIFY(siteWith("Asia/Shanghai", everyDay(0, 1440)).alwaysOpen());
    QVERIFY(!siteWith("Asia/Shanghai", everyDay(0, 1439)).alwaysOpen());
  }

  void aClockChangeDoesNotCloseAnOpenSite() {
    const Site site = siteWith("Europe/Berlin", everyDay(0, 1440));
    const TimeZone berlin = zone("Europe/Berlin");
    QVERIFY(site.openDuring(berlin.toInstant(2026, 3, 28, 22, 0), berlin.toInstant(2026, 3, 29, 12, 0)));
    QVERIFY(site.openDuring(berlin.toInstant(2026, 10, 24, 22, 0), berlin.toInstant(2026, 10, 25, 12, 0)));
    // Open from 9 to 11 is two hours by the clock on the wall, also on the day of the change.
    const Site morning = siteWith("Europe/Berlin", everyDay(9 * 60, 11 * 60));
    QVERIFY(morning.openDuring(berlin.toInstant(2026, 3, 29, 9, 0), berlin.toInstant(2026, 3, 29, 11, 0)));
    QVERIFY(!morning.openDuring(berlin.toInstant(2026, 3, 29, 8, 30), berlin.toInstant(2026, 3, 29, 10, 30)));
  }

  void hoursOverMidnightAreStoredAsTwoDays() {
    Hall hall;
    const auto made = hall.post("/admin/sites", siteBody(Json::array({row(7, 22 * 60, 6 * 60)})), hall.admin);
    QVERIFY(made.has_value());
    QCOMPARE(made->body.at("hours"), Json::array({row(7, 22 * 60, 1440), row(1, 0, 6 * 60)}));
    QCOMPARE(reason(hall.post("/admin/sites", siteBody(Json::array({row(7, 60, 60)})), hall.admin)),
             std::string("hours_wrong"));
  }

  void aSiteThatCannotWorkIsRefused() {
    Hall hall;
    QCOMPARE(
        reason(hall.post("/admin/sites", siteBody(everyDay(0, 1440), defaultPolicy(), "Mars/Olympus"), hall.admin)),
        std::string("no_such_time_zone"));
    Json policy = defaultPolicy();
    policy["refuse_below"] = 0.9;
    QCOMPARE(reason(hall.post("/admin/sites", siteBody(everyDay(0, 1440), policy), hall.admin)),
             std::string("bands_wrong"));
    policy = defaultPolicy();
    for (const Json& kinds : {Json::array({"simulated"}), Json::array({"camera", "file"})}) {
      policy["camera_kinds"] = kinds;
      QCOMPARE(reason(hall.post("/admin/sites", siteBody(everyDay(0, 1440), policy), hall.admin)),
               std::string("simulated_camera_demo_only"));
    }
    QCOMPARE(hall.count("select count(*) from site"), std::int64_t{0});
    policy["camera_kinds"] = {"camera", "file", "simulated"};
    hall.app.config.demo = true;
    QVERIFY(hall.post("/admin/sites", siteBody(everyDay(0, 1440), policy), hall.admin).has_value());
  }

  void theListForBookingLeavesOutClosedSitesAndSeats() {
    Hall hall;
    const std::string id = hall.addSite("Asia/Shanghai", everyDay(0, 1440));
    hall.addSeat(id, "1");
    const std::string seat = hall.addSeat(id, "2");
    Call call;
    call.caller = hall.admin;
    call.id = seat;
    call.body = {{"room", "A"}, {"label", "2"}, {"disabled", true}};
    QVERIFY(hall.send("put", "/api/v1/admin/seats/{id}", call).has_value());
    Json sites = hall.get("/sites")->body.at("sites");
    QCOMPARE(sites.size(), std::size_t{1});
    QCOMPARE(sites[0].at("seats").get<int>(), 1);
    QVERIFY(sites[0].at("open_now").get<bool>() && sites[0].at("always_open").get<bool>());
    call.id = id;
    call.body = siteBody(everyDay(0, 1440));
    call.body["disabled"] = true;
    QVERIFY(hall.send("put", "/api/v1/admin/sites/{id}", call).has_value());
    QCOMPARE(hall.get("/sites")->body.at("sites").size(), std::size_t{0});
    QCOMPARE(hall.get("/admin/sites")->body.at("sites").size(), std::size_t{1});
    call.id = "nowhere";
    QCOMPARE(reason(hall.send("put", "/api/v1/admin/sites/{id}", call)), std::string("no_such_site"));
  }

  void twoSeatsOfARoomCannotShareALabel() {
    Hall hall;
    const std::string id = hall.addSite("Asia/Shanghai", everyDay(0, 1440));
    hall.addSeat(id, "1");
    const std::string second = hall.addSeat(id, "2");
    QCOMPARE(reason(hall.post("/admin/sites/{id}/seats", {{"room", "A"}, {"label", " 1 "}, {"disabled", false}},
                              hall.admin, id)),
             std::string("seat_label_taken"));
    Call call;
    call.caller = hall.admin;
    call.id = second;
    call.body = {{"room", "A"}, {"label", "1"}, {"disabled", false}};
    QCOMPARE(reason(hall.send("put", "/api/v1/admin/seats/{id}", call)), std::string("seat_label_taken"));
    call.body["label"] = "2";
    QVERIFY(hall.send("put", "/api/v1/admin/seats/{id}", call).has_value());
  }

  void aKioskIsOnlineForAMinute() {
    Hall hall;
    const std::string id = hall.addSite("Asia/Shanghai", everyDay(0, 1440)), seat = hall.addSeat(id, "1");
    const auto state = [&] { return hall.get("/admin/sites/{id}/seats", {}, id)->body.at("seats")[0]; };
    QCOMPARE(state().at("kiosk_state"), "none");
    QVERIFY(hall.write<void>([&](Tx& tx) -> Status {
      tx.exec("insert into kiosk(id, seat_id, fingerprint, enrolled_ms) values ('k', :a, 'f', 1)", seat);
      return {};
    }));
    QCOMPARE(state().at("kiosk_state"), "offline");
    QVERIFY(state().at("kiosk_seen_ms").is_null());
    QVERIFY(hall.write<void>([&](Tx& tx) -> Status {
      tx.exec("update kiosk set seen_ms = :a", toMillis(hall.clock->now()));
      return {};
    }));
    hall.clock->advance(seconds{60});
    QCOMPARE(state().at("kiosk_state"), "online");
    hall.clock->advance(milliseconds{1});
    QCOMPARE(state().at("kiosk_state"), "offline");
    QVERIFY(hall.write<void>([&](Tx& tx) -> Status {
      tx.exec("update kiosk set revoked = 1");
      return {};
    }));
    QCOMPARE(state().at("kiosk_id"), "");
  }

  void daysAreReadStrictly() {
    const TimeZone berlin = zone("Europe/Berlin");
    for (const char* wrong : {"", "2026-3-1", "2026-02-30", "2026-13-01", "2026/03/01", "-026-03-01", "2026-03-0x"})
      QCOMPARE(reason(localDay(berlin, wrong)), std::string("day_wrong"));
    const auto spring = *localDay(berlin, "2026-03-29"), autumn = *localDay(berlin, "2026-10-25");
    QCOMPARE((spring.second - spring.first).count(), std::int64_t{23} * 3600000);
    QCOMPARE((autumn.second - autumn.first).count(), std::int64_t{25} * 3600000);
  }
};

QTEST_GUILESS_MAIN(SitesTest)
#include "test_sites.moc"
