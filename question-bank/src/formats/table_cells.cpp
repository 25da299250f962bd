// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/table_cells.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "formats/findings.hpp"
#include "formats/table_parts.hpp"
#include "formats/table_pictures.hpp"
#include "formats/table_rows.hpp"
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

/// "1" of "1.00": a number that counts something (a type, a grade, an answer) is the same in every format.
std::string countOf(std::string text) {
  const std::size_t point = text.find('.');
  const bool whole = (point == 1 || point == 2) && point + 1 < text.size() && text.find_first_not_of("0123456789") == point &&
                     text.find_first_not_of('0', point + 1) == std::string::npos;
  return whole ? text.substr(0, point) : text;
}

/// Notes the cells of columns that are read whose text is not what the editor saw.
void tellDoubts(const Sheet& sheet, const SheetMap& map, const std::string& file, Reading& reading) {
  constexpr std::size_t kNamed = 100;
  std::size_t count = 0;
  for (const Sheet::Script& one : sheet.scripts) {
    const std::size_t column = static_cast<std::size_t>(one.column) - 1;
    if (!isDoubt(one) || one.row <= map.header_row || roleAt(map, column) == "ignore") continue;
    if (++count > kNamed) continue;
    const auto line = std::partition_point(sheet.lines.begin(), sheet.lines.end(), [&](const Sheet::Line& any) { return any.number < one.row; });
    const bool there = line != sheet.lines.end() && line->number == one.row && column < line->cells.size();
    const std::string text = there ? firstCharacters(trim(line->cells[column]), 40) : "", where = letters(column) + std::to_string(one.row);
    const Place place{file, sheet.name, one.row, one.column};
    if (text.empty())
      reading.notes.push_back(findingAt(place, "cell_error", where,
                                        {"单元格 " + where + " 是错误值（#REF!、#N/A 之类）或没有算出结果的公式，里面没有内容可读",
                                         "the cell " + where + " holds an error value (such as #REF! or #N/A) or a formula without its result: there is nothing to read in it"}));
    else
      reading.notes.push_back(findingAt(place, "number_as_stored", text,
                                        {"单元格 " + where + " 的数字格式认不准，按存储的数值 " + text + " 读入，请与原表核对",
                                         "the number format of the cell " + where + " is not one that we show: " + text + " is the stored number; compare it with the sheet"}));
  }
  if (count <= kNamed) return;
  const std::string more = std::to_string(count - kNamed);
  reading.notes.push_back(findingAt({file, sheet.name, 0, 0}, "note", sheet.name,
                                    {"这张表还有 " + more + " 个单元格是错误值或数字格式认不准，没有逐个列出",
                                     more + " more cells of this sheet hold an error value or a number format that we do not show"}));
}

}  // namespace

std::vector<std::size_t> columnsBeyond(const Sheet& sheet, const SheetMap& map, bool zero_is_option) {
  std::vector<std::size_t> out;
  const auto at = [&](std::string_view role) { return static_cast<std::size_t>(std::find(map.columns.begin(), map.columns.end(), role) - map.columns.begin()); };
  const std::size_t last = at("option_8");
  if (const Sheet::Line* heads = headings(sheet, map)) {
    const bool from_zero = zero_is_option && headsCountFromZero(heads->cells);  // once: a table may have thousands of headings
    for (std::size_t c = 0; c < heads->cells.size(); ++c)
      if (roleAt(map, c) == "ignore" && headsOptionBeyond(heads->cells[c], from_zero, last < map.columns.size() && last < c)) out.push_back(c);
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
    if (std::binary_search(beyond.begin(), beyond.end(), c)) {
      ++cells.filled_options;
      if (cells.beyond == 0) cells.beyond = static_cast<int>(c) + 1;
    }
    if (role == "ignore") continue;
    cells.column[role] = static_cast<int>(c) + 1;
    if (text == kErrorMark) {  // what must not be empty is refused for it further on, as by the words that no column takes
      if (role == "type" || role == "difficulty") cells.of[role] = kErrorWord;
      if (!role.starts_with("option")) continue;
      cells.options.resize(std::max(cells.options.size(), role == "options" ? std::size_t{2} : static_cast<std::size_t>(role.back() - '0')));
      cells.column["options"] = static_cast<int>(c) + 1;  // a finding about the options points there
      continue;
    }
    if (role == "type" || role == "key" || role == "difficulty") text = countOf(std::move(text));
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
  tellDoubts(sheet, map, file, reading);
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
    if (!filled[c] || roleAt(map, c) != "ignore" || std::binary_search(beyond.begin(), beyond.end(), c)) continue;
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

void place(ShownCell cell, int row, int column, Sheet& sheet, Sheet::Line& line) {
  line.cells.resize(static_cast<std::size_t>(column));
  line.cells.back() = std::move(cell.text);
  for (Sheet::Script& one : cell.scripts) {
    one.row = row, one.column = column;
    sheet.scripts.push_back(one);
  }
  if (cell.doubtful) sheet.scripts.push_back(doubtAt(row, column));
}

Status fillMerged(std::span<const MergedCells> ranges, std::size_t& bytes, Sheet& sheet) {
  std::vector<Sheet::Script> more;
  std::size_t steps = 0;
  const std::size_t steps_max = sheet.lines.size() * kTableColumnsMax + 1'000'000;  // ranges that do not overlap need fewer
  for (const MergedCells& one : ranges) {
    if (one.column < 1 || static_cast<std::size_t>(one.column) > kTableColumnsMax) continue;
    const std::size_t column = static_cast<std::size_t>(one.column) - 1;
    auto line = std::partition_point(sheet.lines.begin(), sheet.lines.end(), [&](const Sheet::Line& any) { return any.number < one.first_row; });
    if (line == sheet.lines.end() || line->number != one.first_row || line->cells.size() <= column) continue;
    const std::string text = line->cells[column];
    std::vector<Sheet::Script> scripts;
    for (const Sheet::Script& script : scriptsOf(sheet, one.first_row))
      if (script.column == one.column) scripts.push_back(script);
    if (trim(text).empty() && scripts.empty()) continue;
    for (++line; line != sheet.lines.end() && line->number <= one.last_row; ++line) {
      if (++steps > steps_max) return badWorkbook("合并的单元格互相重叠。", "its merged cells lie over one another.");
      if (line->cells.size() <= column) line->cells.resize(column + 1);
      if (!trim(line->cells[column]).empty()) continue;
      bytes += text.size() + scripts.size() * sizeof(Sheet::Script);
      if (bytes > kCellBytesMax) return tooLarge();
      line->cells[column] = text;
      for (Sheet::Script& script : scripts) {
        script.row = line->number;
        more.push_back(script);
      }
    }
  }
  if (more.empty()) return {};
  sheet.scripts.insert(sheet.scripts.end(), more.begin(), more.end());
  const auto earlier = [](const Sheet::Script& a, const Sheet::Script& b) { return std::tie(a.row, a.column, a.begin) < std::tie(b.row, b.column, b.begin); };
  std::stable_sort(sheet.scripts.begin(), sheet.scripts.end(), earlier);
  return {};
}

}  // namespace invigil::bank::formats
