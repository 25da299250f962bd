// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QHash>
#include <QImage>
#include <QObject>
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
  /// As it stands in the text, at most 1000 x 460 pixels of a screen 1920 wide; null = not there yet.
  QImage inText(const QString& name) const { return pictures_.value(name).in_text; }
  /// As large as it was made, within 4000 x 4000; null = not there yet.
  QImage large(const QString& name) const;

 signals:
  void loaded();

 private:
  void next();
  struct Picture {
    QByteArray bytes;
    QImage in_text;
  };
  ApiClient& api_;
  QStringList wanted_;
  QHash<QString, Picture> pictures_;
  int round_ = 0;  ///< answers to an earlier paper's questions are not taken
};

/// The names of pictures in Html, in order.
QStringList picturesIn(const QString& html);

}  // namespace invigil::kiosk
