// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "film_length.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>

namespace invigil::devices {
namespace {

constexpr int kBoxesMax = 100'000;

/// The first bytes at a place of the file; zeros beyond its end.
using Head = std::array<unsigned char, 16>;
Head headAt(std::ifstream& in, std::uint64_t at) {
  Head head{};
  in.clear();
  in.seekg(static_cast<std::streamoff>(at));
  in.read(reinterpret_cast<char*>(head.data()), static_cast<std::streamsize>(head.size()));
  return head;
}

std::uint64_t number(const unsigned char* at, int bytes) {
  std::uint64_t value = 0;
  for (int i = 0; i < bytes; ++i) value = value << 8 | at[i];
  return value;
}

bool boxesGoOn(std::ifstream& in, std::uint64_t size) {
  std::uint64_t at = 0;
  for (int boxes = 0; boxes < kBoxesMax && at + 8 <= size; ++boxes) {
    const Head head = headAt(in, at);
    std::uint64_t length = number(head.data(), 4);
    if (length == 1) length = number(head.data() + 8, 8);
    if (length < 8) return false;  // 0 = to the end of the file, whatever that is
    if (length > size - at) return true;
    at += length;
  }
  return false;
}

/// An element of Matroska: where its content begins and how long it is; none where that is unknown.
struct Element {
  std::uint64_t content = 0, length = 0;
};
std::optional<Element> elementAt(std::ifstream& in, std::uint64_t at) {
  const Head head = headAt(in, at);
  int bytes = 1;
  while (bytes <= 8 && !(head[4] & (0x100 >> bytes))) ++bytes;  // the identifiers asked for have four bytes
  if (bytes > 8) return std::nullopt;
  const std::uint64_t all = (std::uint64_t{1} << (7 * bytes)) - 1, length = number(head.data() + 4, bytes) & all;
  if (length == all) return std::nullopt;
  return Element{at + 4 + static_cast<std::uint64_t>(bytes), length};
}

bool segmentGoesOn(std::ifstream& in, std::uint64_t size) {
  const auto begin = elementAt(in, 0);
  if (!begin || begin->length > size || number(headAt(in, begin->content + begin->length).data(), 4) != 0x18538067) return false;
  const auto segment = elementAt(in, begin->content + begin->length);
  return segment && segment->length > size - std::min(size, segment->content);
}

}  // namespace

bool endIsMissing(const std::string& path) {
  std::error_code failed;
  const std::uint64_t size = std::filesystem::file_size(path, failed);
  std::ifstream in(path, std::ios::binary);
  if (failed || !in) return false;
  const Head head = headAt(in, 0);
  const std::uint64_t first = number(head.data(), 4), second = number(head.data() + 4, 4);
  if (first == 0x52494646) return 8 + (head[4] | std::uint64_t{head[5]} << 8 | std::uint64_t{head[6]} << 16 | std::uint64_t{head[7]} << 24) > size;  // "RIFF"
  if (first == 0x1A45DFA3) return segmentGoesOn(in, size);
  const bool boxes = second == 0x66747970 || second == 0x6D6F6F76 || second == 0x6D646174 || second == 0x77696465 || second == 0x66726565;  // ftyp, moov, mdat, wide, free
  return boxes && boxesGoOn(in, size);
}

}  // namespace invigil::devices
