// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/base/typed.hpp"

#include <algorithm>

namespace invigil {

bool canBeTyped(std::string_view text) {
  std::size_t characters = 0;
  while (!text.empty()) {
    const char c = text[0];
    std::size_t bytes = c == ' ' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ? 1 : 0;
    for (const std::string_view sign : kTypedSigns)
      if (text.starts_with(sign)) bytes = sign.size();
    if (bytes == 0 || ++characters > kTypedCharactersMax) return false;
    text.remove_prefix(bytes);
  }
  return true;
}

bool canBeTypedAsNumber(std::string_view text) {
  return text.size() <= kTypedCharactersMax && text.find_first_not_of("0123456789.+-eE") == std::string_view::npos;
}

}  // namespace invigil
