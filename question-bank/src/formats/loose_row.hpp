// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "formats/json_reader.hpp"
#include "formats/loose_text.hpp"

namespace invigil::bank::formats {

struct LooseItem : Read<Item> {
  std::vector<Wording> shortened;  ///< texts that were longer than an item holds
};

/// Cuts a text that is longer; `name` says which in the finding.
void shorten(std::string& text, std::size_t longest, const Wording& name, std::vector<Wording>& shortened);

/// One question of the loose shape {category, title, choices, answer, explanation}, whatever file it stood in. The id is
/// a digest. @param type  of the list it stands in, where that says it.
/// @param marked  "A、", "B." before options name them and are no part of them
/// Errors: InvalidInput bad_row, detail "中文 / English".
Result<LooseItem> readLooseRow(const Json& row, std::optional<ItemType> type, bool marked = true);

}  // namespace invigil::bank::formats
