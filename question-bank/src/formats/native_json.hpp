// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/json_reader.hpp"

namespace invigil::bank::formats {

/// "plain" (also where absent) or "html".
Status readMarkup(const Members& members, Markup& markup);
/// Reads "stimuli" and "media" of a bank file and checks that what the items refer to is there.
Status readAttachments(const Members& members, Bank& bank);


/// An item as it stands in a bank file.
nlohmann::ordered_json itemJson(const Item& item);
/// "" when a bank file may hold the item, else what is wrong with it: whatever a reader of another format lets in, our own
/// must take.
std::string itemFault(const Item& item);

}  // namespace invigil::bank::formats
