// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "formats/table_parts.hpp"

/// Numbers of a workbook as its editor saw them.
namespace invigil::bank::formats {

/// One of the up to four sections of a number format: for positive numbers, negative ones, zero and text.
struct NumberSection {
  enum class Kind { Unknown, General, Number, Date };
  /// 'L' a literal text, '9' the digits; of dates y m d, h n (minutes) s, H N S (elapsed), w (day of the week), p (half of the day).
  struct Part {
    char what = 'L';
    std::string text;
    int count = 1;
  };
  Kind kind = Kind::Unknown;
  std::vector<Part> parts;
  int whole_least = 0, decimals_least = 0, decimals_most = 0, percents = 0;
  bool grouped = false;
};

/// The number formats of a workbook and which cell has which. Source: ECMA-376 part 1, 18.8.30 and 18.8.31.
class NumberFormats {
 public:
  /// A format of the workbook's own. @param code  as `0.00"V"`
  void define(unsigned id, std::string code) { codes_[id] = std::move(code); }
  /// The next style, numbered from 0, that cells name.
  void addStyle(unsigned format_id) { styles_.push_back(format_id); }
  /// Days count from 1904 instead of 1900.
  void countFrom1904(bool yes) { from_1904_ = yes; }
  /// The number as the editor of the file saw it; raw and doubtful where that is not certain.
  /// What depends on the language of the editor's system (formats 14 and 22, the long date) is shown as in Chinese.
  ShownCell show(double value, std::size_t style);

 private:
  const std::vector<NumberSection>& sectionsOf(unsigned id);

  std::map<unsigned, std::string> codes_;
  std::map<unsigned, std::vector<NumberSection>> read_;  ///< codes taken apart, each once
  std::vector<unsigned> styles_;
  bool from_1904_ = false;
};

}  // namespace invigil::bank::formats
