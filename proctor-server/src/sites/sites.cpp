// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "sites/sites.hpp"

#include <algorithm>
#include <charconv>

#include "admission/decision.hpp"

namespace invigil::server {
namespace {

using namespace std::chrono;

constexpr const char* kColumns = "id, name_zh, name_en, address_zh, address_en, time_zone, hours, policy, disabled";
constexpr milliseconds kKioskOnline{60'000};

using Columns = std::tuple<std::string, std::string, std::string, std::string, std::string, std::string, std::string,
                           std::string, std::int64_t>;

Result<Site> siteFrom(const Columns& row) {
  const auto& [id, name_zh, name_en, address_zh, address_en, zone_name, hours, policy, disabled] = row;
  INVIGIL_TRY(zone, TimeZone::create(zone_name));
  Json rules = defaultPolicy();  // a site stored before a rule existed has the house's
  rules.update(Json::parse(policy), true);
  return Site{
      id, name_zh, name_en, address_zh, address_en, std::move(zone), Json::parse(hours), std::move(rules), disabled != 0};
}

Instant atMinute(const TimeZone& zone, sys_days date, int minute) {
  const year_month_day ymd{date};
  return zone.toInstant(static_cast<int>(ymd.year()), static_cast<int>(static_cast<unsigned>(ymd.month())),
                        static_cast<int>(static_cast<unsigned>(ymd.day())), minute / 60, minute % 60);
}

sys_days localDate(const TimeZone& zone, Instant t) {
  const LocalTime local = zone.toLocal(t);
  return year{local.year} / month{static_cast<unsigned>(local.month)} / day{static_cast<unsigned>(local.day)};
}

}  // namespace

bool Site::alwaysOpen() const {
  for (int weekday = 1; weekday <= 7; ++weekday) {
    std::vector<std::pair<int, int>> spans;
    for (const Json& row : hours)
      if (row.at("weekday") == weekday) spans.emplace_back(row.at("open_minute"), row.at("close_minute"));
    std::sort(spans.begin(), spans.end());
    int reached = 0;
    for (const auto& [open, close] : spans)
      if (open <= reached) reached = std::max(reached, close);
    if (reached < 1440) return false;
  }
  return true;
}

bool Site::openDuring(Instant from, Instant to) const {
  std::vector<std::pair<Instant, Instant>> spans;
  const sys_days last = localDate(zone, to);
  for (sys_days date = localDate(zone, from); date <= last; date += days{1}) {
    const int weekday = static_cast<int>(std::chrono::weekday{date}.iso_encoding());
    for (const Json& row : hours)
      if (row.at("weekday") == weekday)
        spans.emplace_back(atMinute(zone, date, row.at("open_minute")), atMinute(zone, date, row.at("close_minute")));
  }
  std::sort(spans.begin(), spans.end());
  for (const auto& [open, close] : spans)
    if (open <= from && from < close) from = close;
  return from >= to;
}

Result<Site> siteById(Tx& tx, const std::string& id) {
  const auto row =
      tx.one<std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::string,
             std::int64_t>(std::string("select ") + kColumns + " from site where id = :a", id);
  if (!row) return fail(ErrorCode::NotFound, "no_such_site");
  return siteFrom(*row);
}

std::vector<Site> allSites(Tx& tx) {
  std::vector<Site> sites;
  for (const auto& row :
       tx.all<std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::string,
              std::int64_t>(std::string("select ") + kColumns + " from site order by name_zh, id"))
    if (auto site = siteFrom(row)) sites.push_back(std::move(*site));
  return sites;
}

Result<SeatRow> seatById(Tx& tx, const std::string& id) {
  const auto row = tx.one<std::string, std::string, std::string, std::string, std::int64_t>(
      "select id, site_id, room, label, disabled from seat where id = :a", id);
  if (!row) return fail(ErrorCode::NotFound, "no_such_seat");
  const auto& [seat_id, site_id, room, label, disabled] = *row;
  return SeatRow{seat_id, site_id, room, label, disabled != 0};
}

std::vector<SeatRow> seatsOf(Tx& tx, const std::string& site_id) {
  std::vector<SeatRow> seats;
  for (const auto& [id, site, room, label, disabled] :
       tx.all<std::string, std::string, std::string, std::string, std::int64_t>(
           "select id, site_id, room, label, disabled from seat where site_id = :a "
           "order by room, length(label), label",
           site_id))
    seats.push_back({id, site, room, label, disabled != 0});
  return seats;
}

Json seatJson(Tx& tx, const SeatRow& seat, Instant now) {
  const auto kiosk = tx.one<std::string, std::optional<std::int64_t>, std::string, std::optional<std::int64_t>>(
      "select id, seen_ms, engine, engine_ms from kiosk where seat_id = :a and revoked = 0 order by enrolled_ms desc, id", seat.id);
  const auto seen = kiosk ? std::get<1>(*kiosk) : std::nullopt;
  const bool online = seen && now - fromMillis(*seen) <= kKioskOnline;
  return {{"id", seat.id},
          {"site_id", seat.site_id},
          {"room", seat.room},
          {"label", seat.label},
          {"disabled", seat.disabled},
          {"kiosk_id", kiosk ? std::get<0>(*kiosk) : std::string()},
          {"kiosk_seen_ms", millis(seen)},
          {"engine", kiosk && !std::get<2>(*kiosk).empty() ? Json::parse(std::get<2>(*kiosk)) : Json(nullptr)},
          {"engine_ms", kiosk ? millis(std::get<3>(*kiosk)) : Json(nullptr)},
          {"kiosk_state", !kiosk   ? "none"
                          : online ? "online"
                                   : "offline"}};
}

namespace {

/// Seconds that something has to last. Nothing is ever done on one frame; a hand on the chin must not read as another
/// person.
Json defaultMonitoring() {
  const auto rule = [](const char* kind, int notice, int warning, int pause) {
    return Json{{"kind", kind}, {"notice_s", notice}, {"warning_s", warning}, {"pause_s", pause}};
  };
  return {{"enabled", true},
          {"warnings_to_pause", 4},
          {"pause_minutes_max", 10},
          {"recording", {{"enabled", true}, {"frames_per_second", 5}}},
          {"rules",
           {rule("absent", 5, 20, 60), rule("second_person", 0, 3, 20), rule("other_person", 0, 5, 15),
            rule("looking_away", 6, 20, 0), rule("face_hidden", 8, 30, 0),
            rule("camera_covered", 5, 15, 45), rule("camera_moved", 5, 30, 0), rule("camera_frozen", 0, 10, 30),
            rule("camera_lost", 5, 30, 60)}}};
}

}  // namespace

// House times: the exam-room rules of Jilin's 考试机构. Bands: docs/face.md. A turnover as long as the late entry keeps a sitting that
// began at the last moment off the next person's time.
Json defaultPolicy() {
  return {{"entry_before_minutes", 15},
          {"entry_after_minutes", 30},
          {"no_leaving_minutes", 30},
          {"turnover_minutes", 30},
          {"move_before_minutes", 120},
          {"booking_days", 30},
          {"walk_in", true},
          {"camera_kinds", {"camera"}},
          {"admit_min", 0.50},
          {"refuse_below", 0.35},
          {"face_tries_max", 3},
          {"chip_photo", true},
          {"monitoring", defaultMonitoring()},
          {"liveness", houseLiveness()}};
}

bool cameraKindAllowed(const App& app, const std::string& kind) { return kind == "camera" || app.config.demo; }

Json policyInForce(const App& app, const Site& site) {
  Json policy = site.policy, kinds = Json::array();
  for (const Json& kind : policy.at("camera_kinds"))
    if (cameraKindAllowed(app, kind.get<std::string>())) kinds.push_back(kind);
  policy["camera_kinds"] = std::move(kinds);
  return policy;
}

Result<std::pair<Instant, Instant>> localDay(const TimeZone& zone, const std::string& text) {
  const auto number = [&](std::size_t at, std::size_t count, int& value) {
    const char* first = text.data() + at;
    const auto [end, error] = std::from_chars(first, first + count, value);
    return error == std::errc() && end == first + count && *first != '-';
  };
  int y = 0, m = 0, d = 0;
  const bool shaped =
      text.size() == 10 && text[4] == '-' && text[7] == '-' && number(0, 4, y) && number(5, 2, m) && number(8, 2, d);
  const year_month_day ymd{year{y}, month{static_cast<unsigned>(m)}, day{static_cast<unsigned>(d)}};
  if (!shaped || !ymd.ok() || y < 2000 || y > 2200)
    return fail(ErrorCode::InvalidInput, "day_wrong", "A day reads YYYY-MM-DD.", "day");
  const sys_days date{ymd};
  return std::pair{atMinute(zone, date, 0), atMinute(zone, date + days{1}, 0)};
}

}  // namespace invigil::server
