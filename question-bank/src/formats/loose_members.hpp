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

/// What only a look at all rows of a file tells about each of them: listHabits() makes it.
struct ListHabits {
  bool from_zero = false;           ///< option0 is A
  bool title_is_stem = false;       ///< title is the question, though content stands beside it
  bool content_is_options = false;  ///< and content its options
};

/// Which member is the stem: the first name that holds text, else the first that is there; "" = none. 题目 beside 题干 is often a number, title a heading.
std::string_view stemName(const Json& row, const ListHabits& habits = {});
/// The stem of a row, whatever its type; null where there is none.
const Json* stemOf(const Json& row, const ListHabits& habits = {});
/// A text that is not blank.
bool holdsText(const Json& value);

/// The members that hold something and may be the answer.
std::vector<std::pair<std::string_view, const Json*>> answersOf(const Json& row);
/// It can be read as an answer: letters, or right or wrong. Else it contradicts nobody: {"key": "q17"}.
bool saysAnswer(const Json& value);

/// The letter or digit behind option, 选项 and the like; not prefixed: the name is that letter alone.
struct OptionMark {
  char mark = 0;
  bool prefixed = false;
};
OptionMark markOfMember(std::string_view name);
/// The letter that a member names an option by: A, b, optionC, option_d, 选项E, option1; 0 = none.
/// @param from_zero  option0 is the first
char letterOfMember(std::string_view name, bool from_zero = false);

/// An object with a stem and an answer.
bool looksLikeQuestion(const Json& json);

}  // namespace invigil::bank::formats
