// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include "banking/imports.hpp"
#include "banking/markup.hpp"
#include "http/errors.hpp"

namespace invigil::server {

Result<ImportDraft> importById(Tx& tx, const std::string& id) {
  auto row = tx.one<std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::string,
                    std::string, std::string, std::string, std::string, std::int64_t, std::int64_t>(
      "select bank_id, file_name, format, state, job_id, made_by, accepted_by, mapping, bank_head, counts, guess, error, accept, made_ms, seen "
      "from import_draft where id = :a", id);
  if (!row) return fail(ErrorCode::NotFound, "no_such_import", "", "id");
  ImportDraft draft;
  std::string mapping, head, counts, guess, error, accept;
  draft.id = id;
  std::tie(draft.bank_id, draft.file_name, draft.format, draft.state, draft.job_id, draft.made_by, draft.accepted_by, mapping, head, counts,
           guess, error, accept, draft.made_ms, draft.seen) = *row;
  for (auto [member, text] : {std::pair{&draft.mapping, &mapping}, {&draft.bank_head, &head}, {&draft.counts, &counts},
                              {&draft.guess, &guess}, {&draft.error, &error}, {&draft.accept, &accept}})
    *member = Json::parse(*text);
  return draft;
}

void saveImport(Tx& tx, const ImportDraft& draft) {
  static const std::string insert =
      insertInto("import_draft", "id, bank_id, file_name, format, mapping, bank_head, state, counts, guess, error, accept, job_id, made_by, "
                                 "made_ms, accepted_by, confirmed_by, seen") +
      " on conflict (id) do update set format = excluded.format, mapping = excluded.mapping, bank_head = excluded.bank_head, "
      "state = excluded.state, counts = excluded.counts, guess = excluded.guess, error = excluded.error, accept = excluded.accept, "
      "job_id = excluded.job_id, accepted_by = excluded.accepted_by, seen = import_draft.seen + 1";
  tx.exec(insert, draft.id, draft.bank_id, draft.file_name, draft.format, draft.mapping.dump(), draft.bank_head.dump(), draft.state,
          draft.counts.dump(), draft.guess.dump(), draft.error.dump(), draft.accept.dump(), draft.job_id, draft.made_by, draft.made_ms,
          draft.accepted_by, std::string(), 1);
  tx.notify("import:" + draft.id);
}

void noteHand(Tx& tx, const std::string& import_id, const std::string& account_id, std::int64_t place) {
  if (place == 0) tx.exec("insert into import_hand(import_id, account_id) values (:a, :b) on conflict do nothing", import_id, account_id);
  else tx.exec("insert into import_row_hand(import_id, place, account_id) values (:a, :b, :c) on conflict do nothing", import_id, place, account_id);
}

bool hadHand(Tx& tx, const std::string& import_id, const std::string& account_id) {
  return tx.value<std::int64_t>("select exists (select 1 from import_hand where import_id = :a and account_id = :b) or "
                                "exists (select 1 from import_row_hand where import_id = :c and account_id = :d)",
                                import_id, account_id, import_id, account_id).value_or(0) != 0;
}

Json importJson(Tx& tx, const ImportDraft& draft, const std::string& caller) {
  const auto banks = tx.value<std::int64_t>("select count(*) from bank where id = :a", draft.bank_id).value_or(0);
  return {{"id", draft.id}, {"bank_id", draft.bank_id}, {"bank_exists", banks > 0}, {"file_name", draft.file_name}, {"format", draft.format},
          {"state", draft.state}, {"made_ms", draft.made_ms}, {"made_by", personName(tx, draft.made_by)}, {"mine", draft.made_by == caller},
          {"mended_by_me", hadHand(tx, draft.id, caller)},
          {"counts", draft.counts}, {"guess", draft.guess}, {"job_id", draft.job_id}, {"seen", std::to_string(draft.seen)}, {"error", draft.error}};
}

Json findingJson(const bank::Finding& finding) {
  Json json{{"place", {{"file", finding.place.file}, {"sheet", finding.place.sheet}, {"row", finding.place.row}, {"column", finding.place.column}}},
            {"code", finding.code}, {"text", bank::clipped(finding.text, bank::kFindingTextMax)},
            {"what", {{"zh", bank::clipped(finding.what.zh, 1000)}, {"en", bank::clipped(finding.what.en, 1000)}}}};
  if (!finding.bank_item.empty()) json["bank_item"] = finding.bank_item;
  if (const auto& read = finding.as_read; read && !(read->type + read->options + read->key).empty())
    json["written"] = {{"type", read->type}, {"options", read->options}, {"key", read->key}};
  return json;
}

bank::Finding findingFrom(const Json& json) {
  const Json &place = json.at("place"), &what = json.at("what");
  return {{place.at("file"), place.at("sheet"), place.at("row"), place.at("column")}, json.at("code"), json.at("text"),
          {what.at("zh"), what.at("en")}, json.value("bank_item", ""), nullptr};
}

void storeImportRow(Tx& tx, const std::string& import_id, const ImportRow& row) {
  static const std::string insert = insertInto(
      "import_row", "import_id, place, kind, uid, item_id, fate, base_version, ready, repaired, look_alike, left_out, fixed, file, sheet, "
                    "file_row, file_column, findings, excerpt, search_text, fixed_by, seen, " + std::string(kContentColumns));
  const bool item = row.kind == "item" || row.kind == "missing";
  Json findings = Json::array();
  for (const bank::Finding& finding : row.findings) findings.push_back(findingJson(finding));
  const std::string shown = item || row.findings.empty() ? std::string() : row.findings.front().text;
  std::vector<Tx::Value> values{
      import_id, row.place, row.kind, row.uid, row.item.id, row.fate, row.base_version, std::int64_t{row.ready}, std::int64_t{row.repaired},
      std::int64_t{row.look_alike}, std::int64_t{row.left_out}, std::int64_t{row.fixed}, row.where.file, row.where.sheet,
      std::int64_t{row.where.row}, std::int64_t{row.where.column}, findings.dump(), item ? excerptOf(row.item) : bank::clipped(shown, 240),
      item ? searchTextOf(row.item) : searchable(shown) + " " + searchTextOf(row.item), row.fixed_by, row.seen};
  for (Tx::Value& value : contentValues(row.item, row.stimulus_version)) values.push_back(std::move(value));
  tx.execBound(insert, values);
  if (row.kind != "item") return;
  for (const std::string& tag : row.item.tags)
    tx.exec("insert into import_tag(import_id, place, tag) values (:a, :b, :c)", import_id, row.place, tag);
}

Json countImport(Tx& tx, const std::string& import_id) {
  Json counts;
  auto row = tx.one<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t,
                    std::int64_t, std::int64_t>(
      "select sum(case when kind = 'item' then 1 else 0 end), sum(case when kind = 'item' then repaired else 0 end), "
      "sum(case when kind = 'duplicate' then 1 else 0 end), sum(case when kind = 'item' then look_alike else 0 end), "
      "sum(case when kind = 'refused' then 1 else 0 end), sum(case when kind = 'note' then 1 else 0 end), "
      "sum(case when kind = 'item' and left_out = 0 and fate = 'new' then 1 else 0 end), "
      "sum(case when kind = 'item' and left_out = 0 and fate = 'changed' then 1 else 0 end), "
      "sum(case when kind = 'item' and left_out = 0 and fate = 'unchanged' then 1 else 0 end), "
      "sum(case when kind = 'missing' then 1 else 0 end), sum(case when kind = 'item' then left_out else 0 end) "
      "from import_row where import_id = :a", import_id);
  const auto& [imported, repaired, duplicates, alike, refused, notes, fresh, changed, unchanged, missing, left_out] = *row;
  return {{"rows", imported + duplicates + refused}, {"imported", imported}, {"repaired", repaired}, {"duplicates", duplicates},
          {"look_alikes", alike}, {"refused", refused}, {"notes", notes}, {"new", fresh}, {"changed", changed}, {"unchanged", unchanged},
          {"missing", missing}, {"left_out", left_out}};
}

std::string importFile(const App& app, const std::string& id) { return app.config.data_dir + "/imports/" + id; }

void removeImportFile(const App& app, const std::string& id) {
  std::error_code ignored;
  std::filesystem::remove(importFile(app, id), ignored);
}

void clearImport(Tx& tx, const std::string& id, bool findings_too) {
  tx.exec("delete from import_tag where import_id = :a", id);
  tx.exec("delete from import_stimulus where import_id = :a", id);
  tx.exec("delete from import_media where import_id = :a", id);
  if (findings_too) {
    tx.exec("delete from import_row where import_id = :a", id);
    tx.exec("delete from import_row_hand where import_id = :a", id);  // the file says again what it said
  }
  else tx.exec("delete from import_row where import_id = :a and kind = 'item' and findings = '[]'", id);
}

}  // namespace invigil::server
