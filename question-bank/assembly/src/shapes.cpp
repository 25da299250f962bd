// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>

#include "search.hpp"
#include "worth.hpp"

// docs/formats/paper-batch.md states this step by step, tests/assembly-js is the same in JavaScript: a change here is a
// new algorithm name.
namespace invigil::assembly {
namespace {

using Index = std::size_t;
Index at(int value) { return static_cast<Index>(value); }

class Shaper {
 public:
  Shaper(const Problem& problem, const Cells& cells, const std::vector<int>& totals, int count, SeededRandom& random)
      : cells_(cells), totals_(totals), count_(count), length_(problem.length()), random_(random),
        search_(problem, cells, totals, random), sheet_(search_.sheet) {
    const std::vector<Worth> worth = worths(problem);
    for (Index c = 0; c < cells.items.size(); ++c) {
      Worth sum;
      for (int item : cells.items[c]) {
        sum.p += worth[at(item)].p;
        sum.info += worth[at(item)].info;
      }
      const std::int64_t size = static_cast<std::int64_t>(cells.items[c].size());
      worth_.push_back({sum.p / size, sum.info / size});
      mean_.p += worth_[c].p * totals[c];
      mean_.info += worth_[c].info * totals[c];
    }
    mean_.p /= count;
    mean_.info /= count;
  }

  Result<std::vector<std::vector<int>>> run() {
    if (!search_.hasCases()) deal();
    for (int i = 0; i < count_; ++i) mend(at(i));
    INVIGIL_CHECK(copyOverBroken());
    const int passes = search_.hasCases() ? 30 : 12;
    for (int pass = 0; pass < passes; ++pass)
      for (std::vector<int>& shape : shapes_) equalise(shape);
    for (std::vector<int>& shape : shapes_) std::sort(shape.begin(), shape.end());
    return std::move(shapes_);
  }

 private:
  /// Permuted blocks: the places sorted by cell, one block of `count` places at a time to all papers in random order.
  void deal() {
    shapes_.assign(at(count_), {});
    std::vector<int> order(at(count_));
    std::iota(order.begin(), order.end(), 0);
    Index next = order.size();
    for (Index c = 0; c < totals_.size(); ++c)
      for (int n = 0; n < totals_[c]; ++n) {
        if (next == order.size()) {
          shuffle(order, random_);
          next = 0;
        }
        shapes_[at(order[next++])].push_back(static_cast<int>(c));
      }
    for (const std::vector<int>& shape : shapes_) search_.use(shape, 1);
  }

  /// Cases are found one paper after another; papers without cases were dealt, and most break a rule at first.
  void mend(Index paper) {
    const std::vector<int> dealt = search_.hasCases() ? std::vector<int>() : shapes_[paper];
    search_.use(dealt, -1);
    sound_.push_back(search_.find(search_.hasCases() ? nullptr : &dealt));
    if (search_.hasCases()) shapes_.push_back(sheet_.cells());
    else shapes_[paper] = sheet_.cells();
    search_.use(shapes_[paper], 1);
  }

  /// What could not be mended takes the shape of a sound paper, so that no paper breaks a rule.
  Status copyOverBroken() {
    std::vector<int> sound;
    for (Index i = 0; i < shapes_.size(); ++i)
      if (sound_[i]) sound.push_back(static_cast<int>(i));
    if (sound.empty())
      return fail(ErrorCode::Conflict, "no_sound_paper",
                  "没有找到一份满足全部规则的试卷；请先运行预检。 / No paper that keeps every rule was found; run the pre-flight first.");
    for (Index i = 0; i < shapes_.size(); ++i) {
      if (sound_[i]) continue;
      search_.use(shapes_[i], -1);
      shapes_[i] = shapes_[at(search_.one(sound))];
      search_.use(shapes_[i], 1);
    }
    return {};
  }

  /// Brings the uses of the cells to their totals by changes that keep the paper sound; with cases, where cells are too
  /// small for levelling, its sums of p and information nearer to their mean too.
  void equalise(std::vector<int>& shape) {
    constexpr int kChains = 100, kCases = 2;
    sheet_.load(shape);
    bool changed = false;
    for (int n = 0; n < kChains; ++n) changed = chain() || changed;
    for (int n = 0; n < kCases && search_.hasCases(); ++n) changed = otherCase() || changed;
    if (changed) shape = sheet_.cells();
  }

  std::int64_t imbalance() const {
    if (!search_.hasCases()) return 0;
    Worth sum;
    for (int cell : sheet_.cells()) {
      sum.p += worth_[at(cell)].p;
      sum.info += worth_[at(cell)].info;
    }
    return distance(sum.p - mean_.p, sum.info - mean_.info) >> 8;
  }

  /// Replaces a place that is ahead by a cell that is behind, mends what that breaks by a few more, keeps all or nothing.
  bool chain() {
    constexpr Index kSteps = 4;
    struct Step {
      Index place;
      int was;
    };
    std::vector<Step> steps;
    std::int64_t change = -imbalance();
    const auto step = [&](Index place, int cell) {
      steps.push_back({place, sheet_.cells()[place]});
      change += search_.move(sheet_.cells()[place], -1) + search_.move(cell, 1);
      sheet_.replace(place, cell);
    };
    Index place = search_.anyPlace();
    if (const Index other = search_.anyPlace(); search_.ahead(sheet_.cells()[other]) > search_.ahead(sheet_.cells()[place])) place = other;
    const int cell = search_.pickFor();
    if (cell == sheet_.cells()[place] || (!search_.hasCases() && search_.ahead(cell) >= search_.ahead(sheet_.cells()[place]))) return false;
    step(place, cell);
    for (Index n = 1; n < kSteps && sheet_.broken() > 0; ++n)
      if (const auto [next, to] = search_.propose(search_.one(sheet_.brokenRules())); to >= 0) step(next, to);
    if (sheet_.broken() == 0 && change + imbalance() < 0) return true;
    for (; !steps.empty(); steps.pop_back()) {
      search_.use(sheet_.cells()[steps.back().place], -1);
      search_.use(steps.back().was, 1);
      sheet_.replace(steps.back().place, steps.back().was);
    }
    return false;
  }

  /// Exchanges, adds or drops a whole case, mends, and keeps the result when it is better.
  bool otherCase() {
    const std::vector<int> was = sheet_.cells();
    std::int64_t change = -imbalance();
    const bool vary = search_.casesVary() && search_.below(2) == 0;
    if (vary ? !search_.changeCases(search_.below(2) == 0) : !search_.otherCase()) return false;
    search_.repair(3 * length_, 1000);
    change += imbalance();
    for (int cell : was) change += search_.move(cell, -1);
    for (int cell : sheet_.cells()) change += search_.move(cell, 1);
    if (sheet_.broken() == 0 && change < 0) return true;
    search_.use(sheet_.cells(), -1);
    search_.use(was, 1);
    sheet_.load(was);
    return false;
  }

  const Cells& cells_;
  const std::vector<int>& totals_;
  const int count_, length_;
  SeededRandom& random_;
  Search search_;
  Sheet& sheet_;
  std::vector<Worth> worth_;  ///< mean of each cell
  Worth mean_;                ///< of a paper
  std::vector<std::vector<int>> shapes_;
  std::vector<char> sound_;
};

}  // namespace

Result<std::vector<std::vector<int>>> shapePapers(const Problem& problem, const Cells& cells,
                                                  const std::vector<int>& totals, int count, SeededRandom& random) {
  return Shaper(problem, cells, totals, count, random).run();
}

}  // namespace invigil::assembly
