// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "grading/grading.hpp"
#include "papers/blueprints.hpp"
#include "papers/batches.hpp"

namespace invigil::server {
namespace {

constexpr std::size_t kBlueprintBody = 1 << 20;

struct Head {
  std::int64_t version = 0, used = 0, releasing = 0, seen = 0;
};

Result<Head> headOf(Tx& tx, const std::string& id) {
  auto row = tx.one<std::int64_t, std::int64_t, std::int64_t, std::int64_t>("select version, used_version, releasing, seen from blueprint where id = :a", id);
  if (!row) return fail(ErrorCode::NotFound, "no_such_blueprint", "", "id");
  return Head{std::get<0>(*row), std::get<1>(*row), std::get<2>(*row), std::get<3>(*row)};
}

Json stockJson(Tx& tx, const std::string& id) {
  std::int64_t unused = 0, batches = 0;
  for (const BatchRow& row : liveBatches(tx, id)) {
    unused += row.unused;
    batches += row.unused > 0 ? 1 : 0;
  }
  const bool sealing = tx.value<std::int64_t>("select count(*) from paper_batch where blueprint_id = :a and state = 'sealing'", id).value_or(0) > 0;
  return {{"batches", batches}, {"unused", unused}, {"sealing", sealing}, {"problem", sealingProblem(tx, id)}};
}

/// The newest version's words and numbers.
Result<Json> rowJson(Tx& tx, const std::string& id) {
  INVIGIL_TRY(head, headOf(tx, id));
  INVIGIL_TRY(text, blueprintText(tx, id, head.version));
  INVIGIL_TRY(blueprint, bank::parseBlueprint(text));
  return Json{{"id", id}, {"title", wording(blueprint.title.zh, blueprint.title.en)}, {"role", bank::toText(blueprint.role)},
              {"category", blueprint.category}, {"items", blueprint.items()}, {"minutes", blueprint.minutes},
              {"points_max", pointsJson(blueprint.points())}, {"pass_points", pointsJson(blueprint.pass_points)}, {"version", head.version},
              {"used_version", head.used}, {"papers", stockJson(tx, id)}};
}

Json versionsJson(Tx& tx, const std::string& id, const Head& head, std::int64_t only = 0) {
  Json list = Json::array();
  for (auto& [number, author, made, reason, by, released] :
       tx.all<std::int64_t, std::string, std::int64_t, std::string, std::string, std::optional<std::int64_t>>(
           "select v.number, coalesce(a.display, v.author), v.made_ms, v.reason, coalesce(b.display, v.released_by), v.released_ms from "
           "blueprint_version v left join account a on a.id = v.author left join account b on b.id = v.released_by "
           "where v.blueprint_id = :a and (:b = 0 or v.number = :c) order by v.number desc", id, only, only)) {
    const char* state = number == head.used ? "in_use" : number == head.releasing ? "releasing" : number > std::max(head.used, head.releasing) && !released ? "waiting" : "replaced";
    list.push_back({{"number", number}, {"author", author}, {"made_ms", made}, {"reason", reason}, {"state", state}, {"released_by", by},
                    {"released_ms", millis(released)}});
  }
  return list;
}

bool waits(Tx& tx, const std::string& id, const Head& head) {
  return head.version > std::max(head.used, head.releasing) &&
         !tx.value<std::optional<std::int64_t>>("select released_ms from blueprint_version where blueprint_id = :a and number = :b", id, head.version).value_or(std::nullopt);
}

/// Everybody who made a version that waits.
bool madeIt(Tx& tx, const std::string& id, const Head& head, const std::string& account_id) {
  return tx.value<std::int64_t>("select count(*) from blueprint_version where blueprint_id = :a and number > :b and author = :c", id,
                                std::max(head.used, head.releasing), account_id).value_or(0) > 0;
}

Result<Reply> detail(Tx& tx, const std::string& id, const Call& call) {
  INVIGIL_TRY(head, headOf(tx, id));
  INVIGIL_TRY(row, rowJson(tx, id));
  INVIGIL_TRY(text, blueprintText(tx, id, head.version));
  auto settings = tx.one<std::int64_t, std::int64_t, std::int64_t>("select papers_per_batch, seal_when_left, embargo_days from blueprint where id = :a", id);
  const auto& [papers, left, days] = *settings;
  return Reply{{{"row", row}, {"content", text}, {"settings", {{"papers_per_batch", papers}, {"seal_when_left", left}, {"embargo_days", days}}},
                {"versions", versionsJson(tx, id, head)}, {"may_release", waits(tx, id, head) && !madeIt(tx, id, head, call.caller.account_id)},
                {"seen", std::to_string(head.seen)}}};
}

Result<Reply> list(App&, Tx& tx, const Call&) {
  Json rows = Json::array();
  for (auto& [id] : tx.all<std::string>("select id from blueprint order by ord, id")) {
    INVIGIL_TRY(row, rowJson(tx, id));
    rows.push_back(std::move(row));
  }
  return Reply{{{"blueprints", rows}}};
}

Result<Reply> get(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(reply, detail(tx, call.id, call));
  if (reply.body["seen"] == call.q("seen")) reply.wait_for = "blueprint:" + call.id;
  return reply;
}

void addVersion(Tx& tx, const std::string& id, std::int64_t number, const bank::Blueprint& blueprint, const Call& call) {
  tx.exec("insert into blueprint_version(blueprint_id, number, content, author, made_ms, reason) values (:a, :b, :c, :d, :e, :f)", id, number,
          bank::writeBlueprint(blueprint), call.caller.account_id, toMillis(call.now), trim(call.text("reason")));
  audit(tx, call.now, call.caller.account_id, "blueprint_saved", id, std::to_string(number));
  tx.notify("blueprint:" + id);
}

Result<Reply> create(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(blueprint, bank::parseBlueprint(call.text("content")));
  if (tx.exec("insert into blueprint(id, ord, content, version, used_version) values (:a, 2, '', 1, 0) on conflict do nothing", blueprint.id) == 0)
    return fail(ErrorCode::Conflict, "blueprint_id_taken", "", "id");
  addVersion(tx, blueprint.id, 1, blueprint, call);
  return detail(tx, blueprint.id, call);
}

Result<Reply> save(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(head, headOf(tx, call.id));
  INVIGIL_TRY(blueprint, bank::parseBlueprint(call.text("content")));
  if (blueprint.id != call.id) return fail(ErrorCode::InvalidInput, "blueprint_id_fixed", "", "id");
  if (call.body.at("version").get<std::int64_t>() != head.version)
    return fail(ErrorCode::Conflict, "version_is_not_newest", std::to_string(head.version), "version");
  INVIGIL_TRY(before, blueprintText(tx, call.id, head.version));
  if (before == bank::writeBlueprint(blueprint)) return fail(ErrorCode::Conflict, "nothing_changed", "", "content");
  tx.exec("update blueprint set version = :a, seen = seen + 1 where id = :b", head.version + 1, call.id);
  addVersion(tx, call.id, head.version + 1, blueprint, call);
  return detail(tx, call.id, call);
}

Result<Reply> version(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(head, headOf(tx, call.id));
  const std::int64_t number = call.number("number", 0, 0, 999'999);
  INVIGIL_TRY(text, blueprintText(tx, call.id, number));
  return Reply{{{"head", versionsJson(tx, call.id, head, number).at(0)}, {"content", text}}};
}

Result<Reply> release(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(head, headOf(tx, call.id));
  if (call.body.at("version").get<std::int64_t>() != head.version)
    return fail(ErrorCode::Conflict, "version_is_not_newest", std::to_string(head.version), "version");
  if (!waits(tx, call.id, head)) return fail(ErrorCode::Conflict, "nothing_to_release", "", "version");
  if (madeIt(tx, call.id, head, call.caller.account_id)) return fail(ErrorCode::Conflict, "released_by_author", "", "version");
  releaseVersion(tx, call.id, call.caller.account_id, call.now);
  return detail(tx, call.id, call);
}

Result<Reply> settings(App&, Tx& tx, const Call& call) {
  INVIGIL_CHECK(headOf(tx, call.id).map([](auto&&) {}));
  const auto number = [&](const char* member) { return call.body.at(member).get<std::int64_t>(); };
  tx.exec("update blueprint set papers_per_batch = :a, seal_when_left = :b, embargo_days = :c, seen = seen + 1 where id = :d",
          number("papers_per_batch"), number("seal_when_left"), number("embargo_days"), call.id);
  audit(tx, call.now, call.caller.account_id, "blueprint_settings", call.id, call.body.dump());
  tx.notify("blueprint:" + call.id);
  return detail(tx, call.id, call);
}

}  // namespace

Routes blueprintRoutes() {
  const std::string base = "/api/v1/blueprints";
  return {readRoute(Verb::Get, base, Scope::Editor, list), writeRoute(Verb::Post, base, Scope::Editor, create, kBlueprintBody),
          readRoute(Verb::Get, base + "/{id}", Scope::Editor, get), writeRoute(Verb::Put, base + "/{id}", Scope::Editor, save, kBlueprintBody),
          readRoute(Verb::Get, base + "/{id}/version", Scope::Editor, version),
          writeRoute(Verb::Post, base + "/{id}/release", Scope::Editor, release),
          writeRoute(Verb::Put, base + "/{id}/settings", Scope::Editor, settings)};
}

}  // namespace invigil::server
