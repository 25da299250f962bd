// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "banking/item_record.hpp"

/// The life of an item: draft, in_review, released, suspended, retired. The table of moves stands in lifecycle.cpp, and
/// nowhere else is a state changed. Source: docs/adr/0007-item-versions.md.
namespace invigil::server {

struct MoveRule {
  const char* id;
  std::vector<std::string> from;
  const char *to, *zh, *en;
  bool needs_reason;        ///< a sentence for the history
  bool needs_other_person;  ///< not who made a version that waits for release
  bool needs_checks;        ///< releaseProblems() must be empty
};
const std::vector<MoveRule>& moveRules();
/// nullptr for an unknown id; the contract lists them all.
const MoveRule* moveRule(const std::string& id);

/// Most options that a kiosk shows.
constexpr std::size_t kKioskOptionsMax = 8;

/// What stands around an item: where its checks look.
struct Surroundings {
  std::function<bool(const std::string& name)> has_media;
  /// Markup and text of case material as this version shows it.
  std::function<std::optional<std::pair<std::string, std::string>>(const std::string& id, std::int64_t version)> stimulus;
  /// Enemies that the item of this id names; nullopt when there is none such in the bank.
  std::function<std::optional<std::vector<std::string>>(const std::string& item_id)> enemies_of;
};
Surroundings bankSurroundings(Tx& tx, const std::string& bank_id);
std::vector<Error> releaseProblems(const ItemContent& content, const Surroundings& around);

/// What keeps a version from being released, as errors whose reason, detail and where make ItemProblem. Reads stimuli,
/// pictures and enemies.
std::vector<Error> releaseProblems(Tx& tx, const ItemRow& row, const ItemVersion& version);

/// Who made, or had a hand in, the versions that wait for release: those above the newest approved one, or the newest when none is.
std::vector<std::string> waitingAuthors(Tx& tx, const ItemRow& row);

/// Why `actor` may not make this move now; the reason sentence aside.
/// Errors: Conflict impossible_move, released_by_author, not_ready_for_release, newer_version_waits.
Status mayMove(Tx& tx, const ItemRow& row, const MoveRule& rule, const std::string& actor);

/// Makes the move and writes history. `row` is brought up to date.
/// Errors: as mayMove; InvalidInput reason_needed.
Status makeMove(Tx& tx, ItemRow& row, const MoveRule& rule, const std::string& actor, const std::string& reason, Instant now);

/// What a row becomes by a move: state and which version is drawn.
void applyMove(ItemRow& row, const MoveRule& rule);

/// ItemProblem of openapi.yaml.
Json problemJson(const Error& error);

}  // namespace invigil::server
