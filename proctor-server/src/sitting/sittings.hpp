// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "admission/admissions.hpp"
#include "app.hpp"
#include "invigil/bank/points.hpp"

namespace invigil::server {

/// Answers given before the deadline may arrive this much later, or this much after the server has come back; then the
/// sitting is graded as it is.
constexpr milliseconds kSyncGrace{30000};
/// So long the answers on a kiosk that was away at the deadline are waited for.
constexpr milliseconds kKioskAwaited = std::chrono::hours(24);

/// Until when answers to a sitting at this seat may arrive: kSyncGrace after its deadline, after the server has come back, or
/// after the seat's kiosk has; a kiosk that is still away is awaited for kKioskAwaited. It keeps the deadline by itself.
Instant graceEnds(const App& app, Tx& tx, const std::string& seat_id, std::int64_t deadline_ms);

struct SittingRow {
  std::string id, admission_id, reservation_id, candidate_id, eligibility_id, blueprint, paper, shape, submitted_by, topics;
  std::int64_t attempt = 0, started_ms = 0, deadline_ms = 0;
  bank::Points points, points_max;
  std::optional<std::int64_t> finished_ms;
  bool passed = false;
};

/// Errors: NotFound no_such_sitting.
Result<SittingRow> sittingById(Tx& tx, const std::string& id);
/// The sitting in the path, at the calling kiosk's seat. Errors: as sittingById; Conflict admission_other_seat.
Result<SittingRow> ownSitting(Tx& tx, const Call& call);

/// Takes a sealed paper, stores it whole (with keys; later edits of the bank do not touch it), starts the clock and uses
/// up one attempt. Repeating returns the same sitting.
/// Errors: Conflict admission_wrong_state, admission_too_late, not_eligible; Unavailable papers_not_ready.
Result<SittingRow> startSitting(App& app, Tx& tx, const AdmissionRow& admission, Instant now, const std::string& actor);

/// What the kiosk gets: stems and options in shown order, saved responses; never a key, an explanation or a source.
Result<Json> sittingJson(Tx& tx, const SittingRow& row, Instant now);

/// Grades, stores the result, frees the seat, issues the certificate when passed. No-op when already finished.
/// @param by  "candidate" or "deadline".
Status finishSitting(App& app, Tx& tx, const std::string& id, const std::string& by, Instant now);
/// Grades every sitting whose graceEnds() has passed. Called every second and at start.
Status finishOverdue(App& app, Instant now);

/// SittingResult of openapi.yaml. Errors: Conflict sitting_running.
Result<Json> resultJson(Tx& tx, const SittingRow& row);
/// The result of the sitting that belongs to a reservation, or null.
Json sittingResultFor(Tx& tx, const std::string& reservation_id);

Routes sittingRoutes();

}  // namespace invigil::server
