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

/// The right answers for people, each at most 40 characters.
std::string shownAnswer(const Item& item);

/// What differs between items of one stem: the options, or, of items of a case, that too.
Wording otherThanStem(bool of_a_case);

/// Why one question with two answers is not taken. `other` names the earlier one ("第 3 行", "row 3"), `there_zh` points at
/// it ("那一行"); both answers as shownAnswer() gives them.
Wording contradiction(const Wording& other, const std::string& there_zh, const std::string& theirs, const std::string& ours);

}  // namespace invigil::bank::formats
