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

/// SheetMap::columns of such a row, the `line`th of the sheet.
std::vector<std::string> columnsOfHeading(const Sheet& sheet, std::size_t line);

}  // namespace invigil::bank::formats
