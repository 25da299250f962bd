// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <unordered_map>

#include "statistics/statistics.hpp"

namespace invigil::server {
namespace {

// What is told of the work, in percent: reading, reckoning, storing.
constexpr std::int64_t kRead = 40, kReckoned = 90, kWhole = 100;
constexpr std::size_t kBite = 200;

using Places = std::unordered_map<std::string, std::int64_t>;

Result<Places> placesOf(App& app, const std::string& bank_id) {
  return app.store->readNow<Places>([&](Tx& tx) -> Result<Places> {
    Places places;
    for (auto& [uid, ord] : tx.all<std::string, std::int64_t>("select uid, ord from bank_item where bank_id = :a", bank_id)) places[uid] = ord;
    return places;
  });
}

/// The models take most of the time; a person may stop them.
Result<bank::Statistics> reckon(const bank::ResponseTable& table, JobRun& run) {
  Status on;
  bank::StatisticsOptions options;
  options.progress = [&](double share) {
    on = run.progress(kRead + static_cast<std::int64_t>(share * static_cast<double>(kReckoned - kRead)), kWhole);
    return on.has_value();
  };
  bank::Statistics statistics = bank::computeStatistics(table, options);
  INVIGIL_CHECK(on);
  return statistics;
}

Status storeItems(App& app, JobRun& run, const bank::Statistics& statistics, const Answers& answers) {
  INVIGIL_TRY(places, placesOf(app, run.subject));
  std::vector<ItemOutcome> bite;
  for (std::size_t i = 0; i < answers.items.size(); ++i) {
    const AnsweredItem& item = answers.items[i];
    const auto place = places.find(item.uid);
    if (item.newest && place != places.end()) bite.push_back({item.uid, place->second, itemStatisticsJson(statistics.items[i], item)});
    if (bite.size() < kBite && i + 1 < answers.items.size()) continue;
    INVIGIL_CHECK(fillRun(app, run.id, bite));
    bite.clear();
    INVIGIL_CHECK(run.progress(kReckoned, kWhole));
  }
  return {};
}

}  // namespace

Result<Json> statisticsWork(App& app, JobRun& run) {
  const std::string blueprint = run.request.at("blueprint_id");
  INVIGIL_CHECK(removeOldRuns(app));
  const auto tell = [&](std::int64_t done, std::int64_t total) { return run.progress(total > 0 ? kRead * done / total : 0, kWhole); };
  INVIGIL_TRY(answers, gatherAnswers(app, {.bank_id = run.subject, .blueprint_id = blueprint}, tell));
  INVIGIL_TRY(statistics, reckon(answers.table, run));
  INVIGIL_CHECK(openRun(app, run, blueprint, static_cast<std::int64_t>(answers.table.sittings.size()), testStatisticsJson(statistics, answers.table)));
  INVIGIL_CHECK(storeItems(app, run, statistics, answers));
  INVIGIL_CHECK(publishRun(app, run));
  INVIGIL_CHECK(removeOldRuns(app));
  return Json(nullptr);
}

void undoStatistics(App& app, const JobRun&, const Error&) {
  if (const Status removed = removeOldRuns(app); !removed)
    std::fprintf(stderr, "invigil-server: jobs: %s\n", removed.error().reason.c_str());
}

}  // namespace invigil::server
