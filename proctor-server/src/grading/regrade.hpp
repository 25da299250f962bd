// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "grading/grading.hpp"
#include "jobs/jobs.hpp"

/// The correction of a key after people have sat: worked out in bites by the job "regrade", shown, then done in one
/// transaction by another person. Source: docs/adr/0008-regrade.md.
namespace invigil::server {

/// One row of the table regrade.
struct RegradeRow {
  std::string id, how, reason, state, proposed_by, applied_by, job_id, error;
  Correction correction;
  bool every_version = false;  ///< was asked for
  std::int64_t proposed_ms = 0, covered = 0, expected = 0, sittings = 0, changed = 0, up = 0, down = 0, now_passed = 0, now_failed = 0, seen = 0;
  std::optional<std::int64_t> applied_ms;
};

/// Errors: NotFound no_such_regrade.
Result<RegradeRow> regradeById(Tx& tx, const std::string& id);
/// Sets the state and wakes who waits for topic "regrade:ID". `error` is ItemProblem of openapi.yaml, or null.
void setRegradeState(Tx& tx, const std::string& id, const std::string& state, const Json& error = nullptr);

/// What one finished sitting becomes.
struct RegradeChange {
  std::string sitting_id, certificate_before;
  std::int64_t base_version = 0;  ///< grading version that `before` is
  Grade before, after;
  bool differs = false;
};
/// Looks at no more than `gradings_max` gradings after `row.covered`, oldest first, and moves it on.
Result<std::vector<RegradeChange>> lookFurther(Tx& tx, RegradeRow& row, int gradings_max);
/// Stores what lookFurther() found, with the counts.
void storeChanges(Tx& tx, const RegradeRow& row, const std::vector<RegradeChange>& changes);

/// Where every version was meant: those released since that are wrong as well join `row.correction`, in the store too, which asks for
/// all gradings to be looked at again and for the list to be seen again before it is applied. @return whether there were any.
Result<bool> joinLaterVersions(Tx& tx, RegradeRow& row);

/// Everything that applying does, in the caller's transaction: gradings, certificates, eligibilities, the item's next
/// version. The row's changes must cover every grading.
Status applyRegrade(App& app, Tx& tx, const RegradeRow& row, Instant now);

/// Work of the job: request {"do": "look"} or {"do": "apply"}; subject is the regrade.
Result<Json> regradeWork(App& app, JobRun& run);
void undoRegrade(App& app, const JobRun& run, const Error& error);

Routes regradeRoutes();

}  // namespace invigil::server
