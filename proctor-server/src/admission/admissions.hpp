// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "admission/decision.hpp"
#include "app.hpp"
#include "reservation/reservations.hpp"
#include "sites/sites.hpp"

namespace invigil::server {

/// Why somebody is before the camera once more: the invigilator asked for it, with words of their own.
constexpr const char* kAskedAgain = "asked_again";

/// States: new -> face -> (waiting ->) admitted -> sitting -> finished; a person may refuse, or send back to face.
struct AdmissionRow {
  std::string id, reservation_id, seat_id, state, why, reason_zh, reason_en, consent, admitted_by;
  std::int64_t tries = 0, created_ms = 0;
  std::optional<double> similarity;
  std::optional<std::int64_t> waiting_since_ms, decided_ms;
  bool has_capture = false;
  CardFacts card;        ///< what an ID card at the kiosk added
  std::string card_name, compared;  ///< AdmissionRecord.card; AdmissionRecord.compared with commas between
  std::optional<Challenge> challenge;  ///< given and not answered yet
};

/// Errors: NotFound no_such_admission.
Result<AdmissionRow> admissionById(Tx& tx, const std::string& id);
/// The same, and it must belong to the calling kiosk's seat. Errors: also Conflict admission_other_seat.
Result<AdmissionRow> ownAdmission(Tx& tx, const Call& call);
/// The booking of an admission that is still on its way in. Errors: NotFound no_such_reservation; Conflict
/// no_such_admission (cancelled, released or moved away meanwhile).
Result<ReservationRow> stillBooked(Tx& tx, const AdmissionRow& row);
/// Finds or makes the admission of a reservation at its seat. Errors: Conflict seat_busy.
Result<AdmissionRow> openAdmission(Tx& tx, const ReservationRow& reservation, Instant now);
/// AdmissionRecord.compared of openapi.yaml.
Json comparedJson(const AdmissionRow& row);
/// The Admission of openapi.yaml.
Result<Json> admissionJson(App& app, Tx& tx, const AdmissionRow& row, Instant now);
/// Moves an admission on and wakes who waits for it.
void setAdmissionState(Tx& tx, const std::string& id, const std::string& state, const std::string& why);
/// Back to the face check, with a new challenge where the site asks for one.
void askForFace(Tx& tx, const std::string& id, const Site& site, const std::string& why, Instant now);
/// Hands it to the remote invigilator.
void sendToReviewer(Tx& tx, const std::string& id, const std::string& why, Instant now);
/// admitted_by: "face" or "reviewer". Errors: Conflict no_such_admission (the booking is gone).
Status admit(Tx& tx, const AdmissionRow& row, const std::string& admitted_by, Instant now, const std::string& actor);
/// The booking is cancelled, moved or over: nobody can be let in on it any more. No-op once the sitting has begun.
/// @param why  closed, or nobody_came: no invigilator before the booking ended
void closeAdmission(Tx& tx, const std::string& reservation_id, Instant now, const std::string& why = "closed");
/// The candidate goes away before the sitting: out of the queue, and nothing that was seen speaks for who comes next.
void leaveAdmission(Tx& tx, const AdmissionRow& row);
/// Records one try. @param decision  admitted, again, reviewer, or abandoned (a challenge that nobody answered).
/// @param layers  AdmissionLayers of openapi.yaml, or null
void addCheck(Tx& tx, const AdmissionRow& row, const std::string& decision, const std::string& finding,
              std::optional<double> similarity, const Json& layers, Instant now);
/// AdmissionCheck of openapi.yaml for each try, oldest first.
Json checksJson(Tx& tx, const std::string& admission_id);
/// KioskEngine of openapi.yaml as a kiosk last reported it; null when it never did.
Json kioskEngine(Tx& tx, const std::string& kiosk_id);

std::string admissionTopic(const std::string& id);
constexpr const char* kReviewTopic = "review";

/// Removes pictures of admissions that were decided more than 30 days ago. Called every hour.
void forgetCaptures(Tx& tx, Instant now);
/// The consent text of the face check and of monitoring.
Json faceConsent();
/// Whether a yes to this version is a yes to that text: the current one, and those before that said the same, so that an
/// upgrade in the middle of an exam sends nobody back.
bool faceConsentCounts(const std::string& version);

Routes admissionRoutes();
Routes findRoutes();
Routes kioskRoutes();
Routes reviewRoutes();
Routes admissionRecordRoutes();

}  // namespace invigil::server
