// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "invigil/bank/tables.hpp"

namespace invigil::bank::formats {

/// What many systems call .xls and is none: the tables of a web page, each a sheet, or the sheets of SpreadsheetML 2003.
/// @param text  UTF-8. Errors: InvalidInput bad_workbook (no table in it); TooLarge table_too_large.
Result<std::vector<Sheet>> readWebTables(std::string_view text);

}  // namespace invigil::bank::formats
