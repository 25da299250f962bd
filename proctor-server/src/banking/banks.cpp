// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include "banking/banking.hpp"

namespace invigil::server {

using bank::Bank;
using bank::Blueprint;
using bank::Item;

Result<Blueprint> blueprintById(Tx& tx, const std::string& id) {
  auto content = tx.value<std::string>("select content from blueprint where id = :a", id);
  if (!content) return fail(ErrorCode::NotFound, "no_such_blueprint", "", "blueprint_id");
  return bank::parseBlueprint(*content);
}

std::vector<Blueprint> allBlueprints(Tx& tx) {
  std::vector<Blueprint> list;
  for (auto& [content] : tx.all<std::string>("select content from blueprint order by ord, id"))
    if (auto blueprint = bank::parseBlueprint(content)) list.push_back(std::move(*blueprint));
  return list;
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
    for (const Blueprint& blueprint : blueprints)
      tx.exec("insert into blueprint(id, ord, content) values (:a, :b, :c) "
              "on conflict (id) do update set content = excluded.content, ord = excluded.ord",
              blueprint.id, blueprint.role == bank::Role::SpecialOperations ? 0 : 1, bank::writeBlueprint(blueprint));
    return {};
  });
}

std::vector<Item> poolFor(Tx& tx, const Blueprint& blueprint) {
  std::vector<Item> pool;
  const std::string role(bank::toText(blueprint.role));
  for (auto& [bank_id, id, type, topic, difficulty, stem, options, key, fixed, roles] :
       tx.all<std::string, std::string, std::string, std::string, std::int64_t, std::string, std::string, std::string,
              std::int64_t, std::string>(
           "select bank.id, item.item_id, item.type, item.topic, item.difficulty, item.stem, item.options, item.answer_key, "
           "item.fixed_order, bank.roles from item join bank on bank.id = item.bank_id "
           "where bank.enabled = 1 and (bank.category = '' or bank.category = :a) order by bank.id, item.ord",
           blueprint.category)) {
    const Json allowed = Json::parse(roles);
    if (std::find(allowed.begin(), allowed.end(), role) == allowed.end()) continue;
    Item item;
    item.id = bank_id + "/" + id;  // two banks may use the same item id
    item.type = bank::itemTypeFromText(type).value_or(bank::ItemType::SingleChoice);
    item.topic = topic;
    item.difficulty = static_cast<int>(difficulty);
    item.stem = stem;
    item.options = Json::parse(options).get<std::vector<std::string>>();
    item.key = Json::parse(key).get<std::vector<int>>();
    item.fixed_order = fixed != 0;
    pool.push_back(std::move(item));
  }
  return pool;
}

void saveBank(Tx& tx, const Bank& bank, Instant now, const std::string& actor) {
  Json roles = Json::array();
  for (bank::Role role : bank.roles) roles.push_back(bank::toText(role));
  tx.exec("insert into bank(id, title_zh, title_en, roles, category, language, revision, enabled, imported_ms) "
          "values (:a, :b, :c, :d, :e, :f, 1, 1, :g) on conflict (id) do update set title_zh = excluded.title_zh, "
          "title_en = excluded.title_en, roles = excluded.roles, category = excluded.category, language = excluded.language, "
          "revision = bank.revision + 1, imported_ms = excluded.imported_ms",
          bank.id, bank.title.zh, bank.title.en, roles.dump(), bank.category, bank.language, toMillis(now));
  tx.exec("delete from item where bank_id = :a", bank.id);
  std::int64_t place = 0;
  for (const Item& item : bank.items)
    tx.exec("insert into item(bank_id, item_id, ord, type, topic, difficulty, stem, options, answer_key, explanation, source, "
            "fixed_order) values (:a, :b, :c, :d, :e, :f, :g, :h, :i, :j, :k, :l)",
            bank.id, item.id, place++, std::string(bank::toText(item.type)), item.topic, item.difficulty, item.stem,
            Json(item.options).dump(), Json(item.key).dump(), item.explanation, item.source, item.fixed_order ? 1 : 0);
  audit(tx, now, actor, "bank_imported", bank.id, std::to_string(bank.items.size()) + " items");
}

}  // namespace invigil::server
