// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "https_transport.hpp"

#include <QJsonDocument>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QSslCertificate>
#include <QSslKey>
#include <utility>

namespace invigil::kiosk {
namespace {

constexpr qint64 kBodyBytesMax = 40 * 1024 * 1024;  // three reference photos of 8 MiB in Base64
constexpr qint64 kPictureBytesMax = 8 * 1024 * 1024;

Reply read(QNetworkReply& answer) {
  Reply reply;
  reply.status = answer.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
  const QByteArray bytes = answer.read(kBodyBytesMax);
  const QJsonDocument document = QJsonDocument::fromJson(bytes);
  const bool lost = reply.status == 0 || (reply.status < 300 && answer.error() != QNetworkReply::NoError);
  if (lost || (reply.ok() && !document.isObject())) {
    reply.status = 0;
    reply.error_id = QStringLiteral("unreachable");
    return reply;
  }
  reply.body = document.object();
  if (!reply.ok()) {
    const QJsonObject error = reply.body.value("error").toObject();
    reply.error_id = error.value("id").toString(QStringLiteral("http_%1").arg(reply.status));
    reply.error_zh = error.value("zh").toString();
    reply.error_en = error.value("en").toString();
  }
  return reply;
}

}  // namespace

HttpsTransport::HttpsTransport(QUrl base, const QByteArray& ca_pem, const QByteArray& client_certificate,
                               const QByteArray& client_key, QObject* parent)
    : Transport(parent), base_(std::move(base)), tls_(QSslConfiguration::defaultConfiguration()), network_(makeNetwork()) {
  tls_.setCaCertificates(QSslCertificate::fromData(ca_pem, QSsl::Pem));
  tls_.setPeerVerifyMode(QSslSocket::VerifyPeer);
  tls_.setProtocol(QSsl::TlsV1_2OrLater);
  if (!client_certificate.isEmpty()) show(client_certificate, client_key);
}

std::unique_ptr<QNetworkAccessManager> HttpsTransport::makeNetwork() {
  auto network = std::make_unique<QNetworkAccessManager>();
  network->setProxy(QNetworkProxy::NoProxy);
  network->setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
  return network;
}

void HttpsTransport::show(const QByteArray& client_certificate, const QByteArray& client_key) {
  tls_.setLocalCertificateChain(QSslCertificate::fromData(client_certificate, QSsl::Pem));
  tls_.setPrivateKey(QSslKey(client_key, QSsl::Ec));
}

void HttpsTransport::identify(const QByteArray& client_certificate, const QByteArray& client_key) {
  show(client_certificate, client_key);
  // Open connections are used again whatever certificate they were made with, and clearing them would lose what is under way.
  std::erase_if(before_, [](const std::unique_ptr<QNetworkAccessManager>& one) { return one->findChildren<QNetworkReply*>().isEmpty(); });
  before_.push_back(std::exchange(network_, makeNetwork()));
}

QNetworkRequest HttpsTransport::requestTo(const QString& path, std::chrono::milliseconds timeout) const {
  QNetworkRequest request(base_.resolved(QUrl(path)));
  request.setSslConfiguration(tls_);
  request.setTransferTimeout(static_cast<int>(timeout.count()));
  request.setRawHeader("X-Invigil", "1");
  return request;
}

void HttpsTransport::fetch(const QString& path, std::chrono::milliseconds timeout, Fetched done) {
  QNetworkReply* answer = network_->get(requestTo(path, timeout));
  connect(answer, &QNetworkReply::finished, this, [answer, done = std::move(done)] {
    answer->deleteLater();
    const bool had = answer->error() == QNetworkReply::NoError && answer->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt() == 200;
    done(had ? answer->read(kPictureBytesMax) : QByteArray());
  });
}

void HttpsTransport::put(const QString& path, const QByteArray& bytes, std::chrono::milliseconds timeout, Done done) {
  QNetworkRequest request = requestTo(path, timeout);
  request.setHeader(QNetworkRequest::ContentTypeHeader, "application/octet-stream");
  request.setPriority(QNetworkRequest::LowPriority);
  QNetworkReply* answer = network_->put(request, bytes);
  connect(answer, &QNetworkReply::finished, this, [answer, done = std::move(done)] {
    answer->deleteLater();
    done(read(*answer));
  });
}

void HttpsTransport::send(const QByteArray& verb, const QString& path, const QJsonObject& body,
                          std::chrono::milliseconds timeout, Done done) {
  QNetworkRequest request = requestTo(path, timeout);
  QByteArray content;
  if (verb != "GET") {
    request.setHeader(QNetworkRequest::ContentTypeHeader, "application/json");
    content = QJsonDocument(body).toJson(QJsonDocument::Compact);
  }
  QNetworkReply* answer = network_->sendCustomRequest(request, verb, content);
  connect(answer, &QNetworkReply::finished, this, [answer, done = std::move(done)] {
    answer->deleteLater();
    done(read(*answer));
  });
}

}  // namespace invigil::kiosk
