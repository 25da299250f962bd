// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

/// What the fuzzers and the replay of the kept inputs run: every parser that takes a file from outside, with what must
/// hold for whatever it made of it.
namespace invigil::fuzz {

struct Target {
  const char* name;  ///< of its folder in seeds/ and found/
  /// Aborts when a promise is broken; a file that is refused is no finding.
  void (*run)(std::string_view bytes);
};
std::span<const Target> targets();

}  // namespace invigil::fuzz
