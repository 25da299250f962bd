// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "invigil/base/result.hpp"

namespace invigil::assembly {

/// One paper of a batch as papers.jsonl states it: one line, one paper. Enough to sit it and to check it alone.
struct SealedPaper {
  int slot = 0;                           ///< 0-based number in the batch
  std::string salt;                       ///< 64 hex digits
  std::vector<std::string> items;         ///< ids in presentation order
  std::vector<std::vector<int>> options;  ///< of each item: shown position -> index of the option; empty = as written
  bool operator==(const SealedPaper&) const = default;
};

/// Errors: InvalidInput bad_paper (where: the line). Thread-safe; no I/O.
Result<SealedPaper> parsePaper(std::string_view line);
Result<std::vector<SealedPaper>> parsePapers(std::string_view papers_jsonl);
std::string writePaper(const SealedPaper& paper);  ///< without the line end; parsePaper(writePaper(p)) == p

/// The leaf of the paper under the seal, 64 hex digits; "" when the salt is not 64 hex digits.
std::string leafOf(const SealedPaper& paper);

/// RFC 6962 audit path of one leaf, from the leaf up, hex. `leaves` as seal.json states them.
/// Errors: NotFound no_such_paper; InvalidInput bad_seal.
Result<std::vector<std::string>> inclusionPath(const std::vector<std::string>& leaves, int slot);
/// Whether `leaf` is number `slot` of `papers` leaves under `root`. Never fails on rubbish: it is not included then.
bool included(const std::string& leaf, int slot, int papers, const std::vector<std::string>& path, const std::string& root);

/// What one candidate is given: the paper, its path and the seal's root; anybody checks it without the other papers.
/// @param seal_json  as published; @param line  the paper's line of papers.jsonl
/// Errors: InvalidInput bad_paper, bad_seal; NotFound no_such_paper; Conflict paper_not_sealed.
Result<std::string> paperProof(std::string_view seal_json, std::string_view line);

struct CheckedPaper {
  SealedPaper paper;
  std::string batch, papers_root;
  int papers = 0;
};
/// Checks such a proof against the seal that was published (its text), or against itself when `seal_json` is empty:
/// then compare papers_root with one that you trust.
/// Errors: InvalidInput bad_proof; Conflict paper_not_sealed, other_seal.
Result<CheckedPaper> checkPaperProof(std::string_view proof, std::string_view seal_json);

/// For a make-up: which of a few unused papers shares least with what the candidate has seen. Of equal ones the first.
/// @param papers   item ids of each; @param earlier  item ids of all earlier papers, any order
/// @return index into papers, 0 when papers is empty
std::size_t leastShared(const std::vector<std::vector<std::string>>& papers, const std::vector<std::string>& earlier);

}  // namespace invigil::assembly
