// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "identity.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

#include "invigil/base/text.hpp"

namespace invigil::kiosk {
namespace {

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* p) const { Free(p); }
};
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Request = std::unique_ptr<X509_REQ, Freer<X509_REQ_free>>;
using Memory = std::unique_ptr<BIO, Freer<BIO_free_all>>;

QByteArray content(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return QByteArray(data, size);
}

auto failed(const char* what) { return fail(ErrorCode::Internal, "key_failed", what, "identity.cpp"); }

std::string path(const QString& dir, const char* name) { return (dir + "/" + name).toStdString(); }

}  // namespace

Result<KeyAndRequest> makeKey() {
  const Key key(EVP_EC_gen("P-256"));
  if (!key) return failed("no key");
  const Request request(X509_REQ_new());
  X509_NAME* name = X509_REQ_get_subject_name(request.get());
  const auto* words = reinterpret_cast<const unsigned char*>("invigil-kiosk");
  if (!X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, words, -1, -1, 0) ||
      !X509_REQ_set_pubkey(request.get(), key.get()) || X509_REQ_sign(request.get(), key.get(), EVP_sha256()) <= 0)
    return failed("no request");
  const Memory key_out(BIO_new(BIO_s_mem())), request_out(BIO_new(BIO_s_mem()));
  // The traditional EC form: QSslKey of Qt 6.4 asks for the algorithm and reads this one with certainty.
  if (!PEM_write_bio_PrivateKey_traditional(key_out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) ||
      !PEM_write_bio_X509_REQ(request_out.get(), request.get()))
    return failed("no PEM");
  return KeyAndRequest{content(key_out.get()), content(request_out.get())};
}

Result<Identity> loadIdentity(const QString& data_dir) {
  constexpr std::size_t kMax = 64 * 1024;
  INVIGIL_TRY(port, readFile(path(data_dir, "kiosk-port"), kMax));
  INVIGIL_TRY(key, readFile(path(data_dir, "key.pem"), kMax));
  INVIGIL_TRY(certificate, readFile(path(data_dir, "certificate.pem"), kMax));
  INVIGIL_TRY(ca, readFile(path(data_dir, "ca.pem"), kMax));
  Identity identity{QByteArray::fromStdString(key), QByteArray::fromStdString(certificate),
                    QByteArray::fromStdString(ca), QByteArray::fromStdString(port).trimmed().toInt()};
  if (identity.kiosk_port < 1 || identity.kiosk_port > 65535)
    return fail(ErrorCode::Corrupt, "bad_identity", "kiosk-port holds no port; enrol again", "identity.cpp");
  return identity;
}

Status saveIdentity(const QString& data_dir, const Identity& identity) {
  INVIGIL_CHECK(writeFileDurably(path(data_dir, "key.pem"), identity.key_pem.toStdString(), 0600));
  INVIGIL_CHECK(writeFileDurably(path(data_dir, "certificate.pem"), identity.certificate_pem.toStdString()));
  INVIGIL_CHECK(writeFileDurably(path(data_dir, "ca.pem"), identity.ca_pem.toStdString()));
  return writeFileDurably(path(data_dir, "kiosk-port"), std::to_string(identity.kiosk_port));
}

}  // namespace invigil::kiosk
