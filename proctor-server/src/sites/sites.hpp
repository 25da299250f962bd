// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app.hpp"

namespace invigil::server {

/// One site with its rules. Hours are local; policy is the SitePolicy of openapi.yaml.
struct Site {
  std::string id, name_zh, name_en, address_zh, address_en;
  TimeZone zone;
  Json hours;   ///< [{weekday, open_minute, close_minute}]
  Json policy;
  bool disabled = false;

  std::int64_t rule(const char* name) const { return policy.at(name).get<std::int64_t>(); }
  int challengeSteps() const { return policy.at("liveness").at("challenge_steps").get<int>(); }
  bool alwaysOpen() const;
  /// True when the site is open for the whole of [from, to). Midnight between two open days counts as open.
  bool openDuring(Instant from, Instant to) const;
};

/// Errors: NotFound no_such_site.
Result<Site> siteById(Tx& tx, const std::string& id);
std::vector<Site> allSites(Tx& tx);
struct SeatRow { std::string id, site_id, room, label; bool disabled = false; };
/// Errors: NotFound no_such_seat.
Result<SeatRow> seatById(Tx& tx, const std::string& id);
std::vector<SeatRow> seatsOf(Tx& tx, const std::string& site_id);
/// The Seat of openapi.yaml with the state of its kiosk: online when seen within a minute.
Json seatJson(Tx& tx, const SeatRow& seat, Instant now);
/// The policy a new site starts with.
Json defaultPolicy();
/// Films and drawn candidates show no skin and no driver, so nothing tells them from a person: for demo servers only.
bool cameraKindAllowed(const App& app, const std::string& kind);
/// The policy as it holds on this server: without camera kinds that only a demo server allows, whatever is stored.
Json policyInForce(const App& app, const Site& site);

/// A calendar day at the site, "YYYY-MM-DD", as the instants [first, second). A day may have 23 or 25 hours.
/// Errors: InvalidInput day_wrong.
Result<std::pair<Instant, Instant>> localDay(const TimeZone& zone, const std::string& day);

Routes siteRoutes();

}  // namespace invigil::server
