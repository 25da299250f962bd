// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/segment/segment.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>

#include "invigil/base/assert.hpp"
#include "invigil/base/random.hpp"

namespace invigil::segment {
namespace {

constexpr std::string_view kMagic{"IVSEG\0\1\n", 8};
constexpr std::size_t kNonce = 12, kTag = 16, kIdMax = 64, kNumbers = 4 + 8 + 8 + 4;

struct CipherFree {
  void operator()(EVP_CIPHER_CTX* c) const { EVP_CIPHER_CTX_free(c); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, CipherFree>;

const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* raw(std::string& text, std::size_t at) { return reinterpret_cast<unsigned char*>(text.data()) + at; }

void put(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
}

std::uint64_t take(std::string_view& in, std::size_t bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i) value = value << 8 | static_cast<unsigned char>(in[i]);
  in.remove_prefix(bytes);
  return value;
}

bool sound(const Head& head) {
  const auto plain = [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_'; };
  return !head.sitting_id.empty() && head.sitting_id.size() <= kIdMax && std::all_of(head.sitting_id.begin(), head.sitting_id.end(), plain) &&
         head.number >= 1 && head.began_ms >= 0 && head.ended_ms >= head.began_ms && head.frames >= 1;
}

auto bad() { return fail(ErrorCode::Corrupt, "bad_segment", "This is no segment of a recording.", "segment.cpp"); }

/// The head, and where in `sealed` it ends.
Result<std::pair<Head, std::size_t>> split(std::string_view sealed) {
  if (sealed.size() > kBytesMax || !sealed.starts_with(kMagic) || sealed.size() <= kMagic.size()) return bad();
  std::string_view rest = sealed.substr(kMagic.size());
  const std::size_t id = take(rest, 1);
  if (id > kIdMax || rest.size() < id + kNumbers + kNonce + kTag) return bad();
  Head head;
  head.sitting_id = rest.substr(0, id);
  rest.remove_prefix(id);
  head.number = static_cast<std::uint32_t>(take(rest, 4));
  head.began_ms = static_cast<std::int64_t>(take(rest, 8));
  head.ended_ms = static_cast<std::int64_t>(take(rest, 8));
  head.frames = static_cast<std::uint32_t>(take(rest, 4));
  if (!sound(head)) return bad();
  return std::pair{head, sealed.size() - rest.size()};
}

}  // namespace

Result<std::string> seal(const Key& key, const Head& head, std::string_view content) {
  if (!sound(head)) return fail(ErrorCode::InvalidInput, "bad_segment", "The segment's head is out of range.", "segment.cpp");
  std::string out{kMagic};
  put(out, head.sitting_id.size(), 1);
  out += head.sitting_id;
  put(out, head.number, 4);
  put(out, static_cast<std::uint64_t>(head.began_ms), 8);
  put(out, static_cast<std::uint64_t>(head.ended_ms), 8);
  put(out, head.frames, 4);
  const std::size_t covered = out.size(), body = covered + kNonce;
  if (body + content.size() + kTag > kBytesMax) return fail(ErrorCode::TooLarge, "segment_too_large", "", "segment.cpp");
  out.resize(body + content.size() + kTag);
  randomBytes(raw(out, covered), kNonce);
  Cipher cipher(EVP_CIPHER_CTX_new());
  int length = 0;
  const bool done =
      EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.data(), raw(out, covered)) == 1 &&
      EVP_EncryptUpdate(cipher.get(), nullptr, &length, raw(out, 0), static_cast<int>(covered)) == 1 &&
      EVP_EncryptUpdate(cipher.get(), raw(out, body), &length, raw(content), static_cast<int>(content.size())) == 1 &&
      EVP_EncryptFinal_ex(cipher.get(), raw(out, body) + length, &length) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTag, raw(out, body + content.size())) == 1;
  INVIGIL_ASSERT(done);
  return out;
}

Result<Head> readHead(std::string_view sealed) {
  INVIGIL_TRY(parts, split(sealed));
  return std::move(parts.first);
}

Result<std::string> open(const Key& key, std::string_view sealed) {
  INVIGIL_TRY(parts, split(sealed));
  const std::size_t covered = parts.second, body = covered + kNonce, size = sealed.size() - body - kTag;
  std::string content(size, '\0');
  std::string tag(sealed.substr(body + size));
  Cipher cipher(EVP_CIPHER_CTX_new());
  int length = 0;
  const bool whole =
      EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.data(), raw(sealed) + covered) == 1 &&
      EVP_DecryptUpdate(cipher.get(), nullptr, &length, raw(sealed), static_cast<int>(covered)) == 1 &&
      EVP_DecryptUpdate(cipher.get(), raw(content, 0), &length, raw(sealed) + body, static_cast<int>(size)) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTag, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(cipher.get(), raw(content, 0) + length, &length) == 1;
  if (!whole) return fail(ErrorCode::Corrupt, "segment_damaged", "A segment of a recording does not verify.", "segment.cpp");
  return content;
}

}  // namespace invigil::segment
