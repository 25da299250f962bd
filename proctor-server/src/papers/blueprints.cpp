// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "papers/blueprints.hpp"

#include <algorithm>
#include <filesystem>

namespace invigil::server {

using bank::Blueprint;

namespace {

/// Special operations first: most candidates look for them.
std::int64_t orderOf(const Blueprint& blueprint) { return blueprint.role == bank::Role::SpecialOperations ? 0 : 1; }

void takeFromFolder(Tx& tx, const Blueprint& blueprint, Instant now) {
  const std::string text = bank::writeBlueprint(blueprint);
  const auto known = tx.value<std::string>(
      "select content from blueprint_version where blueprint_id = :a and author = 'server' order by number desc limit 1", blueprint.id);
  if (known == text) return;
  const auto newest = tx.value<std::int64_t>("select version from blueprint where id = :a", blueprint.id);
  const std::int64_t number = newest.value_or(0) + 1;
  if (newest) tx.exec("update blueprint set version = :a, ord = :b where id = :c", number, orderOf(blueprint), blueprint.id);
  else tx.exec("insert into blueprint(id, ord, content, version, used_version) values (:a, :b, '', 1, 0)", blueprint.id, orderOf(blueprint));
  tx.exec("insert into blueprint_version(blueprint_id, number, content, author, made_ms, reason) values (:a, :b, :c, 'server', :d, :e)",
          blueprint.id, number, text, toMillis(now), "来自文件夹 / from the folder");
  releaseVersion(tx, blueprint.id, "server", now);
}

}  // namespace

Result<Blueprint> blueprintById(Tx& tx, const std::string& id) {
  auto content = tx.value<std::string>("select content from blueprint where id = :a and used_version > 0", id);
  if (!content) return fail(ErrorCode::NotFound, "no_such_blueprint", "", "blueprint_id");
  return bank::parseBlueprint(*content);
}

std::vector<Blueprint> allBlueprints(Tx& tx) {
  std::vector<Blueprint> list;
  for (auto& [content] : tx.all<std::string>("select content from blueprint where used_version > 0 order by ord, id"))
    if (auto blueprint = bank::parseBlueprint(content)) list.push_back(std::move(*blueprint));
  return list;
}

Result<std::string> blueprintText(Tx& tx, const std::string& id, std::int64_t number) {
  auto text = tx.value<std::string>("select content from blueprint_version where blueprint_id = :a and number = :b", id, number);
  if (!text) return fail(ErrorCode::NotFound, "no_such_version", "", "number");
  return std::move(*text);
}

Status loadBlueprints(App& app, const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  if (error || files.empty())
    return fail(ErrorCode::NotFound, "no_such_folder", "'" + folder + "' holds no blueprint. Point --blueprints at the folder.");
  std::sort(files.begin(), files.end());
  std::vector<Blueprint> blueprints;
  for (const fs::path& file : files) {
    INVIGIL_TRY(text, readFile(file.string(), 1 << 20));
    auto blueprint = bank::parseBlueprint(text);
    if (!blueprint) {
      Error wrong = blueprint.error();
      wrong.detail = file.string() + ": " + wrong.where + ": " + wrong.detail;
      return fail(std::move(wrong));
    }
    blueprints.push_back(std::move(*blueprint));
  }
  return app.store->writeNow<void>([&](Tx& tx) -> Status {
    for (const Blueprint& blueprint : blueprints) takeFromFolder(tx, blueprint, app.clock->now());
    return {};
  });
}

void releaseVersion(Tx& tx, const std::string& id, const std::string& actor, Instant now) {
  const auto newest = tx.value<std::int64_t>("select version from blueprint where id = :a", id).value_or(0);
  const auto unused = tx.value<std::int64_t>("select coalesce(sum(b.unused), 0) from paper_batch b join blueprint p on p.id = b.blueprint_id "
                                             "where p.id = :a and b.state in ('sealed', 'in_use') and b.blueprint_version = p.used_version", id);
  tx.exec("update blueprint_version set released_by = :a, released_ms = :b where blueprint_id = :c and number = :d", actor, toMillis(now), id, newest);
  tx.exec("update blueprint set releasing = :a, seen = seen + 1 where id = :b", newest, id);
  if (unused.value_or(0) == 0) adoptSealedVersion(tx, id, newest);
  audit(tx, now, actor, "blueprint_released", id, std::to_string(newest));
  tx.notify("blueprint:" + id);
}

void adoptSealedVersion(Tx& tx, const std::string& id, std::int64_t number) {
  tx.exec("update blueprint set used_version = releasing, releasing = 0, seen = seen + 1, content = (select content from blueprint_version v "
          "where v.blueprint_id = blueprint.id and v.number = blueprint.releasing) where id = :a and releasing = :b", id, number);
}

}  // namespace invigil::server
