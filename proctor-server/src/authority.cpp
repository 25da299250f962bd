// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "authority.hpp"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <memory>

#include "invigil/base/assert.hpp"
#include "invigil/base/random.hpp"
#include "invigil/base/text.hpp"

namespace invigil::server {
namespace {

/// From the day they are made on; they begin a day earlier. Apple takes no server's certificate of more than 825 days in all.
constexpr int kCaDays = 3650, kServerDays = 819, kKioskDays = 730;
constexpr std::chrono::hours kDay{24};
constexpr const char* kHallCa = "Invigil hall CA ";

template <auto Free>
struct Freer {
  template <class T> void operator()(T* p) const { Free(p); }
};
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Cert = std::unique_ptr<X509, Freer<X509_free>>;
using Request = std::unique_ptr<X509_REQ, Freer<X509_REQ_free>>;
using Bio = std::unique_ptr<BIO, Freer<BIO_free_all>>;
using Names = std::unique_ptr<GENERAL_NAMES, Freer<GENERAL_NAMES_free>>;

Bio bioOf(const std::string& pem) { return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))); }

/// What says that it is encrypted would have OpenSSL ask for a pass phrase at the terminal, and wait.
int noPhrase(char*, int, int, void*) { return -1; }

/// Null where it is none. What OpenSSL notes about that would confuse whoever asks for its errors next.
Cert certOf(const std::string& pem) {
  Cert cert(PEM_read_bio_X509(bioOf(pem).get(), nullptr, noPhrase, nullptr));
  ERR_clear_error();
  return cert;
}
Key keyOf(const std::string& pem) {
  Key key(PEM_read_bio_PrivateKey(bioOf(pem).get(), nullptr, noPhrase, nullptr));
  ERR_clear_error();
  return key;
}

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

std::time_t secondsOf(Instant t) { return static_cast<std::time_t>(std::chrono::floor<seconds>(t).time_since_epoch().count()); }

Instant instantOf(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return fromMillis(static_cast<std::int64_t>(::timegm(&parts)) * 1000);
}

/// A certificate for `subject_key`, not yet signed. It begins a day before `now`: the clock of who reads it may be behind.
Cert newCertificate(EVP_PKEY* subject_key, const std::string& name, X509_NAME* issuer, Instant now, Instant ends) {
  Cert cert(X509_new());
  X509_set_version(cert.get(), 2);
  unsigned char serial[16];
  randomBytes(serial, sizeof serial);
  serial[0] &= 0x7f;
  std::unique_ptr<BIGNUM, Freer<BN_free>> number(BN_bin2bn(serial, sizeof serial, nullptr));
  BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(cert.get()));
  ASN1_TIME_set(X509_getm_notBefore(cert.get()), secondsOf(now - kDay));
  ASN1_TIME_set(X509_getm_notAfter(cert.get()), secondsOf(ends));
  X509_NAME_add_entry_by_txt(X509_get_subject_name(cert.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(cert.get(), issuer ? issuer : X509_get_subject_name(cert.get()));
  X509_set_pubkey(cert.get(), subject_key);
  return cert;
}

std::string textOf(const ASN1_STRING* text) {
  return std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)), static_cast<std::size_t>(ASN1_STRING_length(text)));
}

std::string commonName(const X509_NAME* name) {
  const int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
  return at < 0 ? std::string() : textOf(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
}

std::vector<std::string> namesIn(X509* cert) {
  std::vector<std::string> names;
  const Names all(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(cert, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; all && i < sk_GENERAL_NAME_num(all.get()); ++i) {
    int type = 0;
    const void* value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(all.get(), i), &type);
    if (type != GEN_DNS && type != GEN_IPADD) continue;
    const std::string text = textOf(static_cast<const ASN1_STRING*>(value));
    if (text.empty()) continue;
    if (type == GEN_DNS) {
      // They are written into a list with commas again.
      if (text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_*") == std::string::npos) names.push_back("DNS:" + text);
      continue;
    }
    char readable[INET6_ADDRSTRLEN] = {};
    const int family = text.size() == 4 ? AF_INET : AF_INET6;
    if ((text.size() == 4 || text.size() == 16) && ::inet_ntop(family, text.data(), readable, sizeof readable)) names.push_back(std::string("IP:") + readable);
  }
  return names;
}

/// The CA's two halves, read.
struct Root {
  Cert cert;
  Key key;
  X509_NAME* name() const { return X509_get_subject_name(cert.get()); }
};
Root rootOf(const Authority& authority) {
  Root root{certOf(authority.ca_certificate), keyOf(authority.ca_key)};
  INVIGIL_ASSERT(root.cert && root.key);
  return root;
}

/// Errors: Corrupt bad_ca, where ca.key is another CA's: what it signs would be refused by everybody.
Result<std::string> signedBy(const Authority& authority, EVP_PKEY* key, X509* leaf) {
  INVIGIL_ASSERT(X509_sign(leaf, key, EVP_sha256()) > 0);
  std::string pem = certPem(leaf);
  if (!authority.hasSigned(pem)) return fail(ErrorCode::Corrupt, "bad_ca", "'ca.key' is not the key of 'ca.pem'.");
  return pem;
}

/// When something that is signed now and is to last for `days` ends. Errors: Unavailable ca_over.
Result<Instant> endOf(const Authority& authority, Instant now, int days) {
  if (authority.ends <= now) return fail(ErrorCode::Unavailable, "ca_over", "The hall's own CA has ended and signs nothing any more; see docs/operating/running.md.");
  return std::min(now + days * kDay, authority.ends);
}

}  // namespace

bool wantsRenewal(Instant begins, Instant ends, Instant now) { return 3 * (ends - now) < ends - begins; }

const char* lifeLevel(Instant begins, Instant ends, Instant now) {
  if (12 * (ends - now) < ends - begins) return "due";
  return 4 * (ends - now) < ends - begins ? "near" : "ok";
}

bool isHallCa(const std::string& issuer) { return issuer.starts_with(kHallCa); }
std::string newKeyPem() { return keyPem(newKey().get()); }
bool isKey(const std::string& key_pem) { return keyOf(key_pem) != nullptr; }
bool isKeyOf(const std::string& key_pem, const std::string& certificate_pem) {
  const Key key = keyOf(key_pem);
  const Cert cert = certOf(certificate_pem);
  const bool fits = key && cert && X509_check_private_key(cert.get(), key.get()) == 1;
  ERR_clear_error();
  return fits;
}

Status loadInto(ssl_ctx_st* context, const std::string& certificate_pem, const std::string& key_pem) {
  const Key key = keyOf(key_pem);
  const Bio in = bioOf(certificate_pem);
  const Cert leaf(PEM_read_bio_X509(in.get(), nullptr, noPhrase, nullptr));
  bool good = key && leaf && SSL_CTX_use_certificate(context, leaf.get()) == 1 && SSL_CTX_use_PrivateKey(context, key.get()) == 1;
  while (good) {
    Cert next(PEM_read_bio_X509(in.get(), nullptr, noPhrase, nullptr));
    if (!next) {  // the end, or damage
      const unsigned long code = ERR_peek_last_error();
      good = ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE;
      break;
    }
    good = SSL_CTX_add_extra_chain_cert(context, next.get()) == 1;
    if (good) static_cast<void>(next.release());
  }
  const char* why = good ? nullptr : ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  if (good) return {};
  return fail(ErrorCode::Corrupt, "bad_key", std::string("The server's certificate (server.pem, with its chain) or key (server.key) does not load: ") + (why ? why : "damaged") + ".");
}

Result<Authority> Authority::open(const std::string& folder, Instant now) {
  namespace fs = std::filesystem;
  Authority authority;
  std::error_code ignored;
  fs::create_directories(folder, ignored);
  fs::permissions(folder, fs::perms::owner_all, ignored);
  const std::string ca = folder + "/ca.pem", ca_key = folder + "/ca.key";
  if (!fs::exists(ca)) {
    Key fresh = newKey();
    Cert root = newCertificate(fresh.get(), kHallCa + randomCode(6), nullptr, now, now + kCaDays * kDay);
    extend(root.get(), root.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    extend(root.get(), root.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    extend(root.get(), root.get(), NID_subject_key_identifier, "hash");
    INVIGIL_ASSERT(X509_sign(root.get(), fresh.get(), EVP_sha256()) > 0);
    // The key first: a certificate without its key would look finished after a power cut.
    INVIGIL_CHECK(writeFileDurably(ca_key, keyPem(fresh.get()), 0600));
    INVIGIL_CHECK(writeFileDurably(ca, certPem(root.get())));
    authority.made = true;
  }
  INVIGIL_TRY(ca_pem, readFile(ca, 1 << 16));
  INVIGIL_TRY(ca_key_pem, readFile(ca_key, 1 << 16));
  const auto said = facts(ca_pem);
  if (!said || !isKey(ca_key_pem)) return fail(ErrorCode::Corrupt, "bad_ca", "The CA files in '" + folder + "' are damaged.");
  authority.ca_certificate = std::move(ca_pem);
  authority.ca_key = std::move(ca_key_pem);
  authority.begins = said->begins;
  authority.ends = said->ends;
  return authority;
}

Result<std::string> Authority::signKiosk(const std::string& csr_pem, const std::string& kiosk_id, Instant now) const {
  const auto bad = [](const char* why) { return fail(ErrorCode::InvalidInput, "bad_csr", why, "csr_pem"); };
  Request request(PEM_read_bio_X509_REQ(bioOf(csr_pem).get(), nullptr, noPhrase, nullptr));
  if (!request) return bad("The certificate request is not PEM.");
  EVP_PKEY* subject = X509_REQ_get0_pubkey(request.get());
  if (!subject || X509_REQ_verify(request.get(), subject) != 1) return bad("The request's own signature is wrong.");
  if (EVP_PKEY_get_bits(subject) != 256 || !EVP_PKEY_is_a(subject, "EC")) return bad("The key is not P-256.");
  INVIGIL_TRY(end, endOf(*this, now, kKioskDays));
  const Root root = rootOf(*this);
  Cert leaf = newCertificate(subject, "kiosk " + kiosk_id, root.name(), now, end);
  extend(leaf.get(), root.cert.get(), NID_basic_constraints, "critical,CA:FALSE");
  extend(leaf.get(), root.cert.get(), NID_ext_key_usage, "clientAuth");
  INVIGIL_TRY(pem, signedBy(*this, root.key.get(), leaf.get()));
  return pem;
}

Result<std::string> Authority::signServer(const std::string& key_pem, const std::vector<std::string>& names, Instant now) const {
  INVIGIL_ASSERT(!names.empty());
  const Key key = keyOf(key_pem);
  if (!key) return fail(ErrorCode::Corrupt, "bad_key", "The server's key is not a PEM key without a pass phrase.");
  INVIGIL_TRY(end, endOf(*this, now, kServerDays));
  const Root root = rootOf(*this);
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ",") + name;
  std::string common = names.front().substr(names.front().find(':') + 1);
  if (common.size() > 64) common = "invigil-server";  // X.520 allows no more; who checks reads the list
  Cert leaf = newCertificate(key.get(), common, root.name(), now, end);
  extend(leaf.get(), root.cert.get(), NID_basic_constraints, "critical,CA:FALSE");
  extend(leaf.get(), root.cert.get(), NID_ext_key_usage, "serverAuth");
  extend(leaf.get(), root.cert.get(), NID_subject_alt_name, list.c_str());
  INVIGIL_TRY(pem, signedBy(*this, root.key.get(), leaf.get()));
  return pem + ca_certificate;
}

Instant Authority::serverEnds(Instant now) const { return std::min(now + kServerDays * kDay, ends); }

bool Authority::hasSigned(const std::string& certificate_pem) const {
  const Cert cert = certOf(certificate_pem), root = certOf(ca_certificate);
  const bool signed_by_us = cert && root && X509_NAME_cmp(X509_get_issuer_name(cert.get()), X509_get_subject_name(root.get())) == 0 &&
                            X509_verify(cert.get(), X509_get0_pubkey(root.get())) == 1;
  ERR_clear_error();
  return signed_by_us;
}

Result<std::string> Authority::fingerprint(const std::string& certificate_pem) {
  const Cert cert = certOf(certificate_pem);
  if (!cert) return fail(ErrorCode::InvalidInput, "bad_certificate", "The certificate is not PEM.");
  unsigned char digest[32];
  unsigned size = 0;
  X509_digest(cert.get(), EVP_sha256(), digest, &size);
  return toHex({digest, size});
}

Result<CertificateFacts> Authority::facts(const std::string& certificate_pem) {
  const Cert cert = certOf(certificate_pem);
  if (!cert) return fail(ErrorCode::InvalidInput, "bad_certificate", "The certificate is not PEM.");
  return CertificateFacts{instantOf(X509_get0_notBefore(cert.get())), instantOf(X509_get0_notAfter(cert.get())), namesIn(cert.get()),
                          commonName(X509_get_issuer_name(cert.get())), commonName(X509_get_subject_name(cert.get()))};
}

}  // namespace invigil::server
