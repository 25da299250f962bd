// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

/// The safe subset of docs/formats/item-markup.md, once for the check and the cleaner.
namespace invigil::bank::formats {

inline constexpr std::array<std::string_view, 26> kPairedTags{"p",   "div", "span", "b",  "strong", "i",   "em",    "u",     "s",
                                                              "sub", "sup", "ul",   "ol", "li",     "pre", "code",  "table", "thead",
                                                              "tbody", "tr", "td",   "th", "h3",    "h4",  "blockquote", "caption"};
inline constexpr std::array<std::string_view, 3> kSingleTags{"br", "hr", "img"};

template <class List>
bool holds(const List& list, std::string_view name) { return std::find(list.begin(), list.end(), name) != list.end(); }

}  // namespace invigil::bank::formats
