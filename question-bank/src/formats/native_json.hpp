// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/json_reader.hpp"

namespace invigil::bank::formats {

/// "plain" (also where absent) or "html".
Status readMarkup(const Members& members, Markup& markup);
/// Reads "stimuli" and "media" of a bank file and checks that what the items refer to is there.
Status readAttachments(const Members& members, Bank& bank);

}  // namespace invigil::bank::formats
