// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "banking/lifecycle.hpp"

#include <algorithm>

#include "http/errors.hpp"

namespace invigil::server {

const std::vector<MoveRule>& moveRules() {
  static const std::vector<MoveRule> rules = {
      {"submit", {"draft"}, "in_review", "送审", "Send to review", false, false, true},
      {"send_back", {"in_review"}, "draft", "退回修改", "Send back", true, false, false},
      {"release", {"in_review"}, "released", "发布", "Release", false, true, true},
      {"suspend", {"draft", "in_review", "released"}, "suspended", "停用", "Suspend", true, false, false},
      {"resume", {"suspended"}, "released", "恢复使用", "Resume", true, true, true},
      {"rework", {"suspended"}, "draft", "修改后再用", "Rework", false, false, false},
      {"retire", {"draft", "in_review", "released", "suspended"}, "retired", "退役", "Retire", true, false, false},
      {"revive", {"retired"}, "draft", "重新启用", "Revive", true, false, false}};
  return rules;
}

const MoveRule* moveRule(const std::string& id) {
  for (const MoveRule& rule : moveRules())
    if (rule.id == id) return &rule;
  return nullptr;
}

std::vector<std::string> waitingAuthors(Tx& tx, const ItemRow& row) {
  std::vector<std::string> authors;
  const std::int64_t above = std::min(row.approved_version, row.version - 1);
  for (auto& [author] : tx.all<std::string>(
           "select author from item_version where item_uid = :a and number > :b and number <= :c union "
           "select account_id from version_hand where item_uid = :d and number > :e and number <= :f",
           row.uid, above, row.version, row.uid, above, row.version))
    authors.push_back(author);
  return authors;
}

Status mayMove(Tx& tx, const ItemRow& row, const MoveRule& rule, const std::string& actor) {
  const bool from_here = std::find(rule.from.begin(), rule.from.end(), row.state) != rule.from.end();
  const bool nothing_to_suspend = rule.id == std::string("suspend") && row.released_version == 0;
  if (!from_here || nothing_to_suspend)
    return fail(ErrorCode::Conflict, "impossible_move", row.state + " → " + rule.id, "move");
  if (rule.id == std::string("resume") && row.version != row.approved_version)
    return fail(ErrorCode::Conflict, "newer_version_waits", "", "version");
  if (rule.needs_other_person) {
    const auto authors = waitingAuthors(tx, row);
    if (std::find(authors.begin(), authors.end(), actor) != authors.end())
      return fail(ErrorCode::Conflict, "released_by_author", "", "move");
  }
  if (rule.needs_checks) {
    INVIGIL_TRY(version, versionOf(tx, row, row.version));
    const auto problems = releaseProblems(tx, row, version);
    if (!problems.empty()) {
      const Json first = problemJson(problems.front());
      return fail(ErrorCode::Conflict, "not_ready_for_release",
                  first["zh"].get<std::string>() + " / " + first["en"].get<std::string>(), problems.front().where);
    }
  }
  return {};
}

void applyMove(ItemRow& row, const MoveRule& rule) {
  row.state = rule.to;
  if (row.state == "released") row.released_version = row.approved_version = row.version;
  if (row.state == "suspended" || row.state == "retired") row.released_version = 0;
}

Status makeMove(Tx& tx, ItemRow& row, const MoveRule& rule, const std::string& actor, const std::string& reason, Instant now) {
  if (rule.needs_reason && reason.empty()) return fail(ErrorCode::InvalidInput, "reason_needed", "", "reason");
  INVIGIL_CHECK(mayMove(tx, row, rule, actor));
  const std::string from = row.state;
  applyMove(row, rule);
  tx.exec("update bank_item set state = :a, released_version = :b, approved_version = :c, changed_ms = :d, changed_by = :e where uid = :f",
          row.state, row.released_version, row.approved_version, toMillis(now), actor, row.uid);
  noteEvent(tx, row.uid, now, actor, rule.id, from, row.state, row.version, reason);
  audit(tx, now, actor, std::string("item_") + rule.id, row.uid, std::to_string(row.version));
  return {};
}

Json problemJson(const Error& error) { return errorJson(error)["error"]; }

}  // namespace invigil::server
