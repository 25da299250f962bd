// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "identity.hpp"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <QFile>
#include <cerrno>
#include <cstring>
#include <memory>
#include <tuple>
#include <utility>

#include "invigil/base/text.hpp"

namespace invigil::kiosk {
namespace {

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* p) const { Free(p); }
};
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using Request = std::unique_ptr<X509_REQ, Freer<X509_REQ_free>>;
using Memory = std::unique_ptr<BIO, Freer<BIO_free_all>>;

QByteArray content(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return QByteArray(data, size);
}

auto failed(const char* what) { return fail(ErrorCode::Internal, "key_failed", what, "identity.cpp"); }

std::string path(const QString& dir, const char* name) { return (dir + "/" + name).toStdString(); }

constexpr std::size_t kMax = 64 * 1024;

/// Nobody sits at a kiosk's terminal to be asked for a pass phrase.
int noPhrase(char*, int, int, void*) { return -1; }

/// The first one of a text; null where it holds none.
Certificate certificateOf(const char* pem, std::size_t size) {
  const Memory in(BIO_new_mem_buf(pem, static_cast<int>(size)));
  return Certificate(PEM_read_bio_X509(in.get(), nullptr, noPhrase, nullptr));
}

/// Whether the certificate in a text begins later than the one in the other, or there is none in the other.
bool beginsLater(const std::string& one, const std::string& other) {
  const Certificate first = certificateOf(one.data(), one.size()), second = certificateOf(other.data(), other.size());
  ERR_clear_error();
  return first && (!second || ASN1_TIME_compare(X509_get0_notBefore(first.get()), X509_get0_notBefore(second.get())) > 0);
}

/// Key, then certificate. Kiosks that were enrolled earlier keep them apart until the first renewal.
Result<std::string> readPair(const QString& data_dir) {
  auto pair = readFile(path(data_dir, "identity.pem"), kMax);
  if (!pair && pair.error().code != ErrorCode::NotFound) return pair;
  const auto key = readFile(path(data_dir, "key.pem"), kMax), certificate = readFile(path(data_dir, "certificate.pem"), kMax);
  if (pair && !(key && certificate && beginsLater(*certificate, *pair))) return pair;
  if (!key) return fail(key.error());
  if (!certificate) return fail(certificate.error());
  return *key + *certificate;
}

/// A pair as it lies on the disk: key, certificate.
std::pair<QByteArray, QByteArray> parted(const std::string& pair) {
  const auto at = pair.find("-----BEGIN CERTIFICATE-----");
  return {QByteArray::fromStdString(pair.substr(0, at)), QByteArray::fromStdString(at == std::string::npos ? std::string() : pair.substr(at))};
}

Status writePair(const QString& data_dir, const char* name, const Identity& identity) {
  return writeFileDurably(path(data_dir, name), (identity.key_pem + identity.certificate_pem).toStdString(), 0600);
}

/// The new pair as the one that counts. writeFileDurably() lets pass that the folder is not synced; here a power cut would bring
/// back a pair that is worth nothing any more.
Status replacePair(const QString& data_dir, const Identity& identity) {
  INVIGIL_CHECK(writePair(data_dir, "identity.pem", identity));
  const std::string folder = data_dir.toStdString();
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  // EINVAL: a file system that knows no such thing.
  const int error = fd < 0 || (::fsync(fd) != 0 && errno != EINVAL) ? errno : 0;
  if (fd >= 0) ::close(fd);
  if (error != 0) return fail(ErrorCode::Unavailable, "cannot_write", "Cannot sync '" + folder + "': " + std::strerror(error) + ".", "identity.cpp");
  for (const char* old : {"key.pem", "certificate.pem"}) QFile::remove(data_dir + "/" + old);
  return {};
}

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

bool fits(const QByteArray& key_pem, const QByteArray& certificate_pem) {
  const Memory key_in(BIO_new_mem_buf(key_pem.constData(), static_cast<int>(key_pem.size())));
  const Key key(PEM_read_bio_PrivateKey(key_in.get(), nullptr, noPhrase, nullptr));
  const Certificate certificate = certificateOf(certificate_pem.constData(), static_cast<std::size_t>(certificate_pem.size()));
  const bool fitting = key && certificate && X509_check_private_key(certificate.get(), key.get()) == 1;
  ERR_clear_error();
  return fitting;
}

Result<Identity> loadIdentity(const QString& data_dir) {
  INVIGIL_TRY(port, readFile(path(data_dir, "kiosk-port"), kMax));
  INVIGIL_TRY(pair, readPair(data_dir));
  INVIGIL_TRY(ca, readFile(path(data_dir, "ca.pem"), kMax));
  auto [key, certificate] = parted(pair);
  Identity identity{std::move(key), std::move(certificate), QByteArray::fromStdString(ca), QByteArray::fromStdString(port).trimmed().toInt()};
  if (!fits(identity.key_pem, identity.certificate_pem))
    return fail(ErrorCode::Corrupt, "bad_identity", "the kiosk's certificate does not belong to its key; enrol again", "identity.cpp");
  if (identity.kiosk_port < 1 || identity.kiosk_port > 65535)
    return fail(ErrorCode::Corrupt, "bad_identity", "kiosk-port holds no port; enrol again", "identity.cpp");
  return identity;
}

Result<Identity> loadBefore(const QString& data_dir, Identity present) {
  INVIGIL_TRY(pair, readFile(path(data_dir, "identity.before.pem"), kMax));
  std::tie(present.key_pem, present.certificate_pem) = parted(pair);
  if (!fits(present.key_pem, present.certificate_pem))
    return fail(ErrorCode::Corrupt, "bad_identity", "the certificate from before does not belong to its key", "identity.cpp");
  return present;
}

Status savePair(const QString& data_dir, const Identity& next, const Identity& before) {
  INVIGIL_CHECK(writePair(data_dir, "identity.before.pem", before));
  return replacePair(data_dir, next);
}

Status saveIdentity(const QString& data_dir, const Identity& identity) {
  // What this machine was before may have been at another seat.
  QFile::remove(data_dir + "/identity.before.pem");
  INVIGIL_CHECK(replacePair(data_dir, identity));
  INVIGIL_CHECK(writeFileDurably(path(data_dir, "ca.pem"), identity.ca_pem.toStdString()));
  return writeFileDurably(path(data_dir, "kiosk-port"), std::to_string(identity.kiosk_port));
}

}  // namespace invigil::kiosk
