// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "invigil/base/result.hpp"

namespace invigil::face {

/// One row by column name.
using Row = std::map<std::string, std::string>;

/// The fields of one line.
std::vector<std::string> fieldsOf(const std::string& line, char separator = ',');

/// In small letters (ASCII), for the words of a list.
std::string lowered(std::string text);

/// True for genuine: 1, true, yes, same, genuine, match; false for 0, false, no, different, impostor, mismatch; in any case of letters.
std::optional<bool> sameOf(const std::string& word);

/// A CSV file with a header line, as the lists of pictures are: UTF-8 (a byte order mark is skipped), commas, semicolons or tabs (what
/// parts the header most), optional double quotes, no line breaks inside a field, blanks around fields dropped, names of columns in any
/// case of letters and any order. Other columns than `wanted` are kept, names in small letters.
/// Errors: NotFound; InvalidInput bad_table (a column is missing, a row is shorter than the header; detail has the
/// line).
Result<std::vector<Row>> readTable(const std::string& path, const std::vector<std::string>& wanted);

}  // namespace invigil::face
