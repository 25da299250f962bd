// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "webm.hpp"

#include <bit>
#include <string_view>

namespace invigil::recording {
namespace {

constexpr std::int64_t kMatroskaEpochMs = 978'307'200'000;  // 2001-01-01T00:00:00Z

std::string bigEndian(std::uint64_t value, int bytes) {
  std::string out;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
  return out;
}

std::string idOf(std::uint32_t id) { return bigEndian(id, id > 0xffffff ? 4 : id > 0xffff ? 3 : id > 0xff ? 2 : 1); }

/// Sizes always take eight bytes, so that places are known before they are written.
std::string element(std::uint32_t id, std::string_view content) {
  return idOf(id) + bigEndian(content.size() | std::uint64_t{1} << 56, 8) + std::string(content);
}
std::string number(std::uint32_t id, std::uint64_t value) { return element(id, bigEndian(value, 8)); }
std::string real(std::uint32_t id, double value) { return element(id, bigEndian(std::bit_cast<std::uint64_t>(value), 8)); }

std::string header() {
  return element(0x1A45DFA3, number(0x4286, 1) + number(0x42F7, 1) + number(0x42F2, 4) + number(0x42F3, 8) + element(0x4282, "webm") +
                                 number(0x4287, 2) + number(0x4285, 2));
}

std::string about(const WebmTrack& track) {
  const std::string date = bigEndian(static_cast<std::uint64_t>((toMillis(track.began) - kMatroskaEpochMs) * 1'000'000), 8);
  const std::string info = element(0x1549A966, number(0x2AD7B1, 1'000'000) + real(0x4489, static_cast<double>(track.duration_ms)) +
                                                   element(0x4461, date) + element(0x4D80, "Invigil") + element(0x5741, "Invigil"));
  const std::string picture = element(0xE0, number(0xB0, static_cast<std::uint64_t>(track.width)) + number(0xBA, static_cast<std::uint64_t>(track.height)));
  return info + element(0x1654AE6B, element(0xAE, number(0xD7, 1) + number(0x73C5, 1) + number(0x83, 1) + number(0x9C, 0) +
                                                      element(0x86, track.codec) + picture));
}

/// Where a key picture's cluster stands, from the start of the segment's content.
std::string cue(std::int64_t at_ms, std::uint64_t position) {
  return element(0xBB, number(0xB3, static_cast<std::uint64_t>(at_ms)) + element(0xB7, number(0xF7, 1) + number(0xF1, position)));
}

std::string block(const Coded& picture, std::int64_t cluster_ms) {
  const auto after = static_cast<std::uint16_t>(picture.at_ms - cluster_ms);
  return element(0xA3, std::string("\x81", 1) + bigEndian(after, 2) + static_cast<char>(picture.key ? 0x80 : 0) + picture.data);
}

}  // namespace

std::string writeWebm(const WebmTrack& track, const std::vector<Coded>& pictures) {
  struct Cluster {
    std::int64_t at_ms;
    std::string content;
  };
  std::vector<Cluster> clusters;
  for (const Coded& picture : pictures) {
    if (picture.key || clusters.empty()) clusters.push_back({picture.at_ms, number(0xE7, static_cast<std::uint64_t>(picture.at_ms))});
    clusters.back().content += block(picture, clusters.back().at_ms);
  }
  const std::string head = about(track);
  const std::size_t index = element(0x1C53BB6B, "").size() + clusters.size() * cue(0, 0).size();
  std::string cues, body;
  for (const Cluster& cluster : clusters) {
    cues += cue(cluster.at_ms, head.size() + index + body.size());
    body += element(0x1F43B675, cluster.content);
  }
  return header() + element(0x18538067, head + element(0x1C53BB6B, cues) + body);
}

}  // namespace invigil::recording
