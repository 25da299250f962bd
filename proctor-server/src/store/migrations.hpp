// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <soci/soci.h>

#include <string>
#include <vector>

#include "invigil/base/result.hpp"

namespace invigil::store {

struct Migration {
  int number;
  std::string name, sql;
};

/// All migrations compiled in, by number.
const std::vector<Migration>& migrations();

/// Brings the schema up to date, each migration in its own transaction, checksums recorded.
/// Errors: Conflict store_is_newer (made by a newer program), Corrupt migration_changed.
Status migrate(soci::session& session);

}  // namespace invigil::store
