// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "invigil/bank/importing.hpp"
#include "invigil/bank/tables.hpp"

/// The one way from a file to a draft bank, for the command and the server. Thread-safe; no I/O.
namespace invigil::bank {

/// 1 to 64 of a-z, 0-9 and -: what the id of a bank may be.
bool isBankId(std::string_view text);

/// What stands in a file, before collect().
struct BankReading {
  std::string format;  ///< that was read: one of bankFileFormats()
  Reading reading;
  Bank about;  ///< id, title, roles, category and language: the file's own where it states them, else the defaults
  ColumnMap map;              ///< of tables: the one that was used
  std::vector<Sheet> sheets;  ///< of tables: the first kShownLines lines of each, for a person who maps columns
  std::vector<std::size_t> sheet_lines;  ///< how many lines each of them has
};
/// The same with the reading as a draft bank.
struct BankFile {
  std::string format;
  Collected collected;
  ColumnMap map;
  std::vector<Sheet> sheets;
  std::vector<std::size_t> sheet_lines;
};
constexpr std::size_t kShownLines = 12;

/// "native_json", "loose_json", "csv" (also TSV), "xlsx", "xls", "gift", "aiken", "moodle_xml",
/// "qti" (2.1, 2.2, 3.0), "hash_lines".
std::vector<std::string> bankFileFormats();

/// @param format  "" = by the content
/// @param map     of tables; absent = guessColumns()
/// @param defaults  id, title, roles, category and language of the bank where the file does not state them
/// Errors: InvalidInput format_unknown, bad_json, bad_bank, no_items, bad_workbook, bad_text, not_utf8, bad_xml, bad_package; TooLarge file_too_large,
/// table_too_large, package_too_large.
Result<BankFile> readBankFile(std::string_view bytes, const std::string& file_name, const std::string& format,
                              const std::optional<ColumnMap>& map, const Bank& defaults);
/// One of several files that collect() makes a bank of together. Errors: the same.
Result<BankReading> readBankReading(std::string_view bytes, const std::string& file_name, const std::string& format,
                                    const std::optional<ColumnMap>& map, const Bank& defaults);

}  // namespace invigil::bank
