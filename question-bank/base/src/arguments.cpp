// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/base/arguments.hpp"

#include <algorithm>

namespace invigil {

std::string Arguments::value(const std::string& name) const {
  const auto found = options.find(name);
  return found == options.end() ? std::string() : found->second.back();
}

Result<Arguments> parseArguments(const std::vector<std::string>& words, std::initializer_list<std::string_view> valued,
                                 std::initializer_list<std::string_view> flags) {
  Arguments arguments;
  const auto known = [](const auto& list, std::string_view name) {
    return std::find(list.begin(), list.end(), name) != list.end();
  };
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!words[i].starts_with("--")) {
      arguments.files.push_back(words[i]);
      continue;
    }
    const auto equals = words[i].find('=');
    const std::string name = words[i].substr(2, equals == std::string::npos ? equals : equals - 2);
    if (known(flags, name) && equals == std::string::npos) {
      arguments.options[name].emplace_back();
    } else if (!known(valued, name)) {
      return fail(ErrorCode::InvalidInput, "usage", "There is no option '" + words[i] + "' for this command.");
    } else if (equals != std::string::npos) {
      arguments.options[name].push_back(words[i].substr(equals + 1));
    } else if (i + 1 < words.size()) {
      arguments.options[name].push_back(words[++i]);
    } else {
      return fail(ErrorCode::InvalidInput, "usage", "The option '" + words[i] + "' needs a value.");
    }
  }
  return arguments;
}

}  // namespace invigil
