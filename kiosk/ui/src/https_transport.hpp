// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QNetworkAccessManager>
#include <QNetworkRequest>
#include <QSslConfiguration>
#include <QUrl>
#include <memory>
#include <vector>

#include "transport.hpp"

namespace invigil::kiosk {

/// HTTPS with a pinned CA and, when given, a client certificate. No proxy, no redirect, no system CA.
class HttpsTransport final : public Transport {
  Q_OBJECT
 public:
  /// @param base  https://HOST:PORT
  /// @param client_certificate, client_key  PEM; empty for the public port
  HttpsTransport(QUrl base, const QByteArray& ca_pem, const QByteArray& client_certificate,
                 const QByteArray& client_key, QObject* parent = nullptr);
  /// Shows another certificate from the next request on; what is under way ends as it began.
  void identify(const QByteArray& client_certificate, const QByteArray& client_key);
  void send(const QByteArray& verb, const QString& path, const QJsonObject& body, std::chrono::milliseconds timeout,
            Done done) override;
  void put(const QString& path, const QByteArray& bytes, std::chrono::milliseconds timeout, Done done) override;
  void fetch(const QString& path, std::chrono::milliseconds timeout, Fetched done) override;

 private:
  static std::unique_ptr<QNetworkAccessManager> makeNetwork();
  void show(const QByteArray& client_certificate, const QByteArray& client_key);
  QNetworkRequest requestTo(const QString& path, std::chrono::milliseconds timeout) const;
  QUrl base_;
  QSslConfiguration tls_;
  std::unique_ptr<QNetworkAccessManager> network_;  ///< takes new requests
  /// Those from before an identify() on which something was under way: it ends there.
  std::vector<std::unique_ptr<QNetworkAccessManager>> before_;
};

}  // namespace invigil::kiosk
