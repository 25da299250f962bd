// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <cctype>
#include <set>

#include "sites/sites.hpp"

namespace invigil::server {
namespace {

Json detailJson(const Site& site) {
  return {{"id", site.id},
          {"name", wording(site.name_zh, site.name_en)},
          {"address", wording(site.address_zh, site.address_en)},
          {"time_zone", site.zone.name()},
          {"hours", site.hours},
          {"policy", site.policy},
          {"disabled", site.disabled}};
}

Result<Reply> listSites(App& app, Tx& tx, const Call& call) {
  Json sites = Json::array();
  for (const Site& site : allSites(tx)) {
    if (site.disabled) continue;
    const auto seats =
        tx.value<std::int64_t>("select count(*) from seat where site_id = :a and disabled = 0", site.id).value_or(0);
    sites.push_back({{"id", site.id},
                     {"name", wording(site.name_zh, site.name_en)},
                     {"address", wording(site.address_zh, site.address_en)},
                     {"time_zone", site.zone.name()},
                     {"seats", seats},
                     {"open_now", site.openDuring(call.now, call.now + milliseconds{1})},
                     {"always_open", site.alwaysOpen()},
                     {"hours", site.hours}});
  }
  return Reply(Json{{"sites", sites}, {"now_ms", toMillis(call.now)}, {"demo", app.config.demo}});
}

Result<Reply> adminSites(App&, Tx& tx, const Call&) {
  Json sites = Json::array();
  for (const Site& site : allSites(tx)) sites.push_back(detailJson(site));
  return Reply(Json{{"sites", sites}});
}

/// Rows over midnight become two, so that every reader of the hours may take them as lying within one day.
Result<Json> plainHours(const Json& hours) {
  Json plain = Json::array();
  for (const Json& row : hours) {
    const int weekday = row.at("weekday"), open = row.at("open_minute"), close = row.at("close_minute");
    if (open == close)
      return fail(ErrorCode::InvalidInput, "hours_wrong", "Opening and closing time are the same.",
                  "hours[" + std::to_string(&row - &hours[0]) + "]");
    if (open < close) {
      plain.push_back(row);
      continue;
    }
    plain.push_back({{"weekday", weekday}, {"open_minute", open}, {"close_minute", 1440}});
    plain.push_back({{"weekday", weekday % 7 + 1}, {"open_minute", 0}, {"close_minute", close}});
  }
  if (plain.size() > 50) return fail(ErrorCode::InvalidInput, "hours_wrong", "More than 50 rows of hours.", "hours");
  return plain;
}

/// Vendor and product as lsusb writes them, in lower case. Errors: InvalidInput usb_id_wrong.
Status plainUsbIds(Json& ids) {
  for (Json& id : ids) {
    std::string text = trim(id.get<std::string>());
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    const bool shaped = text.size() == 9 && text[4] == ':' && text.find_first_not_of("0123456789abcdef:") == std::string::npos &&
                        text.find(':') == text.rfind(':');
    if (!shaped) return fail(ErrorCode::InvalidInput, "usb_id_wrong", {}, "policy.liveness.usb_ids");
    id = text;
  }
  return {};
}

/// The request as it will be stored. Errors: InvalidInput site_name_missing, no_such_time_zone, hours_wrong,
/// bands_wrong, simulated_camera_demo_only, usb_id_wrong.
Result<Site> siteFromRequest(const App& app, const std::string& id, const Json& body) {
  auto zone = TimeZone::create(body.at("time_zone").get<std::string>());
  if (!zone) return fail(ErrorCode::InvalidInput, "no_such_time_zone", {}, "time_zone");
  const auto words = [&](const char* member, const char* language) {
    return trim(body.at(member).at(language).get<std::string>());
  };
  Site site{id,
            words("name", "zh"),
            words("name", "en"),
            words("address", "zh"),
            words("address", "en"),
            std::move(*zone),
            {},
            body.at("policy"),
            body.at("disabled").get<bool>()};
  if (site.name_zh.empty()) site.name_zh = site.name_en;
  if (site.name_en.empty()) site.name_en = site.name_zh;
  if (site.address_zh.empty()) site.address_zh = site.address_en;
  if (site.address_en.empty()) site.address_en = site.address_zh;
  if (site.name_zh.empty()) return fail(ErrorCode::InvalidInput, "site_name_missing", {}, "name");
  INVIGIL_TRY(hours, plainHours(body.at("hours")));
  site.hours = std::move(hours);
  if (site.policy.at("refuse_below").get<double>() > site.policy.at("admit_min").get<double>())
    return fail(ErrorCode::InvalidInput, "bands_wrong", {}, "policy.refuse_below");
  Json kinds = Json::array();
  for (const auto& kind : site.policy.at("camera_kinds").get<std::set<std::string>>()) {
    if (!cameraKindAllowed(app, kind))
      return fail(ErrorCode::InvalidInput, "simulated_camera_demo_only", {}, "policy.camera_kinds");
    kinds.push_back(kind);
  }
  site.policy["camera_kinds"] = kinds;
  if (site.policy.contains("liveness")) INVIGIL_CHECK(plainUsbIds(site.policy["liveness"]["usb_ids"]));
  return site;
}

Result<Reply> makeSite(App& app, Tx& tx, const Call& call) {
  INVIGIL_TRY(site, siteFromRequest(app, newId(), call.body));
  tx.exec(
      "insert into site(id, name_zh, name_en, address_zh, address_en, time_zone, hours, policy, disabled) "
      "values (:a, :b, :c, :d, :e, :f, :g, :h, :i)",
      site.id, site.name_zh, site.name_en, site.address_zh, site.address_en, site.zone.name(), site.hours.dump(),
      site.policy.dump(), std::int64_t{site.disabled});
  audit(tx, call.now, call.caller.account_id, "site.make", site.id);
  return Reply(detailJson(site));
}

Result<Reply> changeSite(App& app, Tx& tx, const Call& call) {
  INVIGIL_TRY(site, siteFromRequest(app, call.id, call.body));
  const auto changed = tx.exec(
      "update site set name_zh = :a, name_en = :b, address_zh = :c, address_en = :d, time_zone = :e, "
      "hours = :f, policy = :g, disabled = :h where id = :i",
      site.name_zh, site.name_en, site.address_zh, site.address_en, site.zone.name(), site.hours.dump(),
      site.policy.dump(), std::int64_t{site.disabled}, site.id);
  if (changed == 0) return fail(ErrorCode::NotFound, "no_such_site");
  audit(tx, call.now, call.caller.account_id, "site.change", site.id, site.disabled ? "disabled" : "");
  return Reply(detailJson(site));
}

Result<Reply> listSeats(App&, Tx& tx, const Call& call) {
  INVIGIL_CHECK(siteById(tx, call.id));
  Json seats = Json::array();
  for (const SeatRow& seat : seatsOf(tx, call.id)) seats.push_back(seatJson(tx, seat, call.now));
  return Reply(Json{{"seats", seats}});
}

Result<SeatRow> seatFromRequest(const Call& call) {
  SeatRow seat{newId(), call.id, trim(call.text("room")), trim(call.text("label")),
               call.body.at("disabled").get<bool>()};
  if (seat.label.empty()) return fail(ErrorCode::InvalidInput, "seat_label_missing", {}, "label");
  return seat;
}

Result<Reply> makeSeat(App&, Tx& tx, const Call& call) {
  INVIGIL_CHECK(siteById(tx, call.id));
  INVIGIL_TRY(seat, seatFromRequest(call));
  const auto made =
      tx.exec("insert into seat(id, site_id, room, label, disabled) values (:a, :b, :c, :d, :e) on conflict do nothing",
              seat.id, seat.site_id, seat.room, seat.label, std::int64_t{seat.disabled});
  if (made == 0) return fail(ErrorCode::Conflict, "seat_label_taken", {}, "label");
  audit(tx, call.now, call.caller.account_id, "seat.make", seat.id, seat.site_id);
  return Reply(seatJson(tx, seat, call.now));
}

Result<Reply> changeSeat(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(known, seatById(tx, call.id));
  INVIGIL_TRY(seat, seatFromRequest(call));
  seat.id = known.id;
  seat.site_id = known.site_id;
  const auto changed = tx.exec(
      "update seat set room = :a, label = :b, disabled = :c where id = :d and not exists "
      "(select 1 from seat other where other.site_id = :e and other.room = :f and other.label = :g and other.id <> :h)",
      seat.room, seat.label, std::int64_t{seat.disabled}, seat.id, seat.site_id, seat.room, seat.label, seat.id);
  if (changed == 0) return fail(ErrorCode::Conflict, "seat_label_taken", {}, "label");
  audit(tx, call.now, call.caller.account_id, "seat.change", seat.id, seat.disabled ? "disabled" : "");
  return Reply(seatJson(tx, seat, call.now));
}

}  // namespace

Routes siteRoutes() {
  return {
      readRoute(Verb::Get, "/api/v1/sites", Scope::Public, listSites),
      readRoute(Verb::Get, "/api/v1/admin/sites", Scope::Administrator, adminSites),
      writeRoute(Verb::Post, "/api/v1/admin/sites", Scope::Administrator, makeSite),
      writeRoute(Verb::Put, "/api/v1/admin/sites/{id}", Scope::Administrator, changeSite),
      readRoute(Verb::Get, "/api/v1/admin/sites/{id}/seats", Scope::Administrator, listSeats),
      writeRoute(Verb::Post, "/api/v1/admin/sites/{id}/seats", Scope::Administrator, makeSeat),
      writeRoute(Verb::Put, "/api/v1/admin/seats/{id}", Scope::Administrator, changeSeat),
  };
}

}  // namespace invigil::server
