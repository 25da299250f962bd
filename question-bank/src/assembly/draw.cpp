// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <numeric>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "invigil/bank/blueprint.hpp"

namespace invigil::bank {
namespace {

using Indices = std::vector<std::size_t>;

std::uint32_t below(SeededRandom& random, std::size_t bound) { return random.below(static_cast<std::uint32_t>(bound)); }

/// Moves a uniform sample of `count` to the front, in random order.
template <class T>
void shuffleFront(std::vector<T>& list, std::size_t count, SeededRandom& random) {
  for (std::size_t i = 0; i < count && i + 1 < list.size(); ++i)
    std::swap(list[i], list[i + below(random, list.size() - i)]);
}

Status sample(Indices candidates, int count, const std::string& what, SeededRandom& random, Indices& drawn) {
  const auto wanted = static_cast<std::size_t>(count);
  if (candidates.size() < wanted)
    return fail(ErrorCode::NotFound, "pool_too_small",
                "试卷需要 " + std::to_string(count) + " 道（" + what + "），题库里只有 " + std::to_string(candidates.size()) +
                    " 道。 / The paper needs " + std::to_string(count) + " items of " + what + "; the pool has " +
                    std::to_string(candidates.size()) + ". Add items or lower the blueprint's count.",
                what);
  shuffleFront(candidates, wanted, random);
  drawn.insert(drawn.end(), candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(wanted));
  return {};
}

Status checkCounts(const Blueprint& blueprint) {
  for (std::size_t p = 0; p < blueprint.parts.size(); ++p) {
    long long sum = 0;
    bool sound = blueprint.parts[p].count >= 0;
    for (const Topic& topic : blueprint.topics) {
      sound = sound && topic.counts.size() == blueprint.parts.size() && topic.counts[p] >= 0;
      sum += sound ? topic.counts[p] : 0;
    }
    if (!sound || (!blueprint.topics.empty() && sum != blueprint.parts[p].count))
      return fail(ErrorCode::InvalidInput, "bad_blueprint", "The topics' counts do not add up to the part's count.",
                  "parts[" + std::to_string(p) + "].count");
  }
  return {};
}

/// Items of one case follow its first one.
Indices casesTogether(const std::vector<Item>& pool, const Indices& drawn) {
  Indices out;
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    const std::string& stimulus = pool[drawn[i]].stimulus;
    const auto same = [&](std::size_t index) { return pool[index].stimulus == stimulus; };
    if (stimulus.empty()) out.push_back(drawn[i]);
    else if (std::none_of(out.begin(), out.end(), same)) std::copy_if(drawn.begin() + static_cast<std::ptrdiff_t>(i), drawn.end(), std::back_inserter(out), same);
  }
  return out;
}

Result<Indices> drawPart(const std::vector<Item>& pool, const Indices& unique, const Blueprint& blueprint,
                         std::size_t part, SeededRandom& random) {
  const ItemType type = blueprint.parts[part].type;
  const std::string type_name(toText(type));
  Indices of_type;
  std::vector<Indices> of_topic(blueprint.topics.size());
  bool known_topic = false;
  for (std::size_t index : unique) {
    const Item& item = pool[index];
    if (item.type != type) continue;
    of_type.push_back(index);
    for (std::size_t t = 0; t < blueprint.topics.size() && !item.topic.empty(); ++t) {
      if (blueprint.topics[t].id != item.topic) continue;
      of_topic[t].push_back(index);
      known_topic = true;
      break;
    }
  }
  Indices drawn;
  if (!known_topic) {
    INVIGIL_CHECK(sample(std::move(of_type), blueprint.parts[part].count, type_name, random, drawn));
  } else {
    for (std::size_t t = 0; t < blueprint.topics.size(); ++t)
      INVIGIL_CHECK(sample(std::move(of_topic[t]), blueprint.topics[t].counts[part],
                           type_name + ", topic '" + blueprint.topics[t].id + "'", random, drawn));
  }
  shuffleFront(drawn, drawn.size(), random);
  return casesTogether(pool, drawn);
}

std::vector<int> orderOptions(const Item& item, SeededRandom& random) {
  std::vector<int> order(item.options.size());
  std::iota(order.begin(), order.end(), 0);
  const bool keep = item.type == ItemType::TrueFalse || item.fixed_order || refersToOtherOptions(item);
  if (!keep) shuffleFront(order, order.size(), random);
  return order;
}

}  // namespace

Result<Paper> drawPaper(const std::vector<Item>& pool, const Blueprint& blueprint, const Seed& seed) {
  INVIGIL_CHECK(checkCounts(blueprint));
  Indices unique;
  std::unordered_set<std::string_view> ids;
  for (std::size_t i = 0; i < pool.size(); ++i)
    if (ids.insert(pool[i].id).second) unique.push_back(i);
  SeededRandom random(seed);
  Paper paper;
  for (std::size_t part = 0; part < blueprint.parts.size(); ++part) {
    INVIGIL_TRY(drawn, drawPart(pool, unique, blueprint, part, random));
    for (std::size_t index : drawn)
      paper.items.push_back({pool[index].id, orderOptions(pool[index], random), static_cast<int>(part)});
    // A blueprint made in code may have two parts of one type.
    const std::unordered_set<std::size_t> taken(drawn.begin(), drawn.end());
    std::erase_if(unique, [&](std::size_t index) { return taken.contains(index); });
  }
  return paper;
}

}  // namespace invigil::bank
