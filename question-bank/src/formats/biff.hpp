// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/byte_reader.hpp"

/// The bricks of old Excel files. Source: [MS-XLS].
namespace invigil::bank::formats {

struct Record {
  std::uint16_t kind = 0;
  std::string_view data;
};

/// Records one after another; at the end or where one is cut, nothing.
class Records {
 public:
  Records(std::string_view stream, std::size_t at) : reader_(stream, at) {}
  std::optional<Record> next();

 private:
  ByteReader reader_;
};

/// Texts of BIFF8 over a record and those that continue it: characters are one byte each or UTF-16.
class Pieces {
 public:
  /// From a byte of the text on, its characters have that font.
  struct Run {
    std::size_t begin = 0;
    std::uint16_t font = 0;
  };
  void add(std::string_view piece) { pieces_.push_back(piece); }
  bool empty() const { return pieces_.empty(); }
  /// True once something was asked for beyond the end: it is 0 then.
  bool failed() const { return fail_; }
  std::uint32_t number(std::size_t size);
  void skip(std::size_t count);
  /// The next text as UTF-8.
  /// @param long_count  the number of characters has two bytes, else one
  /// @param parts       formatting and phonetic parts may follow it
  /// @param runs        where given, gets the fonts; without `parts` they stand behind the text with their number before them
  std::string text(bool long_count, bool parts, std::vector<Run>* runs = nullptr);

 private:
  std::string_view take(std::size_t count);
  /// @param begins  where given, gets the byte at which each unit begins
  std::string characters(std::size_t count, bool wide, std::vector<std::size_t>* begins);

  std::vector<std::string_view> pieces_;
  std::size_t at_ = 0, offset_ = 0;
  bool fail_ = false;
};

/// A number of the packed form RK.
double unpacked(std::uint32_t packed);

}  // namespace invigil::bank::formats
