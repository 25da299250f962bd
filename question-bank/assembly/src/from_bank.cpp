// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "digest.hpp"
#include "invigil/assembly/problem.hpp"

namespace invigil::assembly {
namespace {

/// Which items a part may use, and its topic of each (-1 = the part is counted by type only).
struct Usable {
  const bank::Item* item;
  int part, topic;
};

std::vector<Usable> usableItems(const std::vector<bank::Item>& pool, const bank::Blueprint& blueprint) {
  std::unordered_set<std::string_view> ids;
  std::vector<Usable> all;
  std::vector<char> by_topic(blueprint.parts.size(), 0);
  for (const bank::Item& item : pool) {
    if (!ids.insert(item.id).second) continue;
    for (std::size_t p = 0; p < blueprint.parts.size(); ++p) {
      if (blueprint.parts[p].type != item.type) continue;
      Usable one{&item, static_cast<int>(p), -1};
      for (std::size_t t = 0; t < blueprint.topics.size(); ++t)
        if (!item.topic.empty() && blueprint.topics[t].id == item.topic) one.topic = static_cast<int>(t);
      by_topic[p] = static_cast<char>(by_topic[p] || one.topic >= 0);
      all.push_back(one);
      break;
    }
  }
  std::erase_if(all, [&](const Usable& one) { return by_topic[static_cast<std::size_t>(one.part)] && one.topic < 0; });
  return all;
}

std::string canonical(const bank::Item& item) {
  std::string text = item.id + '\n' + std::string(bank::toText(item.type)) + '\n' + item.stem;
  for (const std::string& option : item.options) text += '\n' + option;
  return text;
}

}  // namespace

Result<Problem> problemFrom(const std::vector<bank::Item>& pool, const bank::Blueprint& blueprint) {
  const std::vector<Usable> usable = usableItems(pool, blueprint);
  Problem problem{blueprint.id, {}, {}};
  problem.rules.push_back({"length", blueprint.items(), blueprint.items(), false, -1, {}});
  for (std::size_t p = 0; p < blueprint.parts.size(); ++p) {
    const std::string part = "part " + std::to_string(p + 1) + " (" + std::string(bank::toText(blueprint.parts[p].type)) + ")";
    problem.rules.push_back({part, blueprint.parts[p].count, blueprint.parts[p].count, false, -1, {}});
  }
  std::vector<std::vector<int>> topic_rule(blueprint.parts.size(), std::vector<int>(blueprint.topics.size(), -1));
  std::unordered_map<std::string_view, int> number;
  for (const Usable& one : usable) {
    const bank::Item& item = *one.item;
    const int index = static_cast<int>(problem.items.size());
    const bool keeps = item.type == bank::ItemType::TrueFalse || item.fixed_order || bank::refersToOtherOptions(item.options);
    problem.items.push_back({item.id, sha256Hex(canonical(item)), one.part, keeps ? 0 : static_cast<int>(item.options.size()),
                             std::int64_t{1'000'000} * item.difficulty, 0});
    number.emplace(item.id, index);
    problem.rules[0].items.push_back(index);
    const auto p = static_cast<std::size_t>(one.part);
    problem.rules[p + 1].items.push_back(index);
    if (one.topic >= 0 && topic_rule[p][0] < 0)
      for (std::size_t t = 0; t < blueprint.topics.size(); ++t) {
        const auto& counts = blueprint.topics[t].counts;
        if (counts.size() != blueprint.parts.size())
          return fail(ErrorCode::InvalidInput, "bad_blueprint", "The topics' counts do not add up to the part's count.", "topics");
        topic_rule[p][t] = static_cast<int>(problem.rules.size());
        problem.rules.push_back({problem.rules[p + 1].name + ", topic " + blueprint.topics[t].id, counts[p], counts[p], false, -1, {}});
      }
    if (one.topic >= 0) problem.rules[static_cast<std::size_t>(topic_rule[p][static_cast<std::size_t>(one.topic)])].items.push_back(index);
  }
  // One of the two may be silent about the other.
  std::set<std::pair<int, int>> pairs;
  for (std::size_t i = 0; i < problem.items.size(); ++i)
    for (const std::string& enemy : usable[i].item->enemies)
      if (const auto found = number.find(enemy); found != number.end() && found->second != static_cast<int>(i))
        pairs.insert(std::minmax(static_cast<int>(i), int{found->second}));
  for (const auto& [one, two] : pairs)
    problem.rules.push_back({"enemies " + problem.items[static_cast<std::size_t>(one)].id + " | " + problem.items[static_cast<std::size_t>(two)].id,
                             0, 1, false, -1, {one, two}});
  return problem;
}

}  // namespace invigil::assembly
