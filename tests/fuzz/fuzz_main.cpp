// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "promises.hpp"
#include "targets.hpp"

/// One program a target; INVIGIL_FUZZ_TARGET is its name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const invigil::fuzz::Target* const target = [] {
    for (const auto& one : invigil::fuzz::targets())
      if (std::string_view(one.name) == INVIGIL_FUZZ_TARGET) return &one;
    return static_cast<const invigil::fuzz::Target*>(nullptr);
  }();
  invigil::fuzz::require(target != nullptr, "the program names a target");
  target->run({reinterpret_cast<const char*>(data), size});
  return 0;
}
