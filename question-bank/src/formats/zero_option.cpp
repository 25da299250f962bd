// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/zero_option.hpp"

#include <algorithm>
#include <array>

#include "formats/loose_text.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank::formats {
namespace {

/// So many rows must have the same text in 选项0, beside as many different ones in 选项1: a few may share their first option.
constexpr std::size_t kAlike = 5, kAlikeSigns = 2;

/// What programs write where nothing is.
bool isSignForNothing(const std::string& text) {
  constexpr std::array<std::string_view, 10> kSigns{"-", "--", "—", "——", "－", "/", "\\", "NULL", "NAN", "UNDEFINED"};
  return std::find(kSigns.begin(), kSigns.end(), capitals(text)) != kSigns.end();
}

}  // namespace

void ZeroOption::add(const Row& row) {
  content_ = content_ || row.holds_other;
  const bool filled = !row.zero.empty();
  if (filled && text_.empty()) text_ = row.zero;
  content_ = content_ || (filled && (row.zero != text_ || truthOf(row.zero)));
  if (row.options == 0) return;
  ++rows_;
  if (filled) {
    ++filled_;
    counting_ += row.options == 1;  // without it one option would be left
    if (beside_.size() < kAlike) beside_.emplace(row.one);
  }
  if (const auto letters = readLetters(row.key, 8)) {
    naming_ += letters->value.front() == 0;
    counting_ += static_cast<std::size_t>(letters->value.back()) == row.options;
  } else {
    counting_ += trim(row.key) == "0";
  }
}

bool ZeroOption::isOption() const {
  if (rows_ == 0 || content_) return true;
  const std::size_t alike = isSignForNothing(text_) ? kAlikeSigns : kAlike;
  if (filled_ > 0 && (filled_ < alike || beside_.size() < alike)) return true;
  constexpr std::size_t kWrongKeys = 10;  // one key in so many may be a slip
  return counting_ * kWrongKeys > naming_;
}

}  // namespace invigil::bank::formats
