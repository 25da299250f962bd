// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QHash>
#include <QObject>
#include <QSet>
#include <QTimer>
#include <deque>
#include <functional>
#include <optional>

#include "api_client.hpp"
#include "eyes.hpp"
#include "invigil/base/clock.hpp"
#include "invigil/recording/segment_folder.hpp"

namespace invigil::kiosk {

/// Gets the key of a sitting and sets the camera to work, tells the server how it goes, and uploads sealed
/// segments one at a time whenever the network allows, also those that an earlier sitting or a power cut left behind.
/// Without network everything waits on the disk; whether the disk takes any film is the camera's to say. A segment whose number the server has with other content is put aside there.
class RecordingModel final : public QObject {
  Q_OBJECT
 public:
  /// @param busy  true while something more urgent wants the line
  RecordingModel(Transport& transport, Eyes& eyes, const Clock& clock, const QString& data_dir, std::function<bool()> busy,
                 QObject* parent = nullptr);

  void begin(const QString& sitting_id);
  /// Nothing of this sitting is recorded, or any more; its key is asked for all the same.
  void forbid();
  /// The sitting is over: what is recorded goes on being uploaded.
  void end();

 signals:
  /// The sitting's key, in memory only: of its recording, and also where it is only watched over.
  void keyKnown(const QString& sitting_id, const QByteArray& key);

 private:
  void ask();
  void take(const QJsonObject& order);
  void sendNews();
  void upload();
  void uploaded(const recording::Waiting& one, const Reply& reply);
  std::uint32_t nextNumber(const QString& sitting_id) const;
  bool haveFolder();

  ApiClient api_;  ///< never told to forget: acknowledgements come after the candidate has left
  Eyes& eyes_;
  const Clock& clock_;
  const std::function<bool()> busy_;
  const std::string dir_;
  std::optional<recording::SegmentFolder> folder_;  ///< none while the disk takes none
  QString sitting_id_;
  struct Told {
    QString sitting_id;
    QJsonObject body;
  };
  std::deque<Told> news_;
  bool recording_ = false, forbidden_ = false, telling_ = false, uploading_ = false;
  int failures_ = 0;
  QSet<QString> unreadable_;  ///< files that the disk does not give back
  struct Refused {
    int times = 0;
    milliseconds not_before{0};  ///< by the monotonic clock
  };
  QHash<QString, std::uint32_t> highest_;  ///< number of each sitting that was seen on the disk
  QHash<QString, Refused> refused_;  ///< files that the server did not take, and when they come again
  QTimer again_, tell_again_, next_;
};

}  // namespace invigil::kiosk
