// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "search.hpp"

#include <algorithm>

// docs/formats/paper-batch.md states this step by step, tests/assembly-js is the same in JavaScript: a change here is a
// new algorithm name.
namespace invigil::assembly {
namespace {

std::size_t at(int value) { return static_cast<std::size_t>(value); }

}  // namespace

Search::Search(const Problem& problem, const Cells& cells, const std::vector<int>& totals, SeededRandom& random)
    : sheet(sheet_), cells_(cells), rules_(problem, cells), random_(random), sheet_(rules_), length_(problem.length()), ahead_(totals.size()) {
  for (Index c = 0; c < totals.size(); ++c) {
    ahead_[c] = -totals[c];
    weight_.push_back(std::max<std::int64_t>(1, (std::int64_t{1} << 20) / static_cast<std::int64_t>(cells.items[c].size())));
    if (cells.group[c] < 0) alone_.push_back(static_cast<int>(c));
  }
  for (Index g = 0; g < cells.group_cells.size(); ++g)
    if (groupAhead(static_cast<int>(g)) < 0) cases_.push_back(static_cast<int>(g));
}

/// Of `tries` at random the one that is furthest behind.
template <class List>
int Search::pick(const List& list, int tries) {
  int best = one(list);
  while (--tries > 0)
    if (const int other = one(list); ahead(other) < ahead(best)) best = other;
  return best;
}

int Search::pickFor() {
  if (!hasCases()) return pick(alone_, 3);
  const int group = cells_.group[at(one(sheet.cells()))];
  return group < 0 ? pick(alone_, 3) : pick(cells_.group_cells[at(group)], 2);
}

std::int64_t Search::groupAhead(int group) const {
  std::int64_t sum = 0;
  for (int cell : cells_.group_cells[at(group)]) sum += ahead_[at(cell)];
  return sum;
}

/// A case that is not on the paper: of three at random the one furthest behind; -1 = all three are on it.
int Search::pickCase() {
  int best = -1;
  for (int n = 0; n < 3 && !cases_.empty(); ++n) {
    const int group = one(cases_);
    if (!present(group) && (best < 0 || groupAhead(group) < groupAhead(best))) best = group;
  }
  return best;
}

/// Items of a case in random order, as cells.
std::vector<int> Search::members(int group) {
  std::vector<int> out;
  for (int cell : cells_.group_cells[at(group)]) out.insert(out.end(), cells_.items[at(cell)].size(), cell);
  shuffle(out, random_);
  return out;
}

/// Takes case `from` off the paper (-1: none) and puts `to` on it (-1: none), with as many items as `to` allows.
void Search::exchangeCase(int from, int to) {
  std::vector<Index> places;
  for (Index k = 0; k < sheet.cells().size() && from >= 0; ++k)
    if (cells_.group[at(sheet.cells()[k])] == from) places.push_back(k);
  Index take = 0;
  if (to >= 0) {
    const CountRules::One& rule = rules_.rules[at(cells_.group_rule[at(to)])];
    const std::vector<int> coming = members(to);
    take = std::min({coming.size(), sheet.cells().size(), at(std::max(rule.low, std::min(static_cast<int>(places.size()), rule.high)))});
    while (places.size() < take)
      if (const Index place = anyPlace(); std::find(places.begin(), places.end(), place) == places.end()) places.push_back(place);
    for (Index k = 0; k < take; ++k) sheet.replace(places[k], coming[k]);
  }
  for (Index k = take; k < places.size(); ++k) sheet.replace(places[k], pickFor());
}

bool Search::otherCase() {
  const int from = cells_.group[at(one(sheet.cells()))], to = pickCase();
  if (to < 0) return false;
  exchangeCase(from, to);
  return true;
}

bool Search::changeCases(bool more) {
  const int to = more ? pickCase() : -1, from = more ? -1 : cells_.group[at(one(sheet.cells()))];
  if (to < 0 && from < 0) return false;
  exchangeCase(from, to);
  return true;
}

bool Search::casesVary() const {
  if (cases_.empty()) return false;
  const CountRules::One& cases = rules_.rules[at(rules_.rules[at(cells_.group_rule.front())].counts_into)];
  return cases.low < cases.high;
}

void Search::start() {
  sheet.load({});
  int wanted = 0;
  if (!cases_.empty()) {
    const CountRules::One& cases = rules_.rules[at(rules_.rules[at(cells_.group_rule.front())].counts_into)];
    const int high = std::max(cases.low, std::min(cases.high, static_cast<int>(cases_.size())));
    wanted = cases.low + below(at(high - cases.low + 1));
  }
  for (int n = 0; n < wanted; ++n) {
    const int group = pickCase();
    if (group < 0) continue;
    const CountRules::One& rule = rules_.rules[at(cells_.group_rule[at(group)])];
    const std::vector<int> coming = members(group);
    const Index take = std::min({coming.size(), at(length_) - sheet.cells().size(), at(std::max(rule.low, std::min(length_ / wanted, rule.high)))});
    for (Index k = 0; k < take; ++k) sheet.put(coming[k]);
  }
  while (static_cast<int>(sheet.cells().size()) < length_) {
    if (!alone_.empty()) sheet.put(pick(alone_, 3));
    else sheet.put(sheet.cells().empty() ? below(ahead_.size()) : pickFor());
  }
}

std::pair<Search::Index, int> Search::propose(int rule) {
  const bool low = sheet.of(rule) < rules_.rules[at(rule)].low;
  const std::vector<int>& counted = rules_.cells_of[at(rule)];
  if (counted.empty()) return {0, -1};
  // A place that the rule counts where it has too many, one that it does not count where it has too few.
  const auto counts = [&](Index place) { return std::binary_search(counted.begin(), counted.end(), sheet.cells()[place]); };
  Index place = anyPlace();
  for (int n = 0; n < 6 && counts(place) == low; ++n) place = anyPlace();
  if (!low) return {place, pickFor()};
  const auto fits = [&](int cell) { return cells_.group[at(cell)] < 0 || present(cells_.group[at(cell)]); };
  int cell = pick(counted, 2);
  for (int n = 0; n < 6 && !fits(cell); ++n) cell = one(counted);
  return {place, fits(cell) ? cell : -1};
}

bool Search::accepts(int worse, int heat) {
  if (worse <= 0) return true;
  if (worse > 2) return false;
  return below(65536) < (worse == 1 ? heat : heat / 16);
}

void Search::repair(int steps, int heat) {
  for (int step = 0; step < steps && sheet.broken() > 0; ++step) {
    const int before = sheet.broken(), warm = static_cast<int>(static_cast<std::int64_t>(heat) * (steps - 1 - step) / steps);
    const int rule = one(sheet.brokenRules());
    const bool counts_cases = hasCases() && rules_.cells_of[at(rule)].empty();
    if (counts_cases || (hasCases() && below(16) == 0)) {
      const std::vector<int> was = sheet.cells();
      if ((counts_cases ? changeCases(sheet.of(rule) < rules_.rules[at(rule)].low) : otherCase()) && !accepts(sheet.broken() - before, warm)) sheet.load(was);
      continue;
    }
    const auto [place, cell] = propose(rule);
    if (cell < 0) continue;
    const int mine = sheet.cells()[place];
    sheet.replace(place, cell);
    if (!accepts(sheet.broken() - before, warm)) sheet.replace(place, mine);
  }
}

bool Search::find(const std::vector<int>* shape) {
  constexpr int kTries = 8, kStepsPerItem = 40, kHeat = 4000;
  for (int n = 0; n < kTries; ++n) {
    if (shape && (n == 0 || !hasCases())) sheet.load(*shape);
    else start();
    repair(kStepsPerItem * length_, kHeat);
    if (sheet.broken() == 0) return true;
  }
  return false;
}

}  // namespace invigil::assembly
