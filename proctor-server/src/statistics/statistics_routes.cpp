// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <charconv>

#include "banking/banking.hpp"
#include "papers/blueprints.hpp"
#include "statistics/statistics.hpp"

namespace invigil::server {
namespace {

constexpr std::int64_t kRowsMax = 5000;
constexpr std::int64_t kSittingsMax = 20000;  // some 100 MB of CSV, put together in memory

Status bankExists(Tx& tx, const std::string& id) {
  if (!tx.value<std::string>("select id from bank where id = :a", id)) return fail(ErrorCode::NotFound, "no_such_bank", "", "bank");
  return {};
}

Json minimumJson() {
  const bank::StatisticsOptions usual;
  return {{"rasch", usual.rasch_min}, {"two_pl", usual.two_pl_min}};
}

Result<Reply> get(App&, Tx& tx, const Call& call) {
  const std::string bank = call.q("bank"), blueprint = call.q("blueprint");
  INVIGIL_CHECK(bankExists(tx, bank));
  Json body{{"state", "none"}, {"computed_ms", nullptr}, {"sittings", 0}, {"total", 0}, {"flagged", 0}, {"next", ""}, {"items", Json::array()},
            {"test", nullptr}, {"minimum", minimumJson()}};
  auto run = tx.one<std::string, std::int64_t, std::int64_t, std::string>(
      "select id, computed_ms, sittings, test from statistics_run where bank_id = :a and blueprint_id = :b and state = 'ready'", bank, blueprint);
  if (!run) return Reply{body};
  const auto& [id, computed, sittings, test] = *run;
  const auto counts = tx.one<std::int64_t, std::int64_t>("select count(*), coalesce(sum(flagged), 0) from item_statistics where run_id = :a", id);
  const std::int64_t limit = call.number("limit", kRowsMax, 1, kRowsMax), after = call.number("after", 0, 0, 1'000'000);
  for (auto& [summary] : tx.all<std::string>("select summary from item_statistics where run_id = :a order by flagged desc, ord limit :b offset :c",
                                             id, limit, after))
    body["items"].push_back(Json::parse(summary));
  const auto& [total, flagged] = *counts;
  const auto seen = after + static_cast<std::int64_t>(body["items"].size());
  body.update({{"state", "ready"}, {"computed_ms", computed}, {"sittings", sittings}, {"total", total}, {"flagged", flagged},
               {"next", seen < total && !body["items"].empty() ? std::to_string(seen) : ""}, {"test", Json::parse(test)}});
  return Reply{body};
}

Result<Reply> ofItem(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, itemByUid(tx, call.id));
  return Reply{{{"statistics", newestStatistics(tx, row.uid, row.bank_id, call.q("blueprint"))}}};
}

/// Asked twice before it begins it is one job.
Result<Reply> compute(App&, Tx& tx, const Call& call) {
  const std::string bank = call.text("bank_id"), blueprint = call.body.value("blueprint_id", "");
  INVIGIL_CHECK(bankExists(tx, bank));
  if (!blueprint.empty()) INVIGIL_CHECK(blueprintById(tx, blueprint).map([](auto&&) {}));
  const Json request{{"blueprint_id", blueprint}};
  auto job = tx.value<std::string>("select id from job where kind = 'statistics' and subject = :a and request = :b and state = 'queued'", bank, request.dump());
  if (!job) job = queueJob(tx, "statistics", bank, request, call.caller.account_id, call.now);
  INVIGIL_TRY(json, jobJson(tx, *job));
  return Reply{json};
}

/// A UTC instant in milliseconds, or `fallback` when there is none. Errors: InvalidInput bad_filter.
Result<std::int64_t> instantOf(const Call& call, const char* name, std::int64_t fallback) {
  const std::string text = call.q(name);
  if (text.empty()) return fallback;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return fail(ErrorCode::InvalidInput, "bad_filter", "", name);
  return value;
}

Result<Reply> exportResponses(App& app, const Call& call) {
  SittingChoice choice;
  choice.blueprint_id = call.q("blueprint");
  INVIGIL_TRY(from, instantOf(call, "from_ms", choice.from_ms));
  INVIGIL_TRY(to, instantOf(call, "to_ms", choice.to_ms));
  choice.from_ms = from, choice.to_ms = to;
  INVIGIL_CHECK(app.store->writeNow<void>([&](Tx& tx) -> Status {
    INVIGIL_CHECK(blueprintById(tx, choice.blueprint_id).map([](auto&&) {}));
    const auto sittings = tx.value<std::int64_t>("select count(*) from sitting s join eligibility e on e.id = s.eligibility_id where "
                                                 "e.blueprint_id = :a and s.finished_ms >= :b and s.finished_ms < :c", choice.blueprint_id, from, to);
    if (sittings.value_or(0) > kSittingsMax) return fail(ErrorCode::TooLarge, "responses_too_many", std::to_string(*sittings), "from_ms");
    audit(tx, call.now, call.caller.account_id, "responses_exported", choice.blueprint_id, std::to_string(sittings.value_or(0)));
    return {};
  }));
  INVIGIL_TRY(answers, gatherAnswers(app, choice, [](std::int64_t, std::int64_t) { return Status{}; }));
  Reply reply;
  reply.bytes = bank::writeResponses(answers.table);
  reply.content_type = "text/csv; charset=utf-8";
  return reply;
}

}  // namespace

Routes statisticsRoutes() {
  return {readRoute(Verb::Get, "/api/v1/bank/statistics", Scope::Editor, get), writeRoute(Verb::Post, "/api/v1/bank/statistics", Scope::Editor, compute),
          readRoute(Verb::Get, "/api/v1/bank/items/{id}/statistics", Scope::Editor, ofItem),
          taskRoute(Verb::Get, "/api/v1/bank/responses.csv", Scope::Administrator, exportResponses)};
}

}  // namespace invigil::server
