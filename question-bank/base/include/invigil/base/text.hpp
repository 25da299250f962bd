// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "invigil/base/result.hpp"

namespace invigil {

using Bytes = std::vector<std::uint8_t>;

std::string toHex(std::span<const std::uint8_t> bytes);
/// Errors: InvalidInput not_hex.
Result<Bytes> fromHex(std::string_view text);
/// Standard alphabet with padding (RFC 4648 section 4).
std::string toBase64(std::span<const std::uint8_t> bytes);
/// Errors: InvalidInput not_base64 (also for non-canonical trailing bits).
Result<Bytes> fromBase64(std::string_view text);

/// True when `text` is well-formed UTF-8 (no surrogates, no overlong forms).
bool isUtf8(std::string_view text);
/// The text with U+FFFD for every byte that is part of no code point.
std::string wellFormed(std::string_view text);
/// Unicode code points in well-formed UTF-8.
std::size_t codePoints(std::string_view text);
/// One code point in UTF-8; U+FFFD for surrogates and numbers beyond U+10FFFF.
std::string utf8Of(std::uint32_t point);
/// The first `count` code points, or the whole text.
std::string firstCharacters(std::string_view text, std::size_t count);
/// Without white space at both ends: ASCII, NBSP and the ideographic space.
std::string trim(std::string_view text);
/// A name as shown in public: the first character, then one star for each further one, one to three. "王小明" -> "王**".
std::string maskName(std::string_view name);

/// Whole file, at most `bytes_max`. Errors: NotFound, TooLarge, Unavailable.
Result<std::string> readFile(const std::string& path, std::size_t bytes_max);
/// Writes beside `path`, fsyncs, renames, fsyncs the folder: the file is old or new, never half. `mode` as chmod.
/// Errors: Unavailable cannot_write.
Status writeFileDurably(const std::string& path, std::string_view content, unsigned mode = 0644);

}  // namespace invigil
