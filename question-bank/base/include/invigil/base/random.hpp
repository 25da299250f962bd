// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace invigil {

/// 32 bytes that start a reproducible draw.
using Seed = std::array<std::uint8_t, 32>;

/// Fills from the operating system's generator (getrandom). Aborts when the kernel has none. Thread-safe.
void randomBytes(std::uint8_t* out, std::size_t count);
Seed randomSeed();

/// `count` characters from an alphabet that has no look-alikes (no 0 O 1 I L). Unbiased.
std::string randomCode(std::size_t count);
/// 128 or more random bits as lower-case hex; for ids and secret links.
std::string randomHex(std::size_t bytes);

/// ChaCha20 keystream (RFC 8439, zero nonce, counter from 0) as a number source: the same seed gives the same
/// numbers on every platform. Not thread-safe.
class SeededRandom {
 public:
  explicit SeededRandom(const Seed& seed);
  std::uint32_t next();
  /// Uniform in 0..bound-1, by rejection. @param bound  1..2^32-1.
  std::uint32_t below(std::uint32_t bound);

 private:
  void refill();
  std::array<std::uint32_t, 16> state_{};
  std::array<std::uint32_t, 16> block_{};
  std::size_t used_ = 16;
};

}  // namespace invigil
