// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <iostream>
#include <map>

#include "commands.hpp"

namespace invigil::cli {
namespace {

void printCounts(const std::string& file, const bank::Bank& bank) {
  std::map<std::string, std::array<int, 3>> topics;
  std::array<int, 3> all{};
  for (const bank::Item& item : bank.items) {
    const auto type = static_cast<std::size_t>(item.type);
    ++all[type];
    ++topics[item.topic.empty() ? "(no topic)" : item.topic][type];
  }
  const auto line = [](const std::array<int, 3>& n) {
    return std::to_string(n[0]) + " true_false, " + std::to_string(n[1]) + " single_choice, " + std::to_string(n[2]) +
           " multiple_choice";
  };
  std::cout << file << ": bank '" << bank.id << "' is well-formed, " << bank.items.size() << " items: " << line(all)
            << "\n";
  for (const auto& [topic, counts] : topics) std::cout << "  " << topic << ": " << line(counts) << "\n";
}

bool reportRepeatedIds(const std::vector<std::string>& files, const std::vector<bank::Bank>& banks) {
  std::map<std::string, std::string> file_of;
  bool repeated = false;
  for (std::size_t b = 0; b < banks.size(); ++b)
    for (const bank::Item& item : banks[b].items) {
      const auto [found, fresh] = file_of.try_emplace(item.id, files[b]);
      if (fresh) continue;
      repeated = true;
      std::cerr << files[b] << ": the item id '" << item.id << "' is also in " << found->second
                << "; a paper could not tell them apart. Rename one.\n";
    }
  return repeated;
}

}  // namespace

int runCheck(const std::vector<std::string>& words) {
  const auto arguments = parseArguments(words, {"blueprint"}, {});
  if (!arguments) return usage(arguments.error());
  if (arguments->files.empty())
    return usage({ErrorCode::InvalidInput, "usage", "Name at least one bank to check.", ""});
  bool failed = false;
  std::vector<bank::Bank> banks;
  std::vector<std::string> files;
  for (const std::string& file : arguments->files) {
    auto bank = loadBank(file);
    if (!bank) {
      failed = true;
      complain(file, bank.error());
      continue;
    }
    printCounts(file, *bank);
    files.push_back(file);
    banks.push_back(std::move(*bank));
  }
  failed = reportRepeatedIds(files, banks) || failed;
  if (!arguments->has("blueprint")) return failed ? kRefused : kDone;
  for (const std::string& file : arguments->options.at("blueprint")) {
    const auto blueprint = loadBlueprint(file);
    if (!blueprint) {
      failed = true;
      complain(file, blueprint.error());
      continue;
    }
    const auto pool = poolFor(banks, *blueprint);
    // Whether a paper can be drawn does not depend on the seed.
    if (const auto paper = bank::drawPaper(pool, *blueprint, Seed{}); paper) {
      std::cout << file << ": a paper of " << paper->items.size() << " items can be drawn from " << pool.size()
                << " fitting items\n";
    } else {
      failed = true;
      complain(file, paper.error());
    }
  }
  return failed ? kRefused : kDone;
}

}  // namespace invigil::cli
