// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAbstractListModel>

#include "invigil/sitting/sitting.hpp"

namespace invigil::kiosk {

/// The paper's items as cells: position, answered, flagged, current.
class MapModel final : public QAbstractListModel {
  Q_OBJECT
 public:
  enum Role { Position = Qt::UserRole + 1, Answered, Flagged, Current };
  using QAbstractListModel::QAbstractListModel;
  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QHash<int, QByteArray> roleNames() const override;
  /// Tells the view only about cells that differ.
  void show(const sitting::State& state);
  void clear();

 private:
  struct Cell {
    bool answered = false, flagged = false, current = false;
    bool operator==(const Cell&) const = default;
  };
  std::vector<Cell> cells_;
};

}  // namespace invigil::kiosk
