// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "banking/import_meeting.hpp"
#include "http/errors.hpp"

namespace invigil::server {
namespace {

constexpr std::size_t kRowsAtOnce = 200;  ///< a transaction of so many takes some 20 ms: exams go on in between

struct StagedStimulus {
  bank::Stimulus stimulus;
  std::int64_t base_version = 0;
  bool changed = false;
};

std::map<std::string, StagedStimulus> stagedStimuli(const bank::Bank& bank, const BankNow& now) {
  std::map<std::string, StagedStimulus> staged;
  for (const bank::Stimulus& stimulus : bank.stimuli) {
    StagedStimulus one{stimulus, 0, true};
    if (auto known = now.stimuli.find(stimulus.id); known != now.stimuli.end()) {
      const auto& [version, markup, text] = known->second;
      one.base_version = version;
      one.changed = text != stimulus.text || (markup == "html") != (stimulus.markup == bank::Markup::Html);
    }
    staged[stimulus.id] = std::move(one);
  }
  return staged;
}

/// Fate, version of the case material and readiness of every item of the file.
std::vector<ImportRow> itemRows(const ReadFile& read, const BankNow& now, const std::map<std::string, StagedStimulus>& staged) {
  std::set<std::string> media = now.media;
  for (const bank::Media& one : read.bank.media) media.insert(one.name);
  std::map<std::string, const bank::Item*> in_file;
  for (const bank::Item& item : read.bank.items) in_file[item.id] = &item;
  const ImportRow* judged = nullptr;
  const Surroundings around{
      [&](const std::string& name) { return media.contains(name); },
      [&](const std::string& id, std::int64_t) -> std::optional<std::pair<std::string, std::string>> {
        if (auto found = staged.find(id); found != staged.end())
          return std::pair{std::string(found->second.stimulus.markup == bank::Markup::Html ? "html" : "plain"), found->second.stimulus.text};
        if (auto found = now.stimuli.find(id); found != now.stimuli.end()) return std::pair{std::get<1>(found->second), std::get<2>(found->second)};
        return std::nullopt;
      },
      [&](const std::string& id) -> std::optional<std::vector<std::string>> {
        if (auto found = in_file.find(id); found != in_file.end()) return found->second->enemies;
        const auto found = now.items.find(id);
        if (found == now.items.end()) return std::nullopt;
        if (!found->second.retired && judged->fate != "unchanged") return std::vector{judged->item.id};  // acceptance gives it
        return found->second.content.item.enemies;
      }};
  std::vector<ImportRow> rows;
  rows.reserve(read.bank.items.size());
  for (std::size_t i = 0; i < read.bank.items.size(); ++i) {
    const bank::Item& item = read.bank.items[i];
    ImportRow row;
    row.kind = "item";
    row.item = item;
    row.where = read.places[i].place;
    row.findings = read.places[i].repairs;
    row.repaired = !row.findings.empty();
    row.look_alike = !read.places[i].look_alikes.empty();
    row.findings.insert(row.findings.end(), read.places[i].look_alikes.begin(), read.places[i].look_alikes.end());
    if (!item.stimulus.empty()) {
      if (auto found = staged.find(item.stimulus); found != staged.end()) row.stimulus_version = found->second.base_version + found->second.changed;
      else if (auto old = now.stimuli.find(item.stimulus); old != now.stimuli.end()) row.stimulus_version = std::get<0>(old->second);
    }
    if (auto known = now.items.find(item.id); known != now.items.end()) {
      row.uid = known->second.uid;
      row.base_version = known->second.content.number;
      const bool same = known->second.content.item == item && known->second.content.stimulus_version == row.stimulus_version;
      row.fate = same && !known->second.retired ? "unchanged" : "changed";
      if (known->second.retired) {
        row.look_alike = true;
        row.findings.push_back(retiredInBank(item.id, row.where));
      }
    } else {
      row.uid = newId();
      row.fate = "new";
    }
    ItemContent content{item, 0, row.stimulus_version};
    judged = &row;
    row.ready = releaseProblems(content, around).empty();
    rows.push_back(std::move(row));
  }
  return rows;
}

ImportRow findingRow(const char* kind, const bank::Finding& finding, const BankNow& now) {
  ImportRow row;
  row.kind = kind;
  row.where = finding.place;
  row.findings = {finding};
  if (finding.as_read) row.item = finding.as_read->item;
  row.item.id = finding.bank_item;
  if (const auto met = now.items.find(finding.bank_item); met != now.items.end()) row.base_version = met->second.content.number;
  return row;
}

/// All rows in the order of the file: by sheet and row as the readers gave them, items among the others.
std::vector<ImportRow> allRows(const ReadFile& read, const BankNow& now, std::vector<ImportRow> items) {
  std::vector<ImportRow> rows = std::move(items);
  for (const bank::Finding& one : read.duplicates) rows.push_back(findingRow("duplicate", one, now));
  for (const bank::Finding& one : read.refused) rows.push_back(findingRow("refused", one, now));
  for (const bank::Finding& one : read.notes) rows.push_back(findingRow("note", one, now));
  std::stable_sort(rows.begin(), rows.end(), [](const ImportRow& a, const ImportRow& b) {
    return std::tie(a.where.file, a.where.sheet, a.where.row) < std::tie(b.where.file, b.where.sheet, b.where.row);
  });
  std::int64_t place = 0;
  for (ImportRow& row : rows) row.place = ++place;
  return rows;
}

Status stageAttachments(App& app, const std::string& id, const ReadFile& read, const std::map<std::string, StagedStimulus>& staged) {
  INVIGIL_CHECK(app.store->writeNow<void>([&](Tx& tx) -> Status {
    for (const auto& [name, one] : staged)
      tx.exec("insert into import_stimulus(import_id, stimulus_id, markup, text, base_version, changed) values (:a, :b, :c, :d, :e, :f)", id, name,
              std::string(one.stimulus.markup == bank::Markup::Html ? "html" : "plain"), one.stimulus.text, one.base_version, one.changed ? 1 : 0);
    return {};
  }));
  std::map<std::string, const bank::Media*> pictures;
  for (const auto* findings : {&read.refused, &read.duplicates})
    for (const bank::Finding& one : *findings)
      if (one.as_read)
        for (const bank::Media& media : one.as_read->media) pictures.emplace(media.name, &media);
  for (const bank::Media& media : read.bank.media) pictures.emplace(media.name, &media);
  for (const auto& [name, picture] : pictures)
    INVIGIL_CHECK(app.store->writeNow<void>([&](Tx& tx) -> Status {
      const bank::Media& media = *picture;
      const std::string ending = media.name.substr(media.name.rfind('.') + 1);
      tx.exec("insert into import_media(import_id, name, content_type, size, base64) values (:a, :b, :c, :d, :e)", id, media.name,
              "image/" + (ending == "jpg" ? std::string("jpeg") : ending), static_cast<std::int64_t>(media.bytes.size()),
              toBase64(std::span(reinterpret_cast<const std::uint8_t*>(media.bytes.data()), media.bytes.size())));
      return {};
    }));
  return {};
}

bank::Bank defaultsOf(const ImportDraft& draft) {
  bank::Bank bank;
  bank.id = draft.bank_id;
  bank.title = {draft.bank_head.value("title_zh", ""), draft.bank_head.value("title_en", "")};
  bank.category = draft.bank_head.value("category", "");
  for (const Json& role : draft.bank_head.value("roles", Json::array()))
    if (auto known = bank::roleFromText(role.get<std::string>())) bank.roles.push_back(*known);
  return bank;
}

/// Whether the draft still waits for this very reading: a person may have thrown it away since. Errors: Conflict job_cancelled.
Status stillRead(Tx& tx, const JobRun& run) {
  INVIGIL_TRY(draft, importById(tx, run.subject));
  if (draft.state != "reading" || draft.job_id != run.id) return fail(ErrorCode::Conflict, "job_cancelled", draft.state, "job");
  return {};
}

}  // namespace

Status sweepImport(App& app, const std::string& id) {
  for (;;) {
    INVIGIL_TRY(gone, app.store->writeNow<std::int64_t>([&](Tx& tx) -> Result<std::int64_t> {
      auto last = tx.value<std::int64_t>("select max(place) from (select place from import_row where import_id = :a order by place limit 500) some", id);
      if (!last || *last == 0) return 0;
      tx.exec("delete from import_tag where import_id = :a and place <= :b", id, *last);
      return tx.exec("delete from import_row where import_id = :a and place <= :b", id, *last);
    }));
    if (gone == 0) break;
  }
  return app.store->writeNow<void>([&](Tx& tx) -> Status {
    clearImport(tx, id, true);
    return {};
  });
}

Result<Json> readImportWork(App& app, JobRun& run) {
  INVIGIL_TRY(draft, app.store->readNow<ImportDraft>([&](Tx& tx) { return importById(tx, run.subject); }));
  if (draft.state != "reading") return Json(nullptr);  // done before a crash
  INVIGIL_CHECK(sweepImport(app, draft.id));
  INVIGIL_TRY(bytes, readFile(importFile(app, draft.id), kImportBytesMax));
  INVIGIL_TRY(read, readBankFile(bytes, draft.file_name, draft.format, draft.mapping, defaultsOf(draft)));
  INVIGIL_CHECK(run.progress(0, static_cast<std::int64_t>(read.bank.items.size())));
  if (read.bank.roles.empty() || read.bank.title.zh.empty()) return fail(ErrorCode::InvalidInput, "bank_needs_id", "", "title");
  INVIGIL_TRY(now, bankNow(app, draft.bank_id));
  meetBank(read, now);
  const auto staged = stagedStimuli(read.bank, now);
  const auto rows = allRows(read, now, itemRows(read, now, staged));
  INVIGIL_CHECK(stageAttachments(app, draft.id, read, staged));
  for (std::size_t begin = 0; begin < rows.size(); begin += kRowsAtOnce) {
    INVIGIL_CHECK(run.progress(static_cast<std::int64_t>(begin), static_cast<std::int64_t>(rows.size())));
    INVIGIL_CHECK(app.store->writeNow<void>([&](Tx& tx) -> Status {
      for (std::size_t i = begin; i < std::min(begin + kRowsAtOnce, rows.size()); ++i) storeImportRow(tx, draft.id, rows[i]);
      return {};
    }));
  }
  return app.store->writeNow<Json>([&](Tx& tx) -> Result<Json> {
    INVIGIL_CHECK(stillRead(tx, run));
    static const std::string missing =
        "insert into import_row(import_id, place, kind, uid, item_id, fate, base_version, ready, repaired, look_alike, left_out, fixed, file, "
        "sheet, file_row, file_column, findings, excerpt, search_text, " + std::string(kContentColumns) + ") "
        "select :a, :b + row_number() over (order by i.ord), 'missing', i.uid, i.item_id, 'missing', i.version, 0, 0, 0, 0, 0, '', '', 0, 0, '[]', "
        "i.excerpt, i.search_text, v.type, v.markup, v.title, v.topic, v.difficulty, v.stem, v.stimulus, v.stimulus_version, v.options, "
        "v.option_notes, v.answer_key, v.answers, v.explanation, v.source, v.fixed_order, v.level, v.tags, v.enemies "
        "from bank_item i join item_version v on v.item_uid = i.uid and v.number = i.version where i.bank_id = :c and i.state <> 'retired' "
        "and not exists (select 1 from import_row r where r.import_id = :d and r.item_id = i.item_id and r.kind in ('item', 'duplicate', 'refused'))";
    tx.exec(missing, draft.id, static_cast<std::int64_t>(rows.size()), draft.bank_id, draft.id);
    draft.format = read.format;
    draft.guess = read.guess;
    if (tx.value<std::int64_t>("select count(*) from bank where id = :a", draft.bank_id).value_or(0) == 0) {
      Json roles = Json::array();
      for (bank::Role role : read.bank.roles) roles.push_back(bank::toText(role));
      draft.bank_head = {{"title_zh", read.bank.title.zh}, {"title_en", read.bank.title.en}, {"roles", roles}, {"category", read.bank.category},
                         {"language", read.bank.language}};
    }
    draft.counts = countImport(tx, draft.id);
    if (draft.counts["repaired"] < read.repaired_somewhere) draft.counts["repaired"] = read.repaired_somewhere;
    draft.state = "ready";
    draft.error = nullptr;
    draft.job_id.clear();
    saveImport(tx, draft);
    completeJob(tx, run.id, nullptr, app.clock->now());
    return Json(nullptr);
  });
}

void undoImportWork(App& app, const JobRun& run, const Error& error) {
  auto kept = app.store->writeNow<bool>([&](Tx& tx) -> Result<bool> {
    INVIGIL_TRY(draft, importById(tx, run.subject));
    const bool accepting = draft.state == "accepting";
    if ((!accepting && draft.state != "reading") || draft.job_id != run.id) return false;  // discarded meanwhile
    draft.state = accepting ? "ready" : "failed";
    draft.error = errorJson(error)["error"];
    draft.job_id.clear();
    if (!accepting) draft.counts = nullptr;
    saveImport(tx, draft);
    return accepting;
  });
  Status swept;
  if (kept && !*kept) swept = sweepImport(app, run.subject);
  if (!kept || !swept) std::fprintf(stderr, "invigil-server: jobs: an import could not be undone\n");
}

}  // namespace invigil::server
