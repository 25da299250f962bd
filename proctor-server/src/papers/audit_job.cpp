// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>

#include "banking/lifecycle.hpp"
#include "invigil/assembly/paper.hpp"
#include "papers/frozen.hpp"

namespace invigil::server {
namespace {

constexpr std::size_t kFailuresMax = 100, kExposuresMax = 2000;

/// What the report adds to the one of the published files: the house's own records.
struct Report {
  std::vector<std::string> failures;
  std::int64_t takes = 0, items = 0;
  std::vector<int> exposures;
};

/// Every sitting's stored paper must be the sealed one, place by place.
void checkSittings(Tx& tx, const BatchRow& row, const std::vector<assembly::SealedPaper>& papers, Report& report) {
  for (auto& [id, slot, leaf, text] : tx.all<std::string, std::int64_t, std::string, std::string>(
           "select id, slot, leaf, paper from sitting where batch_id = :a", row.id)) {
    ++report.takes;
    const Json stored = Json::parse(text);
    bool same = slot >= 0 && static_cast<std::size_t>(slot) < papers.size();
    if (same) {
      const assembly::SealedPaper& paper = papers[static_cast<std::size_t>(slot)];
      same = assembly::leafOf(paper) == leaf && stored.size() == paper.items.size();
      for (std::size_t i = 0; same && i < stored.size(); ++i) {
        const Json& place = stored[i];
        same = place.at("item").get<std::string>() + "@" + place.at("version").dump() == paper.items[i] &&
               (paper.options[i].empty() || place.at("order").get<std::vector<int>>() == paper.options[i]);
      }
    }
    const bool logged = tx.value<std::int64_t>("select count(*) from paper_log l join sitting s on s.take_hash = l.hash where s.id = :a and "
                                               "l.batch_id = :b and l.event = 'take'", id, row.id).value_or(0) == 1;
    if (!same) report.failures.push_back("sitting " + id + ": 所答试卷不是封存的第 " + std::to_string(slot) + " 号。 / The paper that was sat is not the sealed one.");
    if (!logged) report.failures.push_back("sitting " + id + ": 记录里没有取卷。 / The log has no take of it.");
  }
}

/// The bank's versions must still say what was frozen.
Status checkItems(Tx& tx, const BatchRow& row, Report& report) {
  INVIGIL_TRY(items, frozenItems(tx, row.id));
  const auto digests = tx.all<std::string>("select digest from paper_batch_item where batch_id = :a order by place", row.id);
  if (digests.size() != items.size()) report.failures.push_back("题库里缺少冻结的题目版本。 / Frozen versions of items are missing from the bank.");
  for (std::size_t i = 0; i < std::min(items.size(), digests.size()); ++i) {
    ++report.items;
    if (itemDigest(items[i]) != std::get<0>(digests[i]))
      report.failures.push_back(items[i].pool_id + ": 题目内容与冻结时不同。 / The item is not what was frozen.");
  }
  return {};
}

void countExposures(const std::vector<assembly::SealedPaper>& papers, Report& report) {
  std::map<std::string, int> uses;
  for (const assembly::SealedPaper& paper : papers)
    for (const std::string& id : paper.items) ++uses[id];
  for (const auto& [id, count] : uses) report.exposures.push_back(count);
  std::sort(report.exposures.rbegin(), report.exposures.rend());
  if (report.exposures.size() > kExposuresMax) report.exposures.resize(kExposuresMax);
}

}  // namespace

Json figuresJson(const assembly::Audit& audit) {
  return {{"violations", audit.violations}, {"overlap", audit.overlap}, {"overlap_bound", audit.overlap_bound},
          {"exposure_max", audit.exposure_max}, {"exposure_bound", audit.exposure_bound}, {"difficulty_mean", audit.difficulty_mean},
          {"difficulty_sd", audit.difficulty_sd}, {"information_mean", audit.information_mean}, {"information_cv", audit.information_cv},
          {"neighbour_overlap", audit.neighbour_overlap}, {"neighbour_common_max", audit.neighbour_common_max},
          {"pool_use", audit.pool_use}, {"seconds_per_paper", audit.seconds_per_paper}};
}

Result<Json> auditBatchWork(App& app, JobRun& run) {
  struct Read { BatchRow row; assembly::Files files; Report report; };
  INVIGIL_TRY(read, app.store->readNow<Read>([&](Tx& tx) -> Result<Read> {
    Read out;
    INVIGIL_TRY(row, batchById(tx, run.subject));
    out.row = std::move(row);
    INVIGIL_TRY(files, batchFiles(app, tx, out.row, true));
    out.files = std::move(files);
    const auto papers = assembly::parsePapers(out.files["papers.jsonl"]);
    if (papers) {
      checkSittings(tx, out.row, *papers, out.report);
      countExposures(*papers, out.report);
    } else {
      out.report.failures.push_back("papers.jsonl: 内容无法读取。 / It cannot be read.");
    }
    INVIGIL_CHECK(checkItems(tx, out.row, out.report));
    return out;
  }));
  INVIGIL_CHECK(run.progress(1, 2));
  const bool revealed = read.row.state == "revealed";
  assembly::Files published = read.files;
  if (!revealed) published.erase("log.txt");
  assembly::Audit audited = assembly::auditBatch(published);
  if (!revealed) assembly::checkLog(read.files, audited, false);
  INVIGIL_CHECK(run.progress(2, 2));
  Json failures = Json::array();
  for (const auto* list : {&audited.failures, &read.report.failures})
    for (const std::string& one : *list)
      if (failures.size() < kFailuresMax) failures.push_back(firstCharacters(one, 1000));
  return app.store->writeNow<Json>([&](Tx& tx) -> Result<Json> {
    INVIGIL_TRY(row, batchById(tx, run.subject));
    const Instant now = app.clock->now();
    const std::string verdict = failures.empty() ? "PASS" : "FAIL";
    const Json report{{"batch_id", row.id}, {"verdict", verdict}, {"failures", failures}, {"papers", audited.papers}, {"figures", figuresJson(audited)},
                      {"computed_ms", toMillis(now)},
                      {"computed_by", tx.value<std::string>("select display from account where id = :a", run.made_by).value_or(run.made_by)},
                      {"before_reveal", !revealed}, {"log_entries", audited.log_entries}, {"takes_checked", read.report.takes},
                      {"items_checked", read.report.items}, {"exposures", read.report.exposures}};
    tx.exec("update paper_batch set audit = :a where id = :b", report.dump(), row.id);
    saveBatch(tx, row);
    audit(tx, now, run.made_by, "batch_audited", row.id, verdict);
    completeJob(tx, run.id, nullptr, now);
    return Json(nullptr);
  });
}

void undoAuditBatch(App& app, const JobRun& run, const Error&) {
  const Status done = app.store->writeNow<void>([&](Tx& tx) -> Status {
    INVIGIL_TRY(row, batchById(tx, run.subject));
    saveBatch(tx, row);  // tells who waits; the job says what was wrong
    return {};
  });
  if (!done) std::fprintf(stderr, "invigil-server: jobs: %s\n", done.error().reason.c_str());
}

}  // namespace invigil::server
