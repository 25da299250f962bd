// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "formats/loose_members.hpp"

namespace invigil::bank::formats {

/// Looks at all rows of a file. What they do not decide stays as the names of the members say: content is the stem, option0 is A.
ListHabits listHabits(const std::vector<const Json*>& rows);

}  // namespace invigil::bank::formats
