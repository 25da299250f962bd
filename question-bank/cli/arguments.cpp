// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iostream>

#include "commands.hpp"
#include "invigil/bank/bank_file.hpp"
#include "invigil/base/text.hpp"

namespace invigil::cli {

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

void complain(const std::string& about, const Error& error) {
  std::cerr << (about.empty() ? "" : about + ": ") << error.detail;
  if (!error.where.empty() && error.detail.find(error.where) == std::string::npos)
    std::cerr << " [" << error.where << "]";
  std::cerr << "\n";
}

int usage(const Error& error) {
  complain("", error);
  std::cerr << "Try 'invigil-bank --help'.\n";
  return kUsage;
}

Result<bank::Bank> loadBank(const std::string& path) {
  INVIGIL_TRY(text, readFile(path, kFileBytesMax));
  return bank::parseNative(text);
}

Result<bank::Collected> readAnyBank(const std::string& path) {
  INVIGIL_TRY(bytes, readFile(path, kFileBytesMax));
  bank::Bank defaults;
  defaults.id = "bank";
  defaults.title.zh = "题库";
  defaults.roles = {bank::Role::SpecialOperations};
  INVIGIL_TRY(file, bank::readBankFile(bytes, path, "", std::nullopt, defaults));
  return std::move(file.collected);
}

Result<bank::Blueprint> loadBlueprint(const std::string& path) {
  INVIGIL_TRY(text, readFile(path, kFileBytesMax));
  return bank::parseBlueprint(text);
}

std::vector<bank::Item> poolFor(const std::vector<bank::Bank>& banks, const bank::Blueprint& blueprint) {
  std::vector<bank::Item> pool;
  for (const bank::Bank& bank : banks) {
    const bool role = std::find(bank.roles.begin(), bank.roles.end(), blueprint.role) != bank.roles.end();
    if (role && (bank.category.empty() || bank.category == blueprint.category))
      pool.insert(pool.end(), bank.items.begin(), bank.items.end());
  }
  return pool;
}

}  // namespace invigil::cli
