// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "enrol.hpp"

#include <QDir>
#include <QEventLoop>
#include <QFile>
#include <QSslCertificate>

#include "https_transport.hpp"
#include "invigil/base/text.hpp"

namespace invigil::kiosk {
namespace {

Reply ask(Transport& transport, const QJsonObject& body) {
  Reply answer;
  QEventLoop loop;
  transport.send("POST", "/api/v1/kiosks/enrol", body, std::chrono::seconds{15}, [&](const Reply& reply) {
    answer = reply;
    loop.quit();
  });
  loop.exec();
  return answer;
}

}  // namespace

Result<Identity> becomeKnown(const Options& options) {
  if (options.enrol_code.isEmpty()) {
    auto identity = loadIdentity(options.data_dir);
    if (!identity && identity.error().code == ErrorCode::NotFound)
      return fail(ErrorCode::NotFound, "not_enrolled",
                  "this kiosk is not enrolled yet: start it once with --enrol CODE from the administrator's page");
    return identity;
  }
  auto ca = readFile(options.ca_file.toStdString(), 64 * 1024);
  if (!ca) return fail(ErrorCode::InvalidInput, "bad_option", "--ca FILE is needed to enrol: " + ca.error().detail);
  const QByteArray ca_pem = QByteArray::fromStdString(*ca);
  if (QSslCertificate::fromData(ca_pem, QSsl::Pem).isEmpty())
    return fail(ErrorCode::InvalidInput, "bad_option", "--ca holds no PEM certificate");
  if (!QDir().mkpath(options.data_dir))
    return fail(ErrorCode::Unavailable, "cannot_write", "cannot make " + options.data_dir.toStdString());

  INVIGIL_TRY(key, makeKey());
  HttpsTransport transport(options.server, ca_pem, {}, {});
  const Reply reply = ask(transport, {{"code", options.enrol_code}, {"csr_pem", QString::fromLatin1(key.request_pem)}});
  if (reply.status == 0)
    return fail(ErrorCode::Unavailable, "unreachable",
                "no answer from " + options.server.toString().toStdString() + ": is it running, is the CA the right one?");
  if (!reply.ok())
    return fail(ErrorCode::InvalidInput, "enrolment_refused", (reply.error_en + " / " + reply.error_zh).toStdString());
  Identity identity{key.key_pem, reply.body.value("certificate_pem").toString().toLatin1(), ca_pem,
                    reply.body.value("kiosk_port").toInt()};
  if (QSslCertificate::fromData(identity.certificate_pem, QSsl::Pem).isEmpty() || identity.kiosk_port < 1)
    return fail(ErrorCode::Corrupt, "bad_identity", "the server's answer holds no certificate");
  INVIGIL_CHECK(saveIdentity(options.data_dir, identity));
  return identity;
}

}  // namespace invigil::kiosk
