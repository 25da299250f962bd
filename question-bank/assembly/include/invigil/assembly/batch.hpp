// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "invigil/assembly/problem.hpp"

namespace invigil::assembly {

/// What mathematics allows before anybody sits. Floating point: nothing verified depends on it but `cells`, which are
/// published in the freeze.
struct Preflight {
  /// A rule that cannot be kept, in the mildest way to break the rules. All numbers as the editor states them: items,
  /// points, a mean difficulty.
  struct Broken {
    int rule = 0;        ///< index into Problem::rules: name, where, title
    double missing = 0;  ///< too few by this much per paper
    double excess = 0;   ///< too many by this much per paper
    double low = 0, high = 0;
    double stock = 0;    ///< all that the rule counts in the pool; of a band 0
  };
  struct Forced {
    std::string item;
    std::vector<int> rules;  ///< that force it together; indices into Problem::rules
  };
  bool feasible = false;
  std::vector<Broken> broken;     ///< empty when feasible
  std::vector<int> conflict;      ///< rules that cannot be kept together (the broken ones among them)
  double exposure_bound = 0;      ///< r*: smallest possible maximum share of papers that one item is on
  std::vector<int> exposure_rules;  ///< rules that keep r* from being smaller
  double overlap_bound = 0;       ///< T*: smallest possible mean share of common items, endless batch
  std::vector<Forced> forced;     ///< items that no paper can do without, kForcedMax at most
  std::vector<double> expected;   ///< of each item of the problem: its share of papers
  double overlapBound(int papers) const;  ///< T* of a batch of this many papers
};
constexpr std::size_t kForcedMax = 50;

/// Linear programs over cells of interchangeable items (Clp); T* by piecewise linear costs, good to 4 digits. Cases
/// that come whole are relaxed, so that r* and T* are then bounds that no batch need reach.
/// Errors: InvalidInput bad_rules (no length rule, indices out of range). Thread-safe; no I/O; 10 ms to some seconds.
Result<Preflight> preflight(const Problem& problem);

/// How often each cell is used in the whole batch: T* targets, rounded systematically. Part of the freeze.
std::vector<int> targets(const Problem& problem, const Preflight& bounds, int papers);

using Files = std::map<std::string, std::string>;  ///< file name -> content; see docs/formats/paper-batch.md
constexpr int kPapersMax = 20'000;

/// Assembles and seals a batch. `name` is [A-Za-z0-9._-], the batch; `beacon` may be empty.
/// @return freeze.json, papers.jsonl, seal.json, reveal.json
/// Errors: InvalidInput bad_rules, bad_batch; Conflict infeasible_blueprint (detail names the rules), no_sound_paper.
/// Thread-safe; no I/O; about 2 ms per paper of 30 items.
Result<Files> assembleBatch(const Problem& problem, const std::string& name, int papers, const Seed& seed,
                            const std::string& beacon);

struct Audit {
  std::vector<std::string> failures;  ///< each a sentence; empty = PASS
  std::string batch, papers_root, freeze_sha256, seed_commitment;
  int papers = 0, violations = 0;     ///< papers that break any rule
  double overlap = 0, overlap_bound = 0, exposure_max = 0, exposure_bound = 0;
  double difficulty_mean = 0, difficulty_sd = 0, information_mean = 0, information_cv = 0;
  double neighbour_overlap = 0;  ///< mean of 1,000 rooms of 30 papers: a paper and the next one
  int neighbour_common_max = 0;
  double pool_use = 0;  ///< share of items on at least one paper
  double seconds_per_paper = 0;
};

/// Recomputes everything from the published files alone. Never fails on bad files: they are failures in the report.
Audit auditBatch(const Files& files);

/// Among audits of several batches: adds a failure to both where one batch was sealed twice, or one seed used for two.
void findSealedTwice(std::vector<Audit>& audits);

}  // namespace invigil::assembly
