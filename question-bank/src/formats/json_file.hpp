// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "invigil/bank/importing.hpp"

namespace invigil::bank::formats {

/// A file in JSON: a native bank, else a list of questions.
struct JsonFile {
  std::optional<Bank> native;
  Reading loose;
};
/// Errors: as importJson.
Result<JsonFile> readJsonFile(std::string_view json, const std::string& file, const Bank& defaults);

/// A native bank as it is, a list as collect() makes it.
Collected collected(JsonFile json, const std::string& file, const Bank& defaults);

}  // namespace invigil::bank::formats
