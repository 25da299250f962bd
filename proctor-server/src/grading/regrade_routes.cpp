// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "banking/items.hpp"
#include "certification/certificates.hpp"
#include "grading/regrade.hpp"
#include "invigil/bank/answer_fault.hpp"

namespace invigil::server {
namespace {

constexpr int kListMax = 100;

Json regradeJson(Tx& tx, const RegradeRow& row, const Call& call) {
  const auto item_id = tx.value<std::string>("select item_id from bank_item where uid = :a", row.correction.item_uid).value_or("");
  const bool counted = row.state != "computing" && row.state != "failed";
  Json json{{"id", row.id}, {"item", row.correction.item_uid}, {"item_id", item_id}, {"versions", row.correction.versions}, {"how", row.how},
          {"key", row.correction.key}, {"reason", row.reason}, {"state", row.state}, {"proposed_by", personName(tx, row.proposed_by)},
          {"proposed_ms", row.proposed_ms}, {"mine", row.proposed_by == call.caller.account_id},
          {"applied_by", row.applied_by.empty() ? "" : personName(tx, row.applied_by)}, {"applied_ms", millis(row.applied_ms)},
          {"counts", counted ? Json{{"sittings", row.sittings}, {"changed", row.changed}, {"up", row.up}, {"down", row.down},
                                    {"now_passed", row.now_passed}, {"now_failed", row.now_failed}} : Json(nullptr)},
          {"job_id", row.job_id}, {"seen", std::to_string(row.seen)}, {"error", Json::parse(row.error)}};
  if (!row.correction.answers.empty()) json["answers"] = answersJson(row.correction.answers);
  return json;
}

Result<Reply> reply(Tx& tx, const std::string& id, const Call& call) {
  INVIGIL_TRY(row, regradeById(tx, id));
  return Reply{regradeJson(tx, row, call)};
}

Result<Reply> list(App&, Tx& tx, const Call& call) {
  Json regrades = Json::array();
  for (auto& [id] : tx.all<std::string>("select id from regrade order by place desc limit " + std::to_string(kListMax))) {
    INVIGIL_TRY(row, regradeById(tx, id));
    regrades.push_back(regradeJson(tx, row, call));
  }
  return Reply{{{"regrades", regrades}}};
}

Result<Reply> get(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, regradeById(tx, call.id));
  Reply answer{regradeJson(tx, row, call)};
  if ((row.state == "computing" || row.state == "applying") && std::to_string(row.seen) == call.q("seen")) answer.wait_for = "regrade:" + call.id;
  return answer;
}

/// Whether a correction can be the key of such an item.
bool fits(const bank::Item& item, const Correction& correction) {
  const std::vector<int>& key = correction.key;
  if (!bank::hasOptions(item.type)) {
    const bool full = std::any_of(correction.answers.begin(), correction.answers.end(), [&](const auto& one) {
      return one.percent == 100 && bank::answerCanBeTyped(one, item.type);
    });
    const bool usable = std::all_of(correction.answers.begin(), correction.answers.end(), [](const auto& one) { return bank::answerFault(one).empty(); });
    bank::Item mended = item;
    mended.answers = correction.answers;
    return key.empty() && full && usable && itemFromContent(contentJson(mended)).has_value();
  }
  const bool one = item.type != bank::ItemType::MultipleChoice;
  return correction.answers.empty() && !key.empty() && (!one || key.size() == 1) && key.back() < static_cast<int>(item.options.size());
}

/// The versions asked for, or all; each must exist and, for a new key, be of one type with the same options.
Result<std::vector<std::int64_t>> versionsMeant(Tx& tx, const ItemRow& item, const Call& call, const Correction& correction, bool new_key) {
  auto versions = call.body.at("versions").get<std::vector<std::int64_t>>();
  if (versions.empty())
    for (std::int64_t number = 1; number <= item.version; ++number) versions.push_back(number);
  std::sort(versions.begin(), versions.end());
  versions.erase(std::unique(versions.begin(), versions.end()), versions.end());
  std::optional<bank::Item> last;
  for (const std::int64_t number : versions) {
    INVIGIL_TRY(version, versionOf(tx, item, number));
    if (!new_key) continue;
    if (last && (last->type != version.item.type || last->options != version.item.options)) return fail(ErrorCode::Conflict, "regrade_versions_differ", "", "versions");
    last = version.item;
  }
  if (!new_key) return versions;
  if (!fits(*last, correction)) return fail(ErrorCode::InvalidInput, "regrade_key_wrong", "", "key");
  return versions;
}

Result<Reply> propose(App&, Tx& tx, const Call& call) {
  const std::string reason = trim(call.text("reason")), how = call.text("how");
  if (reason.empty()) return fail(ErrorCode::InvalidInput, "reason_needed", "", "reason");
  INVIGIL_TRY(item, itemByUid(tx, call.text("item")));
  Correction correction;
  std::vector<int>& key = correction.key;
  key = call.body.value("key", std::vector<int>{});
  correction.answers = answersAsWritten(call.body.value("answers", Json::array()));
  std::sort(key.begin(), key.end());
  key.erase(std::unique(key.begin(), key.end()), key.end());
  const bool new_key = how == "new_key";
  if (!new_key && !(key.empty() && correction.answers.empty())) return fail(ErrorCode::InvalidInput, "regrade_key_wrong", "", "key");
  INVIGIL_TRY(versions, versionsMeant(tx, item, call, correction, new_key));
  const std::string id = newId();
  const std::string job = queueJob(tx, "regrade", id, {{"do", "look"}}, call.caller.account_id, call.now);
  const auto place = tx.value<std::int64_t>("select coalesce(max(place), 0) + 1 from regrade");
  tx.exec("insert into regrade(id, place, item_uid, versions, how, answer_key, reason, state, proposed_by, proposed_ms, applied_by, applied_place, "
          "covered, expected, sittings, changed, up, down, now_passed, now_failed, job_id, seen, error, every_version) "
          "values (:a, :b, :c, :d, :e, :f, :g, 'computing', :h, :i, '', 0, 0, 0, 0, 0, 0, 0, 0, 0, :j, 1, 'null', :k)",
          id, place.value_or(1), item.uid, Json(versions).dump(), how,
          (correction.answers.empty() ? Json(key) : answersJson(correction.answers)).dump(), reason, call.caller.account_id, toMillis(call.now), job,
          call.body["versions"].empty() ? 1 : 0);
  audit(tx, call.now, call.caller.account_id, "regrade_proposed", id, item.uid);
  return reply(tx, id, call);
}

Result<Reply> changes(App&, Tx& tx, const Call& call) {
  INVIGIL_CHECK(regradeById(tx, call.id).map([](auto&&) {}));
  static const std::map<std::string, std::string> kKinds = {
      {"", ""}, {"up", " and c.points_after > c.points_before"}, {"down", " and c.points_after < c.points_before"},
      {"now_passed", " and c.passed_after > c.passed_before"}, {"now_failed", " and c.passed_after < c.passed_before"}};
  const auto kind = kKinds.find(call.q("kind"));
  if (kind == kKinds.end()) return fail(ErrorCode::InvalidInput, "bad_filter", "", "kind");
  const std::string where = " from regrade_change c where c.regrade_id = :a and c.differs = 1" + kind->second;
  const auto after = call.number("after", 0, 0, 1'000'000'000), limit = call.number("limit", 50, 1, 200);
  const auto total = tx.value<std::int64_t>("select count(*)" + where, call.id).value_or(0);
  Json list = Json::array();
  for (auto& [sitting, before, points_after, passed_before, passed_after, old, fresh] :
       tx.all<std::string, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::string, std::string>(
           "select c.sitting_id, c.points_before, c.points_after, c.passed_before, c.passed_after, c.certificate_before, c.certificate_after" + where +
               " order by c.sitting_id limit :b offset :c", call.id, limit, after)) {
    auto of = tx.one<std::string, std::int64_t, std::string>(
        "select candidate.name, s.finished_ms, s.blueprint from sitting s join candidate on candidate.id = s.candidate_id where s.id = :a", sitting);
    const auto& [name, finished, blueprint_text] = *of;
    INVIGIL_TRY(blueprint, bank::parseBlueprint(blueprint_text));
    list.push_back({{"sitting_id", sitting}, {"name_masked", maskName(name)}, {"finished_ms", finished},
                    {"exam", wording(blueprint.title.zh, blueprint.title.en)}, {"points_before", pointsJson(bank::Points(before))},
                    {"points_after", pointsJson(bank::Points(points_after))}, {"passed_before", passed_before != 0},
                    {"passed_after", passed_after != 0}, {"certificate_before", shownNumber(old)}, {"certificate_after", shownNumber(fresh)}});
  }
  const auto seen = after + static_cast<std::int64_t>(list.size());
  return Reply{{{"changes", list}, {"total", total}, {"next", seen < total && !list.empty() ? std::to_string(seen) : ""}}};
}

Result<Reply> apply(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, regradeById(tx, call.id));
  if (row.state != "ready") return fail(ErrorCode::Conflict, "regrade_wrong_state", row.state, "id");
  if (row.proposed_by == call.caller.account_id) return fail(ErrorCode::Conflict, "regrade_by_proposer", "", "id");
  const auto saw = call.body.at("changed").get<std::int64_t>();
  if (saw != row.changed) return fail(ErrorCode::Conflict, "regrade_is_stale", std::to_string(row.changed), "changed");
  const std::string job = queueJob(tx, "regrade", row.id, {{"do", "apply"}}, call.caller.account_id, call.now);
  tx.exec("update regrade set expected = :a, applied_by = :b, job_id = :c where id = :d", saw, call.caller.account_id, job, row.id);
  setRegradeState(tx, row.id, "applying");
  return reply(tx, row.id, call);
}

Result<Reply> discard(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, regradeById(tx, call.id));
  if (row.state != "ready" && row.state != "failed") return fail(ErrorCode::Conflict, "regrade_wrong_state", row.state, "id");
  setRegradeState(tx, row.id, "discarded");
  audit(tx, call.now, call.caller.account_id, "regrade_discarded", row.id);
  return reply(tx, row.id, call);
}

}  // namespace

Routes regradeRoutes() {
  const std::string base = "/api/v1/regrades";
  return {readRoute(Verb::Get, base, Scope::Editor, list), writeRoute(Verb::Post, base, Scope::Editor, propose),
          readRoute(Verb::Get, base + "/{id}", Scope::Editor, get), readRoute(Verb::Get, base + "/{id}/changes", Scope::Editor, changes),
          writeRoute(Verb::Post, base + "/{id}/apply", Scope::Administrator, apply),
          writeRoute(Verb::Post, base + "/{id}/discard", Scope::Editor, discard)};
}

}  // namespace invigil::server
