// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app.hpp"
#include "invigil/bank/blueprint.hpp"

namespace invigil::server {

struct EligibilityRow {
  std::string id, candidate_id, blueprint_id;
  bool training_done = false, passed = false;
  std::int64_t attempts_max = 2, attempts_used = 0, granted_ms = 0, expires_ms = 0;
};

/// Errors: NotFound no_such_eligibility.
Result<EligibilityRow> eligibilityById(Tx& tx, const std::string& id);
std::vector<EligibilityRow> eligibilitiesOf(Tx& tx, const std::string& candidate_id);
/// Whether it has run out: it counts through the whole of the day of its expires_ms in China. Those granted before that rule
/// end in the middle of a day.
bool isOver(const EligibilityRow& row, Instant now);
/// The Eligibility of openapi.yaml, state included.
Json eligibilityJson(Tx& tx, const EligibilityRow& row, Instant now);
/// May this eligibility be sat at this time? Errors: Conflict not_eligible_training (not recorded as done),
/// not_eligible_passed, not_eligible_used_up, not_eligible_expired: each tells the person what to do.
Status mayBook(const EligibilityRow& row, Instant now);

/// Title of a blueprint; its id where the blueprint is no longer there.
Json examTitle(Tx& tx, const std::string& blueprint_id);

/// Three faces of one person (glasses, beard, weather) are enough; each more makes it easier for somebody else to resemble one.
constexpr std::int64_t kPhotosMax = 3;
/// How many reference photos are stored of a candidate: 0 to 3.
std::int64_t photosOf(Tx& tx, const std::string& candidate_id);
/// The candidate's reference photos, opened, in the order they were taken. What cannot be opened (a damaged row, another key)
/// is passed over and told in the log: a person decides then, nobody is kept out by it.
std::vector<std::string> referencePhotos(const App& app, Tx& tx, const std::string& candidate_id);

/// Deletes the reference photos of people who have no exam left to sit and no reservation open, as the consent text
/// promises. Call it now and then (once an hour).
void forgetPhotos(Tx& tx, Instant now);

/// code, session, me, consent, photo; administrator's candidates.
Routes registrationRoutes();

}  // namespace invigil::server
