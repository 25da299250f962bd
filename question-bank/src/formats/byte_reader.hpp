// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace invigil::bank::formats {

/// Little-endian numbers out of bytes that anybody may have made: past the end everything is 0 and ok() is false.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes, std::size_t at = 0) : bytes_(bytes), at_(at), ok_(at <= bytes.size()) {}

  bool ok() const { return ok_; }
  std::size_t left() const { return ok_ ? bytes_.size() - at_ : 0; }
  std::string_view take(std::size_t count) {
    if (!ok_ || count > left()) {  // begun past the end, nothing may be taken, not even no bytes
      ok_ = false;
      return {};
    }
    const std::string_view piece = bytes_.substr(at_, count);
    at_ += count;
    return piece;
  }
  void skip(std::size_t count) { (void)take(count); }
  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  double f64() { return std::bit_cast<double>(number(8)); }

 private:
  std::uint64_t number(std::size_t size) {
    std::uint64_t value = 0;
    std::size_t shift = 0;
    for (char c : take(size)) value |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(c)) << shift, shift += 8;
    return value;
  }

  std::string_view bytes_;
  std::size_t at_;
  bool ok_;
};

}  // namespace invigil::bank::formats
