// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "base45.hpp"

#include <algorithm>

namespace invigil::credential {
namespace {
constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
}

std::string toBase45(std::span<const std::uint8_t> bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    const bool pair = i + 1 < bytes.size();
    const unsigned value = pair ? bytes[i] * 256u + bytes[i + 1] : bytes[i];
    text += kAlphabet[value % 45];
    text += kAlphabet[value / 45 % 45];
    if (pair) text += kAlphabet[value / 2025];
  }
  return text;
}

Result<Bytes> fromBase45(std::string_view text) {
  const auto bad = [] { return fail(ErrorCode::InvalidInput, "not_base45", "The text is not Base45."); };
  if (text.size() % 3 == 1) return bad();
  Bytes bytes;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    const std::size_t digits = std::min<std::size_t>(3, text.size() - i);
    std::size_t value = 0;
    for (std::size_t k = digits; k-- > 0;) {
      const std::size_t digit = kAlphabet.find(text[i + k]);
      if (digit == std::string_view::npos) return bad();
      value = value * 45 + digit;
    }
    if (value > (digits == 3 ? 0xFFFFu : 0xFFu)) return bad();
    if (digits == 3) bytes.push_back(static_cast<std::uint8_t>(value >> 8));
    bytes.push_back(static_cast<std::uint8_t>(value & 0xFF));
  }
  return bytes;
}

}  // namespace invigil::credential
