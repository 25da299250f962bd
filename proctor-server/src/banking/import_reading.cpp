// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "banking/imports.hpp"
#include "invigil/bank/bank_file.hpp"

namespace invigil::server {
namespace {

using Spot = std::tuple<std::string, std::string, int>;
Spot spotOf(const bank::Place& place) { return {place.file, place.sheet, place.row}; }

/// MappingGuess of openapi.yaml: the map that was used and what a person needs to see to change it.
Json guessOf(const bank::BankFile& file) {
  if (file.map.empty()) return nullptr;
  Json sheets = Json::array();
  for (std::size_t i = 0; i < file.sheets.size(); ++i) {
    const bank::Sheet& sheet = file.sheets[i];
    std::size_t columns = 0;
    Json lines = Json::array();
    for (const auto& line : sheet.lines) {
      Json cells = Json::array();
      for (const std::string& cell : line.cells) cells.push_back(firstCharacters(cell, 200));
      columns = std::max(columns, line.cells.size());
      lines.push_back(std::move(cells));
    }
    sheets.push_back({{"name", sheet.name}, {"rows", file.sheet_lines[i]}, {"columns", columns}, {"first_rows", std::move(lines)}});
  }
  return {{"mapping", Json::parse(bank::writeColumnMap(file.map))}, {"sheets", std::move(sheets)}, {"roles", bank::columnRoles()}};
}

/// Why an item is not taken in that has more than the bank takes. A person shortens the list and takes it in.
bank::Finding tooMany(const bank::Item& item, const bank::Place& place, const std::string& reason) {
  const bool tags = reason == "too_many_tags";
  const std::string have = std::to_string(tags ? item.tags.size() : item.enemies.size()), most = std::to_string(tags ? kTagsMax : kEnemiesMax);
  bank::Finding finding;
  finding.place = place;
  finding.code = reason;
  finding.text = bank::clipped(item.stem, bank::kFindingTextMax);
  finding.what = tags ? bank::Wording{"有 " + have + " 个标签，最多 " + most + " 个；下面只留下了前 " + most + " 个", have + " tags, at most " + most + " are taken; the first " + most + " stand below"}
                      : bank::Wording{"有 " + have + " 道互斥题，最多 " + most + " 道；下面只留下了前 " + most + " 道", have + " enemies, at most " + most + " are taken; the first " + most + " stand below"};
  finding.as_read = bank::asRead(item);
  return finding;
}

/// Formats have longer lists than the bank.
void refuseLongLists(ReadFile& read) {
  std::vector<bank::Item> items;
  std::vector<ReadFile::ItemPlace> places;
  for (std::size_t i = 0; i < read.bank.items.size(); ++i) {
    if (const Status fits = checkLists(read.bank.items[i]); !fits) {
      read.refused.push_back(tooMany(read.bank.items[i], read.places[i].place, fits.error().reason));
      read.repaired_somewhere -= !read.places[i].repairs.empty();
      continue;
    }
    items.push_back(std::move(read.bank.items[i]));
    places.push_back(std::move(read.places[i]));
  }
  read.bank.items = std::move(items);
  read.places = std::move(places);
}

}  // namespace

Result<ReadFile> readBankFile(const std::string& bytes, const std::string& file_name, const std::string& format, const Json& mapping,
                              const bank::Bank& defaults) {
  std::optional<bank::ColumnMap> map;
  if (mapping.is_object()) {
    INVIGIL_TRY(parsed, bank::parseColumnMap(mapping.dump()));
    map = std::move(parsed);
  }
  INVIGIL_TRY(file, bank::readBankFile(bytes, file_name, format, map, defaults));
  ReadFile read;
  read.format = file.format;
  read.guess = guessOf(file);
  bank::Collected& found = file.collected;
  std::map<Spot, std::size_t> item_at;
  for (const bank::Place& place : found.places) {
    item_at.emplace(spotOf(place), read.places.size());
    read.places.push_back({place, {}, {}});
  }
  for (bank::Finding& one : found.repaired) read.places[item_at.at(spotOf(one.place))].repairs.push_back(std::move(one));
  for (bank::Finding& one : found.look_alikes) read.places[item_at.at(spotOf(one.place))].look_alikes.push_back(std::move(one));
  read.duplicates = std::move(found.duplicates);
  read.refused = std::move(found.refused);
  read.notes = std::move(found.notes);
  read.repaired_somewhere = found.counts.repaired;
  if (read.format == "native_json" && found.bank.id != defaults.id) {
    bank::Finding other;
    other.place.file = file_name;
    other.code = "other_bank_id";
    other.text = found.bank.id;
    other.what = {"文件里的题库编号是 " + found.bank.id + "，这里按 " + defaults.id + " 导入",
                  "the file names the bank " + found.bank.id + "; it is read for " + defaults.id};
    read.notes.push_back(std::move(other));
  }
  read.bank = std::move(found.bank);
  read.bank.id = defaults.id;
  refuseLongLists(read);
  return read;
}

}  // namespace invigil::server
