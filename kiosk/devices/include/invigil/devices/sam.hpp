// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "invigil/base/text.hpp"

/// The words of an ID-card reader with a security module (SAM): frames over a line of bytes.
/// Source: GA/T 467-2019. Nothing here is ever logged: a frame holds a person's data (居民身份证法, art. 19).
namespace invigil::devices {

/// Command and parameter byte.
enum class SamCommand : std::uint16_t {
  Reset = 0x10FF,
  Status = 0x11FF,
  FindCard = 0x2001,
  SelectCard = 0x2002,
  ReadTextAndPhoto = 0x3001,
};

/// Largest body that a frame may have: text, photo and two fingerprints.
inline constexpr std::size_t kSamBodyMax = 2313;

/// Preamble AA AA AA 96 69, length (2 bytes, big-endian, with the checksum), `body`, and the XOR of all after the preamble.
/// @param body  2..kSamBodyMax bytes
Bytes samFrame(std::span<const std::uint8_t> body);
Bytes samRequest(SamCommand command);

/// What a reader answered.
struct SamReply {
  std::uint8_t code = 0;  ///< SW3
  Bytes data;
};
/// Errors: Corrupt card_line_garbled (shorter than its three status bytes).
Result<SamReply> samReply(std::span<const std::uint8_t> body);

/// Ok for 90 and 9F, otherwise what a code means. Errors: NotFound no_card (80), card_item_empty (91); Corrupt
/// card_line_garbled (10, 11); InvalidInput card_refused (31, 32, 33, 40); Forbidden card_reader_not_authorised (66);
/// Unavailable card_moved (41, 47, 81), card_reader_unsupported (21, 24), card_reader_broken (60), card_reader_fault.
Status samStatus(std::uint8_t code);

/// Takes frames out of a stream of bytes, whatever lies between them. One thread; holds at most one frame and a chunk.
class SamFrames {
 public:
  SamFrames() { held_.reserve(2 * kSamBodyMax); }
  ~SamFrames() { clear(); }
  SamFrames(const SamFrames&) = delete;

  void feed(std::span<const std::uint8_t> bytes);
  /// The body of the next frame; nothing while more bytes are needed. After an error the search goes on behind the
  /// preamble that led nowhere, so a frame that follows garbage is found. Errors: Corrupt card_line_garbled (length or
  /// checksum).
  std::optional<Result<Bytes>> next();
  /// Forgets what came, and overwrites it.
  void clear();

 private:
  void drop(std::size_t count);
  Bytes held_;
};

/// Overwrites, then empties.
void wipe(Bytes& bytes);

}  // namespace invigil::devices
