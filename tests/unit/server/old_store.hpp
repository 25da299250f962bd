// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <soci/soci.h>

#include <sstream>

#include "app.hpp"
#include "invigil/base/text.hpp"
#include "store/migrations.hpp"

namespace invigil::server {

/// Makes an empty database one of an older program: with the migrations up to `last`, and none after it.
inline void migrateTo(soci::session& old, int last) {
  old << "create table schema_migration (number bigint primary key, checksum text not null)";
  for (const auto& migration : store::migrations()) {
    if (migration.number > last) continue;
    std::string plain;
    std::istringstream lines(migration.sql);
    for (std::string line; std::getline(lines, line);)
      if (!line.starts_with("--")) plain += line + "\n";
    std::istringstream pieces(plain);
    for (std::string one; std::getline(pieces, one, ';');)
      if (!trim(one).empty()) old << one;
    old << "insert into schema_migration values (" << migration.number << ", '" << sha256Hex(migration.sql) << "')";
  }
}

}  // namespace invigil::server
