// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "banking/lifecycle.hpp"
#include "invigil/assembly/paper.hpp"
#include "invigil/base/random.hpp"
#include "papers/frozen.hpp"

namespace invigil::server {
namespace {

struct Candidate {
  std::int64_t slot = 0, place = 0;
  std::string leaf;
  assembly::SealedPaper paper;
};

Result<Candidate> openPlace(App& app, Tx& tx, const std::string& batch_id, std::int64_t place) {
  auto row = tx.one<std::int64_t, std::string, std::string>(
      "select slot, leaf, line from paper_slot where batch_id = :a and place = :b and state = 'unused'", batch_id, place);
  if (!row) return fail(ErrorCode::Internal, "internal", "The unused papers of a batch are not numbered without gaps.");
  Candidate one;
  one.place = place;
  std::string sealed;
  std::tie(one.slot, one.leaf, sealed) = *row;
  INVIGIL_TRY(line, openSealed(app, sealed));
  auto paper = assembly::parsePaper(line);
  if (!paper || paper->slot != one.slot || assembly::leafOf(*paper) != one.leaf)
    return fail(ErrorCode::Corrupt, "papers_damaged", "A stored paper is not the one that was sealed.");
  one.paper = std::move(*paper);
  return one;
}

/// `count` different numbers below `bound`, each set equally likely.
std::vector<std::int64_t> someBelow(std::int64_t bound, std::size_t count) {
  SeededRandom random(randomSeed());
  std::vector<std::int64_t> chosen;
  while (chosen.size() < std::min<std::size_t>(count, static_cast<std::size_t>(bound)))
    if (const std::int64_t one = random.below(static_cast<std::uint32_t>(bound)); std::find(chosen.begin(), chosen.end(), one) == chosen.end())
      chosen.push_back(one);
  return chosen;
}

std::string withoutVersion(const std::string& pool_id) { return pool_id.substr(0, pool_id.find('@')); }

/// Items that this person has met on papers of this exam, whatever version.
std::vector<std::string> seenBefore(Tx& tx, const std::string& candidate_id, const std::string& blueprint_id) {
  std::set<std::string> seen;
  for (auto& [paper] : tx.all<std::string>("select s.paper from sitting s join eligibility e on e.id = s.eligibility_id where s.candidate_id = :a "
                                           "and e.blueprint_id = :b", candidate_id, blueprint_id))
    for (const Json& place : Json::parse(paper)) seen.insert(withoutVersion(place.at("item").get<std::string>()));
  return {seen.begin(), seen.end()};
}

/// A random one; of a few random ones that which shares least with `earlier`, where there is something to share.
Result<Candidate> choose(App& app, Tx& tx, const BatchRow& row, const std::vector<std::string>& earlier) {
  std::vector<Candidate> few;
  std::vector<std::vector<std::string>> items;
  for (std::int64_t place : someBelow(row.unused, earlier.empty() ? 1 : kMakeUpChoices)) {
    INVIGIL_TRY(one, openPlace(app, tx, row.id, place));
    items.emplace_back();
    for (const std::string& id : one.paper.items) items.back().push_back(withoutVersion(id));
    few.push_back(std::move(one));
  }
  return std::move(few[assembly::leastShared(items, earlier)]);
}

/// The taken paper leaves a gap; the last unused one moves into it.
void closeGap(Tx& tx, const BatchRow& row, const Candidate& taken) {
  tx.exec("update paper_slot set state = 'used', place = -1 where batch_id = :a and slot = :b", row.id, taken.slot);
  tx.exec("update paper_slot set place = :a where batch_id = :b and place = :c and state = 'unused'", taken.place, row.id, row.unused - 1);
}

}  // namespace

Result<TakenPaper> takePaper(App& app, Tx& tx, const std::string& blueprint_id, const std::string& candidate_id,
                             const std::string& sitting_id, Instant now, const std::string& actor) {
  for (BatchRow& row : liveBatches(tx, blueprint_id)) {
    INVIGIL_CHECK(holdAgainstPool(app, tx, row, now));
    if (row.unused == 0) continue;
    INVIGIL_TRY(chosen, choose(app, tx, row, seenBefore(tx, candidate_id, blueprint_id)));
    INVIGIL_TRY(batch, frozenCache().get(tx, row.id));
    TakenPaper taken{row.id, chosen.leaf, "", chosen.slot, batch, {}};
    for (std::size_t i = 0; i < chosen.paper.items.size(); ++i) {
      const auto item = batch->items.find(chosen.paper.items[i]);
      if (item == batch->items.end()) return fail(ErrorCode::Corrupt, "papers_damaged", "A sealed paper names an item that was not frozen.");
      bank::PaperItem place{item->first, chosen.paper.options[i], 0};
      const std::size_t options = item->second.version.item.options.size();
      if (place.option_order.empty())  // as written
        for (std::size_t option = 0; option < options; ++option) place.option_order.push_back(static_cast<int>(option));
      for (std::size_t part = 0; part < batch->blueprint.parts.size(); ++part)
        if (batch->blueprint.parts[part].type == item->second.version.item.type) place.part = static_cast<int>(part);
      taken.places.push_back(std::move(place));
    }
    closeGap(tx, row, chosen);
    --row.unused;
    ++row.used;
    taken.take_hash = logEvent(tx, row, now, "take", actor, {{"sitting", sitting_id}, {"slot", taken.slot}, {"leaf", taken.leaf}});
    row.state = row.unused == 0 ? "used_up" : "in_use";
    saveBatch(tx, row);
    return taken;
  }
  return fail(ErrorCode::Unavailable, "papers_not_ready", "No sealed paper of " + blueprint_id + " is left.");
}

Status holdAgainstPool(App& app, Tx& tx, BatchRow& row, Instant now) {
  const std::int64_t edition = poolEdition(tx);
  if (row.edition == edition) return {};
  std::set<std::string> gone;  // pool ids
  bool newer = false;
  for (auto& [bank_id, item_id, frozen, released, bank_in_use] : tx.all<std::string, std::string, std::int64_t, std::int64_t, std::int64_t>(
           "select i.bank_id, i.item_id, b.version, i.released_version, k.enabled from paper_batch_item b join bank_item i on i.uid = b.item_uid "
           "join bank k on k.id = i.bank_id where b.batch_id = :a and (i.released_version <> b.version or k.enabled = 0)", row.id)) {
    if (released > 0 && bank_in_use != 0) newer = true;
    else gone.insert(bank_id + "/" + item_id + "@" + std::to_string(frozen));
  }
  row.edition = edition;
  row.stale = row.stale || newer || !gone.empty();
  saveBatch(tx, row);
  if (gone.empty()) return {};
  std::vector<std::int64_t> slots;
  for (auto& [slot, sealed] : tx.all<std::int64_t, std::string>(
           "select slot, line from paper_slot where batch_id = :a and state = 'unused' order by slot", row.id)) {
    INVIGIL_TRY(line, openSealed(app, sealed));
    INVIGIL_TRY(paper, assembly::parsePaper(line));
    if (std::any_of(paper.items.begin(), paper.items.end(), [&](const std::string& id) { return gone.contains(id); })) slots.push_back(slot);
  }
  if (slots.empty()) return {};
  const std::vector<std::string> items(gone.begin(), gone.end());
  withdrawPapers(tx, row, &slots, items, "withdraw_papers", "题目已停用 / items out of use", "server", now,
                 problemJson({ErrorCode::Conflict, "items_out_of_use", "", "items"}));
  return {};
}

}  // namespace invigil::server
