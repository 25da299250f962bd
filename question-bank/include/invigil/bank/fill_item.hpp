// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "invigil/bank/bank.hpp"

namespace invigil::bank {

/// Names of members, for people.
struct Filled {
  std::vector<Wording> taken;      ///< were empty and are filled now
  std::vector<Wording> differing;  ///< are filled on both sides with something else, and stay
};

/// Gives `kept` what `repeat` says besides and `kept` leaves empty: title, topic, difficulty, level, source, tags, explanation, notes of the
/// options, fixed order. Both ask one question (questionDigest()); the options may stand in another order. Enemies are ids, which only
/// the caller can follow: they are left alone. Thread-safe; no I/O.
Filled fillFrom(Item& kept, const Item& repeat);

/// "解析、难度" and "explanation, difficulty".
Wording listed(const std::vector<Wording>& names);

}  // namespace invigil::bank
