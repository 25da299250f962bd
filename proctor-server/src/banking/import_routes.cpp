// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "banking/imports.hpp"
#include "invigil/bank/bank_file.hpp"
#include "invigil/base/random.hpp"
#include "store/like.hpp"

namespace invigil::server {
namespace {

Result<Reply> reply(Tx& tx, const ImportDraft& draft, const Call& call) {
  INVIGIL_TRY(now, importById(tx, draft.id));
  return Reply{importJson(tx, now, call.caller.account_id)};
}

tl::unexpected<Error> wrongState(const ImportDraft& draft) { return fail(ErrorCode::Conflict, "import_wrong_state", draft.state, "id"); }

Result<Reply> list(App&, Tx& tx, const Call& call) {
  Json imports = Json::array();
  const std::string state = call.q("state");
  for (auto& [id] : tx.all<std::string>("select id from import_draft where (:a = '' or state = :b) order by made_ms desc, id limit 100", state, state)) {
    INVIGIL_TRY(draft, importById(tx, id));
    draft.guess = nullptr;  // large, and only wanted where one draft is looked at
    imports.push_back(importJson(tx, draft, call.caller.account_id));
  }
  return Reply{{{"imports", imports}}};
}

Result<Reply> begin(App&, Tx& tx, const Call& call) {
  ImportDraft draft;
  draft.id = newId();
  draft.bank_id = call.text("bank_id");
  draft.file_name = trim(call.text("file_name"));
  if (!bank::isBankId(draft.bank_id))
    return fail(ErrorCode::InvalidInput, "bank_id_wrong", "", "bank_id");
  if (draft.file_name.empty()) return fail(ErrorCode::InvalidInput, "file_name_missing", "", "file_name");
  for (const Json& role : call.body.value("roles", Json::array()))
    if (!bank::roleFromText(role.get<std::string>())) return fail(ErrorCode::InvalidInput, "bank_needs_id", "", "roles");
  if (auto bank = tx.one<std::string, std::string, std::string, std::string, std::string>(
          "select title_zh, title_en, roles, category, language from bank where id = :a", draft.bank_id)) {
    const auto& [zh, en, roles, category, language] = *bank;
    draft.bank_head = {{"title_zh", zh}, {"title_en", en}, {"roles", Json::parse(roles)}, {"category", category}, {"language", language}};
  } else {
    const std::string title = trim(call.body.value("title", ""));
    draft.bank_head = {{"title_zh", title}, {"title_en", title}, {"roles", call.body.value("roles", Json::array())},
                       {"category", call.body.value("category", "")}, {"language", "zh-CN"}};
  }
  draft.format = call.body.value("format", "");
  draft.state = "waiting_for_file";
  draft.made_by = call.caller.account_id;
  draft.made_ms = toMillis(call.now);
  saveImport(tx, draft);
  audit(tx, call.now, draft.made_by, "import_begun", draft.id, draft.bank_id);
  return reply(tx, draft, call);
}

Result<Reply> get(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(draft, importById(tx, call.id));
  Reply answer{importJson(tx, draft, call.caller.account_id)};
  // A person changes what is ready, too: only what has come to its end is not waited for, or pages would ask without a rest.
  const bool ended = draft.state == "accepted" || draft.state == "discarded";
  if (!ended && answer.body["seen"] == call.q("seen")) answer.wait_for = "import:" + call.id;
  return answer;
}

Status queueReading(Tx& tx, ImportDraft& draft, const Call& call) {
  draft.state = "reading";
  draft.error = nullptr;
  draft.job_id = queueJob(tx, "import_read", draft.id, nullptr, call.caller.account_id, call.now);
  noteHand(tx, draft.id, call.caller.account_id);
  saveImport(tx, draft);
  return {};
}

bool mayBeRead(const ImportDraft& draft) { return draft.state == "waiting_for_file" || draft.state == "ready" || draft.state == "failed"; }

Result<Reply> putFile(App& app, const Call& call) {
  if (call.bytes.empty()) return fail(ErrorCode::InvalidInput, "no_items", "", "body");
  // Before the file is there: it may be read for somebody who was faster.
  INVIGIL_CHECK(app.store->writeNow<void>([&](Tx& tx) -> Status {
    INVIGIL_TRY(draft, importById(tx, call.id));
    if (!mayBeRead(draft)) return wrongState(draft);
    noteHand(tx, draft.id, call.caller.account_id);
    return {};
  }));
  std::error_code error;
  const std::string folder = app.config.data_dir + "/imports";
  std::filesystem::create_directories(folder, error);
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  INVIGIL_CHECK(writeFileDurably(importFile(app, call.id), call.bytes, 0600));
  bool thrown_away = false;  // while the file was written
  auto answer = app.store->writeNow<Reply>([&](Tx& tx) -> Result<Reply> {
    INVIGIL_TRY(draft, importById(tx, call.id));
    thrown_away = draft.state == "discarded";
    if (!mayBeRead(draft)) return wrongState(draft);
    INVIGIL_CHECK(queueReading(tx, draft, call));
    return reply(tx, draft, call);
  });
  if (thrown_away) removeImportFile(app, call.id);
  return answer;
}

Result<Reply> readAgain(App& app, Tx& tx, const Call& call) {
  INVIGIL_TRY(draft, importById(tx, call.id));
  if (draft.state == "waiting_for_file" || !mayBeRead(draft)) return wrongState(draft);
  if (!std::filesystem::exists(importFile(app, draft.id))) return fail(ErrorCode::NotFound, "import_file_gone", "", "id");
  draft.format = call.text("format");
  draft.mapping = call.body.value("mapping", Json(nullptr));
  INVIGIL_CHECK(queueReading(tx, draft, call));
  return reply(tx, draft, call);
}

/// Errors: Conflict import_wrong_state, import_has_changed, import_is_empty, bank_is_not_empty; Forbidden not_allowed.
Status checkAcceptance(Tx& tx, const ImportDraft& draft, const Call& call) {
  if (draft.state != "ready") return wrongState(draft);
  if (call.body.contains("seen") && call.body["seen"] != std::to_string(draft.seen)) return fail(ErrorCode::Conflict, "import_has_changed", "", "seen");
  if (draft.counts["new"].get<int>() + draft.counts["changed"].get<int>() + draft.counts["missing"].get<int>() == 0)
    return fail(ErrorCode::Conflict, "import_is_empty", "", "id");
  if (call.text("state") != "released") return {};
  if (call.caller.role != "administrator") return fail(ErrorCode::Forbidden, "not_allowed", "", "state");
  const auto items = tx.value<std::int64_t>("select count(*) from bank_item where bank_id = :a", draft.bank_id);
  if (items.value_or(0) > 0) return fail(ErrorCode::Conflict, "bank_is_not_empty", "", "state");
  return {};
}

void queueAcceptance(Tx& tx, ImportDraft& draft, const Call& call) {
  draft.state = "accepting";
  draft.job_id = queueJob(tx, "import_accept", draft.id, nullptr, call.caller.account_id, call.now);
}

Result<Reply> accept(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(draft, importById(tx, call.id));
  INVIGIL_CHECK(checkAcceptance(tx, draft, call));
  draft.accept = {{"state", call.text("state")}, {"missing", call.text("missing")}, {"reason", trim(call.body.value("reason", ""))}};
  draft.accepted_by = call.caller.account_id;
  draft.error = nullptr;
  if (call.text("state") == "released") draft.state = "awaiting_second";
  else queueAcceptance(tx, draft, call);
  saveImport(tx, draft);
  return reply(tx, draft, call);
}

Result<Reply> confirm(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(draft, importById(tx, call.id));
  if (draft.state != "awaiting_second") return wrongState(draft);
  const std::string& who = call.caller.account_id;
  if (who == draft.accepted_by || who == draft.made_by || hadHand(tx, draft.id, who)) return fail(ErrorCode::Conflict, "released_by_author", "", "id");
  const auto items = tx.value<std::int64_t>("select count(*) from bank_item where bank_id = :a", draft.bank_id);
  if (items.value_or(0) > 0) return fail(ErrorCode::Conflict, "bank_is_not_empty", "", "id");
  queueAcceptance(tx, draft, call);
  saveImport(tx, draft);
  tx.exec("update import_draft set confirmed_by = :a where id = :b", who, draft.id);
  return reply(tx, draft, call);
}

Result<Reply> discard(App& app, const Call& call) {
  INVIGIL_TRY(answer, app.store->writeNow<Reply>([&](Tx& tx) -> Result<Reply> {
    INVIGIL_TRY(draft, importById(tx, call.id));
    if (draft.state == "accepted" || draft.state == "accepting") return wrongState(draft);
    if (!draft.job_id.empty()) cancelJob(tx, draft.job_id, call.now);
    draft.state = "discarded";
    draft.job_id.clear();
    saveImport(tx, draft);
    audit(tx, call.now, call.caller.account_id, "import_discarded", draft.id);
    return reply(tx, draft, call);
  }));
  removeImportFile(app, call.id);
  INVIGIL_CHECK(sweepImport(app, call.id));
  return answer;
}

Result<Reply> report(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(draft, importById(tx, call.id));
  if (draft.counts.is_null()) return wrongState(draft);
  return Reply{importReportJson(tx, draft)};
}

Result<Reply> reportSheet(App& app, const Call& call) {
  INVIGIL_TRY(json, app.store->readNow<Json>([&](Tx& tx) -> Result<Json> {
    INVIGIL_TRY(draft, importById(tx, call.id));
    if (draft.counts.is_null()) return wrongState(draft);
    return importReportJson(tx, draft);
  }));
  std::error_code error;
  std::filesystem::create_directories(app.config.data_dir + "/imports", error);
  INVIGIL_TRY(bytes, importReportSheet(json, importFile(app, call.id) + "-" + randomHex(4) + ".xlsx"));
  Reply answer;
  answer.bytes = std::move(bytes);
  answer.content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  return answer;
}

}  // namespace

Routes importRoutes() {
  const std::string base = "/api/v1/bank/imports", one = base + "/{id}";
  return {readRoute(Verb::Get, base, Scope::Editor, list),
          writeRoute(Verb::Post, base, Scope::Editor, begin),
          readRoute(Verb::Get, one, Scope::Editor, get),
          taskRoute(Verb::Put, one + "/file", Scope::Editor, putFile, kImportBytesMax),
          writeRoute(Verb::Post, one + "/read", Scope::Editor, readAgain, 1 << 20),
          readRoute(Verb::Get, one + "/report", Scope::Editor, report),
          taskRoute(Verb::Get, one + "/report.xlsx", Scope::Editor, reportSheet),
          writeRoute(Verb::Post, one + "/accept", Scope::Editor, accept),
          writeRoute(Verb::Post, one + "/confirm", Scope::Editor, confirm),
          taskRoute(Verb::Post, one + "/discard", Scope::Editor, discard)};
}

}  // namespace invigil::server
