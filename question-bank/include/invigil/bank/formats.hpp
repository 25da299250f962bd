// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

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

}  // namespace invigil::bank
