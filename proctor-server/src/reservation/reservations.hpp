// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app.hpp"
#include "sites/sites.hpp"

namespace invigil::server {

/// One row of reservation_slot: the half hour number `slot` since 1970 (UTC milliseconds / kSlot) of one seat.
constexpr milliseconds kSlot{30 * 60 * 1000};

struct ReservationRow {
  std::string id, code, candidate_id, eligibility_id, site_id, seat_id, state;
  std::int64_t start_ms = 0, end_ms = 0;
  bool walk_in = false;
};

/// Errors: NotFound no_such_reservation.
Result<ReservationRow> reservationById(Tx& tx, const std::string& id);
/// Takes a seat for an eligibility: any free seat of the site, or exactly `seat_id` when not empty (walk-in: start may
/// then be any minute, the running half hour is taken whole). Ends at start + minutes of the blueprint; holds the seat
/// for every half hour from start to end + turnover.
/// Errors: NotFound no_such_site; InvalidInput not_on_the_grid; Conflict seat_taken (all seats), site_closed,
/// too_far_ahead, in_the_past, already_booked, overlapping_booking (another exam of the same person), as mayBook.
struct NewReservation { ReservationRow row; std::string manage_token; };
Result<NewReservation> takeSeat(App& app, Tx& tx, const Call& call, const std::string& candidate_id,
                                const std::string& eligibility_id, const std::string& site_id,
                                const std::string& seat_id, std::int64_t start_ms, bool walk_in);
/// Moves a booked reservation to another time or site: takes the new seat and frees the old one at once.
/// Errors: as takeSeat; Conflict too_late_to_change, cannot_change (no longer booked).
Result<ReservationRow> moveSeat(Tx& tx, const ReservationRow& row, const std::string& site_id, std::int64_t start_ms,
                                Instant now);
/// Frees the slots from `from_ms` on (0 = all) and sets the state. No error when already free.
void releaseSeat(Tx& tx, const std::string& reservation_id, const std::string& state, std::int64_t from_ms);
/// Until when the seat is this booking's: the end of the half hours it holds, or of those free after them as far as
/// `wanted_ms`, which `take` makes its own. 0 when it holds none.
std::int64_t seatUntil(Tx& tx, const ReservationRow& row, std::int64_t wanted_ms, bool take);
/// Until when one may come: the site's minutes after the start, or after the server has come back where that was later.
std::int64_t entryUntil(const App& app, const Site& site, std::int64_t start_ms);
/// The Reservation of openapi.yaml. `manage_token` may be empty.
Result<Json> reservationJson(App& app, Tx& tx, const ReservationRow& row, const std::string& manage_token);
/// Booked reservations whose entry time has passed, and admitted ones that never began, become no_show; their seats are
/// free again. Who stands at the kiosk in time is waited for. Called every second.
void releaseNoShows(App& app, Tx& tx, Instant now);

/// The end of the last bookable day at the site: pages show whole days.
Instant bookingHorizon(const Site& site, Instant now);
/// Seats of a site that nobody holds from `from` to `to` (turnover included by the caller), best first: those with a
/// kiosk, then by room and label.
std::vector<std::string> freeSeats(Tx& tx, const std::string& site_id, std::int64_t from_ms, std::int64_t to_ms);
/// The Availability of openapi.yaml for a local day "YYYY-MM-DD".
Result<Json> availabilityJson(Tx& tx, const Site& site, const std::string& day, Instant now);

Routes reservationRoutes();

}  // namespace invigil::server
