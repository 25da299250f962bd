// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/devices/sam.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "invigil/base/assert.hpp"

namespace invigil::devices {
namespace {

constexpr std::array<std::uint8_t, 5> kPreamble{0xAA, 0xAA, 0xAA, 0x96, 0x69};
constexpr std::size_t kHead = kPreamble.size() + 2, kLengthMin = 3;

std::uint8_t checksum(std::span<const std::uint8_t> bytes) {
  std::uint8_t sum = 0;
  for (const std::uint8_t byte : bytes) sum ^= byte;
  return sum;
}

auto garbled(const char* what) { return fail(ErrorCode::Corrupt, "card_line_garbled", what, "sam.cpp"); }

struct Meaning {
  std::uint8_t code;
  ErrorCode error;
  const char *reason, *detail;
};

constexpr Meaning kMeanings[] = {
    {0x10, ErrorCode::Corrupt, "card_line_garbled", "the reader got a wrong checksum"},
    {0x11, ErrorCode::Corrupt, "card_line_garbled", "the reader got a wrong length"},
    {0x21, ErrorCode::Unavailable, "card_reader_unsupported", "the reader does not know the command"},
    {0x24, ErrorCode::Unavailable, "card_reader_unsupported", "the reader does not recognise the request"},
    {0x31, ErrorCode::InvalidInput, "card_refused", "the card does not accept the reader"},
    {0x32, ErrorCode::InvalidInput, "card_refused", "the reader does not accept the card"},
    {0x33, ErrorCode::InvalidInput, "card_refused", "the card's content could not be verified"},
    {0x40, ErrorCode::InvalidInput, "card_refused", "no card of this kind"},
    {0x41, ErrorCode::Unavailable, "card_moved", "the card could not be read to the end"},
    {0x47, ErrorCode::Unavailable, "card_moved", "the card gave no random number"},
    {0x60, ErrorCode::Unavailable, "card_reader_broken", "the reader's self-test failed"},
    {0x66, ErrorCode::Forbidden, "card_reader_not_authorised", "the reader's security module is not authorised"},
    {0x80, ErrorCode::NotFound, "no_card", "no card, or one that was read already"},
    {0x81, ErrorCode::Unavailable, "card_moved", "the card could not be selected"},
    {0x91, ErrorCode::NotFound, "card_item_empty", "the card holds nothing there"},
};

}  // namespace

Bytes samFrame(std::span<const std::uint8_t> body) {
  INVIGIL_ASSERT(body.size() >= kLengthMin - 1 && body.size() <= kSamBodyMax);
  const std::size_t length = body.size() + 1;
  Bytes frame(kPreamble.begin(), kPreamble.end());
  frame.push_back(static_cast<std::uint8_t>(length >> 8));
  frame.push_back(static_cast<std::uint8_t>(length & 0xFF));
  frame.insert(frame.end(), body.begin(), body.end());
  frame.push_back(checksum(std::span(frame).subspan(kPreamble.size())));
  return frame;
}

Bytes samRequest(SamCommand command) {
  const auto both = static_cast<std::uint16_t>(command);
  const std::array<std::uint8_t, 2> body{static_cast<std::uint8_t>(both >> 8), static_cast<std::uint8_t>(both & 0xFF)};
  return samFrame(body);
}

Result<SamReply> samReply(std::span<const std::uint8_t> body) {
  if (body.size() < 3) return garbled("an answer without status");
  return SamReply{body[2], Bytes(body.begin() + 3, body.end())};
}

Status samStatus(std::uint8_t code) {
  if (code == 0x90 || code == 0x9F) return {};
  for (const Meaning& one : kMeanings)
    if (one.code == code) return fail(one.error, one.reason, one.detail, "sam.cpp");
  return fail(ErrorCode::Unavailable, "card_reader_fault", "the reader answered with a code that the standard does not name", "sam.cpp");
}

void SamFrames::feed(std::span<const std::uint8_t> bytes) { held_.insert(held_.end(), bytes.begin(), bytes.end()); }

std::optional<Result<Bytes>> SamFrames::next() {
  const auto start = std::search(held_.begin(), held_.end(), kPreamble.begin(), kPreamble.end());
  if (start == held_.end()) {
    // The end may be the beginning of a preamble.
    if (held_.size() >= kPreamble.size()) drop(held_.size() - kPreamble.size() + 1);
    return std::nullopt;
  }
  drop(static_cast<std::size_t>(start - held_.begin()));
  if (held_.size() < kHead) return std::nullopt;
  const std::size_t length = static_cast<std::size_t>(held_[5]) << 8 | held_[6];
  if (length < kLengthMin || length > kSamBodyMax + 1) {
    drop(1);
    return garbled("a frame of impossible length");
  }
  if (held_.size() < kHead + length) return std::nullopt;
  const auto summed = std::span(held_).subspan(kPreamble.size(), 2 + length - 1);
  if (checksum(summed) != held_[kHead + length - 1]) {
    drop(1);
    return garbled("a frame with a wrong checksum");
  }
  const auto body = std::span(held_).subspan(kHead, length - 1);
  Bytes out(body.begin(), body.end());
  drop(kHead + length);
  return out;
}

void SamFrames::drop(std::size_t count) {
  std::copy(held_.begin() + static_cast<std::ptrdiff_t>(count), held_.end(), held_.begin());
  explicit_bzero(held_.data() + held_.size() - count, count);
  held_.resize(held_.size() - count);
}

void SamFrames::clear() { wipe(held_); }

void wipe(Bytes& bytes) {
  if (!bytes.empty()) explicit_bzero(bytes.data(), bytes.size());
  bytes.clear();
}

}  // namespace invigil::devices
