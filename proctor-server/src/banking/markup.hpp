// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "invigil/base/result.hpp"

namespace invigil::server {

/// Looks whether Html keeps to the safe subset of docs/formats/item-markup.md: known tags, each closed, attributes in
/// double quotes, pictures as media:NAME only. It refuses, it never mends: what an editor sees is what is stored.
/// @return the names of the pictures, in order.
/// Errors: InvalidInput markup_not_allowed (detail: what stands there and where; where: `member`). Thread-safe.
Result<std::vector<std::string>> checkMarkup(std::string_view html, const std::string& member);

/// The words of Html or, for Markup::Plain, the text itself: tags gone, entities decoded, white space one blank.
std::string plainText(std::string_view text, bool html);

/// What words are searched in and by: plain, ASCII letters small, full-width forms as ASCII ("１０ＫＶ" as "10kv").
std::string searchable(std::string_view plain);

}  // namespace invigil::server
