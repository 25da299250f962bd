// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "invigil/bank/item.hpp"

namespace invigil::bank {

/// The longest texts of an item, in characters; with markup the tags count too. The same for files and for editors: what
/// was saved can be exported and comes in again.
struct TextLimits {
  std::size_t stem, option, note, explanation;
};
constexpr TextLimits textLimits(Markup markup) {
  return markup == Markup::Html ? TextLimits{20000, 8000, 8000, 20000} : TextLimits{2000, 4000, 8000, 4000};
}

}  // namespace invigil::bank
