// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>

#include "invigil/assembly/batch.hpp"
#include "papers/papers.hpp"

/// The items that papers are made of, as they were when a batch was frozen.
namespace invigil::server {

/// One item of the pool with everything a paper shows of it.
struct PoolItem {
  std::string pool_id;  ///< BANK/ID@VERSION, as in freeze.json
  DrawnItem drawn;
  std::optional<assembly::Measured> measured;  ///< what sittings have shown, where they have
};
/// Every item in use that the blueprint's banks hold, measured where it can be, ordered by bank id and place.
Result<std::vector<PoolItem>> poolItems(Tx& tx, const bank::Blueprint& blueprint);
/// Gives each item the facility that sittings have shown (from 30 responses to this version on), and its information at the
/// pass mark where every item has a curve. Source: docs/statistics.md.
void measureItems(Tx& tx, std::vector<PoolItem>& pool, const bank::Blueprint& blueprint);
/// The frozen items of a batch, in order.
Result<std::vector<PoolItem>> frozenItems(Tx& tx, const std::string& batch_id);

/// SHA-256 of all that this version says: texts, options, key, answers, and the case material it stands under.
/// Source: docs/formats/paper-batch.md.
std::string itemDigest(const PoolItem& item);

/// What assembly works on. Items carry itemDigest(); `used` are indices into `pool`, one for each item of the problem. Two items in
/// use may ask the same question, in two banks say: see assembly::problemOfQuestions().
/// Errors: InvalidInput bad_blueprint.
struct PoolProblem {
  assembly::Problem problem;
  std::vector<std::size_t> used;
  std::vector<assembly::Twin> twins;  ///< of `pool`
};
Result<PoolProblem> poolProblem(const std::vector<PoolItem>& pool, const bank::Blueprint& blueprint);

/// The last few batches that papers were taken from; what they hold never changes. Thread-safe.
class FrozenCache {
 public:
  /// Errors: as frozenItems; NotFound no_such_batch.
  Result<std::shared_ptr<const FrozenBatch>> get(Tx& tx, const std::string& batch_id);

 private:
  static constexpr std::size_t kKept = 16;
  std::mutex mutex_;
  std::vector<std::pair<std::string, std::shared_ptr<const FrozenBatch>>> kept_;  ///< newest use last
};

/// BatchFigures of openapi.yaml.
Json figuresJson(const assembly::Audit& audit);

/// The one of this process: what a batch froze never changes, and its id is random.
FrozenCache& frozenCache();

}  // namespace invigil::server
