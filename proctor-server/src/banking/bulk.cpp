// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "banking/bulk.hpp"

#include <algorithm>
#include <set>

#include "banking/items.hpp"

namespace invigil::server {
namespace {

constexpr std::size_t kAtOnce = 200;
constexpr std::size_t kRefusalsShown = 200;

/// How a bulk edit stands while it is worked out.
struct Tally {
  std::int64_t matched = 0, changed = 0, unchanged = 0, refused = 0;
  Json refusals = Json::array();
  void refuse(const std::string& uid, const std::string& item_id, const Error& why, std::int64_t times = 1) {
    refused += times;
    if (refusals.size() < kRefusalsShown) refusals.push_back({{"id", uid}, {"item_id", item_id}, {"why", problemJson(why)}});
  }
  Json json(bool dry_run) const {
    return {{"matched", matched}, {"changed", changed}, {"unchanged", unchanged}, {"refused", refused}, {"refusals", refusals}, {"dry_run", dry_run}};
  }
};

/// A row of bulk_row.
struct Planned {
  ItemRow row;
  bank::Item item;
};

Result<std::vector<std::string>> chosenItems(App& app, const JobRun& run) {
  if (run.request.contains("ids")) return run.request["ids"].get<std::vector<std::string>>();
  const Json& wanted = run.request.at("filter");
  INVIGIL_TRY(filter, filterOf([&](const char* name) { return wanted.value(name, std::string()); }, run.made_by));
  return app.store->readNow<std::vector<std::string>>([&](Tx& tx) -> Result<std::vector<std::string>> {
    const Condition condition = conditionOf(filter);
    std::vector<std::string> uids;
    for (auto& [uid] : tx.allBound<std::string>("select i.uid from bank_item i where " + condition.sql + " order by i.bank_id, i.ord", condition.values))
      uids.push_back(uid);
    return uids;
  });
}

bank::Item changedItem(bank::Item item, const Json& change) {
  if (change.contains("topic")) item.topic = change["topic"];
  if (change.contains("difficulty")) item.difficulty = change["difficulty"];
  if (change.contains("level")) item.level = levelFromText(change["level"]);
  std::set<std::string> tags(item.tags.begin(), item.tags.end());
  for (const Json& tag : change.value("remove_tags", Json::array())) tags.erase(trim(tag.get<std::string>()));
  for (const Json& tag : change.value("add_tags", Json::array()))
    if (std::string text = trim(tag.get<std::string>()); !text.empty()) tags.insert(std::move(text));
  item.tags.assign(tags.begin(), tags.end());
  return item;
}

/// What happens to one item, or why nothing does.
Status plan(Tx& tx, const std::string& uid, const JobRun& run, const MoveRule* rule, Tally& tally, std::vector<Planned>& planned) {
  auto row = itemByUid(tx, uid);
  if (!row) {
    tally.refuse(uid, "", row.error());
    return {};
  }
  if (rule) {
    if (Status may = mayMove(tx, *row, *rule, run.made_by); !may) tally.refuse(uid, row->item_id, may.error());
    else planned.push_back({*row, {}});
    return {};
  }
  if (row->state == "retired") {
    tally.refuse(uid, row->item_id, {ErrorCode::Conflict, "item_retired", "", "id"});
    return {};
  }
  INVIGIL_TRY(version, versionOf(tx, *row, row->version));
  bank::Item item = changedItem(version.item, run.request["change"]);
  if (item == version.item) ++tally.unchanged;
  else if (Status fits = checkLists(item); !fits) tally.refuse(uid, row->item_id, fits.error());
  else planned.push_back({*row, std::move(item)});
  return {};
}

void store(Tx& tx, const std::string& job_id, const Planned& one) {
  tx.exec("insert into bulk_row(job_id, uid, base_version, base_state, topic, difficulty, level, tags, search_text) "
          "values (:a, :b, :c, :d, :e, :f, :g, :h, :i)",
          job_id, one.row.uid, one.row.version, one.row.state, one.item.topic, one.item.difficulty, levelText(one.item.level),
          Json(one.item.tags).dump(), one.item.id.empty() ? std::string() : searchTextOf(one.item));
  for (const std::string& tag : one.item.tags) tx.exec("insert into bulk_tag(job_id, uid, tag) values (:a, :b, :c)", job_id, one.row.uid, tag);
}

Status clear(App& app, const std::string& job_id) {
  return app.store->writeNow<void>([&](Tx& tx) -> Status {
    tx.exec("delete from bulk_tag where job_id = :a", job_id);
    tx.exec("delete from bulk_row where job_id = :a", job_id);
    return {};
  });
}

/// Takes out what somebody changed since it was planned. @return how many.
std::int64_t dropMoved(Tx& tx, const std::string& job_id) {
  return tx.exec("delete from bulk_row where job_id = :a and not exists (select 1 from bank_item i where i.uid = bulk_row.uid and "
                 "i.version = bulk_row.base_version and i.state = bulk_row.base_state)", job_id);
}

void doFields(Tx& tx, const JobRun& run, const std::string& reason, std::int64_t now_ms) {
  tx.exec("insert into item_version(item_uid, number, author, made_ms, reason, type, markup, title, topic, difficulty, stem, stimulus, "
          "stimulus_version, options, option_notes, answer_key, answers, explanation, source, fixed_order, level, tags, enemies) "
          "select b.uid, b.base_version + 1, :a, :b, :c, v.type, v.markup, v.title, b.topic, b.difficulty, v.stem, v.stimulus, v.stimulus_version, "
          "v.options, v.option_notes, v.answer_key, v.answers, v.explanation, v.source, v.fixed_order, b.level, b.tags, v.enemies "
          "from bulk_row b join item_version v on v.item_uid = b.uid and v.number = b.base_version where b.job_id = :d",
          run.made_by, now_ms, reason, run.id);
  tx.exec("insert into item_event(item_uid, place, at_ms, actor, move, from_state, to_state, version, reason) select b.uid, "
          "(select max(e.place) + 1 from item_event e where e.item_uid = b.uid), :a, :b, 'bulk', b.base_state, 'draft', b.base_version + 1, :c "
          "from bulk_row b where b.job_id = :d", now_ms, run.made_by, reason, run.id);
  tx.exec("update bank_item set (state, version, topic, difficulty, level, tags, search_text, search_edition, changed_ms, changed_by) = "
          "(select 'draft', b.base_version + 1, b.topic, b.difficulty, b.level, b.tags, b.search_text, :a, :b, :c from bulk_row b "
          "where b.job_id = :d and b.uid = bank_item.uid) where uid in (select uid from bulk_row where job_id = :e)",
          kSearchEdition, now_ms, run.made_by, run.id, run.id);
  tx.exec("delete from item_tag where item_uid in (select uid from bulk_row where job_id = :a)", run.id);
  tx.exec("insert into item_tag(item_uid, tag) select t.uid, t.tag from bulk_tag t join bulk_row b on b.job_id = t.job_id and b.uid = t.uid "
          "where t.job_id = :a", run.id);
}

void doMove(Tx& tx, const JobRun& run, const MoveRule& rule, const std::string& reason, std::int64_t now_ms) {
  const std::string to = rule.to;
  tx.exec("insert into item_event(item_uid, place, at_ms, actor, move, from_state, to_state, version, reason) select b.uid, "
          "(select max(e.place) + 1 from item_event e where e.item_uid = b.uid), :a, :b, :c, b.base_state, :d, b.base_version, :e "
          "from bulk_row b where b.job_id = :f", now_ms, run.made_by, std::string(rule.id), to, reason, run.id);
  // As applyMove() says for one row.
  const std::string drawn = to == "released" ? ", released_version = version, approved_version = version"
                            : to == "suspended" || to == "retired" ? ", released_version = 0" : "";
  tx.exec("update bank_item set state = :a, changed_ms = :b, changed_by = :c" + drawn + " where uid in (select uid from bulk_row where job_id = :d)",
          to, now_ms, run.made_by, run.id);
  poolChanged(tx);
}

}  // namespace

Result<Json> bulkEditWork(App& app, JobRun& run) {
  const Json& change = run.request.at("change");
  const MoveRule* rule = change.contains("move") ? moveRule(change["move"]) : nullptr;
  const bool dry_run = run.request.value("dry_run", false);
  const std::string reason = run.request.at("reason");
  INVIGIL_CHECK(clear(app, run.id));
  INVIGIL_TRY(uids, chosenItems(app, run));
  Tally tally;
  tally.matched = static_cast<std::int64_t>(uids.size());
  for (std::size_t begin = 0; begin < uids.size(); begin += kAtOnce) {
    INVIGIL_CHECK(run.progress(static_cast<std::int64_t>(begin), tally.matched));
    std::vector<Planned> planned;
    const Status looked = app.store->readNow<void>([&](Tx& tx) -> Status {
      for (std::size_t i = begin; i < std::min(begin + kAtOnce, uids.size()); ++i) INVIGIL_CHECK(plan(tx, uids[i], run, rule, tally, planned));
      return {};
    });
    if (!looked) return fail(looked.error());
    tally.changed += static_cast<std::int64_t>(planned.size());
    if (dry_run) continue;
    INVIGIL_CHECK(app.store->writeNow<void>([&](Tx& tx) -> Status {
      for (const Planned& one : planned) store(tx, run.id, one);
      return {};
    }));
  }
  INVIGIL_CHECK(run.progress(tally.matched, tally.matched));
  if (dry_run) return tally.json(true);
  INVIGIL_TRY(result, app.store->writeNow<Json>([&](Tx& tx) -> Result<Json> {
    const Instant now = app.clock->now();
    if (const std::int64_t moved = dropMoved(tx, run.id); moved > 0) {
      tally.changed -= moved;
      tally.refuse("", "", {ErrorCode::Conflict, "version_is_not_newest", "", "version"}, moved);
    }
    // The filter was asked again: it may mean other items than those that a person has looked at.
    if (run.request.contains("expected") && run.request["expected"] != tally.changed)
      return fail(ErrorCode::Conflict, "bulk_is_stale", std::to_string(tally.changed), "expected");
    if (rule) doMove(tx, run, *rule, reason, toMillis(now));
    else doFields(tx, run, reason, toMillis(now));
    audit(tx, now, run.made_by, rule ? std::string("items_") + rule->id : "items_edited", run.id, std::to_string(tally.changed) + " items");
    const Json json = tally.json(false);
    completeJob(tx, run.id, json, now);
    return json;
  }));
  INVIGIL_CHECK(clear(app, run.id));
  return result;
}

void undoBulkEdit(App& app, const JobRun& run, const Error&) {
  if (Status cleared = clear(app, run.id); !cleared) std::fprintf(stderr, "invigil-server: jobs: %s\n", cleared.error().reason.c_str());
}

namespace {

Result<Reply> bulkEdit(App&, Tx& tx, const Call& call) {
  const Json& change = call.body.at("change");
  const bool move = change.contains("move");
  if (change.empty() || (move && change.size() > 1)) return fail(ErrorCode::InvalidInput, "bulk_change_wrong", "", "change");
  if (call.body.contains("filter") == call.body.contains("ids")) return fail(ErrorCode::InvalidInput, "bulk_choice_wrong", "", "filter");
  if (call.body.contains("filter"))
    INVIGIL_CHECK(filterOf([&](const char* name) { return call.body["filter"].value(name, std::string()); }, call.caller.account_id).map([](auto&&) {}));
  if (trim(call.text("reason")).empty()) return fail(ErrorCode::InvalidInput, "reason_needed", "", "reason");
  const std::string topic = change.value("topic", "");
  if (topic.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") != std::string::npos)
    return fail(ErrorCode::InvalidInput, "bad_item", "只能用英文字母、数字和 - . _ / letters, digits and - . _ only", "change.topic");
  Json request = call.body;
  request["reason"] = trim(call.text("reason"));
  const std::string subject = call.body.contains("filter") ? call.body["filter"].value("bank", "") : "";
  const std::string id = queueJob(tx, "bulk_edit", subject, request, call.caller.account_id, call.now);
  INVIGIL_TRY(json, jobJson(tx, id));
  return Reply{json};
}

}  // namespace

Routes bulkRoutes() { return {writeRoute(Verb::Post, "/api/v1/bank/bulk", Scope::Editor, bulkEdit, 2 << 20)}; }

}  // namespace invigil::server
