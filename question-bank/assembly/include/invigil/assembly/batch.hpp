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
  struct Broken {
    std::string rule;
    double by = 0;  ///< items per paper that are missing (or too many) at the least
    int low = 0, high = 0;
    int stock = 0;  ///< items that the rule counts
  };
  bool feasible = false;
  std::vector<Broken> broken;        ///< of the mildest way to break the rules; empty when feasible
  double exposure_bound = 0;         ///< r*: smallest possible maximum share of papers that one item is on
  double overlap_bound = 0;          ///< T*: smallest possible mean share of common items, endless batch
  std::vector<std::string> forced;   ///< items on every paper
  std::vector<double> expected;      ///< of each item: its share of papers at T*
  double overlapBound(int papers) const;  ///< T* of a batch of this many papers
};

/// Linear programs over cells of interchangeable items (Clp); T* by piecewise linear costs, good to 4 digits.
/// Errors: InvalidInput bad_rules (no length rule, indices out of range). Thread-safe; no I/O.
Result<Preflight> preflight(const Problem& problem);

/// How often each cell is used in the whole batch: T* targets, rounded systematically. Part of the freeze.
std::vector<int> targets(const Problem& problem, const Preflight& bounds, int papers);

using Files = std::map<std::string, std::string>;  ///< file name -> content; see docs/formats/paper-batch.md
constexpr int kPapersMax = 20'000;

/// Assembles and seals a batch. `name` is [A-Za-z0-9._-], the batch; `beacon` may be empty.
/// @return freeze.json, papers.jsonl, seal.json, reveal.json
/// Errors: InvalidInput bad_rules, bad_batch; Conflict infeasible_blueprint (detail names the rules), no_sound_paper.
/// Thread-safe; no I/O; about 5 ms per paper of 30 items.
Result<Files> assembleBatch(const Problem& problem, const std::string& name, int papers, const Seed& seed,
                            const std::string& beacon);

struct Audit {
  std::vector<std::string> failures;  ///< each a sentence; empty = PASS
  std::string batch, papers_root;
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

}  // namespace invigil::assembly
