// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "banking/items.hpp"

#include <algorithm>

#include "banking/markup.hpp"

namespace invigil::server {
namespace {

using bank::Item;

bool isItemId(const std::string& id) {
  return !id.empty() && id.size() <= 64 &&
         id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == std::string::npos;
}

std::int64_t materialOf(Tx& tx, const ItemRow& row, const Item& item, const Change& change) {
  if (item.stimulus.empty()) return 0;
  return change.material > 0 ? change.material : stimulusVersion(tx, row.bank_id, item.stimulus);
}

void addVersion(Tx& tx, ItemRow& row, Item item, const Change& change, const char* move) {
  const std::string from = row.state;
  item.id = row.item_id;
  row.state = "draft";
  ++row.version;
  ItemVersion version;
  version.stimulus_version = materialOf(tx, row, item, change);
  version.item = std::move(item);
  version.number = row.version;
  version.made_ms = toMillis(change.now);
  version.author = change.actor;
  version.reason = change.reason;
  storeVersion(tx, row, version);
  for (const std::string& hand : change.hands)
    tx.exec("insert into version_hand(item_uid, number, account_id) values (:a, :b, :c) on conflict do nothing", row.uid, row.version, hand);
  noteEvent(tx, row.uid, change.now, change.actor, move, from, row.state, row.version, change.reason);
}

/// Gives `row` the enemy `enemy`, or takes it from it, in a version of its own. Nothing when it is so already.
Status setEnemy(Tx& tx, ItemRow& row, const std::string& enemy, bool wanted, const Change& change) {
  INVIGIL_TRY(version, versionOf(tx, row, row.version));
  auto& enemies = version.item.enemies;
  const auto at = std::lower_bound(enemies.begin(), enemies.end(), enemy);
  const bool there = at != enemies.end() && *at == enemy;
  if (there == wanted || row.state == "retired") return {};
  if (wanted) enemies.insert(at, enemy);
  else enemies.erase(at);
  if (wanted) INVIGIL_CHECK(checkLists(version.item));
  const std::string reason = (wanted ? "与此题互斥 / enemy of " : "不再与此题互斥 / no enemy of ") + enemy;
  addVersion(tx, row, std::move(version.item), {change.actor, reason, change.now, change.hands}, "edited");
  return {};
}

bool bankExists(Tx& tx, const std::string& id) { return tx.value<std::int64_t>("select count(*) from bank where id = :a", id).value_or(0) > 0; }

std::string pictureEnding(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.starts_with("\x89PNG\r\n\x1a\n"sv)) return ".png";
  if (bytes.starts_with("\xff\xd8\xff"sv)) return ".jpg";
  if (bytes.starts_with("GIF87a"sv) || bytes.starts_with("GIF89a"sv)) return ".gif";
  if (bytes.starts_with("RIFF"sv) && bytes.size() > 12 && bytes.substr(8, 4) == "WEBP"sv) return ".webp";
  return {};
}

}  // namespace

std::int64_t stimulusVersion(Tx& tx, const std::string& bank_id, const std::string& stimulus_id) {
  return tx.value<std::int64_t>("select coalesce(max(version), 0) from stimulus where bank_id = :a and stimulus_id = :b", bank_id, stimulus_id)
      .value_or(0);
}

Status mirrorEnemies(Tx& tx, const ItemRow& row, const std::vector<std::string>& before, const std::vector<std::string>& after, const Change& change) {
  const auto turn = [&](const std::vector<std::string>& some, const std::vector<std::string>& others, bool wanted) -> Status {
    for (const std::string& id : some) {
      if (id == row.item_id || std::binary_search(others.begin(), others.end(), id)) continue;
      if (auto other = itemById(tx, row.bank_id, id)) INVIGIL_CHECK(setEnemy(tx, *other, row.item_id, wanted, change));
    }
    return {};
  };
  INVIGIL_CHECK(turn(after, before, true));
  return turn(before, after, false);
}

Result<ItemRow> createItem(Tx& tx, const std::string& bank_id, Item item, const Change& change) {
  if (!bankExists(tx, bank_id)) return fail(ErrorCode::NotFound, "no_such_bank", "", "bank_id");
  ItemRow row;
  row.uid = newId();
  row.bank_id = bank_id;
  row.item_id = item.id.empty() ? "q-" + row.uid : item.id;
  if (!isItemId(row.item_id))
    return fail(ErrorCode::InvalidInput, "bad_item", "只能用英文字母、数字和 - . _ / letters, digits and - . _ only", "item_id");
  if (itemById(tx, bank_id, row.item_id)) return fail(ErrorCode::Conflict, "item_id_taken", "", "item_id");
  row.ord = tx.value<std::int64_t>("select coalesce(max(ord), -1) + 1 from bank_item where bank_id = :a", bank_id).value_or(0);
  const auto enemies = item.enemies;
  addVersion(tx, row, std::move(item), change, "made");
  INVIGIL_CHECK(mirrorEnemies(tx, row, {}, enemies, change));
  audit(tx, change.now, change.actor, "item_made", row.uid);
  return row;
}

Status editItem(Tx& tx, ItemRow& row, std::int64_t seen, Item item, const Change& change) {
  if (row.state == "retired") return fail(ErrorCode::Conflict, "item_retired", "", "id");
  if (seen != row.version) return fail(ErrorCode::Conflict, "version_is_not_newest", std::to_string(row.version), "version");
  INVIGIL_TRY(before, versionOf(tx, row, row.version));
  item.id = row.item_id;
  const bool same_material = item.stimulus.empty() || materialOf(tx, row, item, change) == before.stimulus_version;
  if (item == before.item && same_material) return fail(ErrorCode::Conflict, "nothing_changed", "", "content");
  const auto enemies = item.enemies;
  addVersion(tx, row, std::move(item), change, "edited");
  INVIGIL_CHECK(mirrorEnemies(tx, row, before.item.enemies, enemies, change));
  audit(tx, change.now, change.actor, "item_edited", row.uid, std::to_string(row.version));
  return {};
}

Result<std::string> saveStimulus(Tx& tx, const std::string& bank_id, const bank::Stimulus& stimulus, std::int64_t seen, const Change& change) {
  if (!bankExists(tx, bank_id)) return fail(ErrorCode::NotFound, "no_such_bank", "", "bank_id");
  const std::string id = stimulus.id.empty() ? "case-" + newId() : stimulus.id;
  if (!isItemId(id)) return fail(ErrorCode::InvalidInput, "bad_item", "只能用英文字母、数字和 - . _ / letters, digits and - . _ only", "id");
  const bool html = stimulus.markup == bank::Markup::Html;
  if (html) INVIGIL_CHECK(checkMarkup(stimulus.text, "text").map([](auto&&) {}));
  if (trim(stimulus.text).empty()) return fail(ErrorCode::InvalidInput, "stimulus_empty", "", "text");
  const std::int64_t newest = stimulusVersion(tx, bank_id, id);
  if (seen != newest) return fail(ErrorCode::Conflict, "version_is_not_newest", std::to_string(newest), "version");
  tx.exec("insert into stimulus(bank_id, stimulus_id, version, markup, text, author, made_ms, reason) values (:a, :b, :c, :d, :e, :f, :g, :h)",
          bank_id, id, newest + 1, std::string(html ? "html" : "plain"), stimulus.text, change.actor, toMillis(change.now), change.reason);
  INVIGIL_CHECK(followStimulus(tx, bank_id, id, change));
  audit(tx, change.now, change.actor, "stimulus_saved", bank_id, id);
  return id;
}

Status followStimulus(Tx& tx, const std::string& bank_id, const std::string& stimulus_id, const Change& change) {
  for (auto& [uid] : tx.all<std::string>("select i.uid from bank_item i join item_version v on v.item_uid = i.uid and v.number = i.version "
                                         "where i.bank_id = :a and v.stimulus = :b and i.state <> 'retired' and v.stimulus_version <> :c order by i.ord",
                                         bank_id, stimulus_id, stimulusVersion(tx, bank_id, stimulus_id))) {
    INVIGIL_TRY(row, itemByUid(tx, uid));
    INVIGIL_TRY(version, versionOf(tx, row, row.version));
    addVersion(tx, row, std::move(version.item), change, "edited");
  }
  return {};
}

Result<std::string> storeMedia(Tx& tx, const std::string& bytes, const Change& change) {
  if (bytes.size() > kMediaBytesMax) return fail(ErrorCode::TooLarge, "media_too_large", "", "body");
  const std::string ending = pictureEnding(bytes);
  if (ending.empty()) return fail(ErrorCode::InvalidInput, "media_not_a_picture", "", "body");
  const std::string name = sha256Hex(bytes).substr(0, 32) + ending;
  const std::string type = ending == ".jpg" ? "image/jpeg" : "image/" + ending.substr(1);
  const auto added = tx.exec("insert into media(name, content_type, size, base64, added_ms, added_by) values (:a, :b, :c, :d, :e, :f) on conflict do nothing",
                             name, type, static_cast<std::int64_t>(bytes.size()),
                             toBase64(std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size())), toMillis(change.now), change.actor);
  if (added > 0) audit(tx, change.now, change.actor, "media_stored", name);
  return name;
}

}  // namespace invigil::server
