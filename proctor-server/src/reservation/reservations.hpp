// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app.hpp"
#include "sites/sites.hpp"

namespace invigil::server {

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
/// Frees the slots from `from_ms` on (0 = all) and sets the state. No error when already free.
void releaseSeat(Tx& tx, const std::string& reservation_id, const std::string& state, std::int64_t from_ms);
/// The Reservation of openapi.yaml. `manage_token` may be empty.
Result<Json> reservationJson(App& app, Tx& tx, const ReservationRow& row, const std::string& manage_token);
/// booked reservations whose entry time has passed become no_show; their seats are free again. Called every second.
void releaseNoShows(App& app, Tx& tx, Instant now);

Routes reservationRoutes();

}  // namespace invigil::server
