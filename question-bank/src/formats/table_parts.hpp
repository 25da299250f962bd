// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "invigil/bank/tables.hpp"

namespace invigil::bank::formats {

/// Text of UTF-8, UTF-16 (with or without mark) or GB 18030. Errors: InvalidInput bad_text.
Result<std::string> asUtf8(std::string_view bytes);
Result<Sheet> readTextTable(std::string_view bytes);
Result<std::vector<Sheet>> readWorkbook(std::string_view bytes);
bool blank(const std::vector<std::string>& cells);
tl::unexpected<Error> tooLarge();

}  // namespace invigil::bank::formats
