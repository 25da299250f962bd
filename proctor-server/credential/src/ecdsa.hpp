// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "invigil/base/text.hpp"

namespace invigil::credential {

struct KeyFree {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, KeyFree>;

constexpr std::size_t kSignatureBytes = 64;
constexpr std::size_t kKidBytes = 8;

/// Errors: Corrupt bad_key (not PEM, not a P-256 key of that kind).
Result<Key> publicKeyFromPem(const std::string& pem);
Result<Key> privateKeyFromPem(const std::string& pem);
std::string publicPemOf(EVP_PKEY* key);
/// First 8 bytes of SHA-256 of the DER SubjectPublicKeyInfo.
Bytes kidOf(EVP_PKEY* key);

/// ECDSA P-256 over SHA-256(message) with raw r||s; accepts high S too. Any other length is false.
bool verifyRaw(EVP_PKEY* key, std::span<const std::uint8_t> message, std::span<const std::uint8_t> signature);
/// True when s <= n/2 in a 64-byte r||s.
bool isLowS(std::span<const std::uint8_t> signature);

}  // namespace invigil::credential
