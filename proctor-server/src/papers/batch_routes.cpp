// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "papers/papers.hpp"

namespace invigil::server {
namespace {

Result<Reply> detail(Tx& tx, const BatchRow& row, const Call& call) {
  INVIGIL_TRY(fresh, batchById(tx, row.id));
  INVIGIL_TRY(json, batchDetailJson(tx, fresh, call.caller, call.now));
  return Reply{json};
}

Result<Reply> list(App&, Tx& tx, const Call& call) {
  const std::string blueprint = call.q("blueprint"), state = call.q("state");
  const std::string where = " from paper_batch where (:a = '' or blueprint_id = :b) and (:c = '' or state = :d)";
  Json batches = Json::array();
  for (auto& [id] : tx.all<std::string>("select id" + where + " order by made_ms desc, number desc limit :e offset :f", blueprint, blueprint, state,
                                        state, call.number("limit", 50, 1, 200), call.number("offset", 0, 0, 100'000'000))) {
    INVIGIL_TRY(row, batchById(tx, id));
    INVIGIL_TRY(json, batchJson(tx, row));
    batches.push_back(std::move(json));
  }
  return Reply{{{"batches", batches}, {"total", tx.value<std::int64_t>("select count(*)" + where, blueprint, blueprint, state, state).value_or(0)}}};
}

Result<Reply> get(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, batchById(tx, call.id));
  INVIGIL_TRY(reply, detail(tx, row, call));
  if (std::to_string(row.seen) == call.q("seen")) reply.wait_for = "batch:" + row.id;
  return reply;
}

Result<Reply> seal(App&, Tx& tx, const Call& call) {
  const std::string reason = trim(call.text("reason")), id = call.text("blueprint_id");
  if (reason.empty()) return fail(ErrorCode::InvalidInput, "reason_needed", "", "reason");
  auto version = tx.value<std::int64_t>("select case when releasing > 0 then releasing else used_version end from blueprint where id = :a", id);
  if (!version || *version == 0) return fail(ErrorCode::NotFound, "no_such_blueprint", "", "blueprint_id");
  INVIGIL_TRY(row, queueBatch(tx, id, *version, call.body.at("papers").get<std::int64_t>(), reason, call.caller.account_id, call.now));
  audit(tx, call.now, call.caller.account_id, "batch_asked_for", row.id, reason);
  INVIGIL_TRY(json, batchJson(tx, row));
  return Reply{json};
}

Result<Reply> withdraw(App&, Tx& tx, const Call& call) {
  const std::string reason = trim(call.text("reason"));
  if (reason.empty()) return fail(ErrorCode::InvalidInput, "reason_needed", "", "reason");
  INVIGIL_TRY(row, batchById(tx, call.id));
  if (!row.live()) return fail(ErrorCode::Conflict, "batch_wrong_state", row.state, "id");
  withdrawPapers(tx, row, nullptr, {}, "withdraw", reason, call.caller.account_id, call.now);
  return detail(tx, row, call);
}

Result<Reply> reveal(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, batchById(tx, call.id));
  INVIGIL_CHECK(mayReveal(tx, row, call.caller, call.now));
  if (call.body.at("withdraw_unused").get<std::int64_t>() != row.unused)
    return fail(ErrorCode::Conflict, "batch_is_stale", std::to_string(row.unused), "withdraw_unused");
  withdrawPapers(tx, row, nullptr, {}, "reveal", "", call.caller.account_id, call.now);
  row.revealed_ms = toMillis(call.now);
  tx.exec("update paper_batch set revealed_ms = :a where id = :b", *row.revealed_ms, row.id);
  setBatchState(tx, row, "revealed");
  return detail(tx, row, call);
}

Result<Reply> lastAudit(App&, Tx& tx, const Call& call) {
  INVIGIL_CHECK(batchById(tx, call.id).map([](auto&&) {}));
  const Json report = Json::parse(tx.value<std::string>("select audit from paper_batch where id = :a", call.id).value_or("null"));
  if (report.is_null()) return fail(ErrorCode::NotFound, "no_audit_yet", "", "id");
  return Reply{report};
}

Result<Reply> startAudit(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, batchById(tx, call.id));
  if (!row.sealed_ms) return fail(ErrorCode::Conflict, "batch_wrong_state", row.state, "id");
  const auto running = tx.value<std::int64_t>("select count(*) from job where kind = 'audit_batch' and subject = :a and state in ('queued', 'running')", row.id);
  if (running.value_or(0) == 0) {
    const std::string job = queueJob(tx, "audit_batch", row.id, nullptr, call.caller.account_id, call.now);
    tx.exec("update paper_batch set job_id = :a where id = :b", job, row.id);
    saveBatch(tx, row);
  }
  return detail(tx, row, call);
}

}  // namespace

Routes batchRoutes() {
  const std::string base = "/api/v1/batches";
  return {readRoute(Verb::Get, base, Scope::Staff, list), writeRoute(Verb::Post, base, Scope::Editor, seal),
          readRoute(Verb::Get, base + "/{id}", Scope::Staff, get), writeRoute(Verb::Post, base + "/{id}/withdraw", Scope::Editor, withdraw),
          writeRoute(Verb::Post, base + "/{id}/reveal", Scope::Staff, reveal), readRoute(Verb::Get, base + "/{id}/audit", Scope::Staff, lastAudit),
          writeRoute(Verb::Post, base + "/{id}/audit", Scope::Staff, startAudit)};
}

}  // namespace invigil::server
