// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <re2/re2.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "invigil/bank/blueprint.hpp"
#include "invigil/base/text.hpp"
#include "invigil/base/typed.hpp"
#include "item.hpp"

namespace invigil::bank {
namespace {

using Match = AcceptedAnswer::Match;

std::string lowered(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

bool matches(const AcceptedAnswer& answer, const std::string& given, ItemType type) {
  if (answer.match == Match::Range) {
    const auto value = decimalNumber(given), lower = decimalNumber(answer.text), upper = decimalNumber(answer.upper);
    return value && lower && upper && *lower <= *value && *value <= *upper;
  }
  if (answer.match == Match::Regex) {
    RE2::Options options(RE2::Quiet);
    options.set_max_mem(1 << 20);
    const RE2 pattern(narrowedPattern(answer.text), options);
    return pattern.ok() && RE2::FullMatch(given, pattern);
  }
  const std::string wanted = narrowed(trim(answer.text));
  if (type == ItemType::Numeric) {
    const auto value = decimalNumber(given), right = decimalNumber(wanted);
    if (value && right) return *value == *right;
  }
  return answer.match == Match::IgnoreCase ? lowered(given) == lowered(wanted) : given == wanted;
}

Points gradeText(const Item& item, const std::string& text, const Part& part) {
  const std::string given = narrowed(trim(text));
  int percent = 0;
  for (const AcceptedAnswer& answer : item.answers)
    if (answer.percent > percent && matches(answer, given, item.type)) percent = answer.percent;
  return percent > 0 ? Points(part.points_each.hundredths() * percent / 100) : -part.wrong_costs;
}

Points gradeOptions(const Item& item, std::vector<int> chosen, const Part& part) {
  std::sort(chosen.begin(), chosen.end());
  chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
  if (chosen == item.key) return part.points_each;
  const bool none_wrong = std::includes(item.key.begin(), item.key.end(), chosen.begin(), chosen.end());
  if (part.scoring != Scoring::Partial || !none_wrong) return -part.wrong_costs;
  return std::min(part.points_per_option * static_cast<std::int64_t>(chosen.size()), part.points_each);
}

}  // namespace

std::string Points::text() const {
  const std::int64_t size = std::abs(hundredths_), rest = size % 100;
  std::string out = (hundredths_ < 0 ? "-" : "") + std::to_string(size / 100);
  if (rest != 0) out += "." + std::string(1, static_cast<char>('0' + rest / 10));
  if (rest % 10 != 0) out += static_cast<char>('0' + rest % 10);
  return out;
}

std::string narrowed(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto at = [&](std::size_t place) { return place < text.size() ? static_cast<unsigned char>(text[place]) : 0u; };
    const unsigned point = at(i) == 0xEF || at(i) == 0xE2 ? (at(i) & 0x0Fu) << 12 | (at(i + 1) & 0x3Fu) << 6 | (at(i + 2) & 0x3Fu) : 0;
    const bool full_width = point >= 0xFF01 && point <= 0xFF5E, micro = at(i) == 0xC2 && at(i + 1) == 0xB5;
    if (full_width) out += static_cast<char>(point - 0xFF01 + '!');
    else if (point == 0x2212) out += '-';
    else if (point == 0x2126) out += "Ω";
    else if (micro) out += "μ";
    else out += text[i];
    if (full_width || point == 0x2212 || point == 0x2126) i += 2;
    if (micro) ++i;
  }
  return out;
}

std::string narrowedPattern(std::string_view pattern) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size();) {
    std::size_t next = i + 1;
    while (next < pattern.size() && (static_cast<unsigned char>(pattern[next]) & 0xC0) == 0x80) ++next;
    const std::string_view one = pattern.substr(i, next - i);
    const std::string narrow = narrowed(one);
    const bool word = narrow.size() != 1 || std::isalnum(static_cast<unsigned char>(narrow[0])) != 0 || narrow[0] == '_';
    if (narrow != one && !word) out += '\\';  // a wide bracket is meant as itself and opens no group
    out += narrow;
    i = next;
  }
  return out;
}

bool answerCanBeTyped(const AcceptedAnswer& answer, ItemType type) {
  if (answer.match == Match::Range) return true;
  const std::string wanted = narrowed(trim(answer.text));
  if (answer.match != Match::Regex) return type == ItemType::Numeric ? canBeTypedAsNumber(wanted) : canBeTyped(wanted);
  // Other scripts are written as they are, as a class by name, or by code point.
  return std::none_of(wanted.begin(), wanted.end(), [](char c) { return static_cast<unsigned char>(c) > 0xE2; }) && wanted.find("\\p") == std::string::npos && wanted.find("\\x{") == std::string::npos;
}

Points gradeItem(const Item& item, const Response& response, const Part& part) {
  if (hasOptions(item.type)) return response.chosen.empty() ? Points() : gradeOptions(item, response.chosen, part);
  return trim(response.text).empty() ? Points() : gradeText(item, response.text, part);
}

}  // namespace invigil::bank
