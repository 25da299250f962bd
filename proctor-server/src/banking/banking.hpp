// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "banking/items.hpp"
#include "invigil/bank/blueprint.hpp"

namespace invigil::server {

/// Errors: NotFound no_such_blueprint.
Result<bank::Blueprint> blueprintById(Tx& tx, const std::string& id);
std::vector<bank::Blueprint> allBlueprints(Tx& tx);
/// Puts the files of a folder into the store, replacing those of the same id. Errors: NotFound, InvalidInput bad_blueprint.
Status loadBlueprints(App& app, const std::string& folder);
/// Released items of every bank in use whose roles and category match, ordered by bank id and place: the pool of a draw.
/// Only what drawing and showing needs; Item::id is "BANK/ID".
std::vector<bank::Item> poolFor(Tx& tx, const bank::Blueprint& blueprint);
/// An item of the pool as it goes onto a paper.
struct DrawnItem {
  std::string uid;
  ItemVersion version;
  std::string stimulus_markup, stimulus_text;  ///< of its case material; empty text = it stands alone
};
Result<DrawnItem> drawnItem(Tx& tx, const std::string& pool_id);
/// Makes the bank or brings title, roles, category and language up to date.
void storeBankHead(Tx& tx, const bank::Bank& bank, Instant now);
/// Takes a whole bank over, released at once and without a second person: for setting up and for demo servers. What the
/// file does not hold is retired. Errors: InvalidInput markup_not_allowed, media_not_a_picture.
Status saveBank(Tx& tx, const bank::Bank& bank, Instant now, const std::string& actor);

Routes bankingRoutes();
/// A bank as a file of any format, and what a format cannot carry (docs/formats/exports.md).
Routes exportRoutes();

}  // namespace invigil::server
