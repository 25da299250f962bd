// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "formats/json_reader.hpp"
#include "formats/loose_text.hpp"

namespace invigil::bank::formats {

/// One question of the loose shape {category, title, choices, answer, explanation}, whatever file it stood in. The id is
/// a digest. @param type  of the list it stands in, where that says it.
/// @param marked  "A、", "B." before options name them and are no part of them
/// Errors: InvalidInput bad_row, detail "中文 / English".
Result<Read<Item>> readLooseRow(const Json& row, std::optional<ItemType> type, bool marked = true);

}  // namespace invigil::bank::formats
