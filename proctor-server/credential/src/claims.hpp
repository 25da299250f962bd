// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "invigil/credential/credential.hpp"

namespace invigil::credential {

/// The signed payload; docs/formats/credential.md has the CDDL.
Bytes writeClaims(const TheoryPass& pass);
/// Errors: Corrupt malformed_credential.
Result<TheoryPass> readClaims(std::span<const std::uint8_t> payload);

}  // namespace invigil::credential
