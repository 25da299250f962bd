// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "banking/banking.hpp"
#include "jobs/jobs.hpp"
#include "papers/batches.hpp"

/// Sealed papers: made in the background, taken at the start of a sitting. Source: docs/adr/0009-sealed-papers.md.
namespace invigil::server {

// --- taking ---------------------------------------------------------------------------------------------------------

/// One batch as takes need it: parsed once, then shared.
struct FrozenBatch {
  bank::Blueprint blueprint;
  std::string blueprint_text;
  std::map<std::string, DrawnItem> items;  ///< by pool id
};

/// A paper that is this sitting's now.
struct TakenPaper {
  std::string batch_id, leaf, take_hash;
  std::int64_t slot = 0;
  std::shared_ptr<const FrozenBatch> batch;
  std::vector<bank::PaperItem> places;  ///< item_id is a key of batch->items
};
/// A random unused paper of the oldest live batch; for who sat this blueprint before, of a few random ones that which
/// shares least with the earlier papers. Items that were suspended since the freeze are never on it. The same
/// transaction must store the sitting. O(log papers), assembles nothing.
/// Errors: Unavailable papers_not_ready; Corrupt papers_damaged.
Result<TakenPaper> takePaper(App& app, Tx& tx, const std::string& blueprint_id, const std::string& candidate_id,
                             const std::string& sitting_id, Instant now, const std::string& actor);
constexpr std::size_t kMakeUpChoices = 8;

/// Holds a live batch against the pool when that has changed: papers with a suspended item are withdrawn, a batch with
/// an item that has a newer version is marked stale. Takes do it themselves.
Status holdAgainstPool(App& app, Tx& tx, BatchRow& row, Instant now);

// --- making ---------------------------------------------------------------------------------------------------------

/// A batch that waits to be frozen by the job seal_batch. `papers` 0 = as the blueprint's settings say.
/// Errors: NotFound no_such_blueprint, Conflict batch_is_being_made.
Result<BatchRow> queueBatch(Tx& tx, const std::string& blueprint_id, std::int64_t version, std::int64_t papers, const std::string& reason,
                            const std::string& made_by, Instant now);
/// Queues whatever is missing, for every blueprint in use. Called every second; reads a handful of rows when nothing is.
Status keepPapersReady(App& app, Instant now);

Result<Json> sealBatchWork(App& app, JobRun& run);
void undoSealBatch(App& app, const JobRun& run, const Error& error);
Result<Json> auditBatchWork(App& app, JobRun& run);
void undoAuditBatch(App& app, const JobRun& run, const Error& error);

Routes preflightRoutes();
/// Leaf and inclusion proof of the papers of sittings.
Routes proofRoutes();
/// PaperProof of openapi.yaml. Errors: NotFound no_sealed_paper.
Result<Json> paperProofJson(Tx& tx, const std::string& sitting_id);

}  // namespace invigil::server
