// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "banking/item_search.hpp"
#include "banking/items.hpp"
#include "statistics/statistics.hpp"

namespace invigil::server {
namespace {

constexpr std::size_t kItemBody = 1 << 20;
constexpr int kListMax = 200;

std::string reasonOf(const Call& call) { return trim(call.body.value("reason", "")); }

Json stimulusOf(Tx& tx, const std::string& bank_id, const std::string& id, std::int64_t version) {
  auto row = tx.one<std::string, std::string>("select markup, text from stimulus where bank_id = :a and stimulus_id = :b and version = :c",
                                              bank_id, id, version);
  if (!row) return nullptr;
  return {{"bank_id", bank_id}, {"id", id}, {"version", version}, {"markup", std::get<0>(*row)}, {"text", std::get<1>(*row)}, {"items", 0}};
}

Json versionJson(Tx& tx, const ItemRow& row, const ItemVersion& version) {
  return {{"number", version.number}, {"content", contentJson(version.item, version.stimulus_version)},
          {"stimulus", version.item.stimulus.empty() ? Json(nullptr) : stimulusOf(tx, row.bank_id, version.item.stimulus, version.stimulus_version)},
          {"author", personName(tx, version.author)}, {"made_ms", version.made_ms}, {"reason", version.reason}, {"released", version.released}};
}

Json versionsJson(Tx& tx, const std::string& uid) {
  Json list = Json::array();
  for (auto& [number, author, made, reason, released] : tx.all<std::int64_t, std::string, std::int64_t, std::string, std::int64_t>(
           "select v.number, coalesce(a.display, v.author), v.made_ms, v.reason, (select count(*) from item_event e where "
           "e.item_uid = v.item_uid and e.version = v.number and e.to_state = 'released') "
           "from item_version v left join account a on a.id = v.author where v.item_uid = :a order by v.number desc limit " + std::to_string(kListMax), uid))
    list.push_back({{"number", number}, {"author", author}, {"made_ms", made}, {"reason", reason}, {"released", released > 0}});
  return list;
}

Json historyJson(Tx& tx, const std::string& uid) {
  Json list = Json::array();
  for (auto& [at, by, move, from, to, version, reason] :
       tx.all<std::int64_t, std::string, std::string, std::string, std::string, std::int64_t, std::string>(
           "select e.at_ms, coalesce(a.display, e.actor), e.move, e.from_state, e.to_state, e.version, e.reason from item_event e "
           "left join account a on a.id = e.actor where e.item_uid = :a order by e.place desc limit " + std::to_string(kListMax), uid))
    list.push_back({{"at_ms", at}, {"by", by}, {"move", move}, {"from", from}, {"to", to}, {"version", version}, {"reason", reason}});
  return list;
}

Json movesJson(Tx& tx, const ItemRow& row, const std::string& actor) {
  Json list = Json::array();
  for (const MoveRule& rule : moveRules()) {
    if (std::find(rule.from.begin(), rule.from.end(), row.state) == rule.from.end()) continue;
    const Status may = mayMove(tx, row, rule, actor);
    list.push_back({{"move", rule.id}, {"allowed", may.has_value()}, {"why_not", may ? Json(nullptr) : problemJson(may.error())}});
  }
  return list;
}

Json enemiesJson(Tx& tx, const ItemRow& row, const bank::Item& item) {
  Json list = Json::array();
  for (const std::string& id : item.enemies) {
    auto other = tx.one<std::string, std::string>("select uid, excerpt from bank_item where bank_id = :a and item_id = :b", row.bank_id, id);
    list.push_back({{"item_id", id}, {"id", other ? std::get<0>(*other) : ""}, {"stem", other ? std::get<1>(*other) : ""}, {"known", other.has_value()}});
  }
  return list;
}

Result<Reply> detail(Tx& tx, const std::string& uid, const std::string& actor) {
  INVIGIL_TRY(row, itemByUid(tx, uid));
  INVIGIL_TRY(newest, versionOf(tx, row, row.version));
  Json problems = Json::array();
  for (const Error& problem : releaseProblems(tx, row, newest)) problems.push_back(problemJson(problem));
  return Reply{{{"row", itemRowJson(tx, uid, actor)}, {"newest", versionJson(tx, row, newest)}, {"versions", versionsJson(tx, uid)},
                {"history", historyJson(tx, uid)}, {"moves", movesJson(tx, row, actor)}, {"problems", problems},
                {"enemies", enemiesJson(tx, row, newest.item)}, {"statistics", newestStatistics(tx, uid, row.bank_id)}}};
}

Result<Reply> getItem(App&, Tx& tx, const Call& call) { return detail(tx, call.id, call.caller.account_id); }

Result<Reply> create(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(item, itemAsWritten(call.body.at("content")));
  item.id = call.body.value("item_id", "");
  INVIGIL_TRY(row, createItem(tx, call.text("bank_id"), std::move(item), {call.caller.account_id, reasonOf(call), call.now}));
  return detail(tx, row.uid, call.caller.account_id);
}

Result<Reply> edit(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, itemByUid(tx, call.id));
  INVIGIL_TRY(item, itemAsWritten(call.body.at("content")));
  if (reasonOf(call).empty()) return fail(ErrorCode::InvalidInput, "reason_needed", "", "reason");
  INVIGIL_CHECK(editItem(tx, row, call.body.at("version").get<std::int64_t>(), std::move(item), {call.caller.account_id, reasonOf(call), call.now}));
  return detail(tx, row.uid, call.caller.account_id);
}

Result<Reply> getVersion(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, itemByUid(tx, call.id));
  INVIGIL_TRY(version, versionOf(tx, row, call.number("number", 0, 0, 999999)));
  return Reply{versionJson(tx, row, version)};
}

/// Texts as they are, all else as JSON; "" for what is not there.
std::string shown(const Json& value) {
  if (value.is_null()) return {};
  return value.is_string() ? value.get<std::string>() : value.dump();
}

Result<Reply> diff(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, itemByUid(tx, call.id));
  INVIGIL_TRY(from, versionOf(tx, row, call.number("from", 0, 0, 999999)));
  INVIGIL_TRY(to, versionOf(tx, row, call.number("to", 0, 0, 999999)));
  const Json before = contentJson(from.item, from.stimulus_version), after = contentJson(to.item, to.stimulus_version);
  Json fields = Json::array();
  const auto compare = [&](const std::string& field, const Json& a, const Json& b) {
    if (a != b) fields.push_back({{"field", field}, {"before", shown(a)}, {"after", shown(b)}});
  };
  for (const char* field : {"type", "markup", "title", "stem", "stimulus", "stimulus_version"}) compare(field, before[field], after[field]);
  for (const char* list : {"options", "option_notes"})
    for (std::size_t i = 0; i < std::max(before[list].size(), after[list].size()); ++i)
      compare(std::string(list) + "[" + std::to_string(i) + "]", i < before[list].size() ? before[list][i] : Json(nullptr),
              i < after[list].size() ? after[list][i] : Json(nullptr));
  for (const char* field : {"key", "answers", "explanation", "source", "topic", "difficulty", "level", "tags", "enemies", "fixed_order"})
    compare(field, before[field], after[field]);
  return Reply{{{"from", from.number}, {"to", to.number}, {"fields", fields}}};
}

Result<Reply> transition(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, itemByUid(tx, call.id));
  const auto seen = call.body.at("version").get<std::int64_t>();
  if (seen != row.version) return fail(ErrorCode::Conflict, "version_is_not_newest", std::to_string(row.version), "version");
  INVIGIL_CHECK(makeMove(tx, row, *moveRule(call.text("move")), call.caller.account_id, reasonOf(call), call.now));
  return detail(tx, row.uid, call.caller.account_id);
}

Result<Reply> transitions(App&, Tx&, const Call&) {
  Json moves = Json::array();
  for (const MoveRule& rule : moveRules())
    moves.push_back({{"move", rule.id}, {"from", rule.from}, {"to", rule.to}, {"title", wording(rule.zh, rule.en)},
                     {"needs_reason", rule.needs_reason}, {"needs_other_person", rule.needs_other_person}});
  return Reply{{{"moves", moves}}};
}

}  // namespace

Routes itemRoutes() {
  const std::string base = "/api/v1/bank/items";
  return {writeRoute(Verb::Post, base, Scope::Editor, create, kItemBody),
          readRoute(Verb::Get, base + "/{id}", Scope::Editor, getItem),
          writeRoute(Verb::Put, base + "/{id}", Scope::Editor, edit, kItemBody),
          readRoute(Verb::Get, base + "/{id}/version", Scope::Editor, getVersion),
          readRoute(Verb::Get, base + "/{id}/diff", Scope::Editor, diff),
          writeRoute(Verb::Post, base + "/{id}/transition", Scope::Editor, transition),
          readRoute(Verb::Get, "/api/v1/bank/transitions", Scope::Editor, transitions)};
}

}  // namespace invigil::server
