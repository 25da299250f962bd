// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "invigil/base/text.hpp"

namespace invigil::credential {

/// RFC 9285.
std::string toBase45(std::span<const std::uint8_t> bytes);
/// One text for each value: no other alphabet, length or overflow passes. Errors: InvalidInput not_base45.
Result<Bytes> fromBase45(std::string_view text);

}  // namespace invigil::credential
