// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QJsonObject>
#include <QObject>
#include <QTimer>
#include <deque>
#include <optional>

#include "api_client.hpp"
#include "invigil/recording/segment_folder.hpp"

namespace invigil::kiosk {

/// Reports of incidents on the disk, sealed with the key of the sitting's recording, until the server has them: a power cut
/// loses none. Reports without a key (nothing is recorded) stay in memory only. What an earlier run left goes to the
/// server as it lies there.
class IncidentDrawer final : public QObject {
  Q_OBJECT
 public:
  IncidentDrawer(Transport& transport, const QString& data_dir, QObject* parent = nullptr);
  /// From now on what keep() is given of this sitting goes to the disk.
  void open(const QString& sitting_id, const QByteArray& key);
  /// The sitting is over: its key is wiped.
  void close();
  /// Waits for the disk. A newer word on the same incident takes the older one's place.
  void keep(const QString& sitting_id, const QJsonObject& report);
  void drop(const QString& sitting_id, int place);
  /// Sends it to the server as it lies there.
  void bring(const QString& sitting_id, int place);
  /// One more than the highest number that waits here for this sitting; 1 when none does.
  int nextPlace(const QString& sitting_id) const;

 private:
  void sendLeft();
  ApiClient api_;
  std::optional<recording::SegmentFolder> folder_;
  QString sitting_id_;
  segment::Key key_{};
  std::deque<recording::Waiting> left_;
  QTimer again_;
};

}  // namespace invigil::kiosk
