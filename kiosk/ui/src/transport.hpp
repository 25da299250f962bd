// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QJsonObject>
#include <QObject>
#include <chrono>
#include <functional>

namespace invigil::kiosk {

/// The server's answer, or why there is none.
struct Reply {
  int status = 0;          ///< HTTP status; 0 = the server was not reached in time
  QJsonObject body;
  QString error_id;        ///< empty when all is well; "unreachable" when status is 0
  QString error_zh, error_en;
  bool ok() const { return status >= 200 && status < 300; }
  /// Repeating the same request later can help.
  bool worthRepeating() const { return status == 0 || status == 429 || status >= 500; }
  /// It says nothing about what was sent: the server is away, full or busy, or this kiosk may not speak now. What must not be
  /// lost waits for another moment.
  bool ofTheMoment() const { return !ok() && (worthRepeating() || status < 400 || status == 401 || status == 403 || status == 408); }
};

/// Carries JSON requests to the server. GUI thread; never blocks.
class Transport : public QObject {
  Q_OBJECT
 public:
  using Done = std::function<void(const Reply&)>;
  using QObject::QObject;
  /// @param path  with query, e.g. "/api/v1/kiosk/state"
  /// `done` is called once, later, never from inside send().
  virtual void send(const QByteArray& verb, const QString& path, const QJsonObject& body,
                    std::chrono::milliseconds timeout, Done done) = 0;
  /// The same with bytes as they are; lets everything else go first.
  virtual void put(const QString& path, const QByteArray& bytes, std::chrono::milliseconds timeout, Done done) = 0;
  using Fetched = std::function<void(const QByteArray&)>;
  /// Bytes of a picture, at most 8 MiB; empty when it could not be had. `done` is called once, later.
  virtual void fetch(const QString& path, std::chrono::milliseconds timeout, Fetched done) = 0;
};

}  // namespace invigil::kiosk
