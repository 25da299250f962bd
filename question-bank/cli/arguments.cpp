// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iostream>

#include "commands.hpp"
#include "invigil/bank/bank_file.hpp"
#include "invigil/base/text.hpp"

namespace invigil::cli {

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
