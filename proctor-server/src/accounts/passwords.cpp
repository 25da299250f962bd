// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <argon2.h>

#include "accounts/accounts.hpp"
#include "invigil/base/assert.hpp"
#include "invigil/base/random.hpp"

namespace invigil::server {
namespace {
constexpr std::uint32_t kPasses = 2, kMemoryKiB = 19 * 1024, kLanes = 1, kSalt = 16, kHash = 32;
}

std::string hashPassword(const std::string& password) {
  std::uint8_t salt[kSalt];
  randomBytes(salt, sizeof salt);
  std::string encoded(argon2_encodedlen(kPasses, kMemoryKiB, kLanes, kSalt, kHash, Argon2_id), '\0');
  const int code = argon2id_hash_encoded(kPasses, kMemoryKiB, kLanes, password.data(), password.size(), salt, sizeof salt, kHash,
                                         encoded.data(), encoded.size());
  INVIGIL_ASSERT(code == ARGON2_OK);
  encoded.resize(encoded.find('\0'));
  return encoded;
}

bool passwordMatches(const std::string& password, const std::string& hash) {
  return argon2id_verify(hash.c_str(), password.data(), password.size()) == ARGON2_OK;
}

std::string newPassword() {
  return randomCode(4) + "-" + randomCode(4) + "-" + randomCode(4) + "-" + randomCode(4);
}

}  // namespace invigil::server
