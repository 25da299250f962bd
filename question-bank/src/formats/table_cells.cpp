// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/table_cells.hpp"

#include <algorithm>

#include "formats/findings.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank::formats {
namespace {

const std::string& roleAt(const SheetMap& map, std::size_t column) {
  static const std::string kIgnore = "ignore";
  return column < map.columns.size() ? map.columns[column] : kIgnore;
}

const Sheet::Line* headings(const Sheet& sheet, const SheetMap& map) {
  if (map.header_row == 0) return nullptr;
  const auto found = std::find_if(sheet.lines.begin(), sheet.lines.end(), [&](const Sheet::Line& line) { return line.number == map.header_row; });
  return found == sheet.lines.end() ? nullptr : &*found;
}

/// "AB" of the 28th column, as spreadsheets write it.
std::string letters(std::size_t column) {
  std::string out;
  for (std::size_t n = column + 1; n > 0; n = (n - 1) / 26) out.insert(out.begin(), static_cast<char>('A' + (n - 1) % 26));
  return out;
}

}  // namespace

std::vector<std::size_t> columnsBeyond(const Sheet& sheet, const SheetMap& map) {
  std::vector<std::size_t> out;
  const auto at = [&](std::string_view role) { return static_cast<std::size_t>(std::find(map.columns.begin(), map.columns.end(), role) - map.columns.begin()); };
  const std::size_t last = at("option_8");
  if (const Sheet::Line* heads = headings(sheet, map)) {
    for (std::size_t c = 0; c < heads->cells.size(); ++c)
      if (roleAt(map, c) == "ignore" && headsOptionBeyond(heads->cells[c], last < map.columns.size() && last < c)) out.push_back(c);
    return out;
  }
  // Without headings options stand between stem and key, so what lies between the eighth and the key is more of them.
  const std::size_t key = at("key");
  for (std::size_t c = last + 1; last < map.columns.size() && key < map.columns.size() && c < key; ++c)
    if (roleAt(map, c) == "ignore") out.push_back(c);
  return out;
}

Cells cellsOf(const Sheet::Line& line, const SheetMap& map, const std::vector<std::size_t>& beyond) {
  Cells cells;
  for (std::size_t c = 0; c < line.cells.size(); ++c) {
    const std::string& role = roleAt(map, c);
    std::string text = trim(line.cells[c]);
    if (text.empty()) continue;
    if (std::find(beyond.begin(), beyond.end(), c) != beyond.end()) {
      ++cells.filled_options;
      if (cells.beyond == 0) cells.beyond = static_cast<int>(c) + 1;
    }
    if (role == "ignore") continue;
    cells.column[role] = static_cast<int>(c) + 1;
    if (role == "tags") cells.tags.push_back(std::move(text));
    else if (role.starts_with("option_")) {
      const auto index = static_cast<std::size_t>(role.back() - '1');
      if (cells.options.size() <= index) cells.options.resize(index + 1);
      cells.options[index] = std::move(text);
      ++cells.filled_options;
    } else cells.of[role] = std::move(text);
  }
  return cells;
}

void tellUnreadColumns(const Sheet& sheet, const SheetMap& map, const std::vector<std::size_t>& beyond, const std::string& file, Reading& reading) {
  std::vector<bool> filled;
  for (const Sheet::Line& line : sheet.lines) {
    if (line.number <= map.header_row) continue;
    if (filled.size() < line.cells.size()) filled.resize(line.cells.size());
    for (std::size_t c = 0; c < line.cells.size(); ++c) filled[c] = filled[c] || !trim(line.cells[c]).empty();
  }
  const Sheet::Line* heads = headings(sheet, map);
  std::string names;
  std::size_t count = 0;
  constexpr std::size_t kNamed = 10;
  for (std::size_t c = 0; c < filled.size(); ++c) {
    if (!filled[c] || roleAt(map, c) != "ignore" || std::find(beyond.begin(), beyond.end(), c) != beyond.end()) continue;
    const std::string heading = heads != nullptr && c < heads->cells.size() ? trim(heads->cells[c]) : "";
    if (!heading.empty() && headsNothing(heading)) continue;
    if (++count > kNamed) continue;
    names += (names.empty() ? "" : "、") + letters(c) + (heading.empty() ? "" : "“" + firstCharacters(heading, 20) + "”");
  }
  if (count == 0) return;
  if (count > kNamed) names += "……";
  reading.notes.push_back(findingAt({file, sheet.name, 0, 0}, "columns_not_read", sheet.name,
                                    {"有内容的列没有读入：" + names, "columns that hold something were not read: " + names}));
}

}  // namespace invigil::bank::formats
