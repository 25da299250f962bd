// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "id_reader.hpp"
#include "invigil/devices/card_reader.hpp"

namespace invigil::kiosk {

/// The ID-card reader at the end of a line (devices::CardReader), for the GUI thread.
class LineReader final : public IdReader {
  Q_OBJECT
 public:
  /// @param line  as devices::parseCardLine, checked  @param decoder  program and arguments; empty = photos are not decoded
  LineReader(const QString& line, const QStringList& decoder, QObject* parent = nullptr);

  QString kind() const override { return kind_; }
  QString fault() const override { return fault_; }
  void seek(bool wanted) override { reader_.seek(wanted); }
  void decode(const QByteArray& photo) override;

 private:
  void take(const devices::CardNews& news);
  const QString kind_;
  QString fault_;
  devices::CardReader reader_;  ///< last: its thread ends before the rest goes
};

}  // namespace invigil::kiosk
