// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "invigil/base/result.hpp"

namespace invigil::server {

struct CsvRow {
  int number = 0;  ///< 1-based, as a spreadsheet shows it; the header is 1
  std::vector<std::string> fields;
};

/// RFC 4180: quoted fields with doubled quotes, commas and line ends inside; CRLF or LF; a byte-order mark is dropped,
/// blank lines are skipped but counted.
/// Errors: InvalidInput csv_encoding (not UTF-8, or characters already lost on the way), csv_quotes (where: "row 12").
/// Thread-safe; no I/O.
Result<std::vector<CsvRow>> parseCsv(std::string_view text);

}  // namespace invigil::server
