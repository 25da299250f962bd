// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "invigil/base/text.hpp"

namespace invigil::credential {

/// COSE_Sign1 (RFC 9052 section 4.2) in our strict profile: tag 18, protected {1: -7, 4: kid}, empty unprotected
/// header.
struct Sign1 {
  Bytes protected_header, payload, signature;
  Bytes kid;
};

Bytes protectedHeader(std::span<const std::uint8_t> kid);
/// The bytes that are signed (RFC 9052 section 4.4).
Bytes sigStructure(std::span<const std::uint8_t> protected_header, std::span<const std::uint8_t> external,
                   std::span<const std::uint8_t> payload);
Bytes writeSign1(const Sign1& message);
/// Errors: Corrupt malformed_credential. Looks at no key and no claim.
Result<Sign1> readSign1(std::span<const std::uint8_t> bytes);

}  // namespace invigil::credential
