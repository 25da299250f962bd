// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
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
  int unit = -1;          ///< items of one part with the same unit (a case) stand side by side; -1 = alone
  int band = 0;           ///< items of one cell may be used unequally often when their bands differ
  bool operator==(const Candidate&) const = default;
};

/// Every rule is a sum over a set of items: of how many there are, of their points, of p or of information.
struct Rule {
  enum class Sum { Count, P, Info };
  std::string name;  ///< as the editor knows it: "C12", "part 1, topic law", "enemies a|b"
  std::int64_t low = 0, high = 0;  ///< items; weighted items; sums of p or info in 1e-6
  bool if_any = false;   ///< holds also when the paper has none of them: cases, all-or-none sets
  int counts_into = -1;  ///< index of the rule that counts how many such sets a paper uses ("6 cases"), or -1
  std::vector<int> items;  ///< ascending indices into Problem::items; empty for a rule that counts sets
  Sum sum = Sum::Count;
  std::vector<int> weights{};  ///< Count only: what an item of each part counts; empty = 1 each
  /// Not published: where an editor finds the rule ("rules[2]", "parts[0].count", "topics[1].counts.single_choice",
  /// "required[0]", "case_groups", "difficulty", "items"), what it is called, and by what its numbers are multiplied to
  /// be the editor's (items, points, a mean difficulty).
  std::string where{};
  bank::Wording title{};
  double shown = 1;
  bool operator==(const Rule&) const = default;
};

/// What one paper must be. rules[0] is the length: all items, low == high.
struct Problem {
  std::string id;  ///< of the blueprint or constraint table
  std::vector<Candidate> items;
  std::vector<Rule> rules;
  int length() const { return rules.empty() ? 0 : static_cast<int>(rules.front().low); }
  bool operator==(const Problem&) const = default;
};

constexpr std::size_t kItemsMax = 50'000, kRulesMax = 20'000;

/// By how much a paper with these items breaks each rule (0 = keeps it), one number per rule in the rule's own units.
/// @param items  indices into problem.items
std::vector<std::int64_t> violations(const Problem& problem, const std::vector<int>& items);

/// What sittings have shown about an item, in 1e-6: its mean score (0..1) and its Fisher information at the pass mark.
struct Measured {
  std::int64_t p = 0, info = 0;
};

/// The items of `pool` and all that `blueprint` asks: parts, topics, rules, required items, case groups, bands, and the
/// enemies that the items name. Of items with the same id the first counts. A part whose items carry no known topic is
/// counted by type only. Items of one stimulus always stand side by side.
/// @param measured  by item id; p and information of a paper are levelled where every item has them, else the difficulty
/// Errors: InvalidInput bad_blueprint. Conflict not_measured (the blueprint has a band for facility or information, but
/// no item was measured). Thread-safe; no I/O. Source: docs/formats/paper-batch.md.
Result<Problem> problemFrom(const std::vector<bank::Item>& pool, const bank::Blueprint& blueprint,
                            const std::map<std::string, Measured>& measured = {});

/// Two items of a pool in use that ask the same question: places in the pool.
struct Twin {
  std::size_t first = 0, second = 0;
};

/// The same of a pool in which one question may stand under several ids, as two banks have it: no paper asks it twice. Twins
/// that no rule tells apart are one item, the first; exposure and overlap then count questions. Of other twins a rule "same
/// question A | B" lets one on a paper (of the first thousand such questions; of more the twins that no rule needs are left out).
/// @param asks  of each item of `pool`: bank::questionDigest()
/// @param twins  gets each item that asks what an earlier one asks, with the first that does; may be null
Result<Problem> problemOfQuestions(const std::vector<bank::Item>& pool, const std::vector<std::string>& asks, const bank::Blueprint& blueprint,
                                   const std::map<std::string, Measured>& measured = {}, std::vector<Twin>* twins = nullptr);

/// A published pool in the three CSV tables of the R package TestDesign: item parameters (3PL, GPC), item attributes,
/// constraints. Floating point ends here: p and information become integers.
/// @param off  constraint ids that are left out, also ranges: "C14-C20"
/// Errors: InvalidInput bad_table, bad_condition (where: file and row). Thread-safe; no I/O.
Result<Problem> problemFromTables(std::string_view pool_csv, std::string_view attributes_csv,
                                  std::string_view constraints_csv, const std::vector<std::string>& off);

}  // namespace invigil::assembly
