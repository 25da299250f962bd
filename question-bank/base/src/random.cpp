// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/base/random.hpp"

#include <sys/random.h>

#include <bit>
#include <cerrno>
#include <vector>

#include "invigil/base/assert.hpp"
#include "invigil/base/text.hpp"

namespace invigil {

void randomBytes(std::uint8_t* out, std::size_t count) {
  while (count > 0) {
    const ssize_t got = getrandom(out, count, 0);
    if (got < 0 && errno == EINTR) continue;
    INVIGIL_ASSERT(got > 0);
    out += got;
    count -= static_cast<std::size_t>(got);
  }
}

Seed randomSeed() {
  Seed seed;
  randomBytes(seed.data(), seed.size());
  return seed;
}

std::string randomCode(std::size_t count) {
  static constexpr std::string_view kAlphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
  SeededRandom random(randomSeed());
  std::string code;
  for (std::size_t i = 0; i < count; ++i) code += kAlphabet[random.below(kAlphabet.size())];
  return code;
}

std::string randomHex(std::size_t bytes) {
  std::vector<std::uint8_t> raw(bytes);
  randomBytes(raw.data(), raw.size());
  return toHex(raw);
}

SeededRandom::SeededRandom(const Seed& seed) {
  state_ = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
  for (std::size_t i = 0; i < 8; ++i)
    state_[4 + i] = static_cast<std::uint32_t>(seed[4 * i]) | static_cast<std::uint32_t>(seed[4 * i + 1]) << 8 |
                    static_cast<std::uint32_t>(seed[4 * i + 2]) << 16 | static_cast<std::uint32_t>(seed[4 * i + 3]) << 24;
}

void SeededRandom::refill() {
  block_ = state_;
  auto quarter = [this](std::size_t a, std::size_t b, std::size_t c, std::size_t d) {
    auto& x = block_;
    x[a] += x[b]; x[d] = std::rotl(x[d] ^ x[a], 16);
    x[c] += x[d]; x[b] = std::rotl(x[b] ^ x[c], 12);
    x[a] += x[b]; x[d] = std::rotl(x[d] ^ x[a], 8);
    x[c] += x[d]; x[b] = std::rotl(x[b] ^ x[c], 7);
  };
  for (int round = 0; round < 10; ++round) {
    quarter(0, 4, 8, 12); quarter(1, 5, 9, 13); quarter(2, 6, 10, 14); quarter(3, 7, 11, 15);
    quarter(0, 5, 10, 15); quarter(1, 6, 11, 12); quarter(2, 7, 8, 13); quarter(3, 4, 9, 14);
  }
  for (std::size_t i = 0; i < 16; ++i) block_[i] += state_[i];
  if (++state_[12] == 0) ++state_[13];
  used_ = 0;
}

std::uint32_t SeededRandom::next() {
  if (used_ == 16) refill();
  return block_[used_++];
}

std::uint32_t SeededRandom::below(std::uint32_t bound) {
  INVIGIL_ASSERT(bound > 0);
  // Reject the short last stretch so that every remainder has the same number of words behind it.
  const std::uint32_t reject = (0u - bound) % bound;
  for (;;) {
    const std::uint32_t word = next();
    if (word >= reject) return word % bound;
  }
}

}  // namespace invigil
