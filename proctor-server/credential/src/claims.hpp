// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "invigil/credential/credential.hpp"

namespace invigil::credential {

/// The signed payload; docs/formats/credential.md has the CDDL.
Bytes writeClaims(const TheoryPass& pass);
/// Needs INV2: half points, or a pass that replaces another.
bool isSecondForm(const TheoryPass& pass);
/// @param second  read as INV2. Errors: Corrupt malformed_credential.
Result<TheoryPass> readClaims(std::span<const std::uint8_t> payload, bool second);

}  // namespace invigil::credential
