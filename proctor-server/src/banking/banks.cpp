// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <set>

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
  for (auto& [bank_id, id, type, topic, difficulty, options, fixed, stimulus, roles] :
       tx.all<std::string, std::string, std::string, std::string, std::int64_t, std::string, std::int64_t, std::string, std::string>(
           "select bank.id, i.item_id, v.type, v.topic, v.difficulty, v.options, v.fixed_order, v.stimulus, bank.roles "
           "from bank join bank_item i on i.bank_id = bank.id join item_version v on v.item_uid = i.uid and v.number = i.released_version "
           "where bank.enabled = 1 and (bank.category = '' or bank.category = :a) and i.released_version > 0 order by bank.id, i.ord",
           blueprint.category)) {
    const Json allowed = Json::parse(roles);
    if (std::find(allowed.begin(), allowed.end(), role) == allowed.end()) continue;
    Item item;
    item.id = bank_id + "/" + id;  // two banks may use the same item id
    item.type = bank::itemTypeFromText(type).value_or(bank::ItemType::SingleChoice);
    item.topic = topic;
    if (!stimulus.empty()) item.stimulus = bank_id + "/" + stimulus;
    item.difficulty = static_cast<int>(difficulty);
    item.options = Json::parse(options).get<std::vector<std::string>>();
    item.fixed_order = fixed != 0;
    pool.push_back(std::move(item));
  }
  return pool;
}

Result<DrawnItem> drawnItem(Tx& tx, const std::string& pool_id) {
  const std::size_t slash = pool_id.find('/');
  auto row = itemById(tx, pool_id.substr(0, slash), pool_id.substr(slash + 1));
  if (!row) return fail(ErrorCode::Internal, "internal", "An item of the pool is gone.");
  INVIGIL_TRY(version, versionOf(tx, *row, row->released_version));
  DrawnItem drawn{row->uid, std::move(version), "plain", ""};
  const std::string& stimulus = drawn.version.item.stimulus;
  if (stimulus.empty()) return drawn;
  auto text = tx.one<std::string, std::string>("select markup, text from stimulus where bank_id = :a and stimulus_id = :b and version = :c",
                                               row->bank_id, stimulus, drawn.version.stimulus_version);
  if (!text) return fail(ErrorCode::Internal, "internal", "A released item without its case material.");
  std::tie(drawn.stimulus_markup, drawn.stimulus_text) = *text;
  return drawn;
}

namespace {

/// One item of a bank that is taken over as it is: the next version, released at once.
Status saveReleased(Tx& tx, const std::string& bank_id, const Item& item, std::int64_t place, const Change& change) {
  ItemRow row;
  if (auto known = itemById(tx, bank_id, item.id)) {
    row = *known;
    INVIGIL_TRY(newest, versionOf(tx, row, row.version));
    const bool same = newest.item == item && (item.stimulus.empty() || newest.stimulus_version == stimulusVersion(tx, bank_id, item.stimulus));
    if (same && row.released_version == row.version) return {};
  } else {
    row.uid = newId();
    row.bank_id = bank_id;
    row.item_id = item.id;
    row.ord = place;
  }
  const std::string from = row.state;
  row.state = "released";
  row.released_version = row.approved_version = ++row.version;
  ItemVersion version;
  version.item = item;
  version.stimulus_version = item.stimulus.empty() ? 0 : stimulusVersion(tx, bank_id, item.stimulus);
  version.number = row.version;
  version.made_ms = toMillis(change.now);
  version.author = "import";
  version.reason = "import";
  storeVersion(tx, row, version);
  tx.exec("update bank_item set released_version = :a, approved_version = :b where uid = :c", row.released_version, row.approved_version, row.uid);
  noteEvent(tx, row.uid, change.now, change.actor, "imported", from, row.state, row.version, "");
  return {};
}

}  // namespace

void storeBankHead(Tx& tx, const Bank& bank, Instant now) {
  Json roles = Json::array();
  for (bank::Role role : bank.roles) roles.push_back(bank::toText(role));
  tx.exec("insert into bank(id, title_zh, title_en, roles, category, language, revision, enabled, imported_ms) "
          "values (:a, :b, :c, :d, :e, :f, 1, 1, :g) on conflict (id) do update set title_zh = excluded.title_zh, "
          "title_en = excluded.title_en, roles = excluded.roles, category = excluded.category, language = excluded.language, "
          "revision = bank.revision + 1, imported_ms = excluded.imported_ms",
          bank.id, bank.title.zh, bank.title.en, roles.dump(), bank.category, bank.language, toMillis(now));
}

Status saveBank(Tx& tx, const Bank& bank, Instant now, const std::string& actor) {
  const Change change{actor, "import", now};
  storeBankHead(tx, bank, now);
  for (const bank::Media& media : bank.media) INVIGIL_CHECK(storeMedia(tx, media.bytes, change).map([](auto&&) {}));
  for (const bank::Stimulus& stimulus : bank.stimuli) {
    const std::int64_t version = stimulusVersion(tx, bank.id, stimulus.id);
    const auto text = tx.value<std::string>("select text from stimulus where bank_id = :a and stimulus_id = :b and version = :c", bank.id, stimulus.id, version);
    if (!text || *text != stimulus.text) INVIGIL_CHECK(saveStimulus(tx, bank.id, stimulus, version, change).map([](auto&&) {}));
  }
  std::int64_t place = tx.value<std::int64_t>("select coalesce(max(ord), -1) + 1 from bank_item where bank_id = :a", bank.id).value_or(0);
  std::set<std::string> kept;
  for (const Item& item : bank.items) {
    INVIGIL_CHECK(saveReleased(tx, bank.id, item, place++, change));
    kept.insert(item.id);
  }
  for (auto& [uid, id] : tx.all<std::string, std::string>("select uid, item_id from bank_item where bank_id = :a and state <> 'retired'", bank.id)) {
    if (kept.contains(id)) continue;
    INVIGIL_TRY(row, itemByUid(tx, uid));
    INVIGIL_CHECK(makeMove(tx, row, *moveRule("retire"), actor, "不在导入的文件里 / not in the imported file", now));
  }
  audit(tx, now, actor, "bank_imported", bank.id, std::to_string(bank.items.size()) + " items");
  return {};
}

}  // namespace invigil::server
