// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "invigil/bank/item.hpp"

namespace invigil::bank {

/// "" when the answer can be matched against, else what is wrong with its text: a range whose ends are no decimal
/// numbers or stand the wrong way round, a pattern that RE2 does not read.
std::string answerFault(const AcceptedAnswer& answer);

}  // namespace invigil::bank
