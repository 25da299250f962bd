// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QColor>
#include <QImage>
#include <QJsonObject>
#include <QObject>
#include <QStringList>

namespace invigil::kiosk {

/// Bands of the comparison and the patience of one try, from the site's policy; what the server asks the person to do.
struct FaceRules {
  double admit = 0.50, refuse = 0.35;
  int seconds_max = 15;       ///< for coming to rest in front of the camera
  QStringList actions;        ///< ids of vision::actionName, in order; empty = no challenge
  int action_seconds = 5;     ///< for each
  int texture_frames = 10;
  bool light = false;         ///< light the face with the screen
};

/// One moment of a running face check.
struct FaceStep {
  QString hint;               ///< id of vision::hintName, "none" when all is well
  bool found = false, quality = false;
  QString prompt;             ///< action asked for now, empty = none
  bool acting = false;        ///< the person has come to rest once, prompts come or have come
  int place = 0, of = 0;      ///< actions done, in all
  double time_left = 1;       ///< of the prompt, 1..0
  QColor screen;              ///< invalid = the usual one
};

/// What one try gave.
struct FaceOutcome {
  QString impossible;         ///< why nothing was compared: no_model (nor a face in the photos), photos_differ; else empty
  double similarity = 0;
  int frames = 0;
  bool timed_out = false;
  QByteArray capture;         ///< JPEG of the best frame
  QJsonObject liveness;       ///< FaceReport.liveness of openapi.yaml, but for the challenge's id
  QList<int> used;            ///< places of the reference photos that showed a face, also where nothing was compared
};

/// An incident of monitoring as it begins, gets a graver measure or ends (vision::IncidentChange).
struct ConcernChange {
  int place = 0;
  QString concern, measure;   ///< ids of the wire: "absent", "second_person" …; "nothing", "notice", "warning", "pause"
  bool risen = false;         ///< the measure is new
  qint64 began_ago_ms = 0;
  qint64 ended_ago_ms = -1;   ///< -1 = it lasts
  double score = 0;
  QByteArray picture;         ///< JPEG of this moment; empty when there is none
};

/// After how many seconds what is done, per concern, and the first number to give; MonitoringPolicy of openapi.yaml.
struct GuardRules {
  struct Row { QString concern; int notice_s = 0, warning_s = 0, pause_s = 0; };
  QList<Row> rows;
  int warnings_to_pause = 0, next_place = 1;
};

/// What the recording of a sitting needs; RecordingOrder of openapi.yaml. Without a sitting nothing is recorded.
struct SittingRecording {
  QString sitting_id;
  QByteArray key;             ///< 32 bytes, in memory only
  int first_number = 1, frames_per_second = 5, segment_seconds = 30;
  qint64 server_ahead_ms = 0; ///< server time less our monotonic clock
};

/// What the recorder has to say; recording::News.
struct RecordingNews {
  QString sitting_id, what, why;
  qint64 at_ms = 0;
  int segments = 0;
};

/// The kiosk's camera and what can be seen with it. Lives in the GUI thread; works in another one. The camera is
/// open only between scan()/watch()/checkFace()/guard()/record() and off().
class Eyes : public QObject {
  Q_OBJECT
 public:
  using QObject::QObject;
  /// Camera and models have been looked for; from the first readyChanged() on.
  virtual bool isReady() const = 0;
  virtual bool hasCamera() const = 0;
  /// There is a camera, or there was one when this sitting's person was admitted: without pictures something is wrong.
  virtual bool shouldSee() const = 0;
  virtual bool canVerify() const = 0;
  /// "camera", "file", "simulated"; empty without a camera
  virtual QString kind() const = 0;
  virtual QString detector() const = 0;
  virtual QString verifier() const = 0;
  virtual QString verifierHash() const = 0;
  /// KioskEngine of openapi.yaml: which files do the work, and the camera. Empty until readyChanged().
  virtual QJsonObject engine() const = 0;
  /// FaceReport.camera of openapi.yaml: what the system says the camera is.
  virtual QJsonObject device() const = 0;

  virtual void off() = 0;
  /// Looks for a QR code only. No frame is kept, no face is looked for.
  virtual void scan() = 0;
  /// Shows the picture and looks for nothing.
  virtual void watch() = 0;
  /// @param references  JPEG or PNG, the photos from the booking, then the one from the card's chip
  virtual void checkFace(const QByteArrayList& references, const FaceRules& rules) = 0;
  /// Watches over a sitting, twice a second, and shows no picture. Whom the last face check accepted is who should sit here.
  virtual void guard(const GuardRules& rules) = 0;
  /// Records what the camera gives from now on, whether it is watched over or not; with no sitting: ends the recording.
  virtual void record(const SittingRecording& rules) = 0;
  /// A sitting goes on after a restart: whom these photos from the booking show should sit here. Before guard().
  virtual void remember(const QByteArrayList& references) = 0;
  /// Forgets who was accepted: the person leaves, or takes the consent back.
  virtual void forgetPerson() = 0;
  /// Consent was taken back: forgets what was kept to recognise films of this visit too. Before forgetPerson().
  virtual void forgetFilms() = 0;
  /// The newest frame as JPEG, empty when there is none.
  virtual QByteArray capture() const = 0;

 signals:
  void readyChanged();
  void frame(const QImage& picture);
  void codeSeen(const QString& text);
  void faceStep(const invigil::kiosk::FaceStep& step);
  void faceDone(const invigil::kiosk::FaceOutcome& outcome);
  void concern(const invigil::kiosk::ConcernChange& change);
  void recordingNews(const invigil::kiosk::RecordingNews& news);
  void lost();  ///< the camera stopped giving pictures
};

}  // namespace invigil::kiosk

Q_DECLARE_METATYPE(invigil::kiosk::FaceStep)
Q_DECLARE_METATYPE(invigil::kiosk::FaceOutcome)
Q_DECLARE_METATYPE(invigil::kiosk::ConcernChange)
Q_DECLARE_METATYPE(invigil::kiosk::RecordingNews)
