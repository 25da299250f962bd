// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "store/migrations.hpp"

#include <openssl/sha.h>

#include "invigil/base/text.hpp"

namespace invigil::store {
namespace {

std::string checksum(const std::string& sql) {
  Bytes digest(SHA256_DIGEST_LENGTH);
  SHA256(reinterpret_cast<const unsigned char*>(sql.data()), sql.size(), digest.data());
  return toHex(digest);
}

/// Statements of a migration file: split at ';', comment lines dropped. Migrations hold no string with ';' in it.
std::vector<std::string> statements(const std::string& sql) {
  std::string plain;
  for (std::size_t at = 0; at < sql.size();) {
    const std::size_t end = std::min(sql.find('\n', at), sql.size());
    if (sql.compare(at, 2, "--") != 0) plain += sql.substr(at, end - at) + '\n';
    at = end + 1;
  }
  std::vector<std::string> list;
  for (std::size_t at = 0; at < plain.size();) {
    const std::size_t end = std::min(plain.find(';', at), plain.size());
    if (std::string one = trim(plain.substr(at, end - at)); !one.empty()) list.push_back(std::move(one));
    at = end + 1;
  }
  return list;
}

}  // namespace

Status migrate(soci::session& session) {
  session << "create table if not exists schema_migration (number bigint primary key, checksum text not null)";
  long long newest = 0;
  session << "select coalesce(max(number), 0) from schema_migration", soci::into(newest);
  const int known = migrations().empty() ? 0 : migrations().back().number;
  if (newest > known)
    return fail(ErrorCode::Conflict, "store_is_newer",
                "The data was written by a newer program (schema " + std::to_string(newest) + ", this one knows " +
                    std::to_string(known) + "). Use the newer program.");
  for (const Migration& migration : migrations()) {
    const std::string sum = checksum(migration.sql);
    if (migration.number <= newest) {
      std::string recorded;
      const long long number = migration.number;
      session << "select checksum from schema_migration where number = :a", soci::use(number), soci::into(recorded);
      if (recorded != sum)
        return fail(ErrorCode::Corrupt, "migration_changed",
                    "Migration " + migration.name + " differs from the one this data was made with.");
      continue;
    }
    soci::transaction transaction(session);
    for (const std::string& statement : statements(migration.sql)) session << statement;
    const long long number = migration.number;
    session << "insert into schema_migration(number, checksum) values (:a, :b)", soci::use(number), soci::use(sum);
    transaction.commit();
  }
  return {};
}

}  // namespace invigil::store
