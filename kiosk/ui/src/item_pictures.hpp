// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QHash>
#include <QObject>
#include <QSize>
#include <QStringList>

#include "api_client.hpp"
#include "wire.hpp"

namespace invigil::kiosk {

/// Pictures of the paper on the screen: fetched one after the other when the sitting begins, asked for again until they
/// are there, kept in memory only. GUI thread.
class ItemPictures final : public QObject {
  Q_OBJECT
 public:
  explicit ItemPictures(ApiClient& api) : api_(api) {}

  void load(const Paper& paper);
  void clear();
  /// Html as QML's rich text shows it: pictures in place (or a word that they are coming), tables with lines.
  /// Plain text comes back as it is.
  QString shown(const QString& text, bool html) const;

 signals:
  void loaded();

 private:
  void next();
  struct Picture {
    QString source;  ///< data: address
    QSize size;      ///< in pixels of a screen 1920 wide
  };
  ApiClient& api_;
  QStringList wanted_;
  QHash<QString, Picture> pictures_;
  int round_ = 0;  ///< answers to an earlier paper's questions are not taken
};

}  // namespace invigil::kiosk
