// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace invigil::base {

void assertFailed(const char* expression, const char* file, int line) noexcept {
  std::fprintf(stderr, "invigil: broken invariant: %s (%s:%d)\n", expression, file, line);
  std::abort();
}

}  // namespace invigil::base
