// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app.hpp"
#include "invigil/bank/blueprint.hpp"

namespace invigil::server {

struct SittingRow;

/// Signs and stores the theory pass of a finished, passed sitting; one in force per sitting. @return its number.
/// @param replaces  number of the pass it stands for after a regrade, already withdrawn; empty = none
Result<std::string> issueCertificate(App& app, Tx& tx, const SittingRow& sitting, const bank::Blueprint& blueprint, Instant now,
                                     const std::string& replaces = {});
/// The last second of such a pass: of the last day of the one it replaces, else of the day 12 months after the exam.
Instant certificateExpiry(Tx& tx, const SittingRow& sitting, const std::string& replaces);
/// Number of the certificate in force, or empty.
std::string certificateInForce(Tx& tx, const std::string& sitting_id);
/// From now on it verifies as revoked, or superseded once noteReplacement() names what stands in its place.
void withdrawCertificate(Tx& tx, const std::string& id, const std::string& why, Instant now);
void noteReplacement(Tx& tx, const std::string& id, const std::string& replaced_by);
/// Certificates of a sitting that no longer count, newest first: AuthorityRecord::withdrawn of openapi.yaml.
Json withdrawnJson(Tx& tx, const std::string& sitting_id);
/// Credential of openapi.yaml in force, or null.
Json certificateJson(Tx& tx, const std::string& sitting_id);
/// "ABCD-EFGH-JKLM" as shown, from the stored number.
std::string shownNumber(const std::string& number);

Routes authorityRoutes();

}  // namespace invigil::server
