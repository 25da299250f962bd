// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "banking/imports.hpp"
#include "invigil/bank/import_report.hpp"

namespace invigil::server {
namespace {

constexpr const char* kLists[] = {"refused", "repairs", "duplicate_rows", "look_alikes", "notes"};

/// The list of the report that a finding stands in. What a mended row was refused for has been repaired.
/// How it met the bank was told anew then, and what would come in twice does not get that far.
const char* listOf(const std::string& kind, const std::string& fate, bool fixed, const std::string& code) {
  static const std::set<std::string> alike{"same_stem", "same_stem_in_bank", "retired_in_bank"}, repeated{"duplicate", "other_answer"},
      repeated_in_bank{"duplicate_in_bank", "other_answer_in_bank"};
  if (kind == "refused") return "refused";
  if (kind == "duplicate") return "duplicate_rows";
  if (kind == "note") return "notes";
  const bool stands = (repeated.contains(code) && !fixed) || (repeated_in_bank.contains(code) && !(fixed && fate == "new"));
  return alike.contains(code) || stands ? "look_alikes" : "repairs";
}

}  // namespace

Json importReportJson(Tx& tx, const ImportDraft& draft) {
  Json file{{"file", draft.file_name}};
  for (const char* list : kLists) file[list] = Json::array();
  for (auto& [kind, fate, findings, fixed] : tx.all<std::string, std::string, std::string, std::int64_t>(
           "select kind, fate, findings, fixed from import_row where import_id = :a and kind <> 'missing' and findings <> '[]' order by place", draft.id))
    for (const Json& finding : Json::parse(findings)) file[listOf(kind, fate, fixed != 0, finding["code"])].push_back(finding);
  for (const char* count : {"rows", "imported", "repaired", "duplicates"}) file[count] = draft.counts[count];
  return {{"bank_id", draft.bank_id}, {"counts", draft.counts}, {"files", {file}}};
}

Result<std::string> importReportSheet(const Json& report, const std::string& scratch) {
  bank::ImportReportBook book;
  book.bank = report["bank_id"];
  const auto counts = report["counts"].get<std::map<std::string, std::int64_t>>();
  for (const Json& file : report["files"]) {
    book.files.push_back({file["file"], "", counts});  // a draft is of one file
    for (auto [list, findings] : {std::pair{"refused", &book.refused}, {"repairs", &book.repairs}, {"duplicate_rows", &book.duplicates},
                                  {"look_alikes", &book.look_alikes}, {"notes", &book.notes}})
      for (const Json& finding : file[list]) findings->push_back(findingFrom(finding));
  }
  auto bytes = bank::writeReportBook(book, scratch);
  if (!bytes) return fail(ErrorCode::Unavailable, "store_failed", bytes.error().detail);
  return bytes;
}

}  // namespace invigil::server
