// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "invigil/bank/tables.hpp"

/// What of a row of a table is what, and which of its columns nobody reads.
namespace invigil::bank::formats {

/// Stands in the cell of a row for an error value such as #REF!, once placeScripts() has put it there. No text that is read in has it.
constexpr std::string_view kErrorMark = "\x1A";
constexpr const char* kErrorWord = "〔错误值〕";  ///< the same for people

/// A row's cells by what they are.
struct Cells {
  std::map<std::string, std::string> of;
  std::map<std::string, int> column;  ///< 1-based
  std::vector<std::string> options;   ///< up to the last that is filled; a gap is "": the letters of the key count it
  std::vector<std::string> tags;
  std::size_t filled_options = 0;     ///< with those beyond H
  int beyond = 0;                     ///< 1-based column of the first filled option beyond H, 0 = none
  std::string get(const std::string& role) const {
    const auto found = of.find(role);
    return found == of.end() ? std::string() : found->second;
  }
};

/// Columns of options beyond H (0-based, ascending): our items of tables have eight at most.
/// @param zero_is_option  see zeroIsOption()
std::vector<std::size_t> columnsBeyond(const Sheet& sheet, const SheetMap& map, bool zero_is_option);

Cells cellsOf(const Sheet::Line& line, const SheetMap& map, const std::vector<std::size_t>& beyond);

/// Notes the columns that hold something and are not read, once for the sheet, and the cells whose text is not what the editor saw.
void tellUnreadColumns(const Sheet& sheet, const SheetMap& map, const std::vector<std::size_t>& beyond, const std::string& file, Reading& reading);

/// The heading is one of an option beyond H: 选项I, 选项9, or 选项8 where 选项0 is the first.
/// @param from_zero  it is
/// @param bare  a letter alone counts too: H stands before it
bool headsOptionBeyond(std::string_view heading, bool from_zero, bool bare);
/// A heading of a column that is known to be no part of a question, such as 序号.
bool headsNothing(std::string_view heading);

}  // namespace invigil::bank::formats
