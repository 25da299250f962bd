// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace invigil::base {
/// Prints where an invariant broke and aborts. Never returns.
[[noreturn]] void assertFailed(const char* expression, const char* file, int line) noexcept;
}  // namespace invigil::base

/// States an invariant of our own code. On in every build: a bug stops the process rather than a wrong
/// answer leaving it. What the world can do (bad input, lost disk) is a Result, never an assertion.
#define INVIGIL_ASSERT(expression) \
  ((expression) ? static_cast<void>(0) : ::invigil::base::assertFailed(#expression, __FILE__, __LINE__))
