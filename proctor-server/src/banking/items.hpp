// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "banking/lifecycle.hpp"

/// Making and editing items: every change is a new version. Inside a write transaction.
namespace invigil::server {

/// Who changes something, when and why.
struct Change {
  std::string actor;  ///< account id, "import" or "server"
  std::string reason;
  Instant now{};
  std::vector<std::string> hands = {};  ///< account ids of whoever else had a hand in it and does not release it either
  std::int64_t material = 0;            ///< version of the case material that an edit keeps; 0 = the newest
};

/// A new item, state draft, version 1, at the end of its bank. `item.id` empty = one is made.
/// Errors: NotFound no_such_bank; Conflict item_id_taken; InvalidInput bad_item.
Result<ItemRow> createItem(Tx& tx, const std::string& bank_id, bank::Item item, const Change& change);

/// The next version of an item; its state becomes draft, what is drawn stays. Enemies get the other end of the relation
/// in a version of their own. `seen` is the newest version the editor knew.
/// Errors: Conflict version_is_not_newest, item_retired, nothing_changed.
Status editItem(Tx& tx, ItemRow& row, std::int64_t seen, bank::Item item, const Change& change);

/// Gives the other ends of what has changed among the enemies of `row`, whose id and bank are read, a version each; none to
/// those that have it already, are retired or are not there.
Status mirrorEnemies(Tx& tx, const ItemRow& row, const std::vector<std::string>& before, const std::vector<std::string>& after, const Change& change);

/// A new version of case material (seen = 0: a new one; id empty = one is made) and of every item that refers to it.
/// Returns the id. Errors: NotFound no_such_bank; Conflict version_is_not_newest; InvalidInput markup_not_allowed,
/// stimulus_empty, bad_item.
Result<std::string> saveStimulus(Tx& tx, const std::string& bank_id, const bank::Stimulus& stimulus, std::int64_t seen, const Change& change);

/// A version of its own for every item, retired ones aside, that refers to case material and does not stand with its newest version.
Status followStimulus(Tx& tx, const std::string& bank_id, const std::string& stimulus_id, const Change& change);

/// Newest version number, 0 when there is none.
std::int64_t stimulusVersion(Tx& tx, const std::string& bank_id, const std::string& stimulus_id);

/// Stores a picture under the digest of its bytes and gives its name; storing it twice is one row.
/// Errors: InvalidInput media_not_a_picture; TooLarge media_too_large.
Result<std::string> storeMedia(Tx& tx, const std::string& bytes, const Change& change);
constexpr std::size_t kMediaBytesMax = 5u << 20;

Routes itemRoutes();
Routes itemSearchRoutes();
Routes stimulusRoutes();

}  // namespace invigil::server
