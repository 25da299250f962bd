// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app.hpp"
#include "reservation/reservations.hpp"

namespace invigil::server {

/// States: new -> face -> (waiting ->) admitted -> sitting -> finished, or refused by a person.
struct AdmissionRow {
  std::string id, reservation_id, seat_id, state, why, reason, consent, admitted_by, engine;
  std::int64_t tries = 0, created_ms = 0;
  std::optional<double> similarity;
  std::optional<std::int64_t> waiting_since_ms, decided_ms;
  bool has_capture = false;
};

/// Errors: NotFound no_such_admission.
Result<AdmissionRow> admissionById(Tx& tx, const std::string& id);
/// The same, and it must belong to the calling kiosk's seat. Errors: also Conflict admission_other_seat.
Result<AdmissionRow> ownAdmission(Tx& tx, const Call& call);
/// Finds or makes the admission of a reservation at its seat. Errors: Conflict seat_busy.
Result<AdmissionRow> openAdmission(Tx& tx, const ReservationRow& reservation, Instant now);
/// The Admission of openapi.yaml.
Result<Json> admissionJson(App& app, Tx& tx, const AdmissionRow& row);
/// Moves an admission on and wakes who waits for it.
void setAdmissionState(Tx& tx, const std::string& id, const std::string& state, const std::string& why);
/// Hands it to the remote reviewer.
void sendToReviewer(Tx& tx, const std::string& id, const std::string& why, Instant now);
/// admitted_by: "face" or "reviewer". Errors: Conflict no_such_admission (the booking is gone).
Status admit(Tx& tx, const AdmissionRow& row, const std::string& admitted_by, Instant now, const std::string& actor);
/// The booking is cancelled, moved or over: nobody can be let in on it any more. No-op once the sitting has begun.
void closeAdmission(Tx& tx, const std::string& reservation_id, Instant now);
std::string admissionTopic(const std::string& id);
constexpr const char* kReviewTopic = "review";

/// Removes pictures of admissions that were decided more than 30 days ago. Called every hour.
void forgetCaptures(Tx& tx, Instant now);
/// The consent text of the face check and of monitoring.
Json faceConsent();

Routes admissionRoutes();
Routes findRoutes();
Routes kioskRoutes();
Routes reviewRoutes();

}  // namespace invigil::server
