// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "invigil/base/result.hpp"

/// What several readers and writers do with text.
namespace invigil::bank::formats {

/// Without the byte order mark. Errors: InvalidInput not_utf8, which names the file as "GIFT 文件" and "A GIFT file".
Result<std::string_view> utf8Text(std::string_view bytes, const std::string& zh, const std::string& en);

/// The text of an XML document in UTF-8 without its mark, by a byte order mark, else as it is where it is UTF-8, else by the encoding
/// that it declares. The declaration stays as it was: parse the text as UTF-8 whatever it says.
/// Errors: InvalidInput not_utf8, which names the file as "Moodle XML 文件" and "A Moodle XML file".
Result<std::string> utf8Xml(std::string_view bytes, const std::string& zh, const std::string& en);

/// take(line, number) for every line, without its end; numbers begin with 1.
template <class Take>
void eachLine(std::string_view text, Take take) {
  int number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    take(line, ++number);
    at = end + 1;
  }
}

/// %20 and the like as bytes; what is no such thing stays.
std::string percentDecoded(std::string text);

/// What follows the last '/'.
std::string_view lastPart(std::string_view path);

/// "a, b, c".
std::string listed(const std::vector<std::string>& names);

/// Some tag of those that editors write, or an entity. "x < y" is none.
bool looksLikeHtml(const std::string& text);

/// At most twelve digits, "." as the point.
std::string decimalText(double value);

}  // namespace invigil::bank::formats
