// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "invigil/bank/importing.hpp"
#include "invigil/base/result.hpp"

/// Readers of other systems' question files. Every question of the file is in Reading::items or, with its text and the
/// reason, in Reading::refused; categories and tags become tags, feedback the explanation and option notes, what has no
/// place here a note. Thread-safe; no I/O.
/// Errors: InvalidInput not_utf8, bad_xml (detail: line); TooLarge file_too_large (over 64 MiB).
namespace invigil::bank {

Result<Reading> readGift(std::string_view bytes, const std::string& file);
Result<Reading> readAiken(std::string_view bytes, const std::string& file);
/// Moodle's question XML. Document types and entities beyond XML's own five are not looked at.
Result<Reading> readMoodleXml(std::string_view bytes, const std::string& file);

/// QTI 2.1, 2.2 or 3.0: one item, or a package (zip); items with one choice, inline choice or text entry. Also errors
/// InvalidInput bad_package, TooLarge package_too_large.
Result<Reading> readQti(std::string_view bytes, const std::string& file);
/// Lines "NUMBER#STEM#RIGHT$WRONG$WRONG" (the first option is right) and "NUMBER#STEM$0" ($0 right, $1 wrong).
Result<Reading> readHashLines(std::string_view bytes, const std::string& file);

/// An export, and what the format could not carry, item by item: reading it again gives the same items but for that.
struct Written {
  std::string bytes;
  std::vector<Finding> lost;  ///< code "not_carried" (members of an item) or "left_out" (the whole item)
};

/// "native_json", "csv", "xlsx", "gift", "moodle_xml", "qti21", "qti30".
std::vector<std::string> exportFormats();
/// What a format has no member for goes into tags "invigil:NAME=VALUE" where it has tags: docs/formats/exports.md.
/// Errors: InvalidInput format_unknown; Internal cannot_write (the zip library gave up).
Result<Written> writeBankFile(const Bank& bank, const std::string& format);

}  // namespace invigil::bank
