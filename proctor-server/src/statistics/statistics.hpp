// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "jobs/jobs.hpp"
#include "statistics/answers.hpp"

/// What finished sittings say about the items of a bank: computed by the job "statistics", of which the newest outcome for
/// each bank and exam is kept, and its flags with the items.
namespace invigil::server {

// --- JSON of openapi.yaml ------------------------------------------------------------------------------------------

/// ItemStatistics of one item.
Json itemStatisticsJson(const bank::ItemStatistics& statistics, const AnsweredItem& item);
/// ItemStatisticsRow: what the list shows of it.
Json itemStatisticsRow(const Json& statistics);
/// TestStatistics: in points where all papers can give the same, else in percent of the paper.
Json testStatisticsJson(const bank::Statistics& statistics, const bank::ResponseTable& table);

// --- store ---------------------------------------------------------------------------------------------------------

/// One outcome on its way in: a run named like its job, which readers do not see until publishRun().
struct ItemOutcome {
  std::string uid;
  std::int64_t ord = 0;  ///< place of the item in its bank
  Json content;          ///< ItemStatistics
};
Status openRun(App& app, const JobRun& run, const std::string& blueprint_id, std::int64_t sittings, const Json& test);
/// A bite of items, in one short transaction.
Status fillRun(App& app, const std::string& run_id, const std::vector<ItemOutcome>& outcomes);
/// In one transaction: the run replaces the one before, flags of all exams go to the items, the job is done.
Status publishRun(App& app, const JobRun& run);
/// Removes, in bites, what an interrupted job left and what was replaced.
Status removeOldRuns(App& app);

/// ItemStatistics of the newest outcome, or null.
Json newestStatistics(Tx& tx, const std::string& item_uid, const std::string& bank_id, const std::string& blueprint_id = {});

// --- job and routes ------------------------------------------------------------------------------------------------

/// Subject is the bank; request {"blueprint_id"}.
Result<Json> statisticsWork(App& app, JobRun& run);
void undoStatistics(App& app, const JobRun& run, const Error& error);

Routes statisticsRoutes();

}  // namespace invigil::server
