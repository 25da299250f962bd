// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "invigil/sitting/journal.hpp"

namespace invigil::sitting {

/// length (4 bytes, little-endian, of the payload), CRC-32 of the payload (4 bytes), payload.
std::string encodeOpening(const std::string& sitting_id);
std::string encodeResponse(const Response& response);
/// How long the item at a position has been on the screen; follows its answer.
std::string encodeShown(int position, std::int64_t shown_ms);
std::string encodeHandIn(bool by_deadline);

std::uint32_t crc32(std::string_view bytes);

struct Parsed {
  std::string sitting_id;    ///< empty = the file does not begin with a whole opening record
  Recovered recovered;
  std::size_t whole = 0;     ///< bytes of whole records
};
/// Reads records until the first one that is not whole.
Parsed parseJournal(std::string_view bytes);

}  // namespace invigil::sitting
