// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <unordered_map>

#include "invigil/assembly/problem.hpp"

namespace invigil::assembly {
namespace {

using Index = std::size_t;
Index at(int value) { return static_cast<Index>(value); }

constexpr Index kRulesForTwins = 1000;  ///< each of them has cells of its own in the linear programs of the pre-flight

/// Which items of a problem ask the same.
class Questions {
 public:
  std::vector<Twin> twins;
  std::vector<char> left_out;  ///< of the pool

  Questions(const std::vector<bank::Item>& pool, const std::vector<std::string>& asks, const Problem& problem)
      : left_out(pool.size(), 0), problem_(problem), rules_(problem.items.size()) {
    for (Index i = 0; i < pool.size(); ++i) place_.emplace(pool[i].id, i);  // of items with the same id the first counts
    for (Index k = 0; k < problem.rules.size(); ++k)
      for (int item : problem.rules[k].items) rules_[at(item)].push_back(static_cast<int>(k));
    for (Index i = 0; i < problem.items.size(); ++i) add(static_cast<int>(i), asks[placeOf(static_cast<int>(i))]);
  }

  /// Items that ask one question and are kept, as places in the pool.
  std::vector<std::vector<Index>> groups() const {
    std::vector<std::vector<Index>> out;
    for (const auto& [question, same] : kept_) {
      if (same.size() < 2) continue;
      out.emplace_back();
      for (int item : same) out.back().push_back(placeOf(item));
    }
    return out;
  }

 private:
  Index placeOf(int item) const { return place_.at(problem_.items[at(item)].id); }

  /// No rule tells them apart, so of both together no paper gets more than of one.
  bool alike(int one, int other) const {
    const Candidate &a = problem_.items[at(one)], &b = problem_.items[at(other)];
    return a.part == b.part && a.band == b.band && a.unit < 0 && b.unit < 0 && rules_[at(one)] == rules_[at(other)];
  }

  /// Some rule, or a case, needs just this item.
  bool isNamed(int item) const {
    return problem_.items[at(item)].unit >= 0 || std::any_of(rules_[at(item)].begin(), rules_[at(item)].end(), [&](int rule) {
             const std::string& where = problem_.rules[at(rule)].where;
             return where == "items" || where.starts_with("required");
           });
  }

  void add(int item, std::string_view question) {
    std::vector<int>& same = kept_[question];
    if (!same.empty()) {
      twins.push_back({placeOf(same.front()), placeOf(item)});
      const bool spare = std::any_of(same.begin(), same.end(), [&](int other) { return alike(other, item); });
      if (spare || (several_ >= kRulesForTwins && !isNamed(item))) {
        left_out[placeOf(item)] = 1;
        return;
      }
      if (same.size() == 1) ++several_;
    }
    same.push_back(item);
  }

  const Problem& problem_;
  std::unordered_map<std::string_view, Index> place_;
  std::vector<std::vector<int>> rules_;            ///< of each item of the problem
  std::map<std::string_view, std::vector<int>> kept_;  ///< by question; sorted, so that the rules stand in one order everywhere
  Index several_ = 0;                              ///< questions of which more than one item is kept
};

Rule ruleFor(const std::vector<Index>& group, const std::vector<bank::Item>& pool, const std::unordered_map<std::string_view, int>& number) {
  constexpr Index kNamed = 3;
  Rule rule;
  rule.high = 1;
  std::string names;
  for (Index i = 0; i < group.size(); ++i) {
    const std::string& id = pool[group[i]].id;
    rule.items.push_back(number.at(id));
    if (i < kNamed) names += (i > 0 ? " | " : "") + id;
  }
  if (group.size() > kNamed) names += " | …";
  rule.name = "same question " + names;
  rule.title = {"同一道题：" + names, "same question: " + names};
  return rule;
}

}  // namespace

Result<Problem> problemOfQuestions(const std::vector<bank::Item>& pool, const std::vector<std::string>& asks, const bank::Blueprint& blueprint,
                                   const std::map<std::string, Measured>& measured, std::vector<Twin>* twins) {
  INVIGIL_TRY(problem, problemFrom(pool, blueprint, measured));
  Questions questions(pool, asks, problem);
  if (questions.twins.empty()) return problem;
  const std::vector<std::vector<Index>> groups = questions.groups();
  if (twins != nullptr) *twins = questions.twins;
  if (std::find(questions.left_out.begin(), questions.left_out.end(), 1) != questions.left_out.end()) {
    std::vector<bank::Item> rest;
    std::set<std::string_view> seen;  // a second item with the id of one that is left out must not step in
    for (Index i = 0; i < pool.size(); ++i)
      if (seen.insert(pool[i].id).second && questions.left_out[i] == 0) rest.push_back(pool[i]);
    INVIGIL_TRY(less, problemFrom(rest, blueprint, measured));
    problem = std::move(less);
  }
  std::unordered_map<std::string_view, int> number;
  for (Index i = 0; i < problem.items.size(); ++i) number.emplace(problem.items[i].id, static_cast<int>(i));
  for (const std::vector<Index>& group : groups) problem.rules.push_back(ruleFor(group, pool, number));
  return problem;
}

}  // namespace invigil::assembly
