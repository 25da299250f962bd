// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>
#include <unordered_map>

#include "commands.hpp"
#include "invigil/base/text.hpp"

namespace invigil::cli {
namespace {

using Json = nlohmann::ordered_json;
using Items = std::unordered_map<std::string, const bank::Item*>;

Result<Seed> seedFrom(const std::string& hex) {
  const auto bytes = fromHex(hex);
  Seed seed{};
  if (!bytes || bytes->size() != seed.size())
    return fail(ErrorCode::InvalidInput, "usage", "--seed must be 64 hex digits.");
  std::copy(bytes->begin(), bytes->end(), seed.begin());
  return seed;
}

/// The key as the letters shown on this paper.
std::string shownKey(const bank::Item& item, const std::vector<int>& order) {
  std::string letters;
  for (std::size_t i = 0; i < order.size(); ++i)
    if (std::find(item.key.begin(), item.key.end(), order[i]) != item.key.end())
      letters += static_cast<char>('A' + i);
  return letters;
}

void printJson(const bank::Paper& paper, const bank::Blueprint& blueprint, const Items& items, const std::string& seed,
               bool keys) {
  Json out{{"blueprint", blueprint.id}, {"seed", seed}, {"items", Json::array()}};
  for (const bank::PaperItem& placed : paper.items) {
    const bank::Item& item = *items.at(placed.item_id);
    Json one{{"id", item.id}, {"part", placed.part}, {"type", bank::toText(item.type)}, {"stem", item.stem}};
    for (int index : placed.option_order) one["options"].push_back(item.options[static_cast<std::size_t>(index)]);
    one["option_order"] = placed.option_order;
    if (keys) one["key"] = shownKey(item, placed.option_order);
    out["items"].push_back(std::move(one));
  }
  std::cout << out.dump(1) << "\n";
}

void printText(const bank::Paper& paper, const bank::Blueprint& blueprint, const Items& items, bool keys) {
  std::cout << blueprint.title.zh << "\n";
  int part = -1, number = 0;
  for (const bank::PaperItem& placed : paper.items) {
    const bank::Item& item = *items.at(placed.item_id);
    if (placed.part != part) {
      part = placed.part;
      const bank::Part& rule = blueprint.parts[static_cast<std::size_t>(part)];
      std::cout << "\n== " << bank::toText(rule.type) << ": " << rule.count << " x " << rule.points_each.text() << "\n";
    }
    std::cout << "\n" << ++number << ". " << item.stem << "\n";
    for (std::size_t i = 0; i < placed.option_order.size(); ++i)
      std::cout << "   " << static_cast<char>('A' + i) << ". "
                << item.options[static_cast<std::size_t>(placed.option_order[i])] << "\n";
    if (keys) std::cout << "   key: " << shownKey(item, placed.option_order) << "\n";
  }
}

/// The plain draw keeps counts and topics only; whoever prints such a paper should know what stands on it.
void tellEnemies(const bank::Paper& paper, const Items& items) {
  std::set<std::string> drawn;
  for (const bank::PaperItem& placed : paper.items) drawn.insert(placed.item_id);
  for (const std::string& id : drawn)
    for (const std::string& enemy : items.at(id)->enemies)
      if (drawn.contains(enemy))
        std::cerr << id << ", " << enemy << ": 两题互斥，不应同卷；正式试卷请用 assemble / they must not stand on one paper; use assemble for papers of an exam\n";
}

}  // namespace

int runDraw(const std::vector<std::string>& words) {
  const auto arguments = parseArguments(words, {"bank", "blueprint", "seed"}, {"json", "with-keys"});
  if (!arguments) return usage(arguments.error());
  // "--bank a.json b.json" leaves the second name among the files.
  std::vector<std::string> files = arguments->has("bank") ? arguments->options.at("bank") : std::vector<std::string>{};
  files.insert(files.end(), arguments->files.begin(), arguments->files.end());
  if (files.empty() || !arguments->has("blueprint") || !arguments->has("seed"))
    return usage({ErrorCode::InvalidInput, "usage", "draw needs --bank, --blueprint and --seed.", ""});
  const auto seed = seedFrom(arguments->value("seed"));
  if (!seed) return usage(seed.error());
  const auto blueprint = loadBlueprint(arguments->value("blueprint"));
  if (!blueprint) {
    complain(arguments->value("blueprint"), blueprint.error());
    return kRefused;
  }
  std::vector<bank::Bank> banks;
  for (const std::string& file : files) {
    auto bank = loadBank(file);
    if (!bank) {
      complain(file, bank.error());
      return kRefused;
    }
    banks.push_back(std::move(*bank));
  }
  const auto pool = poolFor(banks, *blueprint);
  const auto paper = bank::drawPaper(pool, *blueprint, *seed);
  if (!paper) {
    complain(arguments->value("blueprint"), paper.error());
    return kRefused;
  }
  Items items;
  for (const bank::Item& item : pool) items.try_emplace(item.id, &item);
  tellEnemies(*paper, items);
  if (arguments->has("json"))
    printJson(*paper, *blueprint, items, arguments->value("seed"), arguments->has("with-keys"));
  else printText(*paper, *blueprint, items, arguments->has("with-keys"));
  return kDone;
}

}  // namespace invigil::cli
