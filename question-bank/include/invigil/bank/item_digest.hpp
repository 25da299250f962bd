// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "invigil/bank/item.hpp"

namespace invigil::bank {

/// The id of an item that has none: "q-" and 20 hex digits of a SHA-256 over type, stem and options in their order (of
/// typed answers: the answers in any order), so that the same question gets the same id in every import. The one formula
/// for all readers and the server. Thread-safe; no I/O.
std::string digestId(const Item& item);

}  // namespace invigil::bank
