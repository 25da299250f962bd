// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "papers/batches.hpp"

namespace invigil::server {

Result<BatchRow> batchById(Tx& tx, const std::string& id) {
  auto texts = tx.one<std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::string>(
      "select blueprint_id, state, reason, made_by, seed_commitment, items_root, papers_root, job_id from paper_batch where id = :a", id);
  if (!texts) return fail(ErrorCode::NotFound, "no_such_batch", "", "id");
  auto numbers = tx.one<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t,
                        std::int64_t, std::int64_t, std::optional<std::int64_t>, std::optional<std::int64_t>, std::optional<std::int64_t>>(
      "select number, blueprint_version, papers, unused, used, withdrawn, made_ms, edition, seen, stale, sealed_ms, embargo_ms, revealed_ms "
      "from paper_batch where id = :a", id);
  BatchRow row;
  row.id = id;
  std::int64_t stale = 0;
  std::tie(row.blueprint_id, row.state, row.reason, row.made_by, row.seed_commitment, row.items_root, row.papers_root, row.job_id) = *texts;
  std::tie(row.number, row.blueprint_version, row.papers, row.unused, row.used, row.withdrawn, row.made_ms, row.edition, row.seen, stale,
           row.sealed_ms, row.embargo_ms, row.revealed_ms) = *numbers;
  row.stale = stale != 0;
  return row;
}

std::vector<BatchRow> liveBatches(Tx& tx, const std::string& blueprint_id) {
  std::vector<BatchRow> list;
  for (auto& [id] : tx.all<std::string>("select id from paper_batch where blueprint_id = :a and state in ('sealed', 'in_use') order by number",
                                        blueprint_id))
    if (auto row = batchById(tx, id)) list.push_back(std::move(*row));
  return list;
}

void saveBatch(Tx& tx, const BatchRow& row) {
  tx.exec("update paper_batch set state = :a, unused = :b, used = :c, withdrawn = :d, stale = :e, edition = :f, seen = seen + 1 where id = :g",
          row.state, row.unused, row.used, row.withdrawn, row.stale ? 1 : 0, row.edition, row.id);
  tx.exec("update blueprint set seen = seen + 1 where id = :a", row.blueprint_id);
  tx.notify("batch:" + row.id);
  tx.notify("blueprint:" + row.blueprint_id);
}

void setBatchState(Tx& tx, BatchRow& row, const std::string& state, const Json& problem) {
  row.state = state;
  tx.exec("update paper_batch set problem = :a where id = :b", problem.dump(), row.id);
  saveBatch(tx, row);
}

std::int64_t poolEdition(Tx& tx) { return tx.value<std::int64_t>("select value from pool_edition").value_or(0); }

std::string logEvent(Tx& tx, const BatchRow& row, Instant at, const std::string& event, const std::string& actor, const Json& data) {
  auto last = tx.one<std::int64_t, std::string>("select place, hash from paper_log where batch_id = :a order by place desc limit 1", row.id);
  const std::int64_t place = last ? std::get<0>(*last) + 1 : 1;
  const std::string entry = Json{{"batch", row.id}, {"place", place}, {"at_ms", toMillis(at)}, {"event", event}, {"by", actor}, {"data", data},
                                 {"previous", last ? std::get<1>(*last) : ""}}.dump(-1, ' ', false, Json::error_handler_t::replace);
  const std::string hash = sha256Hex(entry);
  tx.exec("insert into paper_log(batch_id, place, at_ms, event, actor, entry, hash) values (:a, :b, :c, :d, :e, :f, :g)", row.id, place,
          toMillis(at), event, actor, entry, hash);
  return hash;
}

std::string loggedHash(Tx& tx, const std::string& batch_id, const std::string& event) {
  return tx.value<std::string>("select hash from paper_log where batch_id = :a and event = :b order by place desc limit 1", batch_id, event)
      .value_or("");
}

std::string logText(Tx& tx, const std::string& batch_id) {
  std::string text;
  for (auto& [hash, entry] : tx.all<std::string, std::string>("select hash, entry from paper_log where batch_id = :a order by place", batch_id))
    text += hash + " " + entry + "\n";
  return text;
}

Json sealingProblem(Tx& tx, const std::string& blueprint_id) {
  auto last = tx.one<std::string, std::string, std::int64_t>(
      "select state, problem, edition from paper_batch where blueprint_id = :a order by made_ms desc, number > 0, number desc limit 1", blueprint_id);
  if (!last || std::get<0>(*last) != "failed" || std::get<2>(*last) != poolEdition(tx)) return nullptr;
  return Json::parse(std::get<1>(*last));
}

Result<std::string> openSealed(App& app, const std::string& sealed) {
  auto plain = app.sealer->open(sealed);
  if (!plain) return fail(ErrorCode::Corrupt, "papers_damaged", "A stored paper does not verify.");
  return plain;
}

Result<BatchFiles> batchFiles(App& app, Tx& tx, const BatchRow& row, bool secrets) {
  BatchFiles files;
  auto open = tx.one<std::string, std::string, std::string>("select freeze, seal, reveal from paper_batch where id = :a", row.id);
  files["freeze.json"] = std::get<0>(*open);
  files["seal.json"] = std::get<1>(*open);
  files["log.txt"] = logText(tx, row.id);
  if (!secrets) return files;
  INVIGIL_TRY(reveal, openSealed(app, std::get<2>(*open)));
  files["reveal.json"] = std::move(reveal);
  std::string& papers = files["papers.jsonl"];
  for (auto& [sealed] : tx.all<std::string>("select line from paper_slot where batch_id = :a order by slot", row.id)) {
    INVIGIL_TRY(line, openSealed(app, sealed));
    papers += line + "\n";
  }
  return files;
}

void withdrawPapers(Tx& tx, BatchRow& row, const std::vector<std::int64_t>* slots, const std::vector<std::string>& items,
                    const std::string& event, const std::string& reason, const std::string& actor, Instant now, const Json& problem) {
  std::vector<std::int64_t> gone;
  if (slots) gone = *slots;
  else
    for (auto& [slot] : tx.all<std::int64_t>("select slot from paper_slot where batch_id = :a and state = 'unused' order by slot", row.id))
      gone.push_back(slot);
  for (std::int64_t slot : gone)
    tx.exec("update paper_slot set state = 'withdrawn', place = -1 where batch_id = :a and slot = :b", row.id, slot);
  // The rest closes ranks from below: a place is never above the number it gets, so no two meet on the way.
  std::int64_t place = 0;
  if (slots)
    for (auto& [slot] : tx.all<std::int64_t>("select slot from paper_slot where batch_id = :a and state = 'unused' order by place", row.id))
      tx.exec("update paper_slot set place = :a where batch_id = :b and slot = :c", place++, row.id, slot);
  row.unused = place;
  row.withdrawn += static_cast<std::int64_t>(gone.size());
  logEvent(tx, row, now, event, actor, {{"slots", gone}, {"items", items}, {"reason", reason}});
  audit(tx, now, actor, "batch_" + event, row.id, std::to_string(gone.size()) + " papers: " + reason);
  if (event == "reveal") return;
  const bool all = row.unused == 0;
  setBatchState(tx, row, !all ? row.state : event == "withdraw" || row.used == 0 ? "withdrawn" : "used_up", problem);
}

}  // namespace invigil::server
