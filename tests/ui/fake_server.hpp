// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QBuffer>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTimer>
#include <map>

#include "eyes.hpp"
#include "id_reader.hpp"
#include "invigil/base/clock.hpp"
#include "transport.hpp"

namespace invigil::kiosk::test {

/// Answers like the server, from memory. Tests turn its knobs.
class FakeServer final : public Transport {
  Q_OBJECT
 public:
  FakeServer();
  void send(const QByteArray& verb, const QString& path, const QJsonObject& body, std::chrono::milliseconds timeout,
            Done done) override;

  bool reachable = true;
  QString outcome = QStringLiteral("ready");  ///< of find and walkin
  QString after_consent = QStringLiteral("face"), after_face = QStringLiteral("admitted");
  QString why, reason, reason_en, given;      ///< given: the consent, "given" or "declined"
  int minutes_now = 120, warnings = 0;
  bool passed = true, lose_acks = false, long_words = false, closed = false;
  int no_leaving_minutes = 0;
  QString lose_once;                          ///< the next request whose path ends so is done, its answer is lost
  QString swallow_once;                       ///< the next request whose path ends so never arrives
  int face_status = 0;                        ///< when set, face reports are refused with it
  bool hold_incidents = false;                ///< answers to reports wait for release()
  int refuse_incidents = 0;                   ///< when set, reports are refused with it; 409: the sitting is at another seat
  void release();
  QString refuse_id;                          ///< when set, find answers this error once
  int starts_refused = 0;                     ///< so many starts find no sealed paper
  QString active;                             ///< active_admission_id
  QJsonObject state();
  void fetch(const QString& path, std::chrono::milliseconds timeout, Fetched done) override;
  void put(const QString& path, const QByteArray& bytes, std::chrono::milliseconds timeout, Done done) override;
  bool recorded = true;
  int refuse_recording = 0;                   ///< when set, the order for a recording, with its key, is refused with it
  QString refuse_segments;                    ///< when set, segments are answered with this error
  QByteArray refuse_holding;                  ///< when set, only segments that hold it
  QList<QByteArray> segments, sealed_incidents;  ///< as they came
  QJsonArray recording_news;
  void decide(const QString& state);          ///< the reviewer; wakes the long poll
  /// The remote invigilator, or the site's rules: adds an order and wakes who waits for one.
  void order(const QString& kind, const QString& zh = {}, const QString& en = {});
  bool monitored = true;
  QString hall_state = QStringLiteral("running"), hall_why;
  QString pause_zh, pause_en;    ///< what the invigilator who paused says
  bool paused_at_start = false;  ///< the sitting was handed out in a pause, whatever hall_state says since
  int minutes_given = 0, minutes_past = 0;    ///< added to the deadline; to the server's time
  QJsonArray incidents;                       ///< reports as they came

  std::map<int, QJsonObject> saved;           ///< responses by position
  QStringList seen;                           ///< "POST /api/v1/kiosk/find" …
  QJsonObject last_body;
  std::map<QString, QJsonObject> bodies;      ///< the last of each kind: "find", "walkin", "consent", "face", "review"
  bool photos = true;                         ///< the booking has some
  QJsonObject engine;                         ///< as the kiosk told it
  int submissions = 0, face_reports = 0;

 private:
  Reply answer(const QByteArray& verb, const QString& path, const QJsonObject& body);
  QJsonObject admission() const;
  QJsonObject found() const;
  QJsonObject sitting();
  QJsonObject result() const;
  QString admission_state_ = QStringLiteral("new");
  QJsonObject hall(int after) const;
  QJsonArray orders_;
  Done waiting_, waiting_orders_;
  QList<std::function<void()>> held_;
  int orders_after_ = 0;
};

/// A camera without a camera: the test says what it sees.
class FakeEyes final : public Eyes {
  Q_OBJECT
 public:
  bool isReady() const override { return ready; }
  bool hasCamera() const override { return camera; }
  bool shouldSee() const override { return camera || (ready && !remembered.empty()); }
  bool canVerify() const override { return verifier_there; }
  QString kind() const override { return camera ? QStringLiteral("simulated") : QString(); }
  QString detector() const override { return QStringLiteral("fake"); }
  QString verifier() const override { return QStringLiteral("fake"); }
  QString verifierHash() const override { return QString(64, QLatin1Char('0')); }
  QJsonObject engine() const override { return {{"detector", "fake"}, {"camera", device()}}; }
  QJsonObject device() const override { return {{"name", "fake"}, {"driver", ""}, {"bus", ""}, {"usb_id", ""}}; }
  void off() override { mode = QStringLiteral("off"); }
  void scan() override { look("scan"); }
  void watch() override { look("watch"); }
  void checkFace(const QByteArrayList& photos, const FaceRules& given) override { ++checks; references = photos; face_rules = given; look("face"); }
  void guard(const GuardRules& given) override { rules = given; look("guard"); }
  void record(const SittingRecording& given) override { recording = given; }
  void remember(const QByteArrayList& photos) override { remembered = photos; }
  void forgetPerson() override { ++forgotten; }
  void forgetFilms() override { ++films_forgotten; }
  QByteArray capture() const override { return camera ? QByteArray("JPEG") : QByteArray(); }

  bool camera = true, ready = true, verifier_there = true;
  QString mode = QStringLiteral("off");
  QByteArrayList references, remembered;
  GuardRules rules;
  FaceRules face_rules;
  SittingRecording recording;
  int forgotten = 0, films_forgotten = 0, checks = 0;

 private:
  void look(const char* what);
};

/// A reader without a reader: the test lays the cards.
class FakeReader final : public IdReader {
  Q_OBJECT
 public:
  QString kind() const override { return QStringLiteral("serial"); }
  QString fault() const override { return reason; }
  void seek(bool wanted) override { seeking = wanted; }
  void decode(const QByteArray& photo) override {
    decoded.append(QByteArray(photo.constData(), photo.size()));
    if (!slow) QTimer::singleShot(0, this, [this] { emit photoReady(picture); });
  }
  void break_(const QString& why) {
    reason = why;
    emit faultChanged();
  }
  void lay(const CardSeen& card = aCard()) { emit cardSeen(card); }
  static CardSeen aCard() { return {"resident_id", "11010519491231002X", {"王小明"}, QDate(2020, 1, 1), {}, "WLT"}; }

  QString reason;
  bool seeking = false, slow = false;
  QByteArrayList decoded;
  QByteArray picture = "PNG";                 ///< what the decoder makes of it
};

/// A clock that moves when the test says so.
class HandClock final : public Clock {
 public:
  Instant now() const override { return fromMillis(1'795'000'000'000); }
  milliseconds monotonic() const override { return at; }
  milliseconds at{1'000'000};
};

}  // namespace invigil::kiosk::test
