// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "formats/json_reader.hpp"

/// Under which names the members of a row in a loose list hold what. The surest name stands first, as among the headings of tables.
namespace invigil::bank::formats {

using Names = std::initializer_list<std::string_view>;
/// What a row calls its type, its options, its answer and its explanation.
extern const Names kCategories, kChoices, kAnswers, kExplanations;

/// The first of them that is there and not null; null = none.
const Json* memberOf(const Json& row, Names names);

/// Which member is the stem: the first name that holds text, else the first that is there; "" = none. 题目 beside 题干 is often a number, title a heading.
std::string_view stemName(const Json& row);
/// The stem of a row, whatever its type; null where there is none.
const Json* stemOf(const Json& row);

/// The members that hold something and may be the answer.
std::vector<std::pair<std::string_view, const Json*>> answersOf(const Json& row);
/// It can be read as an answer: letters, or right or wrong. Else it contradicts nobody: {"key": "q17"}.
bool saysAnswer(const Json& value);

/// The letter that a member names an option by: A, b, optionC, option_d, 选项E, option1; 0 = none.
/// @param from_zero  option0 is the first
char letterOfMember(std::string_view name, bool from_zero = false);
/// Its options are option0, option1, …
bool countsFromZero(const Json& row);

/// An object with a stem and an answer.
bool looksLikeQuestion(const Json& json);

}  // namespace invigil::bank::formats
