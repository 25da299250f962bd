// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "ecdsa.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include <array>

#include "invigil/base/assert.hpp"
#include "invigil/credential/credential.hpp"

namespace invigil::credential {
namespace {

template <auto release>
struct Free {
  template <class T>
  void operator()(T* object) const {
    release(object);
  }
};
using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Number = std::unique_ptr<BIGNUM, Free<BN_clear_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, Free<ECDSA_SIG_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;

constexpr std::size_t kHalf = kSignatureBytes / 2;
constexpr std::array<std::uint8_t, 32> kOrder = {0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF,
                                                 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17,
                                                 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51};

Number number(std::span<const std::uint8_t> bytes) {
  return Number(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
}

Number halfOrder() {
  Number half = number(kOrder);
  BN_rshift1(half.get(), half.get());
  return half;
}

bool isP256(EVP_PKEY* key) {
  std::array<char, 64> group{};
  std::size_t length = 0;
  return EVP_PKEY_is_a(key, "EC") == 1 && EVP_PKEY_get_group_name(key, group.data(), group.size(), &length) == 1 &&
         std::string_view(group.data(), length) == "prime256v1";
}

// Without a callback OpenSSL asks for a pass phrase on the terminal.
int noPassphrase(char*, int, int, void*) { return -1; }

template <class ReadPem>
Result<Key> keyFromPem(const std::string& pem, ReadPem read) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Key key(read(bio.get(), nullptr, noPassphrase, nullptr));
  ERR_clear_error();
  if (!key || !isP256(key.get()))
    return fail(ErrorCode::Corrupt, "bad_key", "The text is not an unencrypted P-256 key in PEM.");
  return key;
}

std::string pemFrom(const Bio& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

}  // namespace

Result<Key> publicKeyFromPem(const std::string& pem) { return keyFromPem(pem, PEM_read_bio_PUBKEY); }
Result<Key> privateKeyFromPem(const std::string& pem) { return keyFromPem(pem, PEM_read_bio_PrivateKey); }

std::string publicPemOf(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  INVIGIL_ASSERT(PEM_write_bio_PUBKEY(bio.get(), key) == 1);
  return pemFrom(bio);
}

Bytes kidOf(EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  INVIGIL_ASSERT(size > 0);
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest;
  SHA256(der, static_cast<std::size_t>(size), digest.data());
  OPENSSL_free(der);
  return Bytes(digest.begin(), digest.begin() + kKidBytes);
}

bool verifyRaw(EVP_PKEY* key, std::span<const std::uint8_t> message, std::span<const std::uint8_t> signature) {
  if (signature.size() != kSignatureBytes || !isP256(key)) return false;
  const Signature parts(ECDSA_SIG_new());
  ECDSA_SIG_set0(parts.get(), number(signature.first(kHalf)).release(), number(signature.subspan(kHalf)).release());
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(parts.get(), &der);
  if (size <= 0) return false;
  const Digest digest(EVP_MD_CTX_new());
  const bool good = EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
                    EVP_DigestVerify(digest.get(), der, static_cast<std::size_t>(size), message.data(),
                                     message.size()) == 1;
  OPENSSL_free(der);
  ERR_clear_error();
  return good;
}

bool isLowS(std::span<const std::uint8_t> signature) {
  if (signature.size() != kSignatureBytes) return false;
  return BN_cmp(number(signature.subspan(kHalf)).get(), halfOrder().get()) <= 0;
}

struct SigningKey::Impl {
  Key key;
};

SigningKey::SigningKey(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SigningKey::SigningKey(SigningKey&&) noexcept = default;
SigningKey& SigningKey::operator=(SigningKey&&) noexcept = default;
SigningKey::~SigningKey() = default;

SigningKey SigningKey::generate() {
  Key key(EVP_EC_gen("P-256"));
  INVIGIL_ASSERT(key != nullptr);
  return SigningKey(std::make_unique<Impl>(Impl{std::move(key)}));
}

Result<SigningKey> SigningKey::fromPem(const std::string& pem) {
  INVIGIL_TRY(key, privateKeyFromPem(pem));
  return SigningKey(std::make_unique<Impl>(Impl{std::move(key)}));
}

std::string SigningKey::privatePem() const {
  const Bio bio(BIO_new(BIO_s_secmem()));
  INVIGIL_ASSERT(PEM_write_bio_PKCS8PrivateKey(bio.get(), impl_->key.get(), nullptr, nullptr, 0, nullptr, nullptr) ==
                 1);
  return pemFrom(bio);
}

std::string SigningKey::publicPem() const { return publicPemOf(impl_->key.get()); }

Bytes SigningKey::kid() const { return kidOf(impl_->key.get()); }

Bytes SigningKey::sign(std::string_view message) const {
  const Digest digest(EVP_MD_CTX_new());
  std::array<std::uint8_t, 80> der;
  std::size_t size = der.size();
  INVIGIL_ASSERT(EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, impl_->key.get()) == 1);
  INVIGIL_ASSERT(EVP_DigestSign(digest.get(), der.data(), &size, reinterpret_cast<const unsigned char*>(message.data()),
                                message.size()) == 1);
  const unsigned char* cursor = der.data();
  const Signature parts(d2i_ECDSA_SIG(nullptr, &cursor, static_cast<long>(size)));
  INVIGIL_ASSERT(parts != nullptr);
  const Number s(BN_dup(ECDSA_SIG_get0_s(parts.get())));
  if (BN_cmp(s.get(), halfOrder().get()) > 0) BN_sub(s.get(), number(kOrder).get(), s.get());
  Bytes raw(kSignatureBytes);
  INVIGIL_ASSERT(BN_bn2binpad(ECDSA_SIG_get0_r(parts.get()), raw.data(), kHalf) == kHalf);
  INVIGIL_ASSERT(BN_bn2binpad(s.get(), raw.data() + kHalf, kHalf) == kHalf);
  return raw;
}

}  // namespace invigil::credential
