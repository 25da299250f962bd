// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "invigil/base/result.hpp"

namespace invigil {

/// The words after a command's name.
struct Arguments {
  std::vector<std::string> files;
  std::map<std::string, std::vector<std::string>> options;  ///< by name without "--"; flags have one empty value
  bool has(const std::string& name) const { return options.contains(name); }
  /// The last value given, or "".
  std::string value(const std::string& name) const;
};

/// @param valued  options that take a value: "--name VALUE" or "--name=VALUE"
/// Errors: InvalidInput usage.
Result<Arguments> parseArguments(const std::vector<std::string>& words, std::initializer_list<std::string_view> valued,
                                 std::initializer_list<std::string_view> flags);

}  // namespace invigil
