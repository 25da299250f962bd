// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <numeric>

#include "cells.hpp"

// tests/assembly-js/invigil-assembly.mjs is the same in JavaScript: a change here is a new algorithm name.
namespace invigil::assembly {

Cells cellsOf(const Problem& problem) {
  std::vector<std::vector<int>> rules(problem.items.size());
  std::vector<int> group_of(problem.items.size(), -1);
  for (std::size_t k = 0; k < problem.rules.size(); ++k)
    for (int item : problem.rules[k].items) {
      if (problem.rules[k].sum != Rule::Sum::Count) break;
      rules[static_cast<std::size_t>(item)].push_back(static_cast<int>(k));
      if (problem.rules[k].counts_into >= 0) group_of[static_cast<std::size_t>(item)] = static_cast<int>(k);
    }
  std::map<std::tuple<std::vector<int>, int, int>, std::vector<int>> sorted;
  for (std::size_t i = 0; i < rules.size(); ++i)
    sorted[{rules[i], problem.items[i].part, problem.items[i].band}].push_back(static_cast<int>(i));
  Cells cells;
  cells.of.resize(rules.size());
  std::map<int, int> numbers;
  for (auto& [key, items] : sorted) {
    const int cell = static_cast<int>(cells.items.size()), rule = group_of[static_cast<std::size_t>(items.front())];
    for (int item : items) cells.of[static_cast<std::size_t>(item)] = cell;
    int group = -1;
    if (rule >= 0) {
      group = numbers.try_emplace(rule, static_cast<int>(numbers.size())).first->second;
      cells.group_cells.resize(numbers.size());
      cells.group_cells[static_cast<std::size_t>(group)].push_back(cell);
    }
    const bool kin = cell > 0 && cells.rules.back() == std::get<0>(key) &&
                     problem.items[static_cast<std::size_t>(cells.items.back().front())].part == std::get<1>(key);
    cells.kin.push_back(cells.kin.empty() ? 0 : cells.kin.back() + (kin ? 0 : 1));
    cells.group.push_back(group);
    cells.items.push_back(std::move(items));
    cells.rules.push_back(std::get<0>(key));
  }
  return cells;
}

namespace {

using Index = std::size_t;
Index at(int value) { return static_cast<Index>(value); }

/// One paper as cells, with the count of every rule and how far the rules are broken in all.
struct Shape {
  std::vector<int> cells;
  std::vector<int> counts;
  int broken = 0;
};

class Shaper {
 public:
  Shaper(const Problem& problem, const Cells& cells, const std::vector<int>& totals, int count, SeededRandom& random)
      : cells_(cells), rules_(problem.rules), of_cell_(cells.rules), weight_(cells.items.size()), totals_(totals), left_(totals), count_(count),
        length_(problem.length()), random_(random) {
    // Bands are kept by levelling; shapes know counts only.
    for (Rule& rule : rules_)
      if (rule.sum != Rule::Sum::Count) rule.low = 0;
    // A paper cannot hold more items of a cell than the cell has.
    for (Index c = 0; c < cells.items.size(); ++c) {
      for (int rule : of_cell_[c]) weight_[c].push_back(weightIn(problem, problem.rules[at(rule)], cells.items[c].front()));
      of_cell_[c].push_back(static_cast<int>(rules_.size()));
      weight_[c].push_back(1);
      Rule capacity;
      capacity.high = static_cast<std::int64_t>(cells.items[c].size());
      rules_.push_back(std::move(capacity));
    }
  }

  Result<std::vector<std::vector<int>>> run() {
    if (cells_.group_cells.empty()) {
      deal();
      exchange();
      for (const Shape& shape : shapes_)
        for (int cell : shape.cells) --left_[at(cell)];
    } else {
      for (int i = 0; i < count_; ++i) shapes_.push_back(startWithCases());
    }
    for (Shape& shape : shapes_)
      if (shape.broken > 0) mend(shape);
    return copyOverBroken();
  }

 private:
  std::uint32_t below(Index bound) { return random_.below(static_cast<std::uint32_t>(bound)); }

  int broken(Index rule, int n) const {
    const Rule& r = rules_[rule];
    if (r.if_any && n == 0) return 0;
    return static_cast<int>(n < r.low ? r.low - n : n > r.high ? n - r.high : 0);
  }

  void count(Shape& shape, Index rule, int by) const {
    int& n = shape.counts[rule];
    const bool used = n > 0;
    shape.broken -= broken(rule, n);
    n += by;
    shape.broken += broken(rule, n);
    if (rules_[rule].counts_into >= 0 && used != (n > 0)) count(shape, at(rules_[rule].counts_into), by > 0 ? 1 : -1);
  }

  void count(Shape& shape, int cell, int sign) const {
    const std::vector<int>&rules = of_cell_[at(cell)], &weights = weight_[at(cell)];
    for (Index k = 0; k < rules.size(); ++k) count(shape, at(rules[k]), sign * weights[k]);
  }

  Shape empty() const {
    Shape shape;
    shape.counts.assign(rules_.size(), 0);
    for (Index k = 0; k < rules_.size(); ++k) shape.broken += broken(k, 0);
    return shape;
  }

  void put(Shape& shape, int cell) const {
    shape.cells.push_back(cell);
    count(shape, cell, 1);
  }

  /// Permuted blocks: the places sorted by cell, one block of `count` places at a time to all papers in random order.
  void deal() {
    shapes_.assign(at(count_), empty());
    std::vector<int> order(at(count_));
    std::iota(order.begin(), order.end(), 0);
    Index next = order.size();
    for (Index c = 0; c < totals_.size(); ++c)
      for (int n = 0; n < totals_[c]; ++n) {
        if (next == order.size()) {
          shuffle(order, random_);
          next = 0;
        }
        put(shapes_[at(order[next++])], static_cast<int>(c));
      }
  }

  void replace(Shape& shape, Index place, int cell) const {
    count(shape, shape.cells[place], -1);
    shape.cells[place] = cell;
    count(shape, cell, 1);
  }

  bool accepts(int worse, std::uint32_t heat) {
    if (worse <= 0) return true;
    if (worse > 2) return false;
    return below(65536) < (worse == 1 ? heat : heat / 16);
  }

  /// Swaps places between two papers, so the totals of the cells stay what they are.
  void exchange() {
    constexpr int kSweeps = 150;
    for (int sweep = 0; sweep < kSweeps; ++sweep) {
      const std::uint32_t heat = static_cast<std::uint32_t>(3000 * (kSweeps - 1 - sweep) / kSweeps);
      bool sound = true;
      for (Index i = 0; i < shapes_.size(); ++i) {
        for (int attempt = 0; attempt < 12 * length_ && shapes_[i].broken > 0; ++attempt) {
          const Index j = below(shapes_.size());
          const Index a = below(shapes_[i].cells.size()), b = below(shapes_[j].cells.size());
          Shape &one = shapes_[i], &two = shapes_[j];
          const int mine = one.cells[a], theirs = two.cells[b], before = one.broken + two.broken;
          if (i == j || mine == theirs) continue;
          replace(one, a, theirs);
          replace(two, b, mine);
          if (accepts(one.broken + two.broken - before, heat)) continue;
          replace(one, a, mine);
          replace(two, b, theirs);
        }
        sound = sound && shapes_[i].broken == 0;
      }
      if (sound) return;
    }
  }

  /// Of three cells at random the one with the largest share of its places still to give.
  int pick() {
    int best = static_cast<int>(below(totals_.size()));
    for (int n = 0; n < 2; ++n) {
      const int other = static_cast<int>(below(totals_.size()));
      if (share(other) > share(best)) best = other;
    }
    return best;
  }
  std::int64_t share(int cell) const {
    return totals_[at(cell)] == 0 ? -4096 : std::int64_t{4096} * left_[at(cell)] / totals_[at(cell)];
  }

  /// Another item of a case that is on the paper, or any cell where the problem has no cases.
  int pickFor(const Shape& shape) {
    const int group = cells_.group[at(shape.cells[below(shape.cells.size())])];
    if (group < 0) return pick();
    const std::vector<int>& members = cells_.group_cells[at(group)];
    const int one = members[below(members.size())], other = members[below(members.size())];
    return share(other) > share(one) ? other : one;
  }

  /// Exchanges one whole case for another.
  Shape withOtherCase(const Shape& shape) {
    const int from = cells_.group[at(shape.cells[below(shape.cells.size())])], to = cells_.group[at(pick())];
    if (from == to || from < 0 || to < 0) return shape;
    Shape changed = empty();
    for (int cell : shape.cells) {
      const std::vector<int>& members = cells_.group_cells[at(to)];
      put(changed, cells_.group[at(cell)] == from ? members[below(members.size())] : cell);
    }
    return changed;
  }

  Shape startWithCases() {
    Shape shape = empty();
    for (int n = 0; n < length_;) {
      const int group = cells_.group[at(pick())];
      const int take = group < 0 ? 1 : 5;
      for (int k = 0; k < take && n < length_; ++k, ++n)
        put(shape, group < 0 ? pick() : cells_.group_cells[at(group)][below(cells_.group_cells[at(group)].size())]);
    }
    walk(shape);
    for (int cell : shape.cells) --left_[at(cell)];
    return shape;
  }

  /// Replaces places by cells that are behind their total, until no rule is broken.
  void walk(Shape& shape) {
    const int steps = 400 * length_;
    for (int step = 0; step < steps && shape.broken > 0; ++step) {
      const std::uint32_t heat = static_cast<std::uint32_t>(4000 * (steps - 1 - step) / steps);
      const int before = shape.broken;
      if (!cells_.group_cells.empty() && below(8) == 0) {
        Shape changed = withOtherCase(shape);
        if (accepts(changed.broken - before, heat)) shape = std::move(changed);
        continue;
      }
      const Index place = below(shape.cells.size());
      const int mine = shape.cells[place], other = pickFor(shape);
      replace(shape, place, other);
      if (!accepts(shape.broken - before, heat)) replace(shape, place, mine);
    }
  }

  void mend(Shape& shape) {
    for (int cell : shape.cells) ++left_[at(cell)];
    walk(shape);
    for (int cell : shape.cells) --left_[at(cell)];
  }

  /// What could not be mended takes the shape of a sound paper, so that no paper breaks a rule.
  Result<std::vector<std::vector<int>>> copyOverBroken() {
    std::vector<Index> sound;
    for (Index i = 0; i < shapes_.size(); ++i)
      if (shapes_[i].broken == 0) sound.push_back(i);
    if (sound.empty())
      return fail(ErrorCode::Conflict, "no_sound_paper",
                  "没有找到一份满足全部规则的试卷；请先运行预检。 / No paper that keeps every rule was found; run the pre-flight first.");
    std::vector<std::vector<int>> out;
    for (Shape& shape : shapes_) {
      out.push_back(shape.broken == 0 ? shape.cells : shapes_[sound[below(sound.size())]].cells);
      std::sort(out.back().begin(), out.back().end());
    }
    return out;
  }

  const Cells& cells_;
  std::vector<Rule> rules_;
  std::vector<std::vector<int>> of_cell_, weight_;  ///< rules of each cell, and what one place of it counts
  std::vector<int> totals_, left_;
  int count_, length_;
  SeededRandom& random_;
  std::vector<Shape> shapes_;
};

}  // namespace

Result<std::vector<std::vector<int>>> shapePapers(const Problem& problem, const Cells& cells,
                                                  const std::vector<int>& totals, int count, SeededRandom& random) {
  return Shaper(problem, cells, totals, count, random).run();
}

std::vector<std::int64_t> violations(const Problem& problem, const std::vector<int>& items) {
  std::vector<char> on(problem.items.size(), 0);
  for (int item : items) on[at(item)] = 1;
  std::vector<std::int64_t> sums(problem.rules.size(), 0), out(problem.rules.size(), 0);
  for (Index k = 0; k < sums.size(); ++k) {
    const Rule& rule = problem.rules[k];
    for (int item : rule.items)
      if (on[at(item)])
        sums[k] += rule.sum == Rule::Sum::P ? problem.items[at(item)].p : rule.sum == Rule::Sum::Info ? problem.items[at(item)].info
                                                                                                   : weightIn(problem, rule, item);
  }
  for (Index k = 0; k < sums.size(); ++k)
    if (problem.rules[k].counts_into >= 0 && sums[k] > 0) ++sums[at(problem.rules[k].counts_into)];
  for (Index k = 0; k < sums.size(); ++k) {
    const Rule& rule = problem.rules[k];
    if (rule.if_any && sums[k] == 0) continue;
    out[k] = sums[k] < rule.low ? rule.low - sums[k] : sums[k] > rule.high ? sums[k] - rule.high : 0;
  }
  return out;
}

}  // namespace invigil::assembly
