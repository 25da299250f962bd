// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>
#include <initializer_list>

#include "formats/loose_text.hpp"
#include "invigil/bank/markup.hpp"
#include "invigil/base/text.hpp"
#include "item.hpp"

namespace invigil::bank {
namespace {

using Words = std::initializer_list<std::string_view>;

std::string without(std::string text, Words parts) {
  for (std::string_view part : parts)
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part)) text.erase(at, part.size());
  return text;
}

bool startsWithOneOf(std::string_view text, Words words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return text.starts_with(word); });
}

/// Takes away the first of the words that stands there.
bool skip(std::string_view& text, Words words) {
  for (std::string_view word : words)
    if (text.starts_with(word)) return text.remove_prefix(word.size()), true;
  return false;
}

bool saysTheAbove(const std::string& option) {
  if (startsWithOneOf(option, {"以上", "上述", "前述"})) return true;  // quantities such as 35kV以上 end so
  if (startsWithOneOf(option, {"上面", "前面", "以下"}) && codePoints(option) <= 16)
    for (std::string_view all : {"都", "均", "皆", "全", "不", "三", "几", "各", "两", "任"})
      if (option.find(all) != std::string::npos) return true;
  std::string_view rest = option;  // 两者均可 stands for the other options; 交直流均可 says itself what is meant
  if (skip(rest, {"两者", "二者", "三者", "前两者"}) && startsWithOneOf(rest, {"都", "均", "皆"})) return true;
  for (std::string_view whole : {"都对", "都是", "都不是", "都不对", "都正确", "都错", "都错误", "都可以", "均对", "均是",
                                 "均可", "均可以", "均正确", "均不正确", "均不是", "全对", "全错", "全是", "全部正确", "全部都是"})
    if (option == whole) return true;
  std::string lower = option;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return c < 128 ? std::tolower(c) : c; });
  return lower.find("of the above") != std::string::npos;
}

/// "A和B", "AB", "A、C都对", "选项A"
bool onlyNamesLetters(const std::string& option, std::size_t options) {
  const std::string letters =
      without(option, {"选项", "正确", "错误", "两项", "三项", "、", "，", "和", "与", "或", "及", "（", "）", "都", "均", "是",
                       "不", "对", "错", "项", "选", "Both", "both", "and", "or", "(", ")", ",", "+", "/", " "});
  if (letters.empty() || letters.size() > options) return false;
  for (std::size_t i = 0; i < letters.size(); ++i)
    if (letters[i] < 'A' || letters[i] >= static_cast<char>('A' + options) || letters.find(letters[i]) != i)
      return false;
  return letters.size() >= 2 || option.find("选项") != std::string::npos;
}

/// Two letters of options or more at the start, whatever is said about them: "A和B均可", "A、B、C全对", "AB都可以". Letters may also be
/// names of classes, phases and the like: "A、B类火灾", "B、C两相", "ABC干粉灭火器".
bool beginsWithLetters(std::string_view rest, std::size_t options) {
  skip(rest, {"只有", "仅", "选择", "同时选"});
  const auto is_letter = [&](std::string_view text) { return !text.empty() && text[0] >= 'A' && text[0] < static_cast<char>('A' + options); };
  std::string letters;
  bool joined = true, loose = false;  // joined: a letter has to come; loose: some two stand together, or are parted by signs as in AC/DC
  for (;;) {
    if (joined) skip(rest, {"选项"});
    if (!is_letter(rest) || letters.find(rest[0]) != std::string::npos) break;
    letters += rest[0];
    rest.remove_prefix(1);
    const std::string_view behind = rest;
    skip(rest, {"选项", "项"});
    joined = true;
    if (skip(rest, {"、", "，", ",", "以及", "和", "与", "或", "及"})) continue;
    if (skip(rest, {"/", "+", "&"})) {
      loose = true;
      continue;
    }
    rest = behind;
    joined = false;
    loose = loose || is_letter(rest);
  }
  if (letters.size() < 2 || joined) return false;
  if (loose) return startsWithOneOf(rest, {"都", "均", "皆", "全对", "全选", "全部", "全是", "全都", "项", "两项", "三项", "四项", "两者", "三者", "选项", "可以"});
  if (rest.empty() || static_cast<unsigned char>(rest[0]) < 0x80) return rest.empty();
  skip(rest, {"两", "二", "三", "四", "五", "各"});
  skip(rest, {"个", "种"});
  return !startsWithOneOf(rest, {"类", "级", "型", "相", "区", "段", "线", "点", "端", "极", "柱", "座", "组", "缸", "轴", "轮", "侧", "面", "层", "网", "站", "厂",
                                 "号", "档", "形", "系", "族", "孔", "管", "罐", "塔", "泵", "楼", "班", "股", "车", "证", "照", "角", "杆", "本", "卷", "套", "值",
                                 "间", "母", "阀", "门", "桩", "井", "炉", "柜", "屏", "盘", "键", "位"});
}

}  // namespace

Reference referenceOf(std::string_view words, std::size_t options) {
  constexpr std::size_t kLooked = 400;  // bytes: what refers says so at once
  const std::string option = without(formats::halfWidth(trim(words).substr(0, kLooked)), {"。", "."});
  if (onlyNamesLetters(option, options) || beginsWithLetters(without(option, {" ", "　"}), options)) return Reference::ByLetters;
  return saysTheAbove(option) ? Reference::ToAll : Reference::None;
}

bool refersToOtherOptions(const std::vector<std::string>& options) {
  return std::any_of(options.begin(), options.end(), [&](const std::string& option) { return referenceOf(option, options.size()) != Reference::None; });
}

bool refersToOtherOptions(const Item& item) {
  if (item.markup != Markup::Html) return refersToOtherOptions(item.options);
  std::vector<std::string> words;
  for (const std::string& option : item.options) words.push_back(plainText(option, true));
  return refersToOtherOptions(words);
}

}  // namespace invigil::bank
