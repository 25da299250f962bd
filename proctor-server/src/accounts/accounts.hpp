// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app.hpp"

namespace invigil::server {

/// Argon2id (RFC 9106, 19 MiB, 2 passes), encoded with its salt. Slow on purpose: never on a store thread.
std::string hashPassword(const std::string& password);
bool passwordMatches(const std::string& password, const std::string& hash);
/// 16 characters without look-alikes, in groups of four.
std::string newPassword();

/// Makes the account or sets its password anew (ends lockout and sessions). @param actor  for the audit.
/// @return the password.
/// Errors: InvalidInput account_name_wrong; Conflict account_exists (only when `fresh`); NotFound no_such_account.
Result<std::string> setNewPassword(App& app, const std::string& name, const std::string& display, const std::string& role,
                                   bool fresh, const std::string& actor = "system");

Routes accountRoutes();
Routes sessionRoutes();

}  // namespace invigil::server
