// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "invigil/base/result.hpp"

/// One stretch of a sitting's recording, sealed: the kiosk writes it, the server keeps it as it came and opens it for
/// a person who may look. Format and reasons: docs/formats/recording-segment.md, docs/adr/0014-recording.md.
namespace invigil::segment {

/// AES-256; one a sitting, made by the server.
using Key = std::array<std::uint8_t, 32>;

/// Larger ones are refused, sealed or not.
inline constexpr std::size_t kBytesMax = 8u << 20;

/// What can be read without the key; the seal covers it.
struct Head {
  std::string sitting_id;       ///< 1..64 of [A-Za-z0-9_-]
  std::uint32_t number = 0;     ///< within the sitting, from 1
  std::int64_t began_ms = 0;    ///< server time of the first frame
  std::int64_t ended_ms = 0;    ///< server time up to which the last frame stands
  std::uint32_t frames = 0;     ///< pictures in it
};

/// A fresh random nonce each time. Errors: InvalidInput bad_segment (head out of range), TooLarge segment_too_large.
Result<std::string> seal(const Key& key, const Head& head, std::string_view content);
/// Says nothing about who wrote it. Errors: Corrupt bad_segment.
Result<Head> readHead(std::string_view sealed);
/// The content, whole and unchanged since seal(). Errors: Corrupt bad_segment (no such file), segment_damaged (another
/// key, or changed or cut off since).
Result<std::string> open(const Key& key, std::string_view sealed);

}  // namespace invigil::segment
