// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

/// Texts in the cells of an .xlsx: what XML cannot hold stands there as _xHHHH_, a UTF-16 unit, and where such letters are meant
/// themselves their underscore does (_x005F_xHHHH_). Source: ST_Xstring of ECMA-376 part 1, 22.9.2.19.
namespace invigil::bank::formats {

/// So that unescapedCell() gives the text again, and spreadsheets show it.
std::string escapedCell(std::string_view text);

/// Carriage returns are no line ends of their own, other control characters show nothing.
std::string unescapedCell(std::string text);

}  // namespace invigil::bank::formats
