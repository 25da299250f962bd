// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "invigil/bank/tables.hpp"

namespace invigil::bank::formats {

/// What stands in a cell of a workbook.
struct ShownCell {
  std::string text;
  std::vector<Sheet::Script> scripts;  ///< without row and column
  bool doubtful = false;  ///< the text is not what the editor of the file saw: see doubtAt()
};

/// The cell shows an error value or was never computed (then it has no text), or its number has a format that we cannot show (then the text is the raw
/// number). Among Sheet::scripts a run of no characters says so.
inline Sheet::Script doubtAt(int row, int column) { return {row, column, 0, 0, true}; }
inline bool isDoubt(const Sheet::Script& one) { return one.begin == one.end; }

/// Puts the cell (1-based) behind the last of the line, which is the last of the sheet's or will be.
void place(ShownCell cell, int row, int column, Sheet& sheet, Sheet::Line& line);

/// A merged range of one column, all 1-based.
struct MergedCells {
  int first_row = 0, last_row = 0, column = 0;
};
/// What stands in the first cell of a range stands in the empty cells below it too, in rows that hold something. Ranges of several
/// columns are titles and are none of these.
/// @param bytes  of all cells so far; counts on. Errors: InvalidInput bad_workbook, TooLarge table_too_large.
Status fillMerged(std::span<const MergedCells> ranges, std::size_t& bytes, Sheet& sheet);

/// Text of UTF-8, UTF-16 (with or without mark) or GB 18030. Errors: InvalidInput bad_text.
Result<std::string> asUtf8(std::string_view bytes);
Result<Sheet> readTextTable(std::string_view bytes);
/// From another encoding by its name for iconv. Errors: InvalidInput bad_text.
Result<std::string> converted(std::string_view bytes, const char* from);
/// .xlsx
Result<std::vector<Sheet>> readWorkbook(std::string_view bytes);
/// .xls of Excel 5 to 2003
Result<std::vector<Sheet>> readOldWorkbook(std::string_view bytes);
constexpr std::size_t kSheetsMax = 50;
/// Of all cells together: a text that stands once in the file can be shown by millions of cells.
constexpr std::size_t kCellBytesMax = 256u << 20;
/// 3 rather than 3.0000000000000004: numbers are kept as a person typed them.
std::string numberText(double value);
/// Errors: InvalidInput bad_workbook.
tl::unexpected<Error> badWorkbook(const std::string& zh, const std::string& en);
/// The headings of our own tables.
const std::vector<std::string>& exportedColumns();
bool blank(const std::vector<std::string>& cells);
tl::unexpected<Error> tooLarge();

}  // namespace invigil::bank::formats
