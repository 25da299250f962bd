// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QJsonArray>
#include <memory>

#include "transport.hpp"

namespace invigil::kiosk {

/// The kiosk's words to the server, one function per endpoint (proctor-server/api/openapi.yaml, scope kiosk).
/// Speaks the protocol and nothing else; the view-models decide. Answers to questions asked before forget() are
/// not delivered any more.
class ApiClient {
 public:
  using Done = Transport::Done;
  explicit ApiClient(Transport& transport) : transport_(transport) {}
  ApiClient(const ApiClient&) = delete;

  void state(Done done);
  void engine(const QJsonObject& engine, Done done);
  void findByCode(const QString& code, Done done);
  /// @param card_names  of the ID card that was read; empty where the number was typed
  void findById(const QString& id_type, const QString& id_number, const QStringList& card_names, Done done);
  void walkIn(const QString& id_type, const QString& id_number, const QString& phone_last4,
              const QString& eligibility_id, const QStringList& card_names, Done done);
  void admission(const QString& id, Done done);
  /// Answers when the state is no longer `state`, at the latest after 20 s.
  void awaitAdmission(const QString& id, const QString& state, Done done);
  void consent(const QString& id, bool given, const QString& version, const QString& language, const QString& chip_photo, Done done);
  void withdraw(const QString& id, Done done);
  /// @param cancel  gives the booking up
  void leave(const QString& id, bool cancel, Done done);
  void face(const QString& id, const QJsonObject& report, Done done);
  void review(const QString& id, const QString& why, const QByteArray& capture_jpeg, const QJsonArray& compared, Done done);
  void startSitting(const QString& admission_id, Done done);
  void saveResponses(const QString& sitting_id, const QJsonArray& responses, Done done);
  void submit(const QString& sitting_id, Done done);
  void result(const QString& sitting_id, Done done);

  /// State, deadline and orders after `seen`; answers when there are some, at the latest after 20 s when `wait`.
  void orders(const QString& sitting_id, int seen, bool wait, Done done);
  void reportIncident(const QString& sitting_id, const QJsonObject& report, Done done);

  /// Whether this sitting is recorded, and the key for it.
  void recording(const QString& sitting_id, Done done);
  void recordingNews(const QString& sitting_id, const QJsonObject& news, Done done);
  /// Acknowledged when the segment is on the server's disk.
  void keepSegment(const QString& sitting_id, const QString& sha256, const QByteArray& sealed, Done done);

  /// A report that was left on the disk, as it lies there.
  void sealedIncident(const QString& sitting_id, const QByteArray& sealed, Done done);

  /// A picture of the paper that is being sat; empty when it could not be had.
  void media(const QString& name, Transport::Fetched done);

  void forget() { generation_ = std::make_shared<int>(); }

 private:
  Done alive(Done done) const;
  void send(const QByteArray& verb, const QString& path, const QJsonObject& body, int timeout_s, Done done);
  Transport& transport_;
  std::shared_ptr<int> generation_ = std::make_shared<int>();  ///< answers live as long as it does
};

}  // namespace invigil::kiosk
