// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "banking/import_meeting.hpp"

#include <algorithm>

#include "invigil/bank/fill_item.hpp"
#include "invigil/bank/item_digest.hpp"

namespace invigil::server {
namespace {

using Kind = bank::BankQuestions::Meeting::Kind;

/// Rows that acceptance would add as new items.
constexpr const char* kNewRows = "kind = 'item' and left_out = 0 and fate = 'new'";
/// Items of a bank about which a draft says nothing: not under their own ids, only in rows that are left out, or not as they are now.
constexpr const char* kOthers =
    "bank_item i join item_version v on v.item_uid = i.uid and v.number = i.version where i.bank_id = :a and i.state <> 'retired' and "
    "not exists (select 1 from import_row r where r.import_id = :b and r.kind = 'item' and r.item_id = i.item_id and "
    "r.base_version = i.version and (r.left_out = 0 or r.fate = 'unchanged')) and ";

/// Texts of case material: the bank's newest, or what a draft would make of it.
class Material {
 public:
  Material(Tx& tx, const ImportDraft& draft) : tx_(tx), draft_(draft) {}
  const std::string& inBank(const std::string& id) {
    return text(bank_, id, "select text from stimulus where bank_id = :a and stimulus_id = :b order by version desc limit 1", draft_.bank_id);
  }
  const std::string& inDraft(const std::string& id) {
    const std::string& own = text(staged_, id, "select text from import_stimulus where import_id = :a and stimulus_id = :b", draft_.id);
    return own.empty() ? inBank(id) : own;
  }

 private:
  const std::string& text(std::map<std::string, std::string>& known, const std::string& id, const char* sql, const std::string& owner) {
    const auto [at, fresh] = known.try_emplace(id);
    if (fresh && !id.empty()) at->second = tx_.value<std::string>(sql, owner, id).value_or("");
    return at->second;
  }
  Tx& tx_;
  const ImportDraft& draft_;
  std::map<std::string, std::string> bank_, staged_;
};

bank::BankQuestions questionsOf(const std::vector<ItemContent>& items, Material& material) {
  bank::BankQuestions questions;
  for (const ItemContent& one : items) questions.add(one.item, material.inBank(one.item.stimulus));
  return questions;
}

/// Place of the first of `rows` of a draft that asks what `questions` hold; 0 = none does.
std::int64_t askedAgain(const bank::BankQuestions& questions, const std::vector<ItemContent>& rows, Material& material) {
  const auto again = std::find_if(rows.begin(), rows.end(), [&](const ItemContent& one) {
    const auto met = questions.meet(one.item, material.inDraft(one.item.stimulus), {}, false);
    return met && met->kind != Kind::SameStem;
  });
  return again == rows.end() ? 0 : again->number;
}

/// "S 第 7 行", "S row 7": a row of a draft for who is to look at it.
bank::Wording rowWords(Tx& tx, const ImportDraft& draft, std::int64_t place) {
  auto [sheet, row] = *tx.one<std::string, std::int64_t>("select sheet, file_row from import_row where import_id = :a and place = :b", draft.id, place);
  if (!sheet.empty()) sheet += ' ';
  return {sheet + "第 " + std::to_string(row) + " 行", sheet + "row " + std::to_string(row)};
}

std::string shownPlace(Tx& tx, const ImportDraft& draft, std::int64_t place) {
  const bank::Wording words = rowWords(tx, draft, place);
  return words.zh + " / " + words.en;
}

/// Errors: Conflict question_in_import.
Status meetDraft(Tx& tx, const ImportDraft& draft, const ImportRow& row, const ImportRow& before, Material& material) {
  const auto question = [&](const ImportRow& one) { return bank::questionDigest(one.item, material.inDraft(one.item.stimulus)); };
  const bool same = before.kind == "item" && question(before) == question(row);
  if (same && !before.left_out) return {};
  // What nobody mended was compared when the file was read, and rows of one question stay where both have ids.
  const std::string which = same && !before.fixed ? " and v.fixed = 1" : "";
  const auto others = contentsOf(tx, "v.place", "import_row v where v.import_id = :a and v.kind = 'item' and (v.left_out = 0 or v.item_id = :b) and "
                                                "v.excerpt = :c and v.place <> :d" + which, {draft.id, row.item.id, excerptOf(row.item), row.place});
  bank::BankQuestions asked;
  asked.add(row.item, material.inDraft(row.item.stimulus));
  const std::int64_t again = askedAgain(asked, others, material);
  if (again != 0) return fail(ErrorCode::Conflict, "question_in_import", shownPlace(tx, draft, again), "content");
  return {};
}

/// Left out, a row leaves its item as it is, and another row may ask just that. Errors: Conflict question_stays_in_bank.
Status meetWhatStays(Tx& tx, const ImportDraft& draft, const ImportRow& row, Material& material) {
  const auto stays = contentsOf(tx, "v.number", "bank_item i join item_version v on v.item_uid = i.uid and v.number = i.version where i.uid = :a and i.state <> 'retired'", {row.uid});
  if (stays.empty()) return {};
  const auto rows = contentsOf(tx, "v.place", std::string("import_row v where v.import_id = :a and ") + kNewRows + " and excerpt = :b",
                               {draft.id, excerptOf(stays.front().item)});
  const std::int64_t again = askedAgain(questionsOf(stays, material), rows, material);
  if (again != 0) return fail(ErrorCode::Conflict, "question_stays_in_bank", shownPlace(tx, draft, again), "left_out");
  return {};
}

/// What the row says besides and the bank's item, which it is a duplicate of, leaves empty: nobody looks for it in a duplicate.
void tellMore(const bank::Item& row, const bank::Item& in_bank, bank::Finding& finding) {
  bank::Item full = in_bank;
  const std::vector<bank::Wording> more = bank::fillFrom(full, row).taken;
  if (more.empty()) return;
  const bank::Wording names = bank::listed(more);
  finding.what.zh += "；文件里另有、没有带入的：" + names.zh;
  finding.what.en += "; what the file has besides was not taken over: " + names.en;
}

}  // namespace

bank::Finding retiredInBank(const std::string& item_id, const bank::Place& place) {
  bank::Finding finding;
  finding.place = place;
  finding.code = "retired_in_bank";
  finding.text = item_id;
  finding.bank_item = item_id;
  finding.what = {"题库里的这道题 " + item_id + " 已退役，导入会让它重新启用；不想用它就不导入这一行",
                  "the bank's item " + item_id + " is retired, and taking the row in brings it back; leave the row out if it is not wanted"};
  return finding;
}

Result<BankNow> bankNow(App& app, const std::string& bank_id) {
  return app.store->readNow<BankNow>([&](Tx& tx) -> Result<BankNow> {
    BankNow now;
    for (auto& [uid, id, state] : tx.all<std::string, std::string, std::string>("select uid, item_id, state from bank_item where bank_id = :a", bank_id)) {
      now.items[id].uid = uid;
      now.items[id].retired = state == "retired";
    }
    for (ItemContent& content : contentsOf(
             tx, "v.number", "bank_item i join item_version v on v.item_uid = i.uid and v.number = i.version where i.bank_id = :a", {bank_id})) {
      const std::string id = content.item.id;
      now.items[id].content = std::move(content);
    }
    for (auto& [id, version, markup, text] : tx.all<std::string, std::int64_t, std::string, std::string>(
             "select stimulus_id, version, markup, text from stimulus where bank_id = :a order by stimulus_id, version", bank_id))
      now.stimuli[id] = {version, markup, text};
    for (auto& [name] : tx.all<std::string>("select name from media")) now.media.insert(name);
    return now;
  });
}

void meetBank(ReadFile& read, const BankNow& now) {
  std::map<std::string_view, std::string_view> in_bank, in_file;
  for (const auto& [id, stimulus] : now.stimuli) in_bank.emplace(id, std::get<2>(stimulus));
  for (const bank::Stimulus& one : read.bank.stimuli) in_file.emplace(one.id, one.text);
  const auto text = [](const auto& texts, const std::string& id) {
    const auto found = texts.find(id);
    return found == texts.end() ? std::string_view() : found->second;
  };
  std::set<std::string> ids;
  for (const bank::Item& item : read.bank.items) ids.insert(item.id);
  bank::BankQuestions questions;
  for (const auto& [id, known] : now.items)
    if (!known.retired && !ids.contains(id)) questions.add(known.content.item, text(in_bank, known.content.item.stimulus));

  std::vector<bank::Item> items;
  std::vector<ReadFile::ItemPlace> places;
  std::map<std::string, std::string> moved;  // ids of rows that are not taken, and of what the bank has instead
  std::set<std::string> used, unused;        // case material
  for (std::size_t i = 0; i < read.bank.items.size(); ++i) {
    bank::Item& item = read.bank.items[i];
    ReadFile::ItemPlace& place = read.places[i];
    const auto known = now.items.find(item.id);
    const bool has_id = known != now.items.end(), same = has_id && !known->second.retired && known->second.content.item == item;
    const std::string_view material = in_file.contains(item.stimulus) ? text(in_file, item.stimulus) : text(in_bank, item.stimulus);
    // What stays as it is makes nothing come in twice that was not there twice before.
    auto met = same ? std::nullopt : questions.meet(item, material, place.place, has_id);
    if (met && !has_id && met->kind != Kind::SameStem) {
      moved.emplace(item.id, met->finding.bank_item);
      const auto theirs = now.items.find(met->finding.bank_item);
      if (met->kind == Kind::Duplicate && theirs != now.items.end()) tellMore(item, theirs->second.content.item, met->finding);
      met->finding.as_read = bank::asRead(item);
      (met->kind == Kind::Duplicate ? read.duplicates : read.refused).push_back(std::move(met->finding));
      unused.insert(item.stimulus);
      read.repaired_somewhere -= !place.repairs.empty();
      continue;
    }
    if (met) place.look_alikes.push_back(std::move(met->finding));
    used.insert(item.stimulus);
    items.push_back(std::move(item));
    places.push_back(std::move(place));
  }
  for (bank::Item& item : items) {
    bool renamed = false;
    for (std::string& enemy : item.enemies)
      if (const auto to = moved.find(enemy); to != moved.end()) enemy = to->second, renamed = true;
    if (!renamed) continue;
    std::sort(item.enemies.begin(), item.enemies.end());
    item.enemies.erase(std::unique(item.enemies.begin(), item.enemies.end()), item.enemies.end());
  }
  std::erase_if(read.bank.stimuli, [&](const bank::Stimulus& one) { return unused.contains(one.id) && !used.contains(one.id); });
  read.bank.items = std::move(items);
  read.places = std::move(places);
}

std::optional<bank::BankQuestions::Meeting> meetingOf(Tx& tx, const ImportDraft& draft, const ImportRow& row) {
  Material material(tx, draft);
  // Equal stems have equal excerpts, and those have an index.
  const auto alike = contentsOf(tx, "v.number", std::string(kOthers) + "i.excerpt = :c and i.item_id <> :d", {draft.bank_id, draft.id, excerptOf(row.item), row.item.id});
  if (alike.empty()) return std::nullopt;
  return questionsOf(alike, material).meet(row.item, material.inDraft(row.item.stimulus), row.where, row.fate != "new");
}

Status comesInOnce(Tx& tx, const ImportDraft& draft, const ImportRow& row, const ImportRow& before) {
  Material material(tx, draft);
  if (row.left_out) return row.fate == "changed" ? meetWhatStays(tx, draft, row, material) : Status();
  if (before.left_out && row.fate == "new")
    if (const auto met = meetingOf(tx, draft, row); met && met->kind != Kind::SameStem)
      return fail(ErrorCode::Conflict, "item_in_bank", met->finding.bank_item, "content");
  return meetDraft(tx, draft, row, before, material);
}

std::optional<bank::Finding> alikeInDraft(Tx& tx, const ImportDraft& draft, const ImportRow& row) {
  constexpr std::size_t kNamed = 10;
  Material material(tx, draft);
  const std::string question = bank::questionDigest(row.item, material.inDraft(row.item.stimulus));
  bool of_a_case = !row.item.stimulus.empty();
  std::size_t count = 0;
  bank::Wording named;
  for (const ItemContent& one : contentsOf(tx, "v.place", "import_row v where v.import_id = :a and v.kind = 'item' and v.left_out = 0 and v.excerpt = :b and "
                                                          "v.place <> :c order by v.place", {draft.id, excerptOf(row.item), row.place})) {
    if (one.item.stem != row.item.stem || bank::questionDigest(one.item, material.inDraft(one.item.stimulus)) == question) continue;
    of_a_case = of_a_case || !one.item.stimulus.empty();
    if (++count > kNamed) continue;
    const bank::Wording words = rowWords(tx, draft, one.number);
    named.zh += (count == 1 ? "" : "、") + words.zh;
    named.en += (count == 1 ? "" : ", ") + words.en;
  }
  if (count == 0) return std::nullopt;
  if (count > kNamed) named.zh += "……", named.en += " …";
  bank::Finding alike;
  alike.place = row.where;
  alike.code = "same_stem";
  alike.text = row.item.stem;
  alike.what = {"与" + named.zh + "题干相同，" + (of_a_case ? "选项或案例不同" : "选项不同"),
                "the same stem as " + named.en + " with " + (of_a_case ? "other options or another case" : "other options")};
  return alike;
}

bool meetsAnew(Tx& tx, const ImportDraft& draft) {
  const auto gone = tx.value<std::int64_t>(
      "select count(*) from import_row r left join bank_item i on i.bank_id = :a and i.item_id = r.item_id where r.import_id = :b and "
      "r.kind = 'duplicate' and r.item_id <> '' and (i.version is null or i.version <> r.base_version or i.state = 'retired')", draft.bank_id, draft.id);
  if (gone.value_or(0) > 0) return true;
  Material material(tx, draft);
  const auto theirs = contentsOf(tx, "v.number", std::string(kOthers) + "i.excerpt in (select excerpt from import_row where import_id = :c and " + kNewRows + ")",
                                 {draft.bank_id, draft.id, draft.id});
  if (theirs.empty()) return false;
  const auto ours = contentsOf(tx, "v.place", std::string("import_row v where v.import_id = :a and ") + kNewRows + " and excerpt in "
                               "(select excerpt from bank_item where bank_id = :b and state <> 'retired')", {draft.id, draft.bank_id});
  return askedAgain(questionsOf(theirs, material), ours, material) != 0;
}

}  // namespace invigil::server
