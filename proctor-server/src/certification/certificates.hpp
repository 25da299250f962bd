// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app.hpp"
#include "invigil/bank/blueprint.hpp"

namespace invigil::server {

struct SittingRow;

/// Signs and stores the theory pass of a finished, passed sitting; one per sitting.
Status issueCertificate(App& app, Tx& tx, const SittingRow& sitting, const bank::Blueprint& blueprint, Instant now);
/// Credential of openapi.yaml, or null.
Json certificateJson(Tx& tx, const std::string& sitting_id);
/// "ABCD-EFGH-JKLM" as shown, from the stored number.
std::string shownNumber(const std::string& number);

Routes authorityRoutes();

}  // namespace invigil::server
