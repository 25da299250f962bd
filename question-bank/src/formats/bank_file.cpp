// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/bank/bank_file.hpp"

#include <algorithm>
#include <set>

#include "formats/look_alikes.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank {
namespace {

Wording twoLanguages(const std::string& sentence) {
  const std::size_t mark = sentence.find(" / ");
  if (mark == std::string::npos) return {sentence, sentence};
  return {sentence.substr(0, mark), sentence.substr(mark + 3)};
}

std::string formatOf(std::string_view bytes) {
  if (bytes.starts_with("PK")) return "xlsx";
  const std::size_t start = bytes.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (start != std::string_view::npos && (bytes[start] == '{' || bytes[start] == '['))
    return bytes.find("\"invigil-bank\"") != std::string_view::npos ? "native_json" : "loose_json";
  return "csv";
}

Finding finding(const std::string& file, int row, const char* code, const std::string& text, Wording what) {
  Finding one;
  one.place.file = file;
  one.place.row = row;
  one.code = code;
  one.text = text;
  one.what = std::move(what);
  return one;
}

Collected collectedFrom(ImportedBank imported, const std::string& file) {
  Collected out;
  std::set<int> refused;
  for (const auto& row : imported.report.refused) {
    refused.insert(row.row);
    out.refused.push_back(finding(file, row.row, "refused", row.text, twoLanguages(row.reason)));
  }
  for (const std::string& warning : imported.report.warnings)
    if (!warning.starts_with("第 ")) out.notes.push_back(finding(file, 0, "note", "", twoLanguages(warning)));
  int row = 0;
  for (std::size_t i = 0; i < imported.bank.items.size(); ++i) {
    do ++row;
    while (refused.contains(row));
    out.places.push_back({file, "", row, 0});
  }
  out.counts = {imported.report.rows, imported.report.imported, imported.report.repaired, 0, static_cast<int>(out.refused.size())};
  out.bank = std::move(imported.bank);
  formats::markLookAlikes(out);
  return out;
}

}  // namespace

std::vector<std::string> bankFileFormats() { return {"native_json", "loose_json", "csv", "xlsx"}; }

Result<BankFile> readBankFile(std::string_view bytes, const std::string& file_name, const std::string& format,
                              const std::optional<ColumnMap>& map, const Bank& defaults) {
  BankFile out;
  out.format = format.empty() ? formatOf(bytes) : format;
  const auto known = bankFileFormats();
  if (std::find(known.begin(), known.end(), out.format) == known.end())
    return fail(ErrorCode::InvalidInput, "format_unknown", "native_json, loose_json, csv, xlsx", "format");
  if (out.format == "native_json" || out.format == "loose_json") {
    INVIGIL_TRY(imported, importJson(bytes, defaults));
    out.collected = collectedFrom(std::move(imported), file_name);
    return out;
  }
  INVIGIL_TRY(sheets, readSheets(bytes));
  out.map = map ? *map : guessColumns(sheets);
  Reading reading = readTable(sheets, out.map, file_name);
  std::vector<Reading> readings;
  readings.push_back(std::move(reading));
  out.collected = collect(std::move(readings), defaults);
  for (Sheet& sheet : sheets) {
    out.sheet_lines.push_back(sheet.lines.size());
    sheet.lines.resize(std::min(kShownLines, sheet.lines.size()));
    out.sheets.push_back(std::move(sheet));
  }
  return out;
}

}  // namespace invigil::bank
