// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/base/text.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace invigil {
namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Bytes of the code point at `at`, or 0 when it is malformed.
std::size_t codePointBytes(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(at);
  if (lead < 0x80) return 1;
  const std::size_t count = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || at + count > text.size()) return 0;
  for (std::size_t i = 1; i < count; ++i)
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
  const std::uint8_t second = byte(at + 1);
  if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) || (lead == 0xF0 && second < 0x90) ||
      (lead == 0xF4 && second > 0x8F))
    return 0;
  return count;
}

}  // namespace

std::string toHex(std::span<const std::uint8_t> bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (std::uint8_t b : bytes) {
    text += kDigits[b >> 4];
    text += kDigits[b & 15];
  }
  return text;
}

Result<Bytes> fromHex(std::string_view text) {
  const auto digit = [](char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  };
  Bytes bytes;
  if (text.size() % 2 != 0) return fail(ErrorCode::InvalidInput, "not_hex", "Hex text has an odd length.");
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = digit(text[i]), low = digit(text[i + 1]);
    if (high < 0 || low < 0) return fail(ErrorCode::InvalidInput, "not_hex", "Hex text holds another character.");
    bytes.push_back(static_cast<std::uint8_t>(high << 4 | low));
  }
  return bytes;
}

std::string toBase64(std::span<const std::uint8_t> bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t word = static_cast<std::uint32_t>(bytes[i]) << 16;
    if (left > 1) word |= static_cast<std::uint32_t>(bytes[i + 1]) << 8;
    if (left > 2) word |= bytes[i + 2];
    text += kBase64[word >> 18];
    text += kBase64[word >> 12 & 63];
    text += left > 1 ? kBase64[word >> 6 & 63] : '=';
    text += left > 2 ? kBase64[word & 63] : '=';
  }
  return text;
}

Result<Bytes> fromBase64(std::string_view text) {
  static const std::array<int, 256> kValues = [] {
    std::array<int, 256> values;
    values.fill(-1);
    for (std::size_t i = 0; i < kBase64.size(); ++i) values[static_cast<std::uint8_t>(kBase64[i])] = static_cast<int>(i);
    return values;
  }();
  const auto bad = [] { return fail(ErrorCode::InvalidInput, "not_base64", "The text is not Base64."); };
  if (text.size() % 4 != 0) return bad();
  Bytes bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (std::size_t i = 0; i < text.size(); i += 4) {
    std::uint32_t word = 0;
    int pad = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const char c = text[i + k];
      const int value = kValues[static_cast<std::uint8_t>(c)];
      if (c == '=' && k >= 2 && i + 4 == text.size()) ++pad;
      else if (value < 0 || pad > 0) return bad();
      word = word << 6 | static_cast<std::uint32_t>(c == '=' ? 0 : value);
    }
    if ((pad == 1 && (word & 0xFF) != 0) || (pad == 2 && (word & 0xFFFF) != 0)) return bad();
    bytes.push_back(static_cast<std::uint8_t>(word >> 16));
    if (pad < 2) bytes.push_back(static_cast<std::uint8_t>(word >> 8));
    if (pad < 1) bytes.push_back(static_cast<std::uint8_t>(word));
  }
  return bytes;
}

bool isUtf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t bytes = codePointBytes(text, at);
    if (bytes == 0) return false;
    at += bytes;
  }
  return true;
}

std::string wellFormed(std::string_view text) {
  if (isUtf8(text)) return std::string(text);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t bytes = codePointBytes(text, at);
    out += bytes == 0 ? utf8Of(0xFFFD) : std::string(text.substr(at, bytes));
    at += std::max<std::size_t>(bytes, 1);
  }
  return out;
}

std::size_t codePoints(std::string_view text) {
  std::size_t count = 0;
  for (char c : text) count += (static_cast<std::uint8_t>(c) & 0xC0) != 0x80;
  return count;
}

std::string utf8Of(std::uint32_t point) {
  if (point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) point = 0xFFFD;
  if (point < 0x80) return std::string(1, static_cast<char>(point));
  std::string out;
  const int rest = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;  // bytes after the first
  const std::uint32_t lead = rest == 1 ? 0xC0 : rest == 2 ? 0xE0 : 0xF0;
  out += static_cast<char>(lead | (point >> (6 * rest)));
  for (int i = rest - 1; i >= 0; --i) out += static_cast<char>(0x80 | ((point >> (6 * i)) & 0x3F));
  return out;
}

std::string firstCharacters(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  for (; at < text.size(); ++at)
    if ((static_cast<std::uint8_t>(text[at]) & 0xC0) != 0x80 && count-- == 0) break;
  return std::string(text.substr(0, at));
}

std::string trim(std::string_view text) {
  static constexpr std::string_view kSpaces[] = {" ", "\t", "\r", "\n", "\v", "\f", "\u00a0", "\u3000", "\ufeff"};
  for (bool again = true; again;) {
    again = false;
    for (std::string_view space : kSpaces) {
      if (text.starts_with(space)) { text.remove_prefix(space.size()); again = true; }
      if (text.ends_with(space)) { text.remove_suffix(space.size()); again = true; }
    }
  }
  return std::string(text);
}

std::string maskName(std::string_view name) {
  if (name.empty()) return "*";
  const std::size_t first = std::max<std::size_t>(1, codePointBytes(name, 0));
  const std::size_t rest = codePoints(name.substr(std::min(first, name.size())));
  return std::string(name.substr(0, first)) + std::string(std::clamp<std::size_t>(rest, 1, 3), '*');
}

Result<std::string> readFile(const std::string& path, std::size_t bytes_max) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    const bool absent = errno == ENOENT;
    return fail(absent ? ErrorCode::NotFound : ErrorCode::Unavailable, absent ? "no_such_file" : "cannot_read",
                "Cannot open '" + path + "': " + std::strerror(errno) + ".");
  }
  std::string content;
  char chunk[65536];
  for (;;) {
    const ssize_t got = ::read(fd, chunk, sizeof chunk);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      const std::string why = std::strerror(errno);
      ::close(fd);
      return fail(ErrorCode::Unavailable, "cannot_read", "Cannot read '" + path + "': " + why + ".");
    }
    if (got == 0) break;
    content.append(chunk, static_cast<std::size_t>(got));
    if (content.size() > bytes_max) {
      ::close(fd);
      return fail(ErrorCode::TooLarge, "file_too_large",
                  "'" + path + "' is larger than " + std::to_string(bytes_max) + " bytes.");
    }
  }
  ::close(fd);
  return content;
}

Status writeFileDurably(const std::string& path, std::string_view content, unsigned mode) {
  const std::string beside = path + ".new";
  const auto failed = [&](int fd) {
    const std::string why = std::strerror(errno);
    if (fd >= 0) ::close(fd);
    ::unlink(beside.c_str());
    return fail(ErrorCode::Unavailable, "cannot_write", "Cannot write '" + path + "': " + why + ".");
  };
  const int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  if (fd < 0) return failed(fd);
  if (::fchmod(fd, mode) != 0) return failed(fd);
  for (std::size_t done = 0; done < content.size();) {
    const ssize_t put = ::write(fd, content.data() + done, content.size() - done);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return failed(fd);
    done += static_cast<std::size_t>(put);
  }
  if (::fsync(fd) != 0) return failed(fd);
  ::close(fd);
  if (::rename(beside.c_str(), path.c_str()) != 0) return failed(-1);
  std::string folder = std::filesystem::path(path).parent_path().string();
  if (folder.empty()) folder = ".";
  const int dir = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (dir >= 0) {
    ::fsync(dir);
    ::close(dir);
  }
  return {};
}

}  // namespace invigil
