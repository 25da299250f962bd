// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app.hpp"
#include "invigil/bank/blueprint.hpp"

namespace invigil::server {

/// Errors: NotFound no_such_blueprint.
Result<bank::Blueprint> blueprintById(Tx& tx, const std::string& id);
std::vector<bank::Blueprint> allBlueprints(Tx& tx);
/// Puts the files of a folder into the store, replacing those of the same id. Errors: NotFound, InvalidInput bad_blueprint.
Status loadBlueprints(App& app, const std::string& folder);
/// Items of every bank in use whose roles and category match, ordered by bank id and place: the pool of a draw.
std::vector<bank::Item> poolFor(Tx& tx, const bank::Blueprint& blueprint);
/// Stores a bank as its next revision.
void saveBank(Tx& tx, const bank::Bank& bank, Instant now, const std::string& actor);

Routes bankingRoutes();

}  // namespace invigil::server
