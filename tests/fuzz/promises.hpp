// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "invigil/bank/bank_file.hpp"
#include "invigil/bank/markup.hpp"

namespace invigil::fuzz {

/// Says what is broken and aborts, so that a fuzzer and the replay both stop there.
void require(bool promise, const char* what);

/// Reads a bank file and holds what came of it against the promises: the counts add up, every text is UTF-8, and the
/// items pass the strict reader of our own format unchanged.
/// @param again  the export format that is written and read again without losing an item; "" = none
void readAsBank(std::string_view bytes, const char* name, const char* format, const char* again = "");

/// The cleaned text keeps to the safe subset.
void requireSafe(const bank::CleanedText& text);

/// A zip of what stands after lines "=== PATH"; bytes that begin as a zip are left alone. So a fuzzer changes the files
/// of a package and not only its compression.
std::string packageOf(std::string_view bytes);

}  // namespace invigil::fuzz
