// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "banking/banking.hpp"

namespace invigil::server {

using bank::Bank;
using bank::Item;

namespace {

/// One item of a bank that is taken over as it is: the next version, released at once.
Status saveReleased(Tx& tx, const std::string& bank_id, const Item& item, std::int64_t place, const Change& change) {
  INVIGIL_CHECK(checkLists(item));
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
  poolChanged(tx);
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
