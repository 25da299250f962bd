// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "app.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>

#include "invigil/base/assert.hpp"
#include "invigil/base/random.hpp"

namespace invigil::server {

std::int64_t Call::number(const std::string& name, std::int64_t fallback, std::int64_t low, std::int64_t high) const {
  const std::string text = q(name);
  if (text.empty() || text.size() > 15 || text.find_first_not_of("0123456789") != std::string::npos) return fallback;
  return std::clamp<std::int64_t>(std::stoll(text), low, high);
}

bool RateLimiter::allow(const std::string& key, int max, milliseconds window, Instant now) {
  std::lock_guard lock(mutex_);
  // Forget what has run out once the table grows; a flood of keys cannot fill the memory.
  if (buckets_.size() > 100000)
    std::erase_if(buckets_, [&](const auto& entry) { return now - entry.second.since > entry.second.window; });
  Bucket& bucket = buckets_.try_emplace(key, Bucket{now, window, 0}).first->second;
  if (now - bucket.since > bucket.window || now < bucket.since) bucket = {now, window, 0};
  if (bucket.used >= max) return false;
  ++bucket.used;
  return true;
}

void Bell::ring() {
  {
    std::lock_guard lock(mutex_);
    rang_ = true;
  }
  rung_.notify_one();
}

bool Bell::wait(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  if (!rung_.wait(lock, stop, [this] { return rang_; })) return false;
  rang_ = false;
  return true;
}

namespace {
constexpr std::size_t kNonce = 12, kTag = 16;
struct CipherFree {
  void operator()(EVP_CIPHER_CTX* c) const { EVP_CIPHER_CTX_free(c); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, CipherFree>;
unsigned char* raw(std::string& text, std::size_t at) { return reinterpret_cast<unsigned char*>(text.data()) + at; }
}  // namespace

std::string Sealer::seal(std::string_view plain) const {
  Bytes out(kNonce + plain.size() + kTag);
  randomBytes(out.data(), kNonce);
  Cipher cipher(EVP_CIPHER_CTX_new());
  int length = 0;
  const auto* in = reinterpret_cast<const unsigned char*>(plain.data());
  bool ok = EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key_.data(), out.data()) == 1 &&
            EVP_EncryptUpdate(cipher.get(), out.data() + kNonce, &length, in, static_cast<int>(plain.size())) == 1 &&
            EVP_EncryptFinal_ex(cipher.get(), out.data() + kNonce + length, &length) == 1 &&
            EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTag, out.data() + kNonce + plain.size()) == 1;
  INVIGIL_ASSERT(ok);
  return toBase64(out);
}

Result<std::string> Sealer::open(const std::string& sealed) const {
  const auto broken = [] { return fail(ErrorCode::Corrupt, "cannot_open_sealed", "A stored picture does not verify."); };
  auto bytes = fromBase64(sealed);
  if (!bytes || bytes->size() < kNonce + kTag) return broken();
  const std::size_t size = bytes->size() - kNonce - kTag;
  std::string plain(size, '\0');
  Cipher cipher(EVP_CIPHER_CTX_new());
  int length = 0;
  const bool ok =
      EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key_.data(), bytes->data()) == 1 &&
      EVP_DecryptUpdate(cipher.get(), raw(plain, 0), &length, bytes->data() + kNonce, static_cast<int>(size)) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTag, bytes->data() + kNonce + size) == 1 &&
      EVP_DecryptFinal_ex(cipher.get(), raw(plain, 0) + length, &length) == 1;
  if (!ok) return broken();
  return plain;
}

std::string sha256Hex(std::string_view text) {
  Bytes digest(SHA256_DIGEST_LENGTH);
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return toHex(digest);
}

std::string newId() { return randomHex(8); }

void audit(Tx& tx, Instant at, const std::string& actor, const std::string& action, const std::string& subject,
           const std::string& detail) {
  tx.exec("insert into audit(id, at_ms, actor, action, subject, detail) values (:a, :b, :c, :d, :e, :f)", randomHex(12),
          toMillis(at), actor, action, subject, detail);
}

}  // namespace invigil::server
