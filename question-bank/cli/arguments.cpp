// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iostream>
#include <map>

#include "commands.hpp"
#include "invigil/bank/bank_file.hpp"
#include "invigil/bank/item_digest.hpp"
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

namespace {

bool fits(const bank::Bank& bank, const bank::Blueprint& blueprint) {
  const bool role = std::find(bank.roles.begin(), bank.roles.end(), blueprint.role) != bank.roles.end();
  return role && (bank.category.empty() || bank.category == blueprint.category);
}

}  // namespace

std::vector<bank::Item> poolFor(const std::vector<bank::Bank>& banks, const bank::Blueprint& blueprint) {
  std::vector<bank::Item> pool;
  for (const bank::Bank& bank : banks)
    if (fits(bank, blueprint)) pool.insert(pool.end(), bank.items.begin(), bank.items.end());
  return pool;
}

Result<assembly::Problem> problemFor(const std::vector<bank::Bank>& banks, const bank::Blueprint& blueprint) {
  std::vector<std::string> asks;
  for (const bank::Bank& bank : banks) {
    if (!fits(bank, blueprint)) continue;
    std::map<std::string_view, std::string_view> material;
    for (const bank::Stimulus& one : bank.stimuli) material.emplace(one.id, one.text);
    for (const bank::Item& item : bank.items) asks.push_back(bank::questionDigest(item, item.stimulus.empty() ? std::string_view() : material[item.stimulus]));
  }
  return assembly::problemOfQuestions(poolFor(banks, blueprint), asks, blueprint);
}

}  // namespace invigil::cli
