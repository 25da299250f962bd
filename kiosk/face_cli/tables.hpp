// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "invigil/base/result.hpp"

namespace invigil::face {

/// One row by column name.
using Row = std::map<std::string, std::string>;

/// The fields of one line.
std::vector<std::string> fieldsOf(const std::string& line);

/// A CSV file with a header line, as the lists of pictures are: UTF-8, commas, optional double quotes, no line breaks
/// inside a field. Other columns than `wanted` are kept.
/// Errors: NotFound; InvalidInput bad_table (a column is missing, a row is shorter than the header; detail has the
/// line).
Result<std::vector<Row>> readTable(const std::string& path, const std::vector<std::string>& wanted);

}  // namespace invigil::face
