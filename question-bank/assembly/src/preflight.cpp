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
    objective = Clp_objectiveValue(model.get());
    return true;
  }

  std::vector<double> value;
  double objective = 0;

 private:
  std::vector<double> high_, cost_, row_low_, row_high_;
  std::vector<std::vector<std::pair<int, double>>> entries_;
};

/// The rules over the expected number of places of each cell. Elastic: every count rule may be broken at a price of 1.
struct Relaxed {
  Program program;
  std::vector<int> y;                ///< column of each cell
  std::vector<int> missing, excess;  ///< columns of each rule, -1 = none

  Relaxed(const Problem& problem, const Cells& cells, bool elastic) {
    for (const auto& items : cells.items) y.push_back(program.column(static_cast<double>(items.size()), 0));
    std::vector<int> rows(problem.rules.size(), -1);
    for (Index k = 0; k < problem.rules.size(); ++k) {
      const Rule& rule = problem.rules[k];
      missing.push_back(-1);
      excess.push_back(-1);
      if (rule.if_any) continue;
      rows[k] = program.row(rule.low, rule.high);
      if (!elastic) continue;
      program.add(rows[k], missing[k] = program.column(DBL_MAX, 1), 1);
      program.add(rows[k], excess[k] = program.column(DBL_MAX, 1), -1);
    }
    std::vector<int> used(problem.rules.size(), -1), most(problem.rules.size(), -1), least(problem.rules.size(), -1);
    for (Index k = 0; k < problem.rules.size(); ++k) {
      const Rule& rule = problem.rules[k];
      if (!rule.if_any) continue;
      used[k] = program.column(1, 0);
      most[k] = program.row(-DBL_MAX, 0);
      least[k] = program.row(0, DBL_MAX);
      program.add(most[k], used[k], -rule.high);
      program.add(least[k], used[k], -rule.low);
      if (rule.counts_into >= 0) program.add(rows[at(rule.counts_into)], used[k], 1);
    }
    for (Index c = 0; c < y.size(); ++c)
      for (int rule : cells.rules[c]) {
        if (!problem.rules[at(rule)].if_any) {
          program.add(rows[at(rule)], y[c], 1);
          continue;
        }
        program.add(most[at(rule)], y[c], 1);
        program.add(least[at(rule)], y[c], 1);
        const int within = program.row(-DBL_MAX, 0);
        program.add(within, y[c], 1);
        program.add(within, used[at(rule)], -static_cast<double>(cells.items[c].size()));
      }
  }
};

Status checkRules(const Problem& problem) {
  bool sound = problem.items.size() <= kItemsMax && !problem.items.empty() && !problem.rules.empty() &&
               problem.rules.size() <= kRulesMax && problem.length() >= 1 && problem.length() <= 1000 &&
               problem.rules[0].high == problem.length() && problem.rules[0].items.size() == problem.items.size();
  for (const Rule& rule : problem.rules) {
    const int into = rule.counts_into;
    sound = sound && rule.low >= 0 && rule.high <= 100'000 && into >= -1 && into < static_cast<int>(problem.rules.size());
    sound = sound && (into < 0 || (rule.if_any && problem.rules[at(into)].counts_into < 0 && !problem.rules[at(into)].if_any));
    for (Index i = 0; i < rule.items.size(); ++i)
      sound = sound && rule.items[i] >= 0 && rule.items[i] < static_cast<int>(problem.items.size()) &&
              (i == 0 || rule.items[i - 1] < rule.items[i]);
  }
  if (sound) return {};
  return fail(ErrorCode::InvalidInput, "bad_rules",
              "规则或题目数量不合要求：第一条规则须为试卷题数，且题库非空。 / The rules cannot be used: the first must be the "
              "length of the paper over all items, indices ascending, 1 to 50,000 items.");
}

double minimaxExposure(const Problem& problem, const Cells& cells) {
  Relaxed relaxed(problem, cells, false);
  const int r = relaxed.program.column(1, 1);
  for (Index c = 0; c < cells.items.size(); ++c) {
    const int row = relaxed.program.row(-DBL_MAX, 0);
    relaxed.program.add(row, relaxed.y[c], 1);
    relaxed.program.add(row, r, -static_cast<double>(cells.items[c].size()));
  }
  return relaxed.program.solve() ? relaxed.program.objective : 1;
}

/// Minimises the sum of squared exposures: three passes of piecewise linear costs, each finer around the last solution.
/// @param cap  no exposure above this one
std::vector<double> leastOverlap(const Problem& problem, const Cells& cells, double cap) {
  std::vector<double> exposure(cells.items.size(), cap / 2);
  for (const double step : {0.02, 0.001, 0.00005}) {
    Relaxed relaxed(problem, cells, false);
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
    const double by = elastic.program.value[at(elastic.missing[k])] + elastic.program.value[at(elastic.excess[k])];
    const Rule& rule = problem.rules[k];
    if (by > 1e-6) out.broken.push_back({rule.name, by, rule.low, rule.high, static_cast<int>(rule.items.size())});
  }
  out.feasible = out.broken.empty();
  if (!out.feasible) return out;
  out.exposure_bound = minimaxExposure(problem, cells);
  const std::vector<double> least = leastOverlap(problem, cells, 1);
  // A little overlap buys a maximum exposure near its own bound.
  const std::vector<double> exposure = leastOverlap(problem, cells, std::min(1.0, 1.04 * out.exposure_bound));
  out.expected.resize(problem.items.size());
  double squares = 0;
  for (Index i = 0; i < problem.items.size(); ++i) {
    out.expected[i] = exposure[at(cells.of[i])];
    squares += least[at(cells.of[i])] * least[at(cells.of[i])];
    if (out.expected[i] > 1 - 1e-6) out.forced.push_back(problem.items[i].id);
  }
  out.overlap_bound = squares / problem.length();
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
