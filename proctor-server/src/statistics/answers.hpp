// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>

#include "app.hpp"
#include "invigil/bank/statistics.hpp"

/// The answers of finished sittings as the library of statistics wants them. Conventions: docs/statistics.md.
namespace invigil::server {

/// Which finished sittings are meant.
struct SittingChoice {
  std::string bank_id;       ///< only those that showed an item of this bank; empty = any
  std::string blueprint_id;  ///< empty = every exam
  std::int64_t from_ms = 0, to_ms = std::numeric_limits<std::int64_t>::max();  ///< they ended in [from, to)
};

/// One column of the table: an item as people saw it. Versions that say the same and have the same key in force are one.
struct AnsweredItem {
  std::string uid;   ///< empty for papers of before items had versions
  std::string item;  ///< "BANK/ID"
  std::vector<std::int64_t> versions;  ///< sorted
  std::vector<std::string> options;    ///< in the item's own order, as plain text
  bool newest = true;                  ///< false: a version that says something else was answered later
};

struct Answers {
  bank::ResponseTable table;        ///< sittings are numbered 1, 2, … by their end: nothing in it leads to a person
  std::vector<AnsweredItem> items;  ///< beside table.items
};

/// Reads in bites, each a short read transaction, and reckons between them: marks are those of the key in force. Items
/// that a correction left out or granted to everyone tell nothing and are not in the table. From a worker or job thread.
/// @param tell  called after each bite with 0..total; its error ends the work.
/// Errors: those of `tell`; Unavailable store_failed.
Result<Answers> gatherAnswers(App& app, const SittingChoice& choice, const std::function<Status(std::int64_t, std::int64_t)>& tell);

}  // namespace invigil::server
