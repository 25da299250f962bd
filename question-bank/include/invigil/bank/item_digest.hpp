// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "invigil/bank/item.hpp"

namespace invigil::bank {

/// The id of an item that has none: "q-" and 20 hex digits of a SHA-256 over type, stem and options in their order (of
/// typed answers: the answers in any order), so that the same question gets the same id in every import. The one formula
/// for all readers and the server. Thread-safe; no I/O.
std::string digestId(const Item& item);

/// What an item asks, as 32 bytes: type, stem, options in any order and the text of its case, `material` ("" = none). Equal
/// for items that are one question, whatever their ids and keys. Of typed answers the answers too: another answer may be
/// another question. The one rule for rows of a file and for items of a bank. Thread-safe; no I/O.
std::string questionDigest(const Item& item, std::string_view material);

}  // namespace invigil::bank
