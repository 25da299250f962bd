// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/cell_escapes.hpp"

#include <charconv>
#include <cstdint>
#include <optional>
#include <system_error>

#include "invigil/base/text.hpp"

namespace invigil::bank::formats {
namespace {

constexpr std::size_t kBytes = 7;  ///< of "_x000D_"

/// The code unit of "_x000D_" at `at`, nothing where there is none.
std::optional<std::uint32_t> unitAt(std::string_view text, std::size_t at) {
  if (text.size() - at < kBytes || text[at] != '_' || text[at + 1] != 'x' || text[at + kBytes - 1] != '_') return std::nullopt;
  std::uint32_t unit = 0;
  const auto [end, error] = std::from_chars(text.data() + at + 2, text.data() + at + kBytes - 1, unit, 16);
  return error == std::errc() && end == text.data() + at + kBytes - 1 ? std::optional(unit) : std::nullopt;
}

}  // namespace

std::string escapedCell(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    // The underscore at the end of one may begin the next: each is looked at.
    if (unitAt(text, at)) out += "_x005F_";
    else out += text[at];
  }
  return out;
}

std::string unescapedCell(std::string text) {
  if (text.find_first_of("_\r") == std::string::npos) return text;
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    auto unit = text[at] == '_' ? unitAt(text, at) : text[at] == '\r' ? std::optional<std::uint32_t>('\r') : std::nullopt;
    std::size_t end = at + (text[at] == '\r' ? 1 : kBytes);
    const auto low = unit && (*unit & 0xFC00) == 0xD800 && end < text.size() ? unitAt(text, end) : std::nullopt;
    if (low && (*low & 0xFC00) == 0xDC00) unit = 0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00), end += kBytes;
    if (!unit || (*unit & 0x1FF800) == 0xD800) {
      out += text[at++];
      continue;
    }
    if (*unit >= 0x20 || *unit == '\n' || *unit == '\t') out += utf8Of(*unit);
    else if (*unit != '\r') out += ' ';
    else if (end < text.size() && text[end] != '\n' && text[end] != '\r' && unitAt(text, end) != '\n' && unitAt(text, end) != '\r') out += '\n';
    at = end;
  }
  return out;
}

}  // namespace invigil::bank::formats
