// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app.hpp"
#include "invigil/bank/blueprint.hpp"

/// Blueprints by version. An edit is a new version that another person takes into use; papers keep theirs.
namespace invigil::server {

/// The version in use. Errors: NotFound no_such_blueprint.
Result<bank::Blueprint> blueprintById(Tx& tx, const std::string& id);
/// Those in use.
std::vector<bank::Blueprint> allBlueprints(Tx& tx);
/// Takes the files of a folder in, each as a version in use; a file that has not changed since it was last taken in adds
/// none, so that what was edited on the page stays. Errors: NotFound no_such_folder, InvalidInput bad_blueprint.
Status loadBlueprints(App& app, const std::string& folder);

/// Errors: NotFound no_such_version.
Result<std::string> blueprintText(Tx& tx, const std::string& id, std::int64_t number);

/// Takes the newest version into use: at once where no sealed paper of the old one is left, else when its first batch is
/// sealed (adoptSealedVersion). Until then the old papers are taken.
void releaseVersion(Tx& tx, const std::string& id, const std::string& actor, Instant now);
/// A batch of this version was sealed: it is in use now, when it was on its way to be.
void adoptSealedVersion(Tx& tx, const std::string& id, std::int64_t number);

Routes blueprintRoutes();

}  // namespace invigil::server
