// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "formats/loose_members.hpp"
#include "formats/loose_text.hpp"

namespace invigil::bank::formats {

struct LooseItem : Read<Item> {
  std::vector<Wording> shortened;   ///< texts that were longer than an item holds
  std::vector<std::string> unread;  ///< members that hold something and are no part of the item; "选项.X" of an option
};

/// What a list or a row calls its type beside readCategory(): judge, multi_choice, radio …
std::optional<ItemType> typeNamed(std::string_view name);

/// Cuts a text that is longer; `name` says which in the finding.
void shorten(std::string& text, std::size_t longest, const Wording& name, std::vector<Wording>& shortened);

/// One question of the loose shape {category, title, choices, answer, explanation, difficulty, tags, source}, whatever file
/// it stood in; options may be members A, B, C … of it. The id is a digest.
/// @param type  of the list it stands in, where that says it.
/// @param marked  "A、", "B." before options name them and are no part of them
/// @param habits  of the file it stands in
/// Errors: InvalidInput bad_row, content_missing (a picture); detail "中文 / English".
Result<LooseItem> readLooseRow(const Json& row, std::optional<ItemType> type, bool marked = true, const ListHabits& habits = {});

}  // namespace invigil::bank::formats
