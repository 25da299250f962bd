// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "statistics/statistics.hpp"

namespace invigil::server {
namespace {

constexpr int kBite = 500;

/// Deletes some rows of a run and says how many; the writer is free between two calls.
Result<std::int64_t> removeSome(App& app, const char* table, const std::string& run_id) {
  const std::string name = table;
  return app.store->writeNow<std::int64_t>([&](Tx& tx) -> Result<std::int64_t> {
    return tx.exec("delete from " + name + " where run_id = :a and item_uid in (select item_uid from " + name + " where run_id = :b limit " +
                       std::to_string(kBite) + ")", run_id, run_id);
  });
}

}  // namespace

Status openRun(App& app, const JobRun& run, const std::string& blueprint_id, std::int64_t sittings, const Json& test) {
  return app.store->writeNow<void>([&](Tx& tx) -> Status {
    tx.exec("insert into statistics_run(id, bank_id, blueprint_id, state, computed_ms, sittings, test) values (:a, :b, :c, 'filling', :d, :e, :f)",
            run.id, run.subject, blueprint_id, toMillis(app.clock->now()), sittings, test.dump());
    return {};
  });
}

Status fillRun(App& app, const std::string& run_id, const std::vector<ItemOutcome>& outcomes) {
  return app.store->writeNow<void>([&](Tx& tx) -> Status {
    for (const ItemOutcome& one : outcomes) {
      const Json& flags = one.content.at("flags");
      tx.exec("insert into item_statistics(run_id, item_uid, ord, flagged, summary, content) values (:a, :b, :c, :d, :e, :f)", run_id, one.uid,
              one.ord, flags.empty() ? 0 : 1, itemStatisticsRow(one.content).dump(), one.content.dump());
      for (const Json& flag : flags)
        tx.exec("insert into statistics_flag(run_id, item_uid, flag) values (:a, :b, :c)", run_id, one.uid, flag.get<std::string>());
    }
    return {};
  });
}

Status publishRun(App& app, const JobRun& run) {
  return app.store->writeNow<void>([&](Tx& tx) -> Status {
    const auto blueprint = tx.value<std::string>("select blueprint_id from statistics_run where id = :a", run.id).value_or("");
    tx.exec("update statistics_run set state = 'replaced' where bank_id = :a and blueprint_id = :b and state = 'ready'", run.subject, blueprint);
    tx.exec("update statistics_run set state = 'ready' where id = :a", run.id);
    if (blueprint.empty()) {
      tx.exec("delete from item_flag where item_uid in (select uid from bank_item where bank_id = :a)", run.subject);
      tx.exec("insert into item_flag(item_uid, flag) select item_uid, flag from statistics_flag where run_id = :a", run.id);
    }
    completeJob(tx, run.id, nullptr, app.clock->now());
    return {};
  });
}

Status removeOldRuns(App& app) {
  INVIGIL_TRY(old, app.store->readNow<std::vector<std::string>>([](Tx& tx) -> Result<std::vector<std::string>> {
    std::vector<std::string> ids;
    for (auto& [id] : tx.all<std::string>("select id from statistics_run where state <> 'ready'")) ids.push_back(id);
    return ids;
  }));
  for (const std::string& id : old) {
    for (const char* table : {"item_statistics", "statistics_flag"})
      for (std::int64_t removed = 1; removed > 0;) {
        INVIGIL_TRY(some, removeSome(app, table, id));
        removed = some;
      }
    INVIGIL_CHECK(app.store->writeNow<void>([&](Tx& tx) -> Status {
      tx.exec("delete from statistics_run where id = :a", id);
      return {};
    }));
  }
  return {};
}

Json newestStatistics(Tx& tx, const std::string& item_uid, const std::string& bank_id, const std::string& blueprint_id) {
  const auto content = tx.value<std::string>("select i.content from item_statistics i join statistics_run r on r.id = i.run_id where r.bank_id = :a "
                                             "and r.blueprint_id = :b and r.state = 'ready' and i.item_uid = :c", bank_id, blueprint_id, item_uid);
  return content ? Json::parse(*content) : Json(nullptr);
}

}  // namespace invigil::server
