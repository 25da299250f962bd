// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "invigil/bank/tables.hpp"

/// What the reader of rows asks about headings.
namespace invigil::bank::formats {

/// A row whose cells head a stem and a key: it is no question, wherever it stands.
bool isHeading(const std::vector<std::string>& cells);

/// The headings of options begin with 选项0, and 选项1 is among them.
bool headsCountFromZero(const std::vector<std::string>& heads);

/// What a file's headings that begin with 选项0 mean: that column is A, or a placeholder that no row uses (see ZeroOption).
bool zeroIsOption(const std::vector<Sheet>& sheets);

/// SheetMap::columns of such a row, the `line`th of the sheet.
/// @param zero_is_option  of the whole file
std::vector<std::string> columnsOfHeading(const Sheet& sheet, std::size_t line, bool zero_is_option);

/// The same as guessColumns() where that is known.
ColumnMap guessColumns(const std::vector<Sheet>& sheets, bool zero_is_option);

}  // namespace invigil::bank::formats
