// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "banking/lifecycle.hpp"
#include "grading/regrade.hpp"

namespace invigil::server {
namespace {

constexpr int kBite = 200;

void countChanges(Tx& tx, const std::string& id) {
  tx.exec("update regrade set (sittings, changed, up, down, now_passed, now_failed) = (select count(*), coalesce(sum(differs), 0), "
          "coalesce(sum(case when points_after > points_before then 1 else 0 end), 0), "
          "coalesce(sum(case when points_after < points_before then 1 else 0 end), 0), "
          "coalesce(sum(case when passed_after > passed_before then 1 else 0 end), 0), "
          "coalesce(sum(case when passed_after < passed_before then 1 else 0 end), 0) from regrade_change where regrade_id = :a) where id = :b",
          id, id);
}

/// Looks on until nothing is new. Reading and reckoning run beside the writer; only the small rows are written.
Status lookAtAll(App& app, JobRun& run) {
  for (;;) {
    std::int64_t newest = 0;
    RegradeRow row;
    INVIGIL_TRY(changes, app.store->readNow<std::vector<RegradeChange>>([&](Tx& tx) -> Result<std::vector<RegradeChange>> {
      INVIGIL_TRY(found, regradeById(tx, run.subject));
      row = std::move(found);
      newest = tx.value<std::int64_t>("select coalesce(max(place), 0) from grading").value_or(0);
      return lookFurther(tx, row, kBite);
    }));
    INVIGIL_CHECK(app.store->writeNow<void>([&](Tx& tx) -> Status { storeChanges(tx, row, changes); return {}; }));
    INVIGIL_CHECK(run.progress(row.covered, newest));
    if (row.covered >= newest) return {};
  }
}

Json staleProblem() { return problemJson({ErrorCode::Conflict, "regrade_is_stale", "", "changed"}); }

/// The last transaction: nothing can be graded while it looks at what came since, so the list is whole.
/// False when versions have joined in, and so everything is to be looked at again.
Result<bool> finish(App& app, JobRun& run, bool apply) {
  return app.store->writeNow<bool>([&](Tx& tx) -> Result<bool> {
    INVIGIL_TRY(row, regradeById(tx, run.subject));
    INVIGIL_TRY(joined, joinLaterVersions(tx, row));
    if (joined) return false;
    for (std::int64_t before = -1; before != row.covered;) {
      before = row.covered;
      INVIGIL_TRY(changes, lookFurther(tx, row, kBite));
      storeChanges(tx, row, changes);
    }
    countChanges(tx, row.id);
    INVIGIL_TRY(counted, regradeById(tx, row.id));
    const Instant now = app.clock->now();
    if (apply && counted.changed == counted.expected) INVIGIL_CHECK(applyRegrade(app, tx, counted, now));
    else setRegradeState(tx, row.id, "ready", apply ? staleProblem() : Json(nullptr));
    completeJob(tx, run.id, nullptr, now);
    return true;
  });
}

}  // namespace

Result<Json> regradeWork(App& app, JobRun& run) {
  for (;;) {
    INVIGIL_CHECK(lookAtAll(app, run));
    INVIGIL_TRY(done, finish(app, run, run.request.at("do") == "apply"));
    if (done) return Json(nullptr);
  }
}

void undoRegrade(App& app, const JobRun& run, const Error& error) {
  const bool apply = run.request.at("do") == "apply";
  const Status done = app.store->writeNow<void>([&](Tx& tx) -> Status {
    setRegradeState(tx, run.subject, apply ? "ready" : "failed", problemJson(error));
    return {};
  });
  if (!done) std::fprintf(stderr, "invigil-server: jobs: %s\n", done.error().reason.c_str());
}

}  // namespace invigil::server
