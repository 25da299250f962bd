// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/loose_text.hpp"

#include <algorithm>
#include <array>

#include "invigil/bank/text_limits.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank::formats {
namespace {

tl::unexpected<Error> bad(std::string sentence) {
  return fail(ErrorCode::InvalidInput, "bad_row", std::move(sentence));
}

}  // namespace

std::string halfWidth(std::string_view text) {
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

std::string capitals(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

Read<std::string> cleaned(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f) c = ' ';
  out = trim(out);
  const bool repaired = out != text;
  return {std::move(out), repaired};
}

Result<ItemType> readCategory(std::string_view text) {
  const std::string category = capitals(halfWidth(trim(text)));
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

std::string unwrapped(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kBrackets{{{"(", ")"}, {"（", "）"}, {"[", "]"}, {"【", "】"}, {"“", "”"}, {"\"", "\""}}};
  std::string out = trim(text);
  int rounds = 0;
  for (bool changed = true; changed && !out.empty() && ++rounds <= 4;) {
    const std::size_t before = out.size();
    for (std::string_view end : {"。", "．", ".", "；", ";", "，", ","})
      if (out.ends_with(end)) out = trim(std::string_view(out).substr(0, out.size() - end.size()));
    for (const auto& [open, close] : kBrackets)
      if (out.size() > open.size() + close.size() && out.starts_with(open) && out.ends_with(close)) out = trim(std::string_view(out).substr(open.size(), out.size() - open.size() - close.size()));
    changed = out.size() < before;
  }
  return out;
}

std::optional<bool> truthOf(std::string_view text) {
  constexpr std::string_view kAsPicture = "\xEF\xB8\x8F";  // U+FE0F: the sign before it is shown in colours
  const std::string_view sign = text.ends_with(kAsPicture) ? text.substr(0, text.size() - kAsPicture.size()) : text;
  const std::string word = capitals(halfWidth(trim(sign)));
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
  std::string rest = halfWidth(unwrapped(withoutAnswerPrefix(trim(text))));
  for (std::string_view separator : {"和", "与", "、", "，", "；", "。", "　", ",", ";", "|", "/", "+", ".", " ", "\t"})
    for (auto at = rest.find(separator); at != std::string::npos; at = rest.find(separator))
      rest.erase(at, separator.size());
  const std::string letters = capitals(rest);
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
