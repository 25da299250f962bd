// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "papers/frozen.hpp"

#include <algorithm>

#include "invigil/bank/item_digest.hpp"

namespace invigil::server {
namespace {

std::string poolId(const std::string& bank_id, const std::string& item_id, std::int64_t version) {
  return bank_id + "/" + item_id + "@" + std::to_string(version);
}

/// `joins` makes b.place, i (bank_item) and v (item_version) available.
Result<std::vector<PoolItem>> itemsOf(Tx& tx, const std::string& joins, const std::vector<Tx::Value>& values) {
  std::vector<PoolItem> list;
  const auto contents = contentsOf(tx, "v.number", joins, values);
  std::size_t n = 0;
  for (auto& [uid, bank_id] : tx.allBound<std::string, std::string>("select i.uid, i.bank_id from " + joins, values)) {
    PoolItem one;
    one.drawn.uid = uid;
    static_cast<ItemContent&>(one.drawn.version) = contents.at(n++);
    const bank::Item& item = one.drawn.version.item;
    one.pool_id = poolId(bank_id, item.id, one.drawn.version.number);
    one.drawn.stimulus_markup = "plain";
    if (!item.stimulus.empty()) {
      auto text = tx.one<std::string, std::string>("select markup, text from stimulus where bank_id = :a and stimulus_id = :b and version = :c",
                                                   bank_id, item.stimulus, one.drawn.version.stimulus_version);
      if (!text) return fail(ErrorCode::Internal, "internal", "An item in use without its case material.");
      std::tie(one.drawn.stimulus_markup, one.drawn.stimulus_text) = *text;
    }
    list.push_back(std::move(one));
  }
  return list;
}

std::string bankOf(const PoolItem& item) { return item.pool_id.substr(0, item.pool_id.find('/')); }

}  // namespace

Result<std::vector<PoolItem>> poolItems(Tx& tx, const bank::Blueprint& blueprint) {
  const std::string role = "\"" + std::string(bank::toText(blueprint.role)) + "\"";
  INVIGIL_TRY(items, itemsOf(tx, "bank_item i join item_version v on v.item_uid = i.uid and v.number = i.released_version "
                     "join bank k on k.id = i.bank_id where k.enabled = 1 and (k.category = '' or k.category = :a) and k.roles like :b "
                     "and i.released_version > 0 order by i.bank_id, i.ord", {blueprint.category, "%" + role + "%"}));
  measureItems(tx, items, blueprint);
  return items;
}

Result<std::vector<PoolItem>> frozenItems(Tx& tx, const std::string& batch_id) {
  INVIGIL_TRY(items, itemsOf(tx, "paper_batch_item b join bank_item i on i.uid = b.item_uid join item_version v on v.item_uid = i.uid and "
                     "v.number = b.version where b.batch_id = :a order by b.place", {batch_id}));
  std::size_t n = 0;
  for (auto& [p, info] : tx.all<std::optional<std::int64_t>, std::optional<std::int64_t>>(
           "select measured_p, measured_info from paper_batch_item where batch_id = :a order by place", batch_id)) {
    if (n < items.size() && p && info) items[n].measured = assembly::Measured{*p, *info};
    ++n;
  }
  return items;
}

std::string itemDigest(const PoolItem& item) {
  Json content = contentJson(item.drawn.version.item, item.drawn.version.stimulus_version);
  content["id"] = item.pool_id;
  content["stimulus_text"] = item.drawn.stimulus_text;
  return sha256Hex(content.dump(-1, ' ', false, Json::error_handler_t::replace));
}

Result<PoolProblem> poolProblem(const std::vector<PoolItem>& pool, const bank::Blueprint& blueprint) {
  std::vector<bank::Item> items;
  std::vector<std::string> asks;
  std::map<std::string, std::size_t> place;
  std::map<std::string, assembly::Measured> measured;
  for (std::size_t i = 0; i < pool.size(); ++i) {
    bank::Item item = pool[i].drawn.version.item;
    asks.push_back(bank::questionDigest(item, pool[i].drawn.stimulus_text));
    const std::string bank_id = bankOf(pool[i]);
    item.id = bank_id + "/" + item.id;  // two banks may use the same item id
    for (std::string& enemy : item.enemies) enemy = bank_id + "/" + enemy;
    if (!item.stimulus.empty()) item.stimulus = bank_id + "/" + item.stimulus;
    place.emplace(item.id, i);
    if (pool[i].measured) measured.emplace(item.id, *pool[i].measured);
    items.push_back(std::move(item));
  }
  PoolProblem out;
  INVIGIL_TRY(problem, assembly::problemOfQuestions(items, asks, blueprint, measured, &out.twins));
  out.problem = std::move(problem);
  for (assembly::Candidate& candidate : out.problem.items) {
    const std::size_t at = place.at(candidate.id);
    candidate.id = pool[at].pool_id;
    candidate.content = itemDigest(pool[at]);
    out.used.push_back(at);
  }
  return out;
}

FrozenCache& frozenCache() {
  static FrozenCache cache;
  return cache;
}

Result<std::shared_ptr<const FrozenBatch>> FrozenCache::get(Tx& tx, const std::string& batch_id) {
  std::lock_guard lock(mutex_);
  const auto found = std::find_if(kept_.begin(), kept_.end(), [&](const auto& one) { return one.first == batch_id; });
  if (found != kept_.end()) {
    std::rotate(found, found + 1, kept_.end());
    return kept_.back().second;
  }
  auto text = tx.value<std::string>("select v.content from paper_batch b join blueprint_version v on v.blueprint_id = b.blueprint_id and "
                                    "v.number = b.blueprint_version where b.id = :a", batch_id);
  if (!text) return fail(ErrorCode::NotFound, "no_such_batch", "", "id");
  auto fresh = std::make_shared<FrozenBatch>();
  fresh->blueprint_text = *text;
  INVIGIL_TRY(blueprint, bank::parseBlueprint(*text));
  fresh->blueprint = std::move(blueprint);
  INVIGIL_TRY(items, frozenItems(tx, batch_id));
  for (PoolItem& item : items) fresh->items.emplace(item.pool_id, std::move(item.drawn));
  if (kept_.size() == kKept) kept_.erase(kept_.begin());
  kept_.emplace_back(batch_id, fresh);
  return std::shared_ptr<const FrozenBatch>(fresh);
}

}  // namespace invigil::server
