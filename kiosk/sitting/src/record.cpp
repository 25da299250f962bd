// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "record.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>

#include "invigil/base/typed.hpp"

namespace invigil::sitting {
namespace {

constexpr std::size_t kPayloadMax = 256;
constexpr char kOpening = 'S', kResponse = 'R', kTyped = 'A', kHandIn = 'H', kShown = 'T';
constexpr char kVersion = 1;

void putNumber(std::string& out, std::uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>((value >> (8 * i)) & 0xff));
}

std::uint32_t getNumber(std::string_view in, std::size_t at, int bytes) {
  std::uint32_t value = 0;
  for (int i = 0; i < bytes; ++i)
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(in[at + static_cast<std::size_t>(i)])) << (8 * i);
  return value;
}

std::string frame(const std::string& payload) {
  std::string out;
  putNumber(out, static_cast<std::uint32_t>(payload.size()), 4);
  putNumber(out, crc32(payload), 4);
  return out + payload;
}

/// Position, revision and flag, the same in both kinds of answer.
bool decodeHead(std::string_view payload, Response& response) {
  response.position = static_cast<int>(getNumber(payload, 1, 2));
  response.revision = static_cast<int>(getNumber(payload, 3, 4));
  response.flagged = payload[7] != 0;
  return response.position >= 1 && response.revision >= 1;
}

bool decodeTyped(std::string_view payload, Response& response) {
  if (payload.size() < 8 || !decodeHead(payload, response)) return false;
  response.text = payload.substr(8);
  return canBeTyped(response.text);
}

bool decodeResponse(std::string_view payload, Response& response) {
  if (payload.size() < 9) return false;
  const std::size_t count = static_cast<unsigned char>(payload[8]);
  if (payload.size() != 9 + count || !decodeHead(payload, response)) return false;
  for (std::size_t i = 0; i < count; ++i) {
    const int option = static_cast<unsigned char>(payload[9 + i]);
    if (option > 7 || (!response.chosen.empty() && option <= response.chosen.back())) return false;
    response.chosen.push_back(option);
  }
  return true;
}

}  // namespace

std::uint32_t crc32(std::string_view bytes) {
  static const auto table = [] {
    std::array<std::uint32_t, 256> t{};
    for (std::uint32_t n = 0; n < 256; ++n) {
      std::uint32_t c = n;
      for (int k = 0; k < 8; ++k) c = (c & 1) ? 0xedb88320u ^ (c >> 1) : c >> 1;
      t[n] = c;
    }
    return t;
  }();
  std::uint32_t c = 0xffffffffu;
  for (const char byte : bytes) c = table[(c ^ static_cast<unsigned char>(byte)) & 0xff] ^ (c >> 8);
  return c ^ 0xffffffffu;
}

std::string encodeOpening(const std::string& sitting_id) {
  return frame(std::string{kOpening, kVersion} + sitting_id);
}

std::string encodeResponse(const Response& response) {
  const bool typed = response.chosen.empty() && !response.text.empty();
  std::string payload{typed ? kTyped : kResponse};
  putNumber(payload, static_cast<std::uint32_t>(response.position), 2);
  putNumber(payload, static_cast<std::uint32_t>(response.revision), 4);
  payload.push_back(response.flagged ? 1 : 0);
  if (typed) return frame(payload + response.text);
  payload.push_back(static_cast<char>(response.chosen.size()));
  for (const int option : response.chosen) payload.push_back(static_cast<char>(option));
  return frame(payload);
}

std::string encodeShown(int position, std::int64_t shown_ms) {
  std::string payload{kShown};
  putNumber(payload, static_cast<std::uint32_t>(position), 2);
  putNumber(payload, static_cast<std::uint32_t>(std::clamp<std::int64_t>(shown_ms, 0, UINT32_MAX)), 4);
  return frame(payload);
}

std::string encodeHandIn(bool by_deadline) {
  return frame(std::string{kHandIn, static_cast<char>(by_deadline ? 1 : 0)});
}

Parsed parseJournal(std::string_view bytes) {
  Parsed out;
  std::map<int, Response> newest;
  std::map<int, std::uint32_t> shown;
  std::size_t at = 0;
  while (bytes.size() - at >= 8) {
    const std::size_t length = getNumber(bytes, at, 4);
    if (length == 0 || length > kPayloadMax || bytes.size() - at - 8 < length) break;
    const std::string_view payload = bytes.substr(at + 8, length);
    if (crc32(payload) != getNumber(bytes, at + 4, 4)) break;
    if (at == 0) {
      if (payload[0] != kOpening || length < 3 || payload[1] != kVersion) break;
      out.sitting_id = std::string{payload.substr(2)};
    } else if (payload[0] == kResponse || payload[0] == kTyped) {
      Response response;
      if (!(payload[0] == kTyped ? decodeTyped(payload, response) : decodeResponse(payload, response))) break;
      Response& kept = newest[response.position];
      if (response.revision > kept.revision) kept = std::move(response);
    } else if (payload[0] == kShown && length == 7) {
      shown[static_cast<int>(getNumber(payload, 1, 2))] = getNumber(payload, 3, 4);
    } else if (payload[0] == kHandIn && length == 2) {
      out.recovered.handed_in = true;
      out.recovered.by_deadline = payload[1] != 0;
    } else {
      break;
    }
    at += 8 + length;
  }
  out.whole = at;
  out.recovered.bytes_dropped = bytes.size() - at;
  for (auto& [position, response] : newest) {
    if (const auto found = shown.find(position); found != shown.end()) response.shown_ms = found->second;
    out.recovered.responses.push_back(std::move(response));
  }
  return out;
}

}  // namespace invigil::sitting
