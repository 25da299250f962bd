// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include "sheet.hpp"
#include "worth.hpp"

// docs/formats/paper-batch.md states this step by step, tests/assembly-js is the same in JavaScript: a change here is a
// new algorithm name.
namespace invigil::assembly {
namespace {

using Index = std::size_t;
Index at(int value) { return static_cast<Index>(value); }
class Leveller {
 public:
  Leveller(const Problem& problem, const Cells& cells, std::vector<std::vector<int>>& papers, SeededRandom& random)
      : problem_(problem), cells_(cells), papers_(papers), random_(random), length_(at(problem.length())),
        off_(papers.size()), worth_(worths(problem)), family_(papers.size() * length_) {
    for (Index i = 0; i < papers.size(); ++i) items_.insert(items_.end(), papers[i].begin(), papers[i].end());
    makeFamilies();
    centre();
    if (!cells.group_cells.empty()) {
      rules_.emplace(problem, cells);
      sheet_.emplace(*rules_);
    }
  }

  void run() {
    const int sweeps = rules_ ? 600 : 200;
    for (int sweep = 0; sweep < sweeps; ++sweep)
      for (Index one = 0; one < items_.size(); ++one) attempt(one);
    for (Index i = 0; i < papers_.size(); ++i)
      std::copy_n(items_.begin() + static_cast<std::ptrdiff_t>(i * length_), length_, papers_[i].begin());
  }

 private:
  /// Places that may exchange items: those of kin cells; in a case all of its places, as far as the rules allow.
  void makeFamilies() {
    const Index kin = at(cells_.kin.back()) + 1;
    std::vector<Index> sizes(kin + cells_.group_cells.size(), 0);
    for (Index place = 0; place < items_.size(); ++place) {
      const Index cell = at(cells_.of[at(items_[place])]);
      family_[place] = cells_.group[cell] < 0 ? cells_.kin[cell] : static_cast<int>(kin) + cells_.group[cell];
    }
    places_.resize(sizes.size());
    for (Index place = 0; place < items_.size(); ++place) places_[at(family_[place])].push_back(static_cast<int>(place));
  }

  void centre() {
    Worth all;
    for (Index place = 0; place < items_.size(); ++place) {
      const Worth& item = worth_[at(items_[place])];
      off_[place / length_].p += item.p;
      off_[place / length_].info += item.info;
      all.p += item.p;
      all.info += item.info;
    }
    const std::int64_t count = static_cast<std::int64_t>(papers_.size());
    for (Worth& off : off_) {
      off.p -= all.p / count;
      off.info -= all.info / count;
    }
  }

  bool holds(Index paper, int item) const {
    const auto from = items_.begin() + static_cast<std::ptrdiff_t>(paper * length_), to = from + static_cast<std::ptrdiff_t>(length_);
    return std::find(from, to, item) != to;
  }

  bool keepsRules(Index place, Index paper, int cell) {
    shape_.clear();
    for (Index k = paper * length_; k < (paper + 1) * length_; ++k) shape_.push_back(k == place ? cell : cells_.of[at(items_[k])]);
    sheet_->load(shape_);
    return sheet_->broken() == 0;
  }

  void attempt(Index one) {
    const std::vector<int>& family = places_[at(family_[one])];
    const Index two = at(family[random_.below(static_cast<std::uint32_t>(family.size()))]);
    const Index i = one / length_, j = two / length_;
    int &a = items_[one], &b = items_[two];
    if (i == j || a == b) return;
    const std::int64_t dp = worth_[at(b)].p - worth_[at(a)].p, di = worth_[at(b)].info - worth_[at(a)].info;
    Worth &x = off_[i], &y = off_[j];
    const std::int64_t gain = distance(x.p, x.info) + distance(y.p, y.info) - distance(x.p + dp, x.info + di) - distance(y.p - dp, y.info - di);
    if (gain <= 0 || holds(i, b) || holds(j, a)) return;
    const int cell_a = cells_.of[at(a)], cell_b = cells_.of[at(b)];
    if (cells_.kin[at(cell_a)] != cells_.kin[at(cell_b)] &&
        (!keepsRules(one, i, cell_b) || !keepsRules(two, j, cell_a)))
      return;
    std::swap(a, b);
    x.p += dp;
    y.p -= dp;
    x.info += di;
    y.info -= di;
  }

  const Problem& problem_;
  const Cells& cells_;
  std::vector<std::vector<int>>& papers_;
  SeededRandom& random_;
  Index length_;
  std::vector<Worth> off_;    ///< of each paper: its sums less their mean over all papers
  std::vector<Worth> worth_;  ///< of each item
  std::vector<int> items_, family_;  ///< of each place: paper * length + index
  std::vector<std::vector<int>> places_;
  std::optional<CountRules> rules_;
  std::optional<Sheet> sheet_;
  std::vector<int> shape_;
};

}  // namespace

void levelPapers(const Problem& problem, const Cells& cells, std::vector<std::vector<int>>& papers, SeededRandom& random) {
  Leveller(problem, cells, papers, random).run();
}

}  // namespace invigil::assembly
