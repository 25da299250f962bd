// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <iostream>
#include <map>

#include "commands.hpp"
#include "invigil/assembly/batch.hpp"

namespace invigil::cli {
namespace {

void printCounts(const std::string& file, const bank::Bank& bank) {
  constexpr std::size_t kTypes = static_cast<std::size_t>(bank::ItemType::ShortText) + 1;
  using Counts = std::array<int, kTypes>;
  std::map<std::string, Counts> topics;
  Counts all{};
  for (const bank::Item& item : bank.items) {
    const auto type = static_cast<std::size_t>(item.type);
    ++all[type];
    ++topics[item.topic.empty() ? "(no topic)" : item.topic][type];
  }
  const auto line = [](const Counts& counts) {
    std::string text;
    for (std::size_t type = 0; type < kTypes; ++type)
      if (counts[type] > 0 || bank::hasOptions(static_cast<bank::ItemType>(type)))
        text += (text.empty() ? "" : ", ") + std::to_string(counts[type]) + " " + std::string(bank::toText(static_cast<bank::ItemType>(type)));
    return text;
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

/// Whether papers can be made: counts by the plain draw, then every rule (enemies, levels, cases) by the pre-flight.
bool reportPapers(const std::string& file, const std::vector<bank::Bank>& banks, const bank::Blueprint& blueprint) {
  const auto pool = poolFor(banks, blueprint);
  const auto paper = bank::drawPaper(pool, blueprint, Seed{});  // whether one can be drawn does not depend on the seed
  if (!paper) return complain(file, paper.error()), false;
  const auto problem = problemFor(banks, blueprint);
  if (!problem) return complain(file, problem.error()), false;
  const auto bounds = assembly::preflight(*problem);
  if (!bounds) return complain(file, bounds.error()), false;
  if (bounds->feasible) {
    std::cout << file << ": a paper of " << paper->items.size() << " items can be drawn from " << pool.size() << " fitting items\n";
    return true;
  }
  std::cerr << file << ": 没有试卷能满足全部规则 / no paper can keep every rule:";
  for (int rule : bounds->conflict) std::cerr << " " << problem->rules[static_cast<std::size_t>(rule)].name << ";";
  std::cerr << " 'invigil-bank preflight' says more.\n";
  return false;
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
    if (!reportPapers(file, banks, *blueprint)) failed = true;
  }
  return failed ? kRefused : kDone;
}

}  // namespace invigil::cli
