// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "invigil/bank/blueprint.hpp"

namespace invigil::assembly {

/// One frozen item as assembly sees it: no stem, no key. All numbers are integers, so that every program that reads the
/// published file computes the same.
struct Candidate {
  std::string id;
  std::string content;  ///< SHA-256 of the item's canonical text, lower-case hex; published only salted
  int part = 0;         ///< presentation: parts in order, shuffled within a part
  int options = 0;      ///< how many options are shuffled; 0 = they keep their order
  std::int64_t p = 0;     ///< expected score, or the difficulty 1..5 where that is all that is known; in 1e-6
  std::int64_t info = 0;  ///< Fisher information at the cut, in 1e-6; 0 = unknown
  bool operator==(const Candidate&) const = default;
};

/// Every kind of rule is a count over a set of items.
struct Rule {
  std::string name;  ///< as the editor knows it: "C12", "part 1, topic law", "enemies a|b"
  int low = 0, high = 0;
  bool if_any = false;   ///< holds also when the paper has none of them: cases, all-or-none sets
  int counts_into = -1;  ///< index of the rule that counts how many such sets a paper uses ("6 cases"), or -1
  std::vector<int> items;  ///< ascending indices into Problem::items; empty for a rule that counts sets
  bool operator==(const Rule&) const = default;
};

/// What one paper must be. rules[0] is the length: all items, low == high.
struct Problem {
  std::string id;  ///< of the blueprint or constraint table
  std::vector<Candidate> items;
  std::vector<Rule> rules;
  int length() const { return rules.empty() ? 0 : rules.front().low; }
  bool operator==(const Problem&) const = default;
};

constexpr std::size_t kItemsMax = 50'000, kRulesMax = 20'000;

/// How often a paper with these items breaks each rule (0 = keeps it), one number per rule.
/// @param items  indices into problem.items
std::vector<int> violations(const Problem& problem, const std::vector<int>& items);

/// The items of `pool` and the rules that `blueprint` states by part and topic, enemies and required items included.
/// Of items with the same id the first counts. A part whose items carry no known topic is counted by type only.
/// Errors: InvalidInput bad_blueprint. Thread-safe; no I/O. Source: docs/formats/paper-batch.md.
Result<Problem> problemFrom(const std::vector<bank::Item>& pool, const bank::Blueprint& blueprint);

/// A published pool in the three CSV tables of the R package TestDesign: item parameters (3PL, GPC), item attributes,
/// constraints. Floating point ends here: p and information become integers.
/// @param off  constraint ids that are left out, also ranges: "C14-C20"
/// Errors: InvalidInput bad_table, bad_condition (where: file and row). Thread-safe; no I/O.
Result<Problem> problemFromTables(std::string_view pool_csv, std::string_view attributes_csv,
                                  std::string_view constraints_csv, const std::vector<std::string>& off);

}  // namespace invigil::assembly
