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

/// Reports of incidents on the disk until the server has them: a power cut loses none. They are sealed with the key that the server
/// made for the sitting. As long as that has not come (no network since the exam began) they lie there plain and without their
/// pictures, which stay in memory only: whoever takes the disk finds no face. What an earlier run left goes to the server as
/// it lies there; a plain one the server takes from the sitting's own seat only, so elsewhere it stays for another start.
class IncidentDrawer final : public QObject {
  Q_OBJECT
 public:
  IncidentDrawer(Transport& transport, const QString& data_dir, QObject* parent = nullptr);
  /// From now on what keep() is given of this sitting is sealed.
  void open(const QString& sitting_id, const QByteArray& key);
  /// The sitting is over: its key is wiped.
  void close();
  /// Waits for the disk. A newer word on the same incident takes the older one's place.
  void keep(const QString& sitting_id, const QJsonObject& report);
  void drop(const QString& sitting_id, int place);
  /// Sends it to the server as it lies there, where it is sealed.
  void bring(const QString& sitting_id, int place);
  /// One more than the highest number that waits here for this sitting; 1 when none does.
  int nextPlace(const QString& sitting_id) const;

 signals:
  void opened();  ///< what was kept plain can be kept whole

 private:
  using Folder = std::optional<recording::SegmentFolder>;  ///< none while the disk takes none
  struct Left {
    recording::Waiting file;
    bool sealed = true;
  };
  bool haveFolders();
  Status keepSealed(const segment::Head& head, const QJsonObject& report) const;
  void sendLeft();
  void leftAnswered(const std::string& sent, const Reply& reply);
  ApiClient api_;
  const std::string dir_;
  Folder sealed_, plain_;
  QString sitting_id_;
  segment::Key key_{};
  std::deque<Left> left_;
  QTimer again_;
};

}  // namespace invigil::kiosk
