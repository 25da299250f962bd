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
struct Row : std::map<std::string, std::string> {
  int line = 0;  ///< of the file, from 1; where the row begins
};

/// The fields of one line.
std::vector<std::string> fieldsOf(const std::string& line, char separator = ',');

/// In small letters (ASCII), for the words of a list.
std::string lowered(std::string text);

/// True for genuine: 1, 1.0, true, t, yes, y, same, genuine, match; false for 0, 0.0, false, f, no, n, different, impostor, imposter, mismatch; in
/// any case of letters.
std::optional<bool> sameOf(const std::string& word);

/// A CSV file with a header line, as the lists of pictures are: UTF-8, or what listText() makes UTF-8 of; commas, semicolons or tabs (what
/// parts the header most), lines that end with LF, CR LF or CR, double quotes around a field with any of these inside, blanks around fields
/// dropped, names of columns in any case of letters and any order. Rows of blanks are passed over. Other columns than `wanted` are kept,
/// names in small letters. Says on stderr when the encoding had to be guessed.
/// Errors: NotFound; InvalidInput bad_table (unknown encoding; a column is missing; a row is shorter than the header; a quote is not closed;
/// there is no row; detail has the line).
Result<std::vector<Row>> readTable(const std::string& path, const std::vector<std::string>& wanted);

}  // namespace invigil::face
