// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cells.hpp"
#include "digest.hpp"
#include "invigil/assembly/batch.hpp"

namespace invigil::assembly {

/// Names the arithmetic; any change of it is a new name.
constexpr const char* kAlgorithm = "invigil-assembly-2";

/// What freeze.json states. Candidate::content holds the salted digest here.
struct Frozen {
  std::string batch;
  Problem problem;
  std::vector<int> targets;
  int papers = 0;
  std::string beacon, seed_commitment, items_root;
};

struct Drawn {
  std::vector<std::vector<int>> papers;  ///< items grouped by cell
  std::string lines;                     ///< papers.jsonl
  std::vector<std::string> leaves;
  std::string root;
};

Digest batchKey(const Seed& seed, const std::string& beacon, const std::string& batch);
std::string commitment(const Seed& seed);
std::string itemsRoot(const Problem& problem);
/// Everything that the freeze and the seed determine. Errors: Conflict no_sound_paper.
Result<Drawn> drawBatch(const Frozen& frozen, const Seed& seed);
std::string sealText(const Frozen& frozen, const std::string& freeze, const Drawn& drawn);

std::string revealText(const std::string& batch, const Seed& seed);

}  // namespace invigil::assembly
