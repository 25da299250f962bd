// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "papers/papers.hpp"

namespace invigil::server {
namespace {

struct Want {
  std::string blueprint_id, reason;
  std::int64_t version = 0;
};

/// Live batches that were last held against an older pool.
std::vector<std::string> outOfDate(Tx& tx) {
  std::vector<std::string> ids;
  for (auto& [id] : tx.all<std::string>("select id from paper_batch where state in ('sealed', 'in_use') and edition <> :a", poolEdition(tx)))
    ids.push_back(id);
  return ids;
}

/// Has a batch of this version failed with the pool as it is? Then only a change can help.
bool failedAlready(Tx& tx, const std::string& blueprint_id, std::int64_t version) {
  auto last = tx.one<std::string, std::int64_t, std::int64_t>(
      "select state, blueprint_version, edition from paper_batch where blueprint_id = :a order by made_ms desc, number > 0, number desc limit 1",
      blueprint_id);
  return last && std::get<0>(*last) == "failed" && std::get<1>(*last) == version && std::get<2>(*last) == poolEdition(tx);
}

std::vector<Want> missing(Tx& tx) {
  std::vector<Want> wants;
  for (auto& [id, used, releasing, threshold] : tx.all<std::string, std::int64_t, std::int64_t, std::int64_t>(
           "select id, used_version, releasing, seal_when_left from blueprint p where used_version + releasing > 0 and not exists "
           "(select 1 from paper_batch b where b.blueprint_id = p.id and b.state = 'sealing') order by ord, id")) {
    const std::int64_t version = releasing > 0 ? releasing : used;
    std::int64_t good = 0, stale = 0;
    for (const BatchRow& row : liveBatches(tx, id)) (row.stale || row.blueprint_version != version ? stale : good) += row.unused;
    const bool first = good + stale == 0 && tx.value<std::int64_t>("select count(*) from paper_batch where blueprint_id = :a and number > 0", id) == 0;
    const char* reason = releasing > 0 ? "新版本的第一批 / first batch of a new version"
                         : first       ? "第一批 / first batch"
                         : stale > 0   ? "题目有改动 / items have changed"
                                       : "试卷快用完了 / papers run low";
    if ((releasing > 0 ? good == 0 : good < threshold) && !failedAlready(tx, id, version)) wants.push_back({id, reason, version});
  }
  return wants;
}

}  // namespace

Status keepPapersReady(App& app, Instant now) {
  struct Look { std::vector<std::string> old; std::vector<Want> wants; };
  INVIGIL_TRY(look, app.store->readNow<Look>([](Tx& tx) -> Result<Look> { return Look{outOfDate(tx), missing(tx)}; }));
  for (const std::string& id : look.old)
    INVIGIL_CHECK(app.store->writeNow<void>([&](Tx& tx) -> Status {
      INVIGIL_TRY(row, batchById(tx, id));
      if (!row.live()) return {};
      return holdAgainstPool(app, tx, row, now);
    }));
  if (look.wants.empty() && look.old.empty()) return {};
  return app.store->writeNow<void>([&](Tx& tx) -> Status {
    for (const Want& want : missing(tx))
      INVIGIL_CHECK(queueBatch(tx, want.blueprint_id, want.version, 0, want.reason, "server", now).map([](auto&&) {}));
    return {};
  });
}

}  // namespace invigil::server
