// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/loose_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "invigil/bank/text_limits.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank::formats {
namespace {

tl::unexpected<Error> bad(std::string sentence) {
  return fail(ErrorCode::InvalidInput, "bad_row", std::move(sentence));
}

/// Full-width letters and digits (U+FF01..U+FF5E) as ASCII.
std::string narrowed(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(text[i + k]); };
    if (byte(0) == 0xEF && i + 2 < text.size() && (byte(1) == 0xBC || byte(1) == 0xBD)) {
      const int code = ((byte(1) & 0x3F) << 6 | (byte(2) & 0x3F)) + 0xF000;
      if (code >= 0xFF01 && code <= 0xFF5E) {
        out += static_cast<char>(code - 0xFEE0);
        i += 3;
        continue;
      }
    }
    out += text[i++];
  }
  return out;
}

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

struct Marker {
  char letter = 0;         ///< 0 = none
  std::size_t bytes = 0;   ///< of letter and mark
  bool strong = false;     ///< "A、" rather than "A " or "A"
};

Marker markerOf(std::string_view text) {
  Marker marker;
  std::size_t at = 0;
  if (text.size() >= 3 && static_cast<unsigned char>(text[0]) == 0xEF) {
    const std::string first = narrowed(text.substr(0, 3));
    if (first.size() == 1) marker.letter = upper(first)[0], at = 3;
  } else if (!text.empty()) {
    marker.letter = upper(std::string(1, text[0]))[0], at = 1;
  }
  if (marker.letter < 'A' || marker.letter > 'H') return {};
  marker.bytes = at;
  for (std::string_view mark : {"、", ".", "．", "：", ":", ")", "）", "，", ","})
    if (text.substr(at).starts_with(mark)) {
      marker.bytes = at + mark.size();
      marker.strong = true;
      return marker;
    }
  return marker;
}

std::vector<std::string> splitAt(std::string_view cell, std::string_view separator) {
  std::vector<std::string> parts;
  for (;;) {
    const auto at = cell.find(separator);
    parts.push_back(trim(cell.substr(0, at)));
    if (at == std::string_view::npos) break;
    cell.remove_prefix(at + separator.size());
  }
  if (parts.front().empty()) parts.erase(parts.begin());
  if (!parts.empty() && parts.back().empty()) parts.pop_back();
  return parts;
}

}  // namespace

Read<std::string> cleaned(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f) c = ' ';
  out = trim(out);
  const bool repaired = out != text;
  return {std::move(out), repaired};
}

Result<ItemType> readCategory(std::string_view text) {
  const std::string category = upper(narrowed(trim(text)));
  const auto has = [&](std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view w) { return category.find(w) != std::string::npos; });
  };
  const bool judge = has({"判断", "是非", "对错", "TRUEFALSE", "TRUE_FALSE"});
  const bool single = has({"单选", "单项", "SINGLE"});
  const bool multiple = has({"多选", "多项", "MULTIPLE"});
  if (judge + single + multiple != 1)
    return bad(category.empty() ? "缺少题型，请写判断题、单选题或多选题。 / The category is missing: write 判断题, 单选题 or 多选题."
                                : "题型只能是判断题、单选题或多选题。 / The category '" + firstCharacters(text, 60) +
                                      "' is not one of 判断题, 单选题, 多选题.");
  return judge ? ItemType::TrueFalse : single ? ItemType::SingleChoice : ItemType::MultipleChoice;
}

std::vector<std::string> splitOptions(std::string_view cell) {
  for (std::string_view separator : {"**", "##", "\n"})
    if (trim(cell).find(separator) != std::string::npos) return splitAt(cell, separator);
  std::vector<std::string> parts;
  std::string rest = trim(cell);
  for (char next = 'A'; markerOf(rest).strong && markerOf(rest).letter == next; ++next) {
    std::size_t end = rest.size();
    for (std::size_t i = 1; i < rest.size() && end == rest.size(); ++i) {
      const bool spaced = rest[i - 1] == ' ' || rest[i - 1] == '\t' || (i >= 3 && rest.compare(i - 3, 3, "　") == 0);
      const Marker marker = spaced ? markerOf(std::string_view(rest).substr(i)) : Marker{};
      if (marker.strong && marker.letter == next + 1) end = i;
    }
    parts.push_back(trim(std::string_view(rest).substr(0, end)));
    rest.erase(0, end);
  }
  if (parts.empty() && !rest.empty()) parts.push_back(rest);
  return parts;
}

Result<Read<std::vector<std::string>>> stripMarkers(const std::vector<std::string>& options, bool marks) {
  if (options.size() < 2) return bad("分不出两个以上的选项，请用 ** 或 ## 隔开。 / Fewer than two options could be told apart: separate them with ** "
               "or ##.");
  if (options.size() > 8)
    return bad("有 " + std::to_string(options.size()) + " 个选项，最多 8 个。 / There are " + std::to_string(options.size()) + " options; at most 8 are allowed.");
  std::vector<Marker> markers;
  std::size_t marked = 0, strong = 0, fitting = 0;
  for (std::size_t i = 0; i < options.size(); ++i) {
    markers.push_back(marks ? markerOf(options[i]) : Marker{});
    const bool fits = markers[i].letter == static_cast<char>('A' + i);
    marked += markers[i].strong;
    strong += fits && markers[i].strong;
    fitting += fits;
  }
  Read<std::vector<std::string>> out;
  // A bare letter is a marker only where every option has its own: "A级, B级" without any other mark stays as it is
  // because stripping would leave equal options.
  bool bare = fitting == options.size();
  if (bare && strong == 0) {
    std::vector<std::string> rests;
    for (std::size_t i = 0; i < options.size(); ++i) rests.push_back(trim(options[i].substr(markers[i].bytes)));
    std::sort(rests.begin(), rests.end());
    bare = std::adjacent_find(rests.begin(), rests.end()) == rests.end() && !rests.front().empty();
  }
  for (std::size_t i = 0; i < options.size(); ++i) {
    const char expected = static_cast<char>('A' + i);
    const bool fits = markers[i].letter == expected;
    if (marked > 1 && markers[i].strong && !fits)
      return bad(std::string("选项 ") + expected + " 标成了 " + markers[i].letter + "：选项顺序不对，答案无法确定。 / Option " +
                 expected + " is marked " + markers[i].letter +
                 ": the options are out of order, so the answer is not certain.");
    const bool strip = fits && (markers[i].strong || bare);
    out.repaired = out.repaired || (strip && !markers[i].strong) || (!strip && strong > 0);
    const Read<std::string> text = cleaned(strip ? options[i].substr(markers[i].bytes) : options[i]);
    if (text.value.empty()) return bad(std::string("选项 ") + expected + " 没有文字（可能是图片）。 / Option " + expected +
                 " has no text (a picture perhaps).");
    if (codePoints(text.value) > textLimits(Markup::Plain).option)
      return bad(std::string("选项 ") + expected + " 超过 4000 个字。 / Option " + expected +
                   " is longer than 4000 characters.");
    const auto same = std::find(out.value.begin(), out.value.end(), text.value);
    if (same != out.value.end())
    {
      const std::string first(1, static_cast<char>('A' + (same - out.value.begin())));
      return bad("选项 " + first + " 和 " + expected + " 相同。 / Options " + first + " and " + expected + " are equal.");
    }
    out.value.push_back(text.value);
  }
  return out;
}

std::optional<bool> truthOf(std::string_view text) {
  const std::string word = upper(narrowed(trim(text)));
  for (std::string_view yes : {"正确", "对", "是", "√", "✓", "✔", "☑", "T", "TRUE", "Y", "YES", "RIGHT", "CORRECT"})
    if (word == yes) return true;
  for (std::string_view no : {"错误", "错", "否", "不正确", "不对", "非", "×", "✗", "✘", "╳", "X", "F", "FALSE", "N", "NO",
                              "WRONG", "INCORRECT"})
    if (word == no) return false;
  return std::nullopt;
}

std::string withoutAnswerPrefix(const std::string& text) {
  for (std::string_view prefix : {"正确答案", "标准答案", "参考答案", "答案"})
    if (text.starts_with(prefix)) {
      std::string rest = trim(text.substr(prefix.size()));
      for (std::string_view mark : {":", "：", "是", "为"})
        if (rest.starts_with(mark)) return trim(rest.substr(mark.size()));
      return rest;
    }
  return text;
}

Result<Read<std::vector<int>>> readLetters(std::string_view text, std::size_t options) {
  constexpr std::size_t kLongest = 400;  // eight letters, what stands between and the words before them
  if (text.size() > kLongest) return bad("答案太长，应由选项字母组成。 / The answer '" + firstCharacters(text, 60) + "…' is not made of option letters.");
  std::string rest = narrowed(withoutAnswerPrefix(trim(text)));
  for (std::string_view separator : {"、", "，", "；", "。", "　", ",", ";", "|", "/", "+", ".", " ", "\t"})
    for (auto at = rest.find(separator); at != std::string::npos; at = rest.find(separator))
      rest.erase(at, separator.size());
  const std::string letters = upper(rest);
  if (letters.empty()) return bad("缺少答案。 / The answer is missing.");
  Read<std::vector<int>> key;
  for (char c : letters) {
    if (c < 'A' || c > 'H')
      return bad("答案应由选项字母组成。 / The answer '" + firstCharacters(trim(text), 60) + "' is not made of option letters.");
    if (static_cast<std::size_t>(c - 'A') >= options)
      return bad(std::string("答案 ") + c + " 不在选项之中。 / The answer names option " + c + "; there are only " + std::to_string(options) +
                 " options.");
    if (std::find(key.value.begin(), key.value.end(), c - 'A') != key.value.end())
      return bad(std::string("答案重复了选项 ") + c + "。 / The answer names option " + c + " twice.");
    key.value.push_back(c - 'A');
  }
  key.repaired = letters != text;
  std::sort(key.value.begin(), key.value.end());
  return key;
}

}  // namespace invigil::bank::formats
