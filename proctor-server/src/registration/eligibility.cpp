// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "invigil/credential/credential.hpp"
#include "papers/blueprints.hpp"
#include "registration/parts.hpp"

namespace invigil::server {
namespace {

constexpr const char* kSelect =
    "select id, candidate_id, blueprint_id, training_done, passed, attempts_max, attempts_used, granted_ms, expires_ms "
    "from eligibility where ";

std::vector<EligibilityRow> rowsWhere(Tx& tx, const std::string& condition, const std::string& value) {
  std::vector<EligibilityRow> rows;
  for (const auto& [id, candidate, blueprint, trained, passed, max, used, granted, expires] :
       tx.all<std::string, std::string, std::string, std::int64_t, std::int64_t, std::int64_t, std::int64_t,
              std::int64_t, std::int64_t>(kSelect + condition, value))
    rows.push_back({id, candidate, blueprint, trained != 0, passed != 0, max, used, granted, expires});
  return rows;
}

}  // namespace

Result<EligibilityRow> eligibilityById(Tx& tx, const std::string& id) {
  auto rows = rowsWhere(tx, "id = :a", id);
  if (rows.empty()) return fail(ErrorCode::NotFound, "no_such_eligibility");
  return std::move(rows.front());
}

std::vector<EligibilityRow> eligibilitiesOf(Tx& tx, const std::string& candidate_id) {
  return rowsWhere(tx, "candidate_id = :a order by granted_ms, id", candidate_id);
}

bool isOver(const EligibilityRow& row, Instant now) {
  return std::chrono::floor<seconds>(now) > credential::endOfDay(fromMillis(row.expires_ms));
}

Json examTitle(Tx& tx, const std::string& blueprint_id) {
  const auto blueprint = blueprintById(tx, blueprint_id);
  return blueprint ? wording(blueprint->title.zh, blueprint->title.en) : wording(blueprint_id, blueprint_id);
}

Json eligibilityJson(Tx& tx, const EligibilityRow& row, Instant now) {
  const auto blueprint = blueprintById(tx, row.blueprint_id);
  const auto booked = tx.value<std::int64_t>(
      "select start_ms from reservation where eligibility_id = :a and state in ('booked', 'admitted', 'sitting')",
      row.id);
  const char* state = row.passed                              ? "passed"
                      : booked                                ? "booked"
                      : row.attempts_used >= row.attempts_max ? "used_up"
                      : isOver(row, now)                      ? "expired"
                                                              : "open";
  return {{"id", row.id},
          {"blueprint_id", row.blueprint_id},
          {"title",
           blueprint ? wording(blueprint->title.zh, blueprint->title.en) : wording(row.blueprint_id, row.blueprint_id)},
          {"minutes", blueprint ? blueprint->minutes : 0},
          {"attempts_left", row.passed ? 0 : std::max<std::int64_t>(0, row.attempts_max - row.attempts_used)},
          {"is_makeup", row.attempts_used > 0},
          {"expires_ms", row.expires_ms},
          {"state", state},
          {"reservation_start_ms", millis(booked)}};
}

Status mayBook(const EligibilityRow& row, Instant now) {
  const auto not_eligible = [](const char* reason, const char* why) { return fail(ErrorCode::Conflict, reason, why); };
  if (row.passed) return not_eligible("not_eligible_passed", "This exam is already passed.");
  if (row.attempts_used >= row.attempts_max)
    return not_eligible("not_eligible_used_up", "Every attempt is used; a new training and grant is needed.");
  if (isOver(row, now)) return not_eligible("not_eligible_expired", "The grant has run out by then.");
  if (!row.training_done) return not_eligible("not_eligible_training", "The training is not recorded as done.");
  return {};
}

}  // namespace invigil::server
