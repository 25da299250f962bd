// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <coin/Clp_C_Interface.h>

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <memory>

#include "cells.hpp"
#include "invigil/assembly/batch.hpp"

namespace invigil::assembly {
namespace {

using Index = std::size_t;
Index at(int value) { return static_cast<Index>(value); }
constexpr std::int64_t kSumMax = std::int64_t{1} << 40;

/// Columns of a linear program, collected and handed to Clp.
class Program {
 public:
  int column(double high, double cost) {
    high_.push_back(high);
    cost_.push_back(cost);
    entries_.emplace_back();
    return static_cast<int>(high_.size()) - 1;
  }
  int row(double low, double high) {
    row_low_.push_back(low);
    row_high_.push_back(high);
    return static_cast<int>(row_low_.size()) - 1;
  }
  void add(int row, int column, double factor) { entries_[at(column)].emplace_back(row, factor); }

  bool solve() {
    std::vector<CoinBigIndex> starts;
    std::vector<int> rows;
    std::vector<double> values, low(high_.size(), 0.0);
    for (const auto& column : entries_) {
      starts.push_back(static_cast<CoinBigIndex>(rows.size()));
      for (const auto& [row, factor] : column) {
        rows.push_back(row);
        values.push_back(factor);
      }
    }
    starts.push_back(static_cast<CoinBigIndex>(rows.size()));
    const std::unique_ptr<Clp_Simplex, void (*)(Clp_Simplex*)> model(Clp_newModel(), Clp_deleteModel);
    Clp_setLogLevel(model.get(), 0);
    Clp_loadProblem(model.get(), static_cast<int>(high_.size()), static_cast<int>(row_low_.size()), starts.data(),
                    rows.data(), values.data(), low.data(), high_.data(), cost_.data(), row_low_.data(), row_high_.data());
    Clp_dual(model.get(), 0);  // Clp_initialSolve() prints on stdout whatever the log level
    if (Clp_status(model.get()) != 0) return false;
    const double* solution = Clp_primalColumnSolution(model.get());
    value.assign(solution, solution + high_.size());
    const double* duals = Clp_dualRowSolution(model.get());
    dual.assign(duals, duals + row_low_.size());
    objective = Clp_objectiveValue(model.get());
    return true;
  }

  void cost(int column, double cost) { cost_[at(column)] = cost; }

  std::vector<double> value, dual;  ///< of columns; of rows
  double objective = 0;

 private:
  std::vector<double> high_, cost_, row_low_, row_high_;
  std::vector<std::vector<std::pair<int, double>>> entries_;
};

/// The rules over the expected number of places of each cell, each in items, points or whole units of its sum.
/// Elastic: every rule may be broken at a price.
struct Relaxed {
  Program program;
  std::vector<int> y;                ///< column of each cell
  std::vector<int> missing, excess;  ///< columns of each rule, -1 = none
  std::vector<int> rule_of_row;      ///< -1 = none

  /// @param margin  share of a band that is kept free on both sides
  Relaxed(const Problem& problem, const Cells& cells, bool elastic, double margin = 0)
      : missing(problem.rules.size(), -1), excess(problem.rules.size(), -1), problem_(problem), cells_(cells), rows_(problem.rules.size(), -1) {
    for (const auto& items : cells.items) y.push_back(program.column(static_cast<double>(items.size()), 0));
    for (Index k = 0; k < problem.rules.size(); ++k)
      if (!problem.rules[k].if_any) addRule(k, elastic, margin);
    for (Index k = 0; k < problem.rules.size(); ++k)
      if (problem.rules[k].if_any) addSet(k);
  }

  int row(Index rule, double low, double high) {
    rule_of_row.push_back(static_cast<int>(rule));
    return program.row(low, high);
  }

  /// Rules whose rows have a price in the solution: together they keep the objective from being better.
  std::vector<int> tightRules() const {
    std::vector<char> tight(problem_.rules.size(), 0);
    for (Index r = 0; r < rule_of_row.size(); ++r)
      if (rule_of_row[r] >= 0 && std::abs(program.dual[r]) > 1e-7) tight[at(rule_of_row[r])] = 1;
    std::vector<int> out;
    for (Index k = 0; k < tight.size(); ++k)
      if (tight[k]) out.push_back(static_cast<int>(k));
    return out;
  }

 private:
  void addRule(Index k, bool elastic, double margin) {
    const Rule& rule = problem_.rules[k];
    const double low = static_cast<double>(rule.low) * rule.shown, high = static_cast<double>(rule.high) * rule.shown;
    const double free = rule.sum == Rule::Sum::Count ? 0 : margin * (high - low);
    rows_[k] = row(k, low + free, high - free);
    for (Index c = 0; c < y.size(); ++c)
      if (const double factor = factorOf(rule, k, c); factor != 0) program.add(rows_[k], y[c], factor * rule.shown);
    if (!elastic) return;
    // A rule over many items is the cheaper one to break, so that the narrow rule that it contains is named beside it.
    const double price = 1 - 0.5 * static_cast<double>(rule.items.size()) / static_cast<double>(problem_.items.size());
    program.add(rows_[k], missing[k] = program.column(DBL_MAX, price), 1);
    program.add(rows_[k], excess[k] = program.column(DBL_MAX, price), -1);
  }

  double factorOf(const Rule& rule, Index k, Index cell) const {
    if (rule.sum == Rule::Sum::Count) {
      const auto& rules = cells_.rules[cell];
      return std::binary_search(rules.begin(), rules.end(), static_cast<int>(k)) ? weightIn(problem_, rule, cells_.items[cell].front()) : 0;
    }
    double sum = 0;
    for (int item : cells_.items[cell])
      if (std::binary_search(rule.items.begin(), rule.items.end(), item))
        sum += static_cast<double>(rule.sum == Rule::Sum::P ? problem_.items[at(item)].p : problem_.items[at(item)].info);
    return sum / static_cast<double>(cells_.items[cell].size());
  }

  /// A set that is on the paper with low..high of its items, or not at all.
  void addSet(Index k) {
    const Rule& rule = problem_.rules[k];
    const int used = program.column(1, 0), most = row(k, -DBL_MAX, 0), least = row(k, 0, DBL_MAX);
    program.add(most, used, -static_cast<double>(rule.high));
    program.add(least, used, -static_cast<double>(rule.low));
    if (rule.counts_into >= 0) program.add(rows_[at(rule.counts_into)], used, 1);
    for (Index c = 0; c < y.size(); ++c) {
      if (!std::binary_search(cells_.rules[c].begin(), cells_.rules[c].end(), static_cast<int>(k))) continue;
      program.add(most, y[c], 1);
      program.add(least, y[c], 1);
      const int within = row(k, -DBL_MAX, 0);
      program.add(within, y[c], 1);
      program.add(within, used, -static_cast<double>(cells_.items[c].size()));
    }
  }

  const Problem& problem_;
  const Cells& cells_;
  std::vector<int> rows_;
};

Status checkRules(const Problem& problem) {
  bool sound = problem.items.size() <= kItemsMax && !problem.items.empty() && !problem.rules.empty() &&
               problem.rules.size() <= kRulesMax && problem.length() >= 1 && problem.length() <= 1000 &&
               problem.rules[0].high == problem.length() && problem.rules[0].items.size() == problem.items.size();
  for (const Rule& rule : problem.rules) {
    const int into = rule.counts_into;
    sound = sound && rule.low >= 0 && rule.high <= kSumMax && rule.shown > 0 && into >= -1 && into < static_cast<int>(problem.rules.size());
    sound = sound && (into < 0 || (rule.if_any && problem.rules[at(into)].counts_into < 0 && !problem.rules[at(into)].if_any));
    sound = sound && (rule.sum == Rule::Sum::Count || (!rule.if_any && into < 0 && rule.weights.empty()));
    for (int weight : rule.weights) sound = sound && weight >= 0 && weight <= 1'000'000;
    for (Index i = 0; i < rule.items.size(); ++i)
      sound = sound && rule.items[i] >= 0 && rule.items[i] < static_cast<int>(problem.items.size()) &&
              (i == 0 || rule.items[i - 1] < rule.items[i]);
  }
  if (sound) return {};
  return fail(ErrorCode::InvalidInput, "bad_rules",
              "规则或题目数量不合要求：第一条规则须为试卷题数，且题库非空。 / The rules cannot be used: the first must be the "
              "length of the paper over all items, indices ascending, 1 to 50,000 items.");
}

double minimaxExposure(const Problem& problem, const Cells& cells, std::vector<int>& rules) {
  Relaxed relaxed(problem, cells, false);
  const int r = relaxed.program.column(1, 1);
  for (Index c = 0; c < cells.items.size(); ++c) {
    const int row = relaxed.program.row(-DBL_MAX, 0);
    relaxed.rule_of_row.push_back(-1);
    relaxed.program.add(row, relaxed.y[c], 1);
    relaxed.program.add(row, r, -static_cast<double>(cells.items[c].size()));
  }
  if (!relaxed.program.solve()) return 1;
  rules = relaxed.tightRules();
  return relaxed.program.objective;
}

/// Whether no paper can do without the cell's items, and which rules see to that.
bool isForced(const Problem& problem, const Cells& cells, Index cell, std::vector<int>& rules) {
  Relaxed relaxed(problem, cells, false);
  relaxed.program.cost(relaxed.y[cell], 1);
  if (!relaxed.program.solve() || relaxed.program.objective < static_cast<double>(cells.items[cell].size()) - 1e-6) return false;
  rules = relaxed.tightRules();
  return true;
}

/// Minimises the sum of squared exposures: three passes of piecewise linear costs, each finer around the last solution.
/// @param cap  no exposure above this one
std::vector<double> leastOverlap(const Problem& problem, const Cells& cells, double cap, double margin) {
  std::vector<double> exposure(cells.items.size(), cap / 2);
  for (const double step : {0.02, 0.001, 0.00005}) {
    Relaxed relaxed(problem, cells, false, margin);
    for (Index c = 0; c < cells.items.size(); ++c) {
      const double size = static_cast<double>(cells.items[c].size());
      std::vector<double> edges{0};
      for (int k = -30; k <= 30; ++k)
        if (const double edge = exposure[c] + k * step; edge > edges.back() + step / 2 && edge < cap) edges.push_back(edge);
      edges.push_back(cap);
      const int sum = relaxed.program.row(0, 0);
      relaxed.program.add(sum, relaxed.y[c], -1);
      for (Index e = 0; e + 1 < edges.size(); ++e)
        relaxed.program.add(sum, relaxed.program.column(size * (edges[e + 1] - edges[e]), edges[e] + edges[e + 1]), 1);
    }
    if (!relaxed.program.solve()) break;
    for (Index c = 0; c < exposure.size(); ++c)
      exposure[c] = std::clamp(relaxed.program.value[at(relaxed.y[c])] / static_cast<double>(cells.items[c].size()), 0.0, 1.0);
  }
  return exposure;
}

/// A broken rule that counts all that other broken rules count, and misses no more than they do together, only repeats
/// them: a part is short because one of its topics is.
void leaveOutRepeats(const Problem& problem, std::vector<Preflight::Broken>& broken) {
  const auto repeats = [&](const Preflight::Broken& wide) {
    double missing = 0, excess = 0;
    const Rule& rule = problem.rules[at(wide.rule)];
    for (const Preflight::Broken& one : broken) {
      const Rule& narrow = problem.rules[at(one.rule)];
      if (one.rule == wide.rule || narrow.items.empty() || narrow.items.size() >= rule.items.size() || narrow.sum != rule.sum ||
          !std::includes(rule.items.begin(), rule.items.end(), narrow.items.begin(), narrow.items.end()))
        continue;
      missing += one.missing / narrow.shown;
      excess += one.excess / narrow.shown;
    }
    return wide.missing / rule.shown <= missing + 1e-6 && wide.excess / rule.shown <= excess + 1e-6;
  };
  std::vector<Preflight::Broken> kept;
  std::copy_if(broken.begin(), broken.end(), std::back_inserter(kept), [&](const auto& one) { return !repeats(one); });
  broken = std::move(kept);
}

double stockOf(const Problem& problem, const Rule& rule) {
  std::int64_t sum = 0;
  for (int item : rule.items) sum += weightIn(problem, rule, item);
  return rule.sum == Rule::Sum::Count ? static_cast<double>(sum) * rule.shown : 0;
}

}  // namespace

double Preflight::overlapBound(int papers) const {
  return papers < 2 ? 0 : std::max(0.0, (papers * overlap_bound - 1) / (papers - 1));
}

Result<Preflight> preflight(const Problem& problem) {
  INVIGIL_CHECK(checkRules(problem));
  const Cells cells = cellsOf(problem);
  Preflight out;
  Relaxed elastic(problem, cells, true);
  if (!elastic.program.solve()) return fail(ErrorCode::Internal, "solver_failed", "The linear program was not solved.");
  for (Index k = 0; k < problem.rules.size(); ++k) {
    if (elastic.missing[k] < 0) continue;
    const Rule& rule = problem.rules[k];
    const double missing = elastic.program.value[at(elastic.missing[k])], excess = elastic.program.value[at(elastic.excess[k])];
    if (missing + excess > 1e-6)
      out.broken.push_back({static_cast<int>(k), missing, excess, static_cast<double>(rule.low) * rule.shown,
                            static_cast<double>(rule.high) * rule.shown, stockOf(problem, rule)});
  }
  out.feasible = out.broken.empty();
  if (!out.feasible) {
    leaveOutRepeats(problem, out.broken);
    out.conflict = elastic.tightRules();
    return out;
  }
  out.exposure_bound = minimaxExposure(problem, cells, out.exposure_rules);
  const std::vector<double> least = leastOverlap(problem, cells, 1, 0);
  // A little overlap buys a maximum exposure near its own bound; a free margin lets every paper, not only their mean, lie in a band.
  const std::vector<double> exposure = leastOverlap(problem, cells, std::min(1.0, 1.04 * out.exposure_bound), 0.1);
  double squares = 0;
  out.expected.resize(problem.items.size());
  for (Index i = 0; i < problem.items.size(); ++i) {
    out.expected[i] = exposure[at(cells.of[i])];
    squares += least[at(cells.of[i])] * least[at(cells.of[i])];
  }
  out.overlap_bound = squares / problem.length();
  for (Index c = 0; c < cells.items.size() && out.forced.size() < kForcedMax; ++c) {
    std::vector<int> rules;
    if (exposure[c] < 1 - 1e-6 || !isForced(problem, cells, c, rules)) continue;
    for (int item : cells.items[c]) out.forced.push_back({problem.items[at(item)].id, rules});
  }
  return out;
}

std::vector<int> targets(const Problem& problem, const Preflight& bounds, int papers) {
  const Cells cells = cellsOf(problem);
  std::vector<int> out;
  double sum = 0;
  long long given = 0;
  for (const auto& items : cells.items) {
    for (int item : items) sum += bounds.expected[at(item)];
    const long long up_to = std::llround(sum * papers);
    out.push_back(static_cast<int>(up_to - given));
    given = up_to;
  }
  return out;
}

}  // namespace invigil::assembly
