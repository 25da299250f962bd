// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

/// The marks of options ("A、", "B.", "(C)", "D ") in texts of the field: for those who cut texts at them and those who take them off.
namespace invigil::bank::formats {

struct Marker {
  char letter = 0;         ///< 0 = none
  std::size_t bytes = 0;   ///< of letter and mark
  bool strong = false;     ///< "A、" rather than "A " or "A"
  std::string_view sign;   ///< "、" of "A、"
};

/// Bytes of "(" or "（"; 0 = none.
std::size_t openBytes(std::string_view text);

/// That at the beginning of the text.
Marker markerOf(std::string_view text);

/// "A、B" and "A,B": letters in a row are a text that names them more often than an option that begins with one.
bool listsLetters(std::string_view text, const Marker& marker);

}  // namespace invigil::bank::formats
