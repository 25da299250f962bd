// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <set>

#include "banking/imports.hpp"
#include "banking/markup.hpp"

namespace invigil::server {
namespace {

using bank::Finding;

/// Reasons are written "中文 / English"; older ones in one language only.
bank::Wording twoLanguages(const std::string& sentence) {
  const std::size_t mark = sentence.find(" / ");
  if (mark == std::string::npos) return {sentence, sentence};
  return {sentence.substr(0, mark), sentence.substr(mark + 3)};
}

Finding finding(const std::string& file, int row, const char* code, std::string text, bank::Wording what) {
  Finding one;
  one.place.file = file;
  one.place.row = row;
  one.code = code;
  one.text = std::move(text);
  one.what = std::move(what);
  return one;
}

/// Items with one stem and other options: a warning at each of them.
void markLookAlikes(ReadFile& read) {
  std::map<std::string, std::vector<std::size_t>> by_stem;
  for (std::size_t i = 0; i < read.bank.items.size(); ++i) {
    const bank::Item& item = read.bank.items[i];
    by_stem[searchable(plainText(item.stem, item.markup == bank::Markup::Html))].push_back(i);
  }
  for (const auto& [stem, places] : by_stem) {
    if (places.size() < 2) continue;
    std::string rows;
    for (std::size_t i : places) rows += (rows.empty() ? "" : ", ") + std::to_string(read.places[i].place.row);
    for (std::size_t i : places)
      read.places[i].look_alikes.push_back(finding(read.places[i].place.file, read.places[i].place.row, "same_stem", firstCharacters(stem, 200),
                                                   {"第 " + rows + " 行题干相同，选项不同", "rows " + rows + " have the same stem with other options"}));
  }
}

std::string guessed(const std::string& bytes) {
  const std::size_t start = bytes.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (start == std::string::npos || (bytes[start] != '{' && bytes[start] != '[')) return {};
  return bytes.find("\"invigil-bank\"") != std::string::npos ? "native_json" : "loose_json";
}

}  // namespace

Result<ReadFile> readBankFile(const std::string& bytes, const std::string& file_name, const std::string& format, const bank::Bank& defaults) {
  ReadFile read;
  read.format = format.empty() ? guessed(bytes) : format;
  if (read.format != "native_json" && read.format != "loose_json")
    return fail(ErrorCode::InvalidInput, "format_unknown", "native_json, loose_json", "format");
  INVIGIL_TRY(imported, bank::importJson(bytes, defaults));
  std::set<int> refused;
  for (const auto& row : imported.report.refused) {
    refused.insert(row.row);
    read.refused.push_back(finding(file_name, row.row, "refused", row.text, twoLanguages(row.reason)));
  }
  for (const std::string& warning : imported.report.warnings)
    if (!warning.starts_with("第 ")) read.notes.push_back(finding(file_name, 0, "note", "", twoLanguages(warning)));
  int row = 0;
  for (std::size_t i = 0; i < imported.bank.items.size(); ++i) {
    do ++row;
    while (refused.contains(row));
    ReadFile::ItemPlace place;
    place.place.file = file_name;
    place.place.row = row;
    read.places.push_back(std::move(place));
  }
  read.repaired_somewhere = imported.report.repaired;
  if (read.format == "native_json" && imported.bank.id != defaults.id)
    read.notes.push_back(finding(file_name, 0, "other_bank_id", imported.bank.id,
                                 {"文件里的题库编号是 " + imported.bank.id + "，这里按 " + defaults.id + " 导入",
                                  "the file names the bank " + imported.bank.id + "; it is read for " + defaults.id}));
  read.bank = std::move(imported.bank);
  read.bank.id = defaults.id;
  markLookAlikes(read);
  return read;
}

}  // namespace invigil::server
