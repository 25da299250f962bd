// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "invigil/bank/answer_fault.hpp"
#include "invigil/bank/item.hpp"

/// What the formats and the grading need of items beside the public header.
namespace invigil::bank {

constexpr std::size_t kMediaBytesMax = 5u << 20, kMediaBase64Max = (kMediaBytesMax + 2) / 3 * 4;

std::optional<AcceptedAnswer::Match> matchFromText(std::string_view text);
/// A finite decimal number in full, "." as the point; nothing else may stand around it.
std::optional<double> decimalNumber(std::string_view text);
/// Full-width forms (U+FF01..U+FF5E) and the minus sign as their ASCII twins, the signs for ohm and micro as the letters:
/// what an input method writes.
std::string narrowed(std::string_view text);
/// A pattern for texts that were narrowed: the same characters narrowed, as themselves.
std::string narrowedPattern(std::string_view pattern);
/// What is right, in any order: equal for items of one question that have one answer.
std::string answerText(const Item& item);
/// How an option speaks of the others: not at all, of all of them (以上都对), or by their letters (A和B均可).
enum class Reference { None, ToAll, ByLetters };
/// @param words  of the option; @param options  how many there are
Reference referenceOf(std::string_view words, std::size_t options);
/// The name of a picture by its content; "" where the bytes are no PNG, JPEG, GIF or WebP of at most 5 MiB.
std::string mediaName(std::string_view bytes);
/// Names after "media: in cleaned Html, in order.
std::vector<std::string> mediaIn(std::string_view html);
/// Of an item's stem, options, notes and explanation; sorted, each once.
std::vector<std::string> mediaOf(const Item& item);

}  // namespace invigil::bank
