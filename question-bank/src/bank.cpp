// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/bank/bank.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "invigil/base/text.hpp"

namespace invigil::bank {
namespace {

constexpr std::array<std::pair<ItemType, std::string_view>, 5> kTypes{{{ItemType::TrueFalse, "true_false"},
                                                                       {ItemType::SingleChoice, "single_choice"},
                                                                       {ItemType::MultipleChoice, "multiple_choice"},
                                                                       {ItemType::Numeric, "numeric"},
                                                                       {ItemType::ShortText, "short_text"}}};
constexpr std::array<std::pair<Role, std::string_view>, 3> kRoles{
    {{Role::SpecialOperations, "special_operations"}, {Role::Principal, "principal"}, {Role::Manager, "manager"}}};

template <class Table>
auto fromText(const Table& table, std::string_view text) -> std::optional<std::decay_t<decltype(table[0].first)>> {
  for (const auto& [value, name] : table)
    if (name == text) return value;
  return std::nullopt;
}

std::string without(std::string text, std::initializer_list<std::string_view> parts) {
  for (std::string_view part : parts)
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part)) text.erase(at, part.size());
  return text;
}

bool saysTheAbove(const std::string& option) {
  for (std::string_view start : {"以上", "上述", "前述", "以下"})
    if (option.starts_with(start) && codePoints(option) <= 16)
      for (std::string_view all : {"都", "均", "皆", "全", "不", "三", "几", "各", "两", "任"})
        if (option.find(all) != std::string::npos) return true;
  for (std::string_view whole : {"都对", "都是", "都不是", "都不对", "都正确", "都错", "都错误", "都可以", "均对", "均是",
                                 "均可", "均正确", "均不正确", "均不是", "全对", "全错", "全是", "全部正确", "全部都是"})
    if (option == whole) return true;
  std::string lower = option;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return c < 128 ? std::tolower(c) : c; });
  return lower.find("of the above") != std::string::npos;
}

/// "A和B", "AB", "A、C都对", "选项A"
bool namesLetters(const std::string& option, std::size_t options) {
  const std::string letters =
      without(option, {"选项", "正确", "错误", "两项", "三项", "、", "，", "和", "与", "或", "及", "（", "）", "都", "均", "是",
                       "不", "对", "错", "项", "选", "Both", "both", "and", "or", "(", ")", ",", "+", "/", " "});
  if (letters.empty() || letters.size() > options) return false;
  for (std::size_t i = 0; i < letters.size(); ++i)
    if (letters[i] < 'A' || letters[i] >= static_cast<char>('A' + options) || letters.find(letters[i]) != i)
      return false;
  return letters.size() >= 2 || option.find("选项") != std::string::npos;
}

}  // namespace

std::string_view toText(ItemType type) { return kTypes[static_cast<std::size_t>(type)].second; }
std::optional<ItemType> itemTypeFromText(std::string_view text) { return fromText(kTypes, text); }
std::string_view toText(Role role) { return kRoles[static_cast<std::size_t>(role)].second; }
std::optional<Role> roleFromText(std::string_view text) { return fromText(kRoles, text); }

bool refersToOtherOptions(const std::vector<std::string>& options) {
  return std::any_of(options.begin(), options.end(), [&](const std::string& raw) {
    const std::string option = without(trim(raw), {"。", "."});
    return saysTheAbove(option) || namesLetters(option, options.size());
  });
}

}  // namespace invigil::bank
