// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "invigil/bank/importing.hpp"

namespace invigil::bank::formats {

/// `text` is cut to what Finding::text holds.
Finding findingAt(const Place& place, const char* code, const std::string& text, Wording what);

/// "中文 / English" as errors are written, apart; a sentence without the mark is both.
Wording twoLanguages(const std::string& sentence);

/// "tidied": the row of that text came in after white space, marks or how its answer was written were put right.
Finding tidied(const Place& place, const std::string& text);

}  // namespace invigil::bank::formats
