// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "invigil/bank/importing.hpp"

namespace invigil::bank::formats {

/// A file in JSON: a native bank, else a list of questions.
struct JsonFile {
  Reading reading;
  Bank about;  ///< id, title, roles, category and language: the bank's own or the defaults
};
/// Errors: as importJson.
Result<JsonFile> readJsonFile(std::string_view json, const std::string& file, const Bank& defaults);

}  // namespace invigil::bank::formats
