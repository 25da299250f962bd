// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "banking/items.hpp"
#include "invigil/bank/importing.hpp"
#include "jobs/jobs.hpp"

/// From a file to a bank: the file is read by a job into a draft, a person looks at it, mends rows, accepts or discards.
/// Source: docs/adr/0007-item-versions.md, docs/operating/item-bank.md.
namespace invigil::server {

constexpr std::size_t kImportBytesMax = 64u << 20;

/// What reading a file gave. Every row of the file is in exactly one of bank.items, duplicates and refused.
struct ReadFile {
  struct ItemPlace {
    bank::Place place;
    std::vector<bank::Finding> repairs, look_alikes;
  };
  std::string format;
  bank::Bank bank;
  std::vector<ItemPlace> places;  ///< of bank.items
  std::vector<bank::Finding> duplicates, refused, notes;
  Json guess;  ///< MappingGuess of openapi.yaml; null unless the file is a table
  int repaired_somewhere = 0;  ///< rows a reader repaired without saying which
};

/// Reads a file of one of bank::bankFileFormats() ("" = guess) for the bank `defaults`.
/// @param mapping  Mapping of openapi.yaml for tables; null = guess
/// Errors: as bank::readBankFile; InvalidInput bad_column_map. No I/O; slow.
Result<ReadFile> readBankFile(const std::string& bytes, const std::string& file_name, const std::string& format, const Json& mapping,
                              const bank::Bank& defaults);

struct ImportDraft {
  std::string id, bank_id, file_name, format, state, job_id, made_by, accepted_by;
  Json mapping, bank_head, counts, guess, error, accept;
  std::int64_t made_ms = 0, seen = 0;
};
/// Errors: NotFound no_such_import.
Result<ImportDraft> importById(Tx& tx, const std::string& id);
/// State, and whatever else the caller has changed in `draft`; tells who waits.
void saveImport(Tx& tx, const ImportDraft& draft);
/// Somebody has brought the file of a draft or had it read in another way, or has (place > 0) mended a row of it.
void noteHand(Tx& tx, const std::string& import_id, const std::string& account_id, std::int64_t place = 0);
/// Whether this person has had a hand in what the draft says now, other than by making the draft.
bool hadHand(Tx& tx, const std::string& import_id, const std::string& account_id);
/// ImportDraft of openapi.yaml for this caller.
Json importJson(Tx& tx, const ImportDraft& draft, const std::string& caller);

/// One row of a draft, place > 0.
struct ImportRow {
  std::int64_t place = 0;
  std::string kind;  ///< item, duplicate, refused, note
  bank::Place where;
  std::vector<bank::Finding> findings;
  bank::Item item;  ///< of a duplicate or refused row what could be read of it, if anything, and the id of the bank's item that it repeats, if any
  std::string uid, fate = "none";
  std::int64_t base_version = 0, stimulus_version = 0;
  bool ready = false, repaired = false, look_alike = false, left_out = false, fixed = false;
  std::string fixed_by;   ///< who mended it last: the author of what it says; empty = as the file had it
  std::int64_t seen = 1;  ///< rises with every change
};
void storeImportRow(Tx& tx, const std::string& import_id, const ImportRow& row);
/// ImportCounts of openapi.yaml, counted anew.
Json countImport(Tx& tx, const std::string& import_id);

/// Where the file of a draft lies.
std::string importFile(const App& app, const std::string& id);
/// Nothing when there is none.
void removeImportFile(const App& app, const std::string& id);
/// Takes the draft's staged rows and file away; what the report says stays.
void clearImport(Tx& tx, const std::string& id, bool findings_too);

/// Takes away every row of a draft, in bites: of an earlier reading, or of a draft that is thrown away.
Status sweepImport(App& app, const std::string& id);

Json findingJson(const bank::Finding& finding);
bank::Finding findingFrom(const Json& json);

/// Work of the jobs import_read and import_accept.
Result<Json> readImportWork(App& app, JobRun& run);
Result<Json> acceptImportWork(App& app, JobRun& run);
void undoImportWork(App& app, const JobRun& run, const Error& error);

/// ImportFullReport of openapi.yaml, and the same as a workbook.
Json importReportJson(Tx& tx, const ImportDraft& draft);
/// @param scratch  a path that is free; gone afterwards. Errors: Unavailable store_failed.
Result<std::string> importReportSheet(const Json& report, const std::string& scratch);

Routes importRoutes();
Routes importRowRoutes();

}  // namespace invigil::server
