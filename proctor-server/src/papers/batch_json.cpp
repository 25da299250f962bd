// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "banking/lifecycle.hpp"
#include "papers/batches.hpp"

namespace invigil::server {
namespace {

constexpr std::int64_t kTakesShown = 50;

Json eventWords(const std::string& event, const Json& data) {
  const auto count = [&](const char* member) { return std::to_string(data.at(member).size()); };
  if (event == "freeze") {
    const std::string items = data.at("items").dump(), papers = data.at("papers").dump();
    return wording("冻结 " + items + " 道题目，承诺种子，" + papers + " 份试卷", items + " items frozen, seed committed to, " + papers + " papers");
  }
  if (event == "seal") return wording("试卷已组好并封存", "Papers assembled and sealed");
  if (event == "take") {
    const std::string slot = data.at("slot").dump();
    return wording("第 " + slot + " 号试卷开考", "Paper " + slot + " taken");
  }
  if (event == "withdraw_papers") return wording("撤下含停用题目的 " + count("slots") + " 份试卷", count("slots") + " papers with items out of use withdrawn");
  if (event == "withdraw") return wording("撤下剩余的 " + count("slots") + " 份试卷", "The remaining " + count("slots") + " papers withdrawn");
  return wording("公开种子和全部试卷", "Seed and all papers published");
}

Result<Json> eventsJson(Tx& tx, const std::string& batch_id) {
  Json list = Json::array();
  for (auto& [place, at_ms, event, actor, entry, hash] : tx.all<std::int64_t, std::int64_t, std::string, std::string, std::string, std::string>(
           "select l.place, l.at_ms, l.event, coalesce(a.display, l.actor), l.entry, l.hash from paper_log l left join account a on a.id = l.actor "
           "where l.batch_id = :a and (l.event <> 'take' or l.place > (select max(m.place) from paper_log m where m.batch_id = :b) - " +
               std::to_string(kTakesShown) + ") order by l.place", batch_id, batch_id))
    list.push_back({{"place", place}, {"at_ms", at_ms}, {"event", event}, {"actor", actor}, {"text", eventWords(event, Json::parse(entry).at("data"))},
                    {"hash", hash}});
  return list;
}

}  // namespace

Result<Json> batchJson(Tx& tx, const BatchRow& row) {
  auto more = tx.one<std::string, std::string, std::string, std::string, std::string>(
      "select b.figures, b.problem, b.audit, coalesce(a.display, b.made_by), v.content from paper_batch b left join account a on a.id = b.made_by "
      "join blueprint_version v on v.blueprint_id = b.blueprint_id and v.number = b.blueprint_version where b.id = :a", row.id);
  if (!more) return fail(ErrorCode::Internal, "internal", "A batch without its blueprint.");
  const auto& [figures, problem, audited, made_by, content] = *more;
  INVIGIL_TRY(blueprint, bank::parseBlueprint(content));
  const Json report = Json::parse(audited);
  return Json{{"id", row.id}, {"number", row.number}, {"blueprint_id", row.blueprint_id}, {"blueprint_version", row.blueprint_version},
              {"title", wording(blueprint.title.zh, blueprint.title.en)}, {"state", row.state}, {"papers", row.papers}, {"unused", row.unused},
              {"used", row.used}, {"withdrawn", row.withdrawn}, {"reason", row.reason}, {"made_by", made_by}, {"made_ms", row.made_ms},
              {"sealed_ms", millis(row.sealed_ms)}, {"embargo_ms", millis(row.embargo_ms)}, {"revealed_ms", millis(row.revealed_ms)},
              {"seed_commitment", row.seed_commitment}, {"items_root", row.items_root}, {"papers_root", row.papers_root},
              {"figures", Json::parse(figures)}, {"verdict", report.is_null() ? Json("none") : report.at("verdict")}, {"problem", Json::parse(problem)},
              {"job_id", row.job_id}, {"seen", std::to_string(row.seen)}};
}

Status mayReveal(Tx& tx, const BatchRow& row, const Caller& caller, Instant now) {
  if (caller.role != "administrator" && caller.role != "authority") return fail(ErrorCode::Forbidden, "not_allowed", "Only these two roles reveal.");
  const bool over = row.state == "used_up" || (row.state == "withdrawn" && row.sealed_ms);
  if (!over && !row.live()) return fail(ErrorCode::Conflict, "batch_wrong_state", row.state, "id");
  if (!over && toMillis(now) < row.embargo_ms.value_or(0)) return fail(ErrorCode::Conflict, "batch_not_used_up", "", "id");
  if (tx.value<std::int64_t>("select count(*) from sitting where batch_id = :a and finished_ms is null", row.id).value_or(0) > 0)
    return fail(ErrorCode::Conflict, "batch_has_sittings", "", "id");
  return {};
}

Result<Json> batchDetailJson(Tx& tx, const BatchRow& row, const Caller& caller, Instant now) {
  INVIGIL_TRY(batch, batchJson(tx, row));
  INVIGIL_TRY(events, eventsJson(tx, row.id));
  const Status may = mayReveal(tx, row, caller, now);
  const std::string left = std::to_string(row.unused), all = std::to_string(row.papers);
  const Json opens = wording("公开后，任何人都能看到这批 " + all + " 份试卷各有哪些题号、随机种子和取用记录；题干、选项和答案不公开。尚未使用的 " + left +
                                 " 份不再使用。公开后不能撤回。",
                             "Anyone will then see which item ids each of these " + all + " papers has, the random seed and the log of takes; stems, "
                             "options and keys stay closed. The " + left + " unused papers are never taken. It cannot be undone.");
  return Json{{"batch", batch}, {"reveal", {{"allowed", may.has_value()}, {"why_not", may ? Json(nullptr) : problemJson(may.error())}, {"opens", opens}}},
              {"events", events},
              {"events_total", tx.value<std::int64_t>("select count(*) from paper_log where batch_id = :a", row.id).value_or(0)}};
}

}  // namespace invigil::server
