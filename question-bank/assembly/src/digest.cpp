// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "digest.hpp"

#include <openssl/hmac.h>
#include <openssl/sha.h>

#include "invigil/base/assert.hpp"

namespace invigil::assembly {

Digest sha256(std::string_view bytes) {
  Digest out{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), out.data());
  return out;
}

Digest hmac(std::string_view key, std::string_view text) {
  Digest out{};
  unsigned size = 0;
  const unsigned char* made = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                                   reinterpret_cast<const unsigned char*>(text.data()), text.size(), out.data(), &size);
  INVIGIL_ASSERT(made != nullptr && size == out.size());
  return out;
}

Digest hkdf(std::string_view secret, std::string_view salt, std::string_view info) {
  return hmac(view(hmac(salt.empty() ? std::string_view("", 0) : salt, secret)), std::string(info) + '\x01');
}

Digest merkleRoot(const std::vector<Digest>& leaves) {
  if (leaves.empty()) return sha256("");
  // Pairing level by level and carrying an odd last node up gives the tree of RFC 6962.
  std::vector<Digest> level = leaves;
  while (level.size() > 1) {
    std::vector<Digest> next;
    for (std::size_t i = 0; i + 1 < level.size(); i += 2)
      next.push_back(sha256(std::string("\x01", 1) + std::string(view(level[i])) + std::string(view(level[i + 1]))));
    if (level.size() % 2 == 1) next.push_back(level.back());
    level = std::move(next);
  }
  return level.front();
}

Digest paperLeaf(const Digest& salt, int slot, std::string_view items, std::string_view options) {
  return sha256(std::string("\0", 1) + std::string(view(salt)) + std::to_string(slot) + "|" + std::string(view(sha256(items))) +
                std::string(view(sha256(options))));
}

}  // namespace invigil::assembly
