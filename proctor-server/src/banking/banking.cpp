// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "banking/banking.hpp"

#include "grading/grading.hpp"

#include "invigil/base/text.hpp"
#include "papers/blueprints.hpp"
#include "papers/batches.hpp"
#include "store/like.hpp"

namespace invigil::server {
namespace {

using bank::Bank;

constexpr std::size_t kBankBytesMax = 24 << 20;

Json reportJson(const bank::ImportReport& report, bool dry_run) {
  Json refused = Json::array(), warnings = Json::array();
  for (const auto* rows : {&report.duplicates, &report.refused})  // neither came in
    for (const auto& row : *rows) refused.push_back({{"row", row.row}, {"text", row.text}, {"reason", row.reason}});
  for (const std::string& warning : report.warnings) warnings.push_back(firstCharacters(warning, 300));
  return {{"rows", report.rows}, {"imported", report.imported}, {"repaired", report.repaired}, {"refused", refused},
          {"warnings", warnings}, {"dry_run", dry_run}};
}

Result<Json> bankJson(Tx& tx, const std::string& id) {
  auto row = tx.one<std::string, std::string, std::string, std::string, std::int64_t, std::int64_t, std::int64_t>(
      "select title_zh, title_en, roles, category, revision, enabled, imported_ms from bank where id = :a", id);
  if (!row) return fail(ErrorCode::NotFound, "no_such_bank", "", "id");
  Json by_type{{"true_false", 0}, {"single_choice", 0}, {"multiple_choice", 0}, {"numeric", 0}, {"short_text", 0}}, by_state = Json::array();
  std::int64_t total = 0, in_use = 0;
  for (auto& [type, count] : tx.all<std::string, std::int64_t>(
           "select type, count(*) from bank_item where bank_id = :a and state <> 'retired' group by type", id)) {
    by_type[type] = count;
    total += count;
  }
  for (auto& [state, count, drawn] : tx.all<std::string, std::int64_t, std::int64_t>(
           "select state, count(*), sum(case when released_version > 0 then 1 else 0 end) from bank_item where bank_id = :a group by state", id)) {
    by_state.push_back({{"value", state}, {"items", count}});
    in_use += drawn;
  }
  const auto& [zh, en, roles, category, revision, enabled, imported] = *row;
  return Json{{"id", id}, {"title", wording(zh, en)}, {"roles", Json::parse(roles)}, {"category", category},
              {"revision", revision}, {"enabled", enabled != 0}, {"items", total}, {"by_type", by_type},
              {"in_use", in_use}, {"by_state", by_state}, {"imported_ms", imported}};
}

/// drawable: a candidate can start now.
Json blueprintRow(Tx& tx, const bank::Blueprint& blueprint) {
  std::int64_t unused = 0;
  for (const BatchRow& row : liveBatches(tx, blueprint.id)) unused += row.unused;
  const Json problem = sealingProblem(tx, blueprint.id);
  const auto pool = tx.value<std::int64_t>(
      "select count(*) from bank_item i join bank k on k.id = i.bank_id where k.enabled = 1 and i.released_version > 0 and "
      "(k.category = '' or k.category = :a) and k.roles like :b", blueprint.category, "%\"" + std::string(bank::toText(blueprint.role)) + "\"%");
  return {{"id", blueprint.id}, {"title", wording(blueprint.title.zh, blueprint.title.en)}, {"items", blueprint.items()},
          {"minutes", blueprint.minutes}, {"pass_points", pointsJson(blueprint.pass_points)}, {"pool", pool.value_or(0)},
          {"drawable", unused > 0}, {"problem", problem.is_null() ? "" : firstCharacters(problem["zh"].get<std::string>(), 390)}};
}

Result<Reply> listBanks(App&, Tx& tx, const Call&) {
  Json banks = Json::array(), blueprints = Json::array();
  for (auto& [id] : tx.all<std::string>("select id from bank order by id")) {
    INVIGIL_TRY(bank, bankJson(tx, id));
    banks.push_back(std::move(bank));
  }
  for (const auto& blueprint : allBlueprints(tx)) blueprints.push_back(blueprintRow(tx, blueprint));
  return Reply{{{"banks", banks}, {"blueprints", blueprints}}};
}

Result<Reply> importBank(App& app, const Call& call) {
  Bank defaults;
  defaults.id = call.body.value("id", "");
  defaults.title = {call.body.value("title", ""), call.body.value("title", "")};
  defaults.category = call.body.value("category", "");
  if (auto role = bank::roleFromText(call.body.value("role", ""))) defaults.roles = {*role};
  INVIGIL_TRY(imported, bank::importJson(call.body.at("content").get_ref<const std::string&>(), defaults));
  if (imported.bank.id.empty() || imported.bank.roles.empty())
    return fail(ErrorCode::InvalidInput, "bank_needs_id", "", "id");
  const bool dry_run = call.body.at("dry_run").get<bool>();
  // Released at once and by one person: only where nothing is at stake.
  if (!dry_run && !app.config.demo) return fail(ErrorCode::Conflict, "import_by_draft", "", "dry_run");
  if (!dry_run && imported.bank.items.empty()) return fail(ErrorCode::InvalidInput, "no_items", "", "content");
  Json reply{{"bank", nullptr}, {"report", reportJson(imported.report, dry_run)}};
  if (dry_run) return Reply{reply};
  INVIGIL_TRY(stored, app.store->writeNow<Json>([&](Tx& tx) -> Result<Json> {
    INVIGIL_CHECK(saveBank(tx, imported.bank, call.now, call.caller.account_id));
    return bankJson(tx, imported.bank.id);
  }));
  reply["bank"] = stored;
  return Reply{reply};
}

Result<Reply> changeBank(App&, Tx& tx, const Call& call) {
  const bool enabled = call.body.at("enabled").get<bool>();
  tx.exec("update bank set enabled = :a where id = :b", enabled ? 1 : 0, call.id);
  poolChanged(tx);
  audit(tx, call.now, call.caller.account_id, enabled ? "bank_enabled" : "bank_disabled", call.id);
  INVIGIL_TRY(bank, bankJson(tx, call.id));
  return Reply{bank};
}

}  // namespace

Routes bankingRoutes() {
  const std::string base = "/api/v1/admin/banks";
  return {readRoute(Verb::Get, base, Scope::Editor, listBanks),
          taskRoute(Verb::Post, base, Scope::Administrator, importBank, kBankBytesMax),
          writeRoute(Verb::Put, base + "/{id}", Scope::Administrator, changeBank)};
}

}  // namespace invigil::server
