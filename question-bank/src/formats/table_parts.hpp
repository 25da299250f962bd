// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "invigil/bank/tables.hpp"

namespace invigil::bank::formats {

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
