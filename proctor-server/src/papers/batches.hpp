// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app.hpp"
#include "invigil/bank/blueprint.hpp"

/// Batches of sealed papers: rows, states, the log. Source: docs/adr/0009-sealed-papers.md.
///
/// sealing -> sealed -> in_use -> used_up -> revealed; sealing -> failed; sealed, in_use -> withdrawn -> revealed.
namespace invigil::server {

struct BatchRow {
  std::string id, blueprint_id, state, reason, made_by, seed_commitment, items_root, papers_root, job_id;
  std::int64_t number = 0;  ///< 0 = not frozen
  std::int64_t blueprint_version = 0, papers = 0, unused = 0, used = 0, withdrawn = 0, made_ms = 0, edition = 0, seen = 0;
  std::optional<std::int64_t> sealed_ms, embargo_ms, revealed_ms;
  bool stale = false;  ///< an item has changed since: to be replaced
  bool live() const { return state == "sealed" || state == "in_use"; }
};
/// Errors: NotFound no_such_batch.
Result<BatchRow> batchById(Tx& tx, const std::string& id);
/// Those whose papers are taken, oldest first.
std::vector<BatchRow> liveBatches(Tx& tx, const std::string& blueprint_id);
/// State, counts and stale mark; tells who waits.
void saveBatch(Tx& tx, const BatchRow& row);
void setBatchState(Tx& tx, BatchRow& row, const std::string& state, const Json& problem = nullptr);

std::int64_t poolEdition(Tx& tx);

/// Adds an entry to the batch's log. Returns its hash.
std::string logEvent(Tx& tx, const BatchRow& row, Instant at, const std::string& event, const std::string& actor, const Json& data);
/// Hash of the newest entry of this kind, "" when there is none.
std::string loggedHash(Tx& tx, const std::string& batch_id, const std::string& event);
/// log.txt: a line for each entry, "HASH ENTRY".
std::string logText(Tx& tx, const std::string& batch_id);

/// Why the newest attempt at a batch failed; null when it did not, or when items have changed since and it is tried again.
Json sealingProblem(Tx& tx, const std::string& blueprint_id);

using BatchFiles = std::map<std::string, std::string>;  ///< name -> content
/// Files of the batch by name (docs/formats/paper-batch.md). Secret ones (papers.jsonl, reveal.json) are opened: what
/// leaves the server is the caller's business. Errors: Corrupt papers_damaged.
Result<BatchFiles> batchFiles(App& app, Tx& tx, const BatchRow& row, bool secrets);
/// Errors: Corrupt papers_damaged.
Result<std::string> openSealed(App& app, const std::string& sealed);

/// Takes all unused papers, or `which` of them (numbers of slots), out for good and logs it under `event`; used_up or withdrawn when none
/// is left. `items`: the ids that made it necessary, if any did.
void withdrawPapers(Tx& tx, BatchRow& row, const std::vector<std::int64_t>* which, const std::vector<std::string>& items,
                    const std::string& event, const std::string& reason, const std::string& actor, Instant now, const Json& problem = nullptr);

/// Batch and BatchDetail of openapi.yaml.
Result<Json> batchJson(Tx& tx, const BatchRow& row);
Result<Json> batchDetailJson(Tx& tx, const BatchRow& row, const Caller& caller, Instant now);

/// May this caller publish it now? Errors: Forbidden not_allowed; Conflict batch_wrong_state, batch_not_used_up,
/// batch_has_sittings.
Status mayReveal(Tx& tx, const BatchRow& row, const Caller& caller, Instant now);

Routes batchRoutes();
Routes batchFileRoutes();

}  // namespace invigil::server
