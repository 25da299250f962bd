// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keys.hpp"

namespace invigil::server {

/// Opens the data folder: makes the database, and the keys of a new one, where they are missing, one whole step at a time,
/// so that an interrupted start can be repeated. Errors: Unavailable, Corrupt, Conflict store_is_newer and those of openKeys().
Result<std::unique_ptr<App>> openApp(const Config& config, LostKeys lost = LostKeys::Refuse);

/// Makes the account "admin" when there is no administrator. @return its password, or "" when there is one.
Result<std::string> firstAdministrator(App& app);

/// What has to happen about once a second: overdue sittings, no-shows, old sessions. Errors are logged.
void housekeeping(App& app);

}  // namespace invigil::server
