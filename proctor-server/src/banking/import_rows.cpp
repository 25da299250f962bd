// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "banking/import_meeting.hpp"
#include "banking/markup.hpp"
#include "invigil/bank/item_digest.hpp"
#include "store/like.hpp"

namespace invigil::server {
namespace {

/// Which rows a kind of the page means.
const std::map<std::string, std::string>& kinds() {
  static const std::map<std::string, std::string> map = {
      {"all", "kind <> 'missing'"}, {"imported", "kind = 'item'"}, {"repaired", "kind = 'item' and repaired = 1"},
      {"duplicates", "kind = 'duplicate'"}, {"look_alikes", "kind = 'item' and look_alike = 1"}, {"refused", "kind = 'refused'"},
      {"notes", "kind = 'note'"}, {"new", "kind = 'item' and left_out = 0 and fate = 'new'"},
      {"changed", "kind = 'item' and left_out = 0 and fate = 'changed'"}, {"unchanged", "kind = 'item' and left_out = 0 and fate = 'unchanged'"},
      {"missing", "kind = 'missing'"}, {"left_out", "left_out = 1"}, {"fixed", "fixed = 1"}, {"not_ready", "kind = 'item' and ready = 0"}};
  return map;
}

Json rowJson(Tx& tx, const std::string& import_id, std::int64_t place) {
  auto row = tx.one<std::string, std::string, std::string, std::int64_t, std::int64_t, std::string, std::string, std::int64_t, std::int64_t, std::string, std::int64_t>(
      "select kind, item_id, fate, left_out, fixed, file, sheet, file_row, file_column, findings, seen from import_row where import_id = :a and place = :b",
      import_id, place);
  const auto& [kind, item_id, fate, left_out, fixed, file, sheet, file_row, file_column, findings, seen] = *row;
  Json content = nullptr;
  if (kind != "note") {
    const auto list = contentsOf(tx, "v.place", "import_row v where v.import_id = :a and v.place = :b", {import_id, place});
    const bank::Item& item = list.front().item;
    const bool whole = kind == "item" || kind == "missing";
    if (whole || !item.stem.empty() || !item.options.empty()) content = contentJson(item, list.front().stimulus_version);
  }
  Json found = Json::parse(findings);
  for (Json& one : found)
    if (one.contains("bank_item"))
      if (auto uid = tx.value<std::string>("select i.uid from bank_item i join import_draft d on d.bank_id = i.bank_id where d.id = :a and i.item_id = :b",
                                           import_id, one["bank_item"].get<std::string>()))
        one["bank_item_at"] = *uid;
  return {{"id", import_id + "." + std::to_string(place)}, {"kind", kind}, {"item_id", item_id}, {"fate", fate}, {"left_out", left_out != 0},
          {"fixed", fixed != 0}, {"seen", std::to_string(seen)}, {"content", content}, {"findings", found},
          {"place", {{"file", file}, {"sheet", sheet}, {"row", file_row}, {"column", file_column}}}};
}

Result<Reply> rows(App&, Tx& tx, const Call& call) {
  INVIGIL_CHECK(importById(tx, call.id).map([](auto&&) {}));
  const auto kind = kinds().find(call.q("kind"));
  if (kind == kinds().end()) return fail(ErrorCode::InvalidInput, "bad_filter", "", "kind");
  const std::string where = " from import_row where import_id = :a and " + kind->second + " and search_text like :b escape '\\'";
  const std::string like = store::containing(searchable(call.q("q")));
  const auto total = tx.value<std::int64_t>("select count(*)" + where, call.id, like).value_or(0);
  const std::int64_t limit = call.number("limit", 50, 1, 200);
  Json list = Json::array();
  std::string next;
  for (auto& [place] : tx.all<std::int64_t>("select place" + where + " and place > :c order by place limit :d", call.id, like,
                                            call.number("after", 0, 0, 999999999), limit + 1)) {
    if (list.size() == static_cast<std::size_t>(limit)) break;
    list.push_back(rowJson(tx, call.id, place));
    next = std::to_string(place);
  }
  const bool more = !list.empty() && tx.value<std::int64_t>("select count(*)" + where + " and place > :c", call.id, like, std::stoll(next)).value_or(0) > 0;
  return Reply{{{"rows", list}, {"total", total}, {"next", more ? next : std::string()}}};
}

/// Where the row's item is checked for release: in what the draft brings and what the bank holds.
Surroundings around(Tx& tx, const ImportDraft& draft, const ImportRow& row) {
  const Surroundings bank = bankSurroundings(tx, draft.bank_id);
  return {[&tx, &draft, bank](const std::string& name) {
            return bank.has_media(name) || tx.value<std::int64_t>("select count(*) from import_media where import_id = :a and name = :b", draft.id, name).value_or(0) > 0;
          },
          [&tx, &draft, bank](const std::string& id, std::int64_t version) -> std::optional<std::pair<std::string, std::string>> {
            auto staged = tx.one<std::string, std::string>("select markup, text from import_stimulus where import_id = :a and stimulus_id = :b", draft.id, id);
            if (staged) return std::pair{std::get<0>(*staged), std::get<1>(*staged)};
            return bank.stimulus(id, version);
          },
          [&tx, &draft, &row, bank](const std::string& id) -> std::optional<std::vector<std::string>> {
            auto staged = tx.value<std::string>("select enemies from import_row where import_id = :a and item_id = :b and kind = 'item' and left_out = 0", draft.id, id);
            if (staged) return Json::parse(*staged).get<std::vector<std::string>>();
            const auto known = itemById(tx, draft.bank_id, id);
            if (known && known->state != "retired" && row.fate != "unchanged") return std::vector{row.item.id};  // acceptance gives it
            return bank.enemies_of(id);
          }};
}

/// Id, fate and findings of a mended row. Errors: Conflict item_in_bank, item_stands_for_row, item_id_taken; of comesInOnce().
Status judge(Tx& tx, const ImportDraft& draft, const ImportRow& before, ImportRow& row) {
  bank::Item& item = row.item;
  if (item.id.empty()) item.id = bank::digestId(item);
  if (!item.stimulus.empty())
    row.stimulus_version = tx.value<std::int64_t>("select base_version + changed from import_stimulus where import_id = :a and stimulus_id = :b",
                                                  draft.id, item.stimulus).value_or(stimulusVersion(tx, draft.bank_id, item.stimulus));
  row.fate = "new";
  row.base_version = 0;
  if (auto known = itemById(tx, draft.bank_id, item.id)) {
    INVIGIL_TRY(newest, versionOf(tx, *known, known->version));
    row.uid = known->uid;
    row.base_version = known->version;
    const bool retired = known->state == "retired", same = newest.item == item && newest.stimulus_version == row.stimulus_version;
    row.fate = same && !retired ? "unchanged" : "changed";
    if (retired) {
      row.look_alike = true;
      row.findings.push_back(retiredInBank(item.id, row.where));
    }
  } else if (row.uid.empty()) {
    row.uid = newId();
  }
  // Ids are made of what is asked, and so an item of the bank may have this very one: it is not written over with what a form
  // holds where this row, or another, was not taken in because of it.
  if (before.kind != "item" && before.item.id == item.id) return fail(ErrorCode::Conflict, "item_in_bank", item.id, "content");
  const auto repeats = tx.value<std::int64_t>("select count(*) from import_row where import_id = :a and item_id = :b and kind = 'duplicate'", draft.id, item.id);
  if (row.fate == "changed" && repeats.value_or(0) > 0) return fail(ErrorCode::Conflict, "item_stands_for_row", item.id, "content");
  if (auto met = row.fate == "unchanged" ? std::nullopt : meetingOf(tx, draft, row)) {
    const bool alike = met->kind == bank::BankQuestions::Meeting::Kind::SameStem;
    if (!alike && row.fate == "new") return fail(ErrorCode::Conflict, "item_in_bank", met->finding.bank_item, "content");
    row.look_alike = true;
    row.findings.push_back(std::move(met->finding));
  }
  INVIGIL_CHECK(comesInOnce(tx, draft, row, before));
  if (auto alike = row.left_out ? std::nullopt : alikeInDraft(tx, draft, row)) {
    row.look_alike = true;
    row.findings.push_back(std::move(*alike));
  }
  const auto twins = tx.value<std::int64_t>("select count(*) from import_row where import_id = :a and item_id = :b and place <> :c and kind = 'item'",
                                            draft.id, item.id, row.place);
  if (twins.value_or(0) > 0) return fail(ErrorCode::Conflict, "item_id_taken", "", "content");
  row.ready = releaseProblems(ItemContent{item, 0, row.stimulus_version}, around(tx, draft, row)).empty();
  return {};
}

/// What was found in the file stays to be read; how the row meets the bank and the other rows is told anew.
std::string mendedFindings(const std::string& before, const std::string& kind, const ImportRow& row) {
  Json findings = Json::array();
  for (const Json& one : Json::parse(before))
    if (kind != "item" || (!one.contains("bank_item") && one["code"] != "same_stem")) findings.push_back(one);
  for (const bank::Finding& one : row.findings) findings.push_back(findingJson(one));
  return findings.dump();
}

/// A row as it is stored, findings aside. Errors: NotFound no_such_import_row.
Result<ImportRow> rowAt(Tx& tx, const std::string& import_id, std::int64_t place) {
  auto stored = tx.one<std::string, std::string, std::string, std::string, std::string, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t>(
      "select kind, uid, fate, file, sheet, file_row, file_column, left_out, fixed, seen from import_row where import_id = :a and place = :b", import_id, place);
  if (!stored) return fail(ErrorCode::NotFound, "no_such_import_row", "", "id");
  ImportRow row;
  std::int64_t file_row = 0, file_column = 0, left_out = 0, fixed = 0;
  std::tie(row.kind, row.uid, row.fate, row.where.file, row.where.sheet, file_row, file_column, left_out, fixed, row.seen) = *stored;
  row.place = place;
  row.where.row = static_cast<int>(file_row);
  row.where.column = static_cast<int>(file_column);
  row.left_out = left_out != 0;
  row.fixed = fixed != 0;
  row.item = contentsOf(tx, "v.place", "import_row v where v.import_id = :a and v.place = :b", {import_id, place}).front().item;
  return row;
}

/// The row `before` with the content that a person gives it. Errors: as itemAsWritten and judge.
Status mend(Tx& tx, const ImportDraft& draft, const ImportRow& before, const Call& call) {
  INVIGIL_TRY(item, itemAsWritten(call.body["content"]));
  ImportRow row = before;
  if (before.kind == "item") item.id = before.item.id;  // what a row repeats keeps its id
  row.item = std::move(item);
  row.kind = "item";
  row.fixed = true;
  row.fixed_by = call.caller.account_id;
  row.left_out = call.body.at("left_out").get<bool>();
  ++row.seen;
  noteHand(tx, draft.id, row.fixed_by, row.place);
  INVIGIL_CHECK(judge(tx, draft, before, row));
  const std::string findings = tx.value<std::string>("select findings from import_row where import_id = :a and place = :b", draft.id, row.place).value_or("[]");
  tx.exec("delete from import_tag where import_id = :a and place = :b", draft.id, row.place);
  tx.exec("delete from import_row where import_id = :a and place = :b", draft.id, row.place);
  storeImportRow(tx, draft.id, row);
  tx.exec("update import_row set findings = :a where import_id = :b and place = :c", mendedFindings(findings, before.kind, row), draft.id, row.place);
  tx.exec("delete from import_row where import_id = :a and kind = 'missing' and item_id = :b", draft.id, row.item.id);
  return {};
}

Result<Reply> fix(App&, Tx& tx, const Call& call) {
  const std::size_t dot = call.id.rfind('.');
  const std::string number = dot == std::string::npos ? "" : call.id.substr(dot + 1), import_id = call.id.substr(0, dot);
  if (number.empty() || number.size() > 9 || number.find_first_not_of("0123456789") != std::string::npos)
    return fail(ErrorCode::NotFound, "no_such_import_row", "", "id");
  const std::int64_t place = std::stoll(number);
  INVIGIL_TRY(draft, importById(tx, import_id));
  if (draft.state != "ready") return fail(ErrorCode::Conflict, "import_wrong_state", draft.state, "id");
  INVIGIL_TRY(before, rowAt(tx, import_id, place));
  if (before.kind == "note") return fail(ErrorCode::NotFound, "no_such_import_row", "", "id");
  const std::int64_t seen = std::stoll(call.text("seen"));  // digits, says the contract
  const bool left_out = call.body.at("left_out").get<bool>();
  if (tx.exec("update import_row set seen = seen + 1, left_out = :a where import_id = :b and place = :c and seen = :d", left_out ? 1 : 0, import_id, place, seen) != 1)
    return fail(ErrorCode::Conflict, "import_row_changed", "", "seen");
  if (call.body.contains("content") && before.kind != "missing") {
    INVIGIL_CHECK(mend(tx, draft, before, call));
  } else if (before.kind == "item") {
    ImportRow row = before;
    row.left_out = left_out;
    if (before.left_out && !left_out) noteHand(tx, import_id, call.caller.account_id, place);  // it comes in by this person's word
    INVIGIL_CHECK(comesInOnce(tx, draft, row, before));
  }
  const auto repaired = draft.counts["repaired"];
  draft.counts = countImport(tx, import_id);
  if (draft.counts["repaired"] < repaired) draft.counts["repaired"] = std::min(repaired, draft.counts["imported"]);
  saveImport(tx, draft);
  return Reply{rowJson(tx, import_id, place)};
}

}  // namespace

Routes importRowRoutes() {
  return {readRoute(Verb::Get, "/api/v1/bank/imports/{id}/rows", Scope::Editor, rows),
          writeRoute(Verb::Put, "/api/v1/bank/import-rows/{id}", Scope::Editor, fix, 1 << 20)};
}

}  // namespace invigil::server
