// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "api_client.hpp"

namespace invigil::kiosk {
namespace {
constexpr int kQuick = 10, kPatient = 30, kUpload = 120;
const QString kRoot = QStringLiteral("/api/v1/kiosk/");

QString admissionPath(const QString& id) { return kRoot + "admissions/" + id; }
QString sittingPath(const QString& id) { return kRoot + "sittings/" + id; }
}  // namespace

void ApiClient::send(const QByteArray& verb, const QString& path, const QJsonObject& body, int timeout_s, Done done) {
  transport_.send(verb, path, body, std::chrono::seconds{timeout_s}, alive(std::move(done)));
}

ApiClient::Done ApiClient::alive(Done done) const {
  return [generation = std::weak_ptr<int>(generation_), done = std::move(done)](const Reply& reply) {
    if (!generation.expired()) done(reply);
  };
}

void ApiClient::media(const QString& name, Transport::Fetched done) {
  transport_.fetch(kRoot + "media/" + name, std::chrono::seconds{kPatient},
                   [generation = std::weak_ptr<int>(generation_), done = std::move(done)](const QByteArray& bytes) {
                     if (!generation.expired()) done(bytes);
                   });
}

void ApiClient::state(Done done) { send("GET", kRoot + "state", {}, kQuick, std::move(done)); }

void ApiClient::engine(const QJsonObject& engine, Done done) { send("POST", kRoot + "engine", engine, kQuick, std::move(done)); }

void ApiClient::findByCode(const QString& code, Done done) {
  send("POST", kRoot + "find", {{"kind", "code"}, {"code", code}}, kQuick, std::move(done));
}

void ApiClient::findById(const QString& id_type, const QString& id_number, const QStringList& card_names, Done done) {
  QJsonObject body{{"kind", "id"}, {"id_type", id_type}, {"id_number", id_number}};
  if (!card_names.isEmpty()) body.insert("card_names", QJsonArray::fromStringList(card_names));
  send("POST", kRoot + "find", body, kQuick, std::move(done));
}

void ApiClient::walkIn(const QString& id_type, const QString& id_number, const QString& phone_last4,
                       const QString& eligibility_id, const QStringList& card_names, Done done) {
  QJsonObject body{{"id_type", id_type}, {"id_number", id_number}, {"phone_last4", phone_last4}};
  if (!eligibility_id.isEmpty()) body.insert("eligibility_id", eligibility_id);
  if (!card_names.isEmpty()) body.insert("card_names", QJsonArray::fromStringList(card_names));
  send("POST", kRoot + "walkin", body, kQuick, std::move(done));
}

void ApiClient::admission(const QString& id, Done done) { send("GET", admissionPath(id), {}, kQuick, std::move(done)); }

void ApiClient::awaitAdmission(const QString& id, const QString& state, Done done) {
  send("GET", admissionPath(id) + "?wait_ms=20000&state=" + state, {}, kPatient, std::move(done));
}

void ApiClient::consent(const QString& id, bool given, const QString& version, const QString& language, const QString& chip_photo, Done done) {
  send("POST", admissionPath(id) + "/consent", {{"given", given}, {"version", version}, {"language", language}, {"chip_photo", chip_photo}},
       kPatient, std::move(done));
}

void ApiClient::leave(const QString& id, bool cancel, Done done) {
  send("POST", admissionPath(id) + "/leave", {{"cancel", cancel}}, kQuick, std::move(done));
}

void ApiClient::withdraw(const QString& id, Done done) { send("POST", admissionPath(id) + "/withdraw", {}, kQuick, std::move(done)); }

void ApiClient::face(const QString& id, const QJsonObject& report, Done done) {
  send("POST", admissionPath(id) + "/face", report, kPatient, std::move(done));
}

void ApiClient::review(const QString& id, const QString& why, const QByteArray& capture_jpeg, const QJsonArray& compared, Done done) {
  QJsonObject body{{"why", why}, {"capture", QString::fromLatin1(capture_jpeg.toBase64())}};
  if (!compared.isEmpty()) body.insert("compared", compared);
  send("POST", admissionPath(id) + "/review", body, kPatient, std::move(done));
}

void ApiClient::startSitting(const QString& admission_id, Done done) {
  send("POST", kRoot + "sittings", {{"admission_id", admission_id}}, kPatient, std::move(done));
}

void ApiClient::saveResponses(const QString& sitting_id, const QJsonArray& responses, Done done) {
  send("POST", sittingPath(sitting_id) + "/responses", {{"responses", responses}}, kQuick, std::move(done));
}

void ApiClient::submit(const QString& sitting_id, Done done) {
  send("POST", sittingPath(sitting_id) + "/submit", {}, kPatient, std::move(done));
}

void ApiClient::orders(const QString& sitting_id, int seen, bool wait, Done done) {
  send("GET", sittingPath(sitting_id) + "/orders?seen=" + QString::number(seen) + (wait ? "&wait_ms=20000" : ""), {}, kPatient, std::move(done));
}

void ApiClient::reportIncident(const QString& sitting_id, const QJsonObject& report, Done done) {
  send("POST", sittingPath(sitting_id) + "/incidents", report, kPatient, std::move(done));
}

void ApiClient::recording(const QString& sitting_id, Done done) {
  send("POST", sittingPath(sitting_id) + "/recording", {}, kQuick, std::move(done));
}

void ApiClient::recordingNews(const QString& sitting_id, const QJsonObject& news, Done done) {
  send("POST", sittingPath(sitting_id) + "/recording-news", news, kQuick, std::move(done));
}

void ApiClient::keepSegment(const QString& sitting_id, const QString& sha256, const QByteArray& sealed, Done done) {
  transport_.put(sittingPath(sitting_id) + "/segment?sha256=" + sha256, sealed, std::chrono::seconds{kUpload}, alive(std::move(done)));
}

void ApiClient::sealedIncident(const QString& sitting_id, const QByteArray& sealed, Done done) {
  transport_.put(sittingPath(sitting_id) + "/sealed-incident", sealed, std::chrono::seconds{kPatient}, alive(std::move(done)));
}

void ApiClient::result(const QString& sitting_id, Done done) {
  send("GET", sittingPath(sitting_id) + "/result", {}, kQuick, std::move(done));
}

}  // namespace invigil::kiosk
