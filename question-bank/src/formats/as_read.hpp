// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "formats/loose_members.hpp"
#include "formats/table_cells.hpp"
#include "invigil/bank/importing.hpp"

namespace invigil::bank::formats {

/// What can be read of a row that readLooseRow() refuses (the same parameters), so that nobody types it anew: options as they
/// were parted, the type as stated or as options and answer look, the key only where nothing about it is doubtful.
AsRead looseAsRead(const Json& row, std::optional<ItemType> type, bool marked = true, const ListHabits& habits = {});

/// The same of a row of a table. @param type  where no cell says it
AsRead tableAsRead(const Cells& cells, std::optional<ItemType> type, bool marked = true);

}  // namespace invigil::bank::formats
