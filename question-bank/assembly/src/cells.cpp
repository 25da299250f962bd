// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "cells.hpp"

#include <map>
#include <tuple>

namespace invigil::assembly {
namespace {

using Index = std::size_t;
Index at(int value) { return static_cast<Index>(value); }

}  // namespace

Cells cellsOf(const Problem& problem) {
  std::vector<std::vector<int>> rules(problem.items.size());
  std::vector<int> case_of(problem.items.size(), -1);
  for (Index k = 0; k < problem.rules.size(); ++k)
    for (int item : problem.rules[k].items) {
      if (problem.rules[k].sum != Rule::Sum::Count) break;
      rules[at(item)].push_back(static_cast<int>(k));
      if (problem.rules[k].counts_into >= 0) case_of[at(item)] = static_cast<int>(k);
    }
  std::map<std::tuple<std::vector<int>, int, int>, std::vector<int>> sorted;
  for (Index i = 0; i < rules.size(); ++i)
    sorted[{rules[i], problem.items[i].part, problem.items[i].band}].push_back(static_cast<int>(i));
  Cells cells;
  cells.of.resize(rules.size());
  std::map<int, int> numbers;
  for (auto& [key, items] : sorted) {
    const auto& [cell_rules, part, band] = key;
    const int cell = static_cast<int>(cells.items.size()), rule = case_of[at(items.front())];
    for (int item : items) cells.of[at(item)] = cell;
    int group = -1;
    if (rule >= 0) {
      group = numbers.try_emplace(rule, static_cast<int>(numbers.size())).first->second;
      cells.group_cells.resize(numbers.size());
      cells.group_rule.resize(numbers.size(), rule);
      cells.group_cells[at(group)].push_back(cell);
    }
    const bool kin = cell > 0 && cells.rules.back() == cell_rules && problem.items[at(cells.items.back().front())].part == part;
    cells.kin.push_back(kin ? cells.kin.back() : cells.kin.empty() ? 0 : cells.kin.back() + 1);
    cells.group.push_back(group);
    cells.items.push_back(std::move(items));
    cells.rules.push_back(cell_rules);
  }
  return cells;
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
