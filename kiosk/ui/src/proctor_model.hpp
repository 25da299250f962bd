// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtQml/qqmlregistration.h>

#include <QObject>
#include <QTimer>
#include <deque>
#include <map>
#include <optional>

#include "api_client.hpp"
#include "eyes.hpp"
#include "incident_drawer.hpp"
#include "invigil/sitting/sitting.hpp"

namespace invigil::kiosk {

/// Watches over a sitting: tells the server what the camera noticed, shows what the rules or the remote invigilator want
/// shown, stops and starts the clock. Works on while the server is away; what happened then is told later.
class ProctorModel final : public QObject {
  Q_OBJECT
  QML_ANONYMOUS
  Q_PROPERTY(bool watching READ watching NOTIFY changed)
  Q_PROPERTY(bool paused READ paused NOTIFY changed)
  Q_PROPERTY(QString why READ why NOTIFY changed)              ///< of the pause: a concern's id, or "invigilator"
  Q_PROPERTY(QVariantMap message READ message NOTIFY changed)  ///< of a person who paused: zh, en; may be empty
  Q_PROPERTY(QString kind READ kind NOTIFY changed)            ///< "notice", "warning" or empty: what is shown now
  Q_PROPERTY(QString concern READ concern NOTIFY changed)      ///< its concern's id; empty when it is a person's words
  Q_PROPERTY(QString wordsZh READ wordsZh NOTIFY changed)
  Q_PROPERTY(QString wordsEn READ wordsEn NOTIFY changed)

 public:
  /// @param drawer  keeps reports until the server has them
  ProctorModel(Transport& transport, Eyes& eyes, const Clock& clock, IncidentDrawer& drawer, QObject* parent = nullptr);

  /// @param monitoring  MonitoringPolicy of openapi.yaml
  void begin(const QString& sitting_id, const QJsonObject& monitoring, bool is_paused = false);
  /// The paper is handed in or wiped. What the server has not heard yet is told as soon as it can be reached.
  void end();
  /// The consent was taken back here: nothing is watched any more, also before the server has heard it.
  void decline();

  bool watching() const { return watching_; }
  bool paused() const { return paused_by_server_ || paused_here_; }
  QString why() const { return why_; }
  QVariantMap message() const { return message_; }
  QString kind() const { return shown_.kind; }
  QString concern() const { return shown_.concern; }
  QString wordsZh() const { return shown_.zh; }
  QString wordsEn() const { return shown_.en; }
  Q_INVOKABLE void acknowledge();  ///< of a warning

 signals:
  void changed();
  void recordingForbidden();  ///< nobody may record this sitting, or any more
  void clockStops();
  /// @param given_back  of pauses that the server has not heard of yet
  void clockRuns(const invigil::sitting::ServerTime& time, invigil::milliseconds given_back);
  void endedByServer();
  void watchEnded();  ///< nobody watches any more, but the recording goes on

 private:
  struct Shown {
    QString kind, concern, zh, en;
  };
  void ask(bool wait);
  void take(const QJsonObject& told);
  void watch();
  void obey(const QJsonObject& order);
  void note(const ConcernChange& change);
  void sparePictures();
  void say(const Shown& what);
  void showNext();
  void sendNext();
  void setPaused(bool by_server, bool here);
  void lookAtPause();
  void keepWaiting();
  void tellStood(QJsonObject& report) const;
  milliseconds givenBack() const;
  QJsonObject reportOf(const ConcernChange& change) const;

  ApiClient api_;  ///< never told to forget: a report is answered after the candidate has left, too
  Eyes& eyes_;
  const Clock& clock_;
  IncidentDrawer& drawer_;
  QString sitting_id_, why_;
  QVariantMap message_;
  QJsonObject monitoring_;
  bool watching_ = false, wanted_ = false, declined_ = false, paused_by_server_ = false, paused_here_ = false, sending_ = false;
  int seen_ = 0, next_place_ = 1, warnings_ = 0;
  std::int64_t server_ms_ = 0;   ///< server time …
  milliseconds heard_{0};        ///< … at this moment of ours
  sitting::ServerTime time_;
  Shown shown_;
  std::deque<Shown> unread_;  ///< warnings until they are acknowledged, with what waits behind them
  struct Report {
    QString sitting_id;
    QJsonObject body;
  };
  std::deque<Report> reports_;
  /// A pause of our own, until the server has its report: it gives the time back.
  struct Stood {
    milliseconds since{0};
    std::optional<milliseconds> until;  ///< nothing = it lasts
  };
  std::map<int, Stood> stood_;       ///< by the incident's place
  milliseconds given_back_told_{0};  ///< with the last clockRuns()
  milliseconds paused_at_{0}, kept_at_{0};
  milliseconds unheard_{0};          ///< of a pause that the server knew, given back by it while it could not tell us
  QTimer hide_, again_, send_again_, patience_;
};

}  // namespace invigil::kiosk
