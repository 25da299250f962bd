// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <map>

#include "reservation/reservations.hpp"

namespace invigil::server {
namespace {

// Availability does not know the exam yet: the longest paper decides.
constexpr minutes kLongest{120};

/// Which half hours of [first, last) each seat of the site is held; seats that nobody holds are not in it.
std::map<std::string, std::vector<bool>> heldSlots(Tx& tx, const std::string& site_id, std::int64_t first,
                                                   std::int64_t last) {
  std::map<std::string, std::vector<bool>> held;
  for (const auto& [seat, slot] : tx.all<std::string, std::int64_t>(
           "select held.seat_id, held.slot from seat join reservation_slot held on held.seat_id = seat.id "
           "where seat.site_id = :a and seat.disabled = 0 and held.slot >= :b and held.slot < :c",
           site_id, first, last)) {
    auto& row = held.try_emplace(seat, std::vector<bool>(static_cast<std::size_t>(last - first))).first->second;
    row[static_cast<std::size_t>(slot - first)] = true;
  }
  return held;
}

std::string label(const TimeZone& zone, Instant t) {
  const LocalTime local = zone.toLocal(t);
  char text[24];
  std::snprintf(text, sizeof text, "%02d:%02d", local.hour, local.minute);
  return text;
}

}  // namespace

Result<Json> availabilityJson(Tx& tx, const Site& site, const std::string& day, Instant now) {
  INVIGIL_TRY(range, localDay(site.zone, day));
  const Instant horizon = bookingHorizon(site, now);
  const auto length = kLongest + minutes{site.rule("turnover_minutes")};
  const std::int64_t slots_needed = (length + kSlot - milliseconds{1}) / kSlot;
  const std::int64_t first = (toMillis(range.first) + kSlot.count() - 1) / kSlot.count();
  const std::int64_t last = (toMillis(range.second) + kSlot.count() - 1) / kSlot.count();
  const auto seats =
      tx.value<std::int64_t>("select count(*) from seat where site_id = :a and disabled = 0", site.id).value_or(0);
  const auto held = heldSlots(tx, site.id, first, last + slots_needed);
  Json slots = Json::array();
  for (std::int64_t slot = first; slot < last; ++slot) {
    const Instant start = fromMillis(slot * kSlot.count());
    if (start < now || start >= horizon || !site.openDuring(start, start + kLongest)) continue;
    std::int64_t free = seats;
    for (const auto& [seat, row] : held) {
      const auto from = row.begin() + (slot - first);
      if (std::find(from, from + slots_needed, true) != from + slots_needed) --free;
    }
    slots.push_back({{"start_ms", toMillis(start)}, {"label", label(site.zone, start)}, {"free", free}});
  }
  const bool walk_in = site.policy.at("walk_in").get<bool>() && site.openDuring(now, now + kLongest);
  const std::size_t now_free = walk_in ? freeSeats(tx, site.id, toMillis(now), toMillis(now + length)).size() : 0;
  return Json{{"site_id", site.id}, {"day", day}, {"slots", slots}, {"now_free", now_free}};
}

}  // namespace invigil::server
