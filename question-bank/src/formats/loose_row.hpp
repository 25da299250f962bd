// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <optional>

#include "formats/json_reader.hpp"
#include "formats/loose_text.hpp"

namespace invigil::bank::formats {

struct LooseItem : Read<Item> {
  std::vector<Wording> shortened;   ///< texts that were longer than an item holds
  std::vector<std::string> unread;  ///< members that hold something and are no part of the item; "选项.X" of an option
};

using Names = std::initializer_list<std::string_view>;
/// What a row calls its type, its options, its answer and its explanation.
extern const Names kCategories, kChoices, kAnswers, kExplanations;
/// The letter that a member names an option by: A, b, optionC, option_d, 选项E, option1; 0 = none.
char letterOfMember(std::string_view name);

/// What a list or a row calls its type beside readCategory(): judge, multi_choice, radio …
std::optional<ItemType> typeNamed(std::string_view name);
/// The stem of a row, whatever its type; null where there is none.
const Json* stemOf(const Json& row);
/// An object with a stem and an answer.
bool looksLikeQuestion(const Json& json);

/// Cuts a text that is longer; `name` says which in the finding.
void shorten(std::string& text, std::size_t longest, const Wording& name, std::vector<Wording>& shortened);

/// One question of the loose shape {category, title, choices, answer, explanation, difficulty, tags, source}, whatever file
/// it stood in; options may be members A, B, C … of it. The id is a digest.
/// @param type  of the list it stands in, where that says it.
/// @param marked  "A、", "B." before options name them and are no part of them
/// Errors: InvalidInput bad_row, content_missing (a picture); detail "中文 / English".
Result<LooseItem> readLooseRow(const Json& row, std::optional<ItemType> type, bool marked = true);

}  // namespace invigil::bank::formats
