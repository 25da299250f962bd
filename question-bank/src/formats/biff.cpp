// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/biff.hpp"

#include "invigil/base/text.hpp"

namespace invigil::bank::formats {

std::optional<Record> Records::next() {
  Record record;
  record.kind = reader_.u16();
  const std::uint16_t size = reader_.u16();
  record.data = reader_.take(size);
  return reader_.ok() ? std::optional(record) : std::nullopt;
}

std::string_view Pieces::take(std::size_t count) {
  while (at_ < pieces_.size() && offset_ == pieces_[at_].size()) ++at_, offset_ = 0;
  if (at_ == pieces_.size()) return {};
  const std::string_view piece = pieces_[at_].substr(offset_, count);
  offset_ += piece.size();
  return piece;
}

std::uint32_t Pieces::number(std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const std::string_view byte = take(1);
    if (byte.empty()) return fail_ = true, 0;
    value |= static_cast<std::uint32_t>(static_cast<std::uint8_t>(byte[0])) << (8 * i);
  }
  return value;
}

void Pieces::skip(std::size_t count) {
  while (count > 0) {
    const std::size_t got = take(count).size();
    if (got == 0) return void(fail_ = true);
    count -= got;
  }
}

std::string Pieces::text(bool long_count, bool parts, std::vector<Run>* fonts) {
  const std::uint32_t count = number(long_count ? 2 : 1);
  const std::uint32_t flags = number(1);
  std::size_t runs = parts && (flags & 8) ? number(2) : 0;
  const std::size_t far_east = parts && (flags & 4) ? number(4) : 0;
  const bool behind = !parts && fonts != nullptr;
  std::vector<std::size_t> begins;
  std::string out = characters(count, flags & 1, (runs > 0 && fonts != nullptr) || behind ? &begins : nullptr);
  if (behind) runs = number(2);
  if (fonts == nullptr) skip(runs * 4);
  else for (; runs > 0 && !fail_; --runs) {
    const std::uint32_t unit = number(2);
    fonts->push_back({unit < begins.size() ? begins[unit] : out.size(), static_cast<std::uint16_t>(number(2))});
  }
  skip(far_east);
  return out;
}

std::string Pieces::characters(std::size_t count, bool wide, std::vector<std::size_t>* begins) {
  std::string out;
  std::uint32_t high = 0;
  for (std::size_t i = 0; i < count && !fail_; ++i) {
    if (i > 0 && at_ < pieces_.size() && offset_ == pieces_[at_].size()) wide = number(1) & 1;  // each further record says it anew
    const std::uint32_t unit = number(wide ? 2 : 1);
    if (fail_) break;
    if (begins != nullptr) begins->push_back(out.size());
    if (unit >= 0xD800 && unit < 0xDC00) {
      high = unit;
      continue;
    }
    const bool pair = high != 0 && unit >= 0xDC00 && unit < 0xE000;
    out += utf8Of(pair ? 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00) : unit);
    high = 0;
  }
  return out;
}

double unpacked(std::uint32_t packed) {
  const double value = packed & 2 ? static_cast<double>(static_cast<std::int32_t>(packed) >> 2) : std::bit_cast<double>(static_cast<std::uint64_t>(packed & ~3u) << 32);
  return packed & 1 ? value / 100 : value;
}

}  // namespace invigil::bank::formats
