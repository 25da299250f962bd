// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

namespace invigil::bank::formats {

/// Whether options that are numbered from 0 on (选项0, 选项1 …; option0, option1 …) begin there, so that A in a key means that one. Where
/// a program counts from 1 and leaves 0 empty, or fills it with the same text in every row, A is 选项1. One empty cell says nothing: an option
/// may be missing, and letters must not move for that. So all rows of a file are asked.
class ZeroOption {
 public:
  struct Row {
    std::string_view zero, one;   ///< what stands in 选项0 and 选项1, trimmed
    std::size_t options = 0;      ///< from 选项1 up to the last that is filled
    std::string_view key;         ///< as written
    bool holds_other = false;     ///< 选项0 holds something that is no text, such as a picture
  };
  void add(const Row& row);
  /// True also where nothing was seen: the headings say so.
  bool isOption() const;

 private:
  std::size_t rows_ = 0;          ///< with 选项1 or a later one
  std::size_t filled_ = 0;        ///< of these, with 选项0
  std::string text_;              ///< of the first that is filled
  std::set<std::string> beside_;  ///< 选项1 of these, so many as are needed
  bool content_ = false;          ///< 选项0 holds what no placeholder does
  std::size_t naming_ = 0;        ///< keys with A: nobody answers with a placeholder
  std::size_t counting_ = 0;      ///< rows that hold together only with 选项0 as an option
};

}  // namespace invigil::bank::formats
