// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>

#include "cells.hpp"

// tests/assembly-js/invigil-assembly.mjs is the same in JavaScript: a change here is a new algorithm name.
namespace invigil::assembly {
namespace {

using Index = std::size_t;
Index at(int value) { return static_cast<Index>(value); }

struct Place {
  int paper, index;
};

class Dealer {
 public:
  Dealer(const Problem& problem, const Cells& cells, std::vector<std::vector<int>> shapes, SeededRandom& random)
      : problem_(problem), cells_(cells), shapes_(std::move(shapes)), random_(random), places_(cells.items.size()) {
    for (Index i = 0; i < shapes_.size(); ++i) {
      papers_.emplace_back(shapes_[i].size(), -1);
      for (Index k = 0; k < shapes_[i].size(); ++k)
        places_[at(shapes_[i][k])].push_back({static_cast<int>(i), static_cast<int>(k)});
    }
    kin_places_.resize(at(cells.kin.back()) + 1);
    for (Index c = 0; c < places_.size(); ++c) {
      std::vector<Place>& kin = kin_places_[at(cells.kin[c])];
      kin.insert(kin.end(), places_[c].begin(), places_[c].end());
    }
  }

  std::vector<std::vector<int>> run() {
    for (Index c = 0; c < places_.size(); ++c) dealCell(c);
    level();
    return std::move(papers_);
  }

 private:
  /// Shapes are sorted, so a paper's places of one cell lie side by side: [from, to).
  std::pair<Index, Index> run(const Place& place) const {
    const std::vector<int>& shape = shapes_[at(place.paper)];
    Index from = at(place.index), to = from + 1;
    while (from > 0 && shape[from - 1] == shape[at(place.index)]) --from;
    while (to < shape.size() && shape[to] == shape[at(place.index)]) ++to;
    return {from, to};
  }

  bool holds(const Place& place, int item) const {
    const std::vector<int>& paper = papers_[at(place.paper)];
    return std::find(paper.begin(), paper.end(), item) != paper.end();
  }

  /// Papers in random order take items from one permutation of the cell after another.
  void dealCell(Index cell) {
    std::vector<Place> firsts;
    for (const Place& place : places_[cell])
      if (run(place).first == at(place.index)) firsts.push_back(place);
    shuffle(firsts, random_);
    std::vector<int> block = cells_.items[cell];
    Index next = block.size();
    for (const Place& first : firsts) {
      const auto [from, to] = run(first);
      for (Index k = from; k < to; ++k) {
        if (next == block.size()) {
          shuffle(block, random_);
          next = 0;
        }
        // An item that the paper got from the last block waits for another paper.
        Index choice = next;
        while (holds(first, block[choice])) ++choice;
        std::swap(block[next], block[choice]);
        papers_[at(first.paper)][k] = block[next++];
      }
    }
  }

  /// Far-off sums count as this far off, so that squares stay below 2^53.
  static std::int64_t square(std::int64_t deviation) {
    constexpr std::int64_t kFar = 20'000'000;
    const std::int64_t d = std::clamp(deviation, -kFar, kFar);
    return d * d;
  }

  void level() {
    constexpr int kAttempts = 200;
    const std::int64_t count = static_cast<std::int64_t>(papers_.size());
    std::vector<std::int64_t> p(papers_.size(), 0), info(papers_.size(), 0);
    std::int64_t p_all = 0, info_all = 0;
    std::vector<Place> all;
    for (Index i = 0; i < papers_.size(); ++i)
      for (Index k = 0; k < papers_[i].size(); ++k) {
        const Candidate& item = problem_.items[at(papers_[i][k])];
        p[i] += item.p;
        info[i] += item.info;
        p_all += item.p;
        info_all += item.info;
        all.push_back({static_cast<int>(i), static_cast<int>(k)});
      }
    const std::int64_t p_mean = p_all / count, info_mean = info_all / count;
    for (Index i = 0; i < p.size(); ++i) {
      p[i] -= p_mean;
      info[i] -= info_mean;
    }
    const std::int64_t attempts = kAttempts * static_cast<std::int64_t>(all.size());
    for (std::int64_t n = 0; n < attempts; ++n) {
      const Place one = all[random_.below(static_cast<std::uint32_t>(all.size()))];
      const std::vector<Place>& same = kin_places_[at(cells_.kin[at(shapes_[at(one.paper)][at(one.index)])])];
      const Place two = same[random_.below(static_cast<std::uint32_t>(same.size()))];
      if (one.paper == two.paper) continue;
      int &a = papers_[at(one.paper)][at(one.index)], &b = papers_[at(two.paper)][at(two.index)];
      if (a == b) continue;
      const std::int64_t dp = problem_.items[at(b)].p - problem_.items[at(a)].p;
      const std::int64_t di = problem_.items[at(b)].info - problem_.items[at(a)].info;
      std::int64_t &p1 = p[at(one.paper)], &p2 = p[at(two.paper)], &i1 = info[at(one.paper)], &i2 = info[at(two.paper)];
      const std::int64_t gain = square(p1) + square(p2) - square(p1 + dp) - square(p2 - dp) +
                                8 * (square(i1) + square(i2) - square(i1 + di) - square(i2 - di));
      if (gain <= 0 || holds(one, b) || holds(two, a)) continue;
      std::swap(a, b);
      p1 += dp;
      p2 -= dp;
      i1 += di;
      i2 -= di;
    }
  }

  const Problem& problem_;
  const Cells& cells_;
  std::vector<std::vector<int>> shapes_;
  SeededRandom& random_;
  std::vector<std::vector<Place>> places_, kin_places_;  ///< of each cell; of each family of kin cells
  std::vector<std::vector<int>> papers_;
};

}  // namespace

std::vector<std::vector<int>> dealItems(const Problem& problem, const Cells& cells,
                                        std::vector<std::vector<int>> shapes, SeededRandom& random) {
  return Dealer(problem, cells, std::move(shapes), random).run();
}

}  // namespace invigil::assembly
