// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "invigil/bank/bank.hpp"
#include "invigil/base/result.hpp"

// What people write in question files, read strictly enough never to guess a key. Failures are InvalidInput with a
// whole sentence in detail.
namespace invigil::bank::formats {

/// A value and whether it had to be repaired to be read.
template <class T>
struct Read {
  T value;
  bool repaired = false;
};

/// Full-width letters and signs (U+FF01..U+FF5E) as ASCII.
std::string halfWidth(std::string_view text);

/// ASCII letters as capitals.
std::string capitals(std::string text);

/// Trimmed, with control characters turned into spaces.
Read<std::string> cleaned(std::string_view text);

/// "判断题", "是非题", "单选题", "多选", "single", "truefalse" …
Result<ItemType> readCategory(std::string_view text);

/// Splits one cell: "**A、…**B、…", "A.…##B.…", lines, "A、… B、…", "(A)… (B)…", or "…|…|…". A mark that nothing parts from the
/// option before it is found where the letters leave no doubt. Errors: one of the letters could not be found.
Result<std::vector<std::string>> splitOptions(std::string_view cell);

/// "B.乙" as the index of its letter and what follows.
std::optional<std::pair<int, std::string>> markedText(std::string_view text);

/// The letter of a mark of either kind at the start ("C.", "C 丙", "(C)"); 0 = none.
char letterOf(std::string_view text);

/// "（C）。" as "C": without the brackets around and the stop behind it.
std::string unwrapped(std::string_view text);

/// Removes "A、" "B." "C．" "D " from options in their order where all, or half of them and more, have one. Errors: a marker out of order, an empty option, two equal.
/// @param marked  false: there are none, only the faults are looked for
Result<Read<std::vector<std::string>>> stripMarkers(const std::vector<std::string>& options, bool marked = true);

/// 正确, 错误, √, ×, T, F …
std::optional<bool> truthOf(std::string_view text);

/// "A", "ABD", "A、B", "正确答案ABD". Sorted indices below `options`.
Result<Read<std::vector<int>>> readLetters(std::string_view text, std::size_t options);

/// "正确答案：A" -> "A"; leaves "正确" alone.
std::string withoutAnswerPrefix(const std::string& text);

}  // namespace invigil::bank::formats
