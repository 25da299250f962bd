// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "banking/items.hpp"

namespace invigil::server {

/// An item as it goes onto a paper.
struct DrawnItem {
  std::string uid;
  ItemVersion version;
  std::string stimulus_markup, stimulus_text;  ///< of its case material; empty text = it stands alone
};
/// Makes the bank or brings title, roles, category and language up to date.
void storeBankHead(Tx& tx, const bank::Bank& bank, Instant now);
/// Takes a whole bank over, released at once and without a second person: for setting up and for demo servers. What the
/// file does not hold is retired. Errors: InvalidInput markup_not_allowed, media_not_a_picture.
Status saveBank(Tx& tx, const bank::Bank& bank, Instant now, const std::string& actor);

Routes bankingRoutes();
/// A bank as a file of any format, and what a format cannot carry (docs/formats/exports.md).
Routes exportRoutes();

}  // namespace invigil::server
