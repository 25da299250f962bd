// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "invigil/base/result.hpp"

namespace invigil::face {

struct ListText {
  std::string text;   ///< UTF-8, without a byte order mark
  bool guessed = false;  ///< nothing in the file says so: it was taken for GB 18030, as a Chinese Excel writes
};

/// A list as text: UTF-8; UTF-16, which its mark or its zeros give away; or GB 18030, where it reads as Chinese in common characters.
/// Western code pages are not guessed: a wrong one would name other files.
/// @param path  for the error
/// Errors: InvalidInput bad_table (none of these; detail names the first line that is not UTF-8 and says what to do).
Result<ListText> listText(const std::string& bytes, const std::string& path);

}  // namespace invigil::face
