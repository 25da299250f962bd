// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <filesystem>
#include <memory>

#include "app.hpp"
#include "invigil/base/assert.hpp"
#include "invigil/base/random.hpp"

namespace invigil::server {
namespace {

template <auto Free>
struct Freer {
  template <class T> void operator()(T* p) const { Free(p); }
};
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Cert = std::unique_ptr<X509, Freer<X509_free>>;
using Request = std::unique_ptr<X509_REQ, Freer<X509_REQ_free>>;
using Bio = std::unique_ptr<BIO, Freer<BIO_free_all>>;

Bio bioOf(const std::string& pem) { return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))); }

template <class Write>
std::string pemOf(Write write) {
  Bio bio(BIO_new(BIO_s_mem()));
  INVIGIL_ASSERT(write(bio.get()) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

Key newKey() { return Key(EVP_EC_gen("P-256")); }
std::string keyPem(EVP_PKEY* key) {
  return pemOf([&](BIO* b) { return PEM_write_bio_PrivateKey(b, key, nullptr, nullptr, 0, nullptr, nullptr); });
}
std::string certPem(X509* cert) { return pemOf([&](BIO* b) { return PEM_write_bio_X509(b, cert); }); }

void extend(X509* cert, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, cert, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  INVIGIL_ASSERT(extension != nullptr);
  X509_add_ext(cert, extension, -1);
  X509_EXTENSION_free(extension);
}

/// A certificate for `subject_key`, not yet signed. @param days  of validity, from an hour ago.
Cert newCertificate(EVP_PKEY* subject_key, const std::string& name, X509_NAME* issuer, int days) {
  Cert cert(X509_new());
  X509_set_version(cert.get(), 2);
  unsigned char serial[16];
  randomBytes(serial, sizeof serial);
  serial[0] &= 0x7f;
  std::unique_ptr<BIGNUM, Freer<BN_free>> number(BN_bin2bn(serial, sizeof serial, nullptr));
  BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(cert.get()));
  X509_gmtime_adj(X509_getm_notBefore(cert.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(cert.get()), 86400L * days);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(cert.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(cert.get(), issuer ? issuer : X509_get_subject_name(cert.get()));
  X509_set_pubkey(cert.get(), subject_key);
  return cert;
}

}  // namespace

Result<Authority> Authority::open(const std::string& folder) {
  namespace fs = std::filesystem;
  Authority authority;
  std::error_code ignored;
  fs::create_directories(folder, ignored);
  fs::permissions(folder, fs::perms::owner_all, ignored);
  const std::string ca = folder + "/ca.pem", ca_key = folder + "/ca.key", cert = folder + "/server.pem",
                    key = folder + "/server.key";
  if (!fs::exists(ca)) {
    Key fresh = newKey();
    Cert root = newCertificate(fresh.get(), "Invigil hall CA " + randomCode(6), nullptr, 3650);
    extend(root.get(), root.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    extend(root.get(), root.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    extend(root.get(), root.get(), NID_subject_key_identifier, "hash");
    INVIGIL_ASSERT(X509_sign(root.get(), fresh.get(), EVP_sha256()) > 0);
    // The key first: a certificate without its key would look finished after a power cut.
    INVIGIL_CHECK(writeFileDurably(ca_key, keyPem(fresh.get()), 0600));
    INVIGIL_CHECK(writeFileDurably(ca, certPem(root.get())));
  }
  INVIGIL_TRY(ca_pem, readFile(ca, 1 << 16));
  INVIGIL_TRY(ca_key_pem, readFile(ca_key, 1 << 16));
  if (!fs::exists(cert)) {
    Cert root(PEM_read_bio_X509(bioOf(ca_pem).get(), nullptr, nullptr, nullptr));
    Key root_key(PEM_read_bio_PrivateKey(bioOf(ca_key_pem).get(), nullptr, nullptr, nullptr));
    if (!root || !root_key) return fail(ErrorCode::Corrupt, "bad_ca", "The CA files in '" + folder + "' are damaged.");
    Key fresh = newKey();
    Cert leaf = newCertificate(fresh.get(), "localhost", X509_get_subject_name(root.get()), 825);
    extend(leaf.get(), root.get(), NID_basic_constraints, "critical,CA:FALSE");
    extend(leaf.get(), root.get(), NID_ext_key_usage, "serverAuth");
    extend(leaf.get(), root.get(), NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1");
    INVIGIL_ASSERT(X509_sign(leaf.get(), root_key.get(), EVP_sha256()) > 0);
    INVIGIL_CHECK(writeFileDurably(key, keyPem(fresh.get()), 0600));
    INVIGIL_CHECK(writeFileDurably(cert, certPem(leaf.get()) + ca_pem));
  }
  INVIGIL_TRY(server_pem, readFile(cert, 1 << 16));
  INVIGIL_TRY(server_key_pem, readFile(key, 1 << 16));
  return Authority{ca_pem, ca_key_pem, server_pem, server_key_pem};
}

Result<std::string> Authority::signKiosk(const std::string& csr_pem, const std::string& kiosk_id, Instant) const {
  const auto bad = [](const char* why) { return fail(ErrorCode::InvalidInput, "bad_csr", why, "csr_pem"); };
  // A request that says it is encrypted would have OpenSSL ask for a pass phrase at the terminal, and wait.
  const auto no_phrase = [](char*, int, int, void*) { return -1; };
  Request request(PEM_read_bio_X509_REQ(bioOf(csr_pem).get(), nullptr, no_phrase, nullptr));
  if (!request) return bad("The certificate request is not PEM.");
  EVP_PKEY* subject = X509_REQ_get0_pubkey(request.get());
  if (!subject || X509_REQ_verify(request.get(), subject) != 1) return bad("The request's own signature is wrong.");
  if (EVP_PKEY_get_bits(subject) != 256 || !EVP_PKEY_is_a(subject, "EC")) return bad("The key is not P-256.");
  Cert root(PEM_read_bio_X509(bioOf(ca_certificate).get(), nullptr, nullptr, nullptr));
  Key root_key(PEM_read_bio_PrivateKey(bioOf(ca_key).get(), nullptr, nullptr, nullptr));
  INVIGIL_ASSERT(root && root_key);
  Cert leaf = newCertificate(subject, "kiosk " + kiosk_id, X509_get_subject_name(root.get()), 730);
  extend(leaf.get(), root.get(), NID_basic_constraints, "critical,CA:FALSE");
  extend(leaf.get(), root.get(), NID_ext_key_usage, "clientAuth");
  INVIGIL_ASSERT(X509_sign(leaf.get(), root_key.get(), EVP_sha256()) > 0);
  return certPem(leaf.get());
}

Result<std::string> Authority::fingerprint(const std::string& certificate_pem) {
  Cert cert(PEM_read_bio_X509(bioOf(certificate_pem).get(), nullptr, nullptr, nullptr));
  if (!cert) return fail(ErrorCode::InvalidInput, "bad_certificate", "The certificate is not PEM.");
  unsigned char digest[32];
  unsigned size = 0;
  X509_digest(cert.get(), EVP_sha256(), digest, &size);
  return toHex({digest, size});
}

}  // namespace invigil::server
