// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "map_model.hpp"

namespace invigil::kiosk {

int MapModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(cells_.size());
}

QVariant MapModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const Cell& cell = cells_[static_cast<std::size_t>(index.row())];
  switch (role) {
    case Position: return index.row() + 1;
    case Answered: return cell.answered;
    case Flagged: return cell.flagged;
    case Current: return cell.current;
    default: return {};
  }
}

QHash<int, QByteArray> MapModel::roleNames() const {
  return {{Position, "position"}, {Answered, "answered"}, {Flagged, "flagged"}, {Current, "current"}};
}

void MapModel::show(const sitting::State& state) {
  if (cells_.size() != state.entries.size()) {
    beginResetModel();
    cells_.assign(state.entries.size(), {});
    endResetModel();
  }
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    const sitting::Entry& entry = state.entries[i];
    const Cell cell{entry.answered(), entry.response.flagged, static_cast<int>(i) + 1 == state.current};
    if (cell == cells_[i]) continue;
    cells_[i] = cell;
    emit dataChanged(index(static_cast<int>(i)), index(static_cast<int>(i)));
  }
}

void MapModel::clear() {
  beginResetModel();
  cells_.clear();
  endResetModel();
}

}  // namespace invigil::kiosk
