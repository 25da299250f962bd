// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "invigil/bank/importing.hpp"

namespace invigil::bank::formats {

/// Fills look_alikes from bank.items and places: one finding at each item whose stem another has too.
void markLookAlikes(Collected& out);

}  // namespace invigil::bank::formats
