// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/bank/bank_file.hpp"

#include <algorithm>

#include "formats/compound_file.hpp"
#include "formats/json_file.hpp"
#include "formats/texts.hpp"
#include "invigil/bank/formats.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank {
namespace {

bool looksLikeTable(const std::string& name) { return name.ends_with(".csv") || name.ends_with(".tsv") || name.ends_with(".CSV"); }

/// A brace that opens answers as GIFT writes them.
bool giftMark(std::string_view bytes) {
  for (std::size_t at = bytes.find('{'); at != std::string_view::npos; at = bytes.find('{', at + 1)) {
    const std::size_t next = bytes.find_first_not_of(" \t\r\n", at + 1);
    if (next != std::string_view::npos && std::string_view("=~#TF}").find(bytes[next]) != std::string_view::npos) return true;
  }
  return bytes.starts_with("$CATEGORY:") || bytes.find("\n$CATEGORY:") != std::string_view::npos || bytes.starts_with("::");
}

/// "12#…" with a further # or $: a question a line.
bool hashLine(std::string_view bytes) {
  const std::size_t start = bytes.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (start == std::string_view::npos) return false;
  const std::string_view line = bytes.substr(start, bytes.find('\n', start) - start);
  const std::size_t hash = line.find_first_not_of("0123456789");
  return hash != std::string_view::npos && hash > 0 && line[hash] == '#' && line.find_first_of("#$", hash + 1) != std::string_view::npos;
}

/// '{' or '[' and what JSON can continue with: GIFT begins texts with [html] and answers with {=.
bool looksLikeJson(std::string_view bytes, std::size_t start, const std::string& file_name) {
  if (bytes[start] != '{' && bytes[start] != '[') return false;
  const std::size_t next = bytes.find_first_not_of(" \t\r\n", start + 1);
  if (file_name.ends_with(".json") || next == std::string_view::npos) return true;
  return std::string_view(bytes[start] == '{' ? "\"}" : "{[\"]").find(bytes[next]) != std::string_view::npos;
}

std::string formatOf(std::string_view bytes, const std::string& file_name) {
  if (bytes.starts_with("PK")) {  // the names of a package's files stand in it as they are
    const bool workbook = bytes.find("xl/workbook.xml") != std::string_view::npos;
    return !workbook && (bytes.find("imsmanifest.xml") != std::string_view::npos || file_name.ends_with(".zip")) ? "qti" : "xlsx";
  }
  if (formats::isCompoundFile(bytes)) return "xls";
  const std::size_t start = bytes.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (start == std::string_view::npos) return "csv";
  if (looksLikeJson(bytes, start, file_name)) return bytes.find("\"invigil-bank\"") != std::string_view::npos ? "native_json" : "loose_json";
  if (bytes[start] == '<') return bytes.substr(0, 4096).find("<quiz") != std::string_view::npos ? "moodle_xml" : "qti";
  // The other formats are UTF-8 and tables may be anything: a byte of UTF-16 must not be taken for a brace.
  if (looksLikeTable(file_name) || !isUtf8(bytes) || bytes.find('\0') != std::string_view::npos) return "csv";
  if (hashLine(bytes)) return "hash_lines";
  if (giftMark(bytes)) return "gift";
  return bytes.starts_with("ANSWER:") || bytes.find("\nANSWER:") != std::string_view::npos ? "aiken" : "csv";
}

/// Formats of other systems; nothing for the rest.
std::optional<Result<Reading>> readForeign(const std::string& format, std::string_view bytes, const std::string& file) {
  if (format == "gift") return readGift(bytes, file);
  if (format == "aiken") return readAiken(bytes, file);
  if (format == "moodle_xml") return readMoodleXml(bytes, file);
  if (format == "qti") return readQti(bytes, file);
  if (format == "hash_lines") return readHashLines(bytes, file);
  return std::nullopt;
}

}  // namespace

std::vector<std::string> bankFileFormats() { return {"native_json", "loose_json", "csv", "xlsx", "xls", "gift", "aiken", "moodle_xml", "qti", "hash_lines"}; }

Result<BankReading> readBankReading(std::string_view bytes, const std::string& file_name, const std::string& format,
                                    const std::optional<ColumnMap>& map, const Bank& defaults) {
  BankReading out;
  out.format = format.empty() ? formatOf(bytes, file_name) : format;
  out.about = defaults;
  const auto known = bankFileFormats();
  if (std::find(known.begin(), known.end(), out.format) == known.end()) return fail(ErrorCode::InvalidInput, "format_unknown", formats::listed(known), "format");
  if (out.format == "native_json" || out.format == "loose_json") {
    INVIGIL_TRY(json, formats::readJsonFile(bytes, file_name, defaults));
    out.reading = std::move(json.reading);
    out.about = std::move(json.about);
    return out;
  }
  if (auto foreign = readForeign(out.format, bytes, file_name)) {
    INVIGIL_TRY(reading, std::move(*foreign));
    out.reading = std::move(reading);
    return out;
  }
  INVIGIL_TRY(sheets, readSheets(bytes));
  out.map = map ? *map : guessColumns(sheets);
  out.reading = readTable(sheets, out.map, file_name);
  for (Sheet& sheet : sheets) {
    out.sheet_lines.push_back(sheet.lines.size());
    sheet.lines.resize(std::min(kShownLines, sheet.lines.size()));
    sheet.media.clear();
    out.sheets.push_back(std::move(sheet));
  }
  return out;
}

Result<BankFile> readBankFile(std::string_view bytes, const std::string& file_name, const std::string& format,
                              const std::optional<ColumnMap>& map, const Bank& defaults) {
  INVIGIL_TRY(read, readBankReading(bytes, file_name, format, map, defaults));
  std::vector<Reading> readings;
  readings.push_back(std::move(read.reading));
  return BankFile{std::move(read.format), collect(std::move(readings), read.about), std::move(read.map), std::move(read.sheets), std::move(read.sheet_lines)};
}

}  // namespace invigil::bank
