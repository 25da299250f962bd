// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/sitting/identity_number.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace invigil::sitting {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return c >= 'A' && c <= 'Z'; }
bool allDigits(std::string_view text) { return std::all_of(text.begin(), text.end(), digit); }
int number(std::string_view text) {
  int value = 0;
  for (const char c : text) value = value * 10 + (c - '0');
  return value;
}

bool realDate(std::string_view yyyymmdd) {
  const std::chrono::year_month_day date{
      std::chrono::year{number(yyyymmdd.substr(0, 4))},
      std::chrono::month{static_cast<unsigned>(number(yyyymmdd.substr(4, 2)))},
      std::chrono::day{static_cast<unsigned>(number(yyyymmdd.substr(6, 2)))}};
  return date.ok() && static_cast<int>(date.year()) >= 1800;
}

NumberState eighteen(std::string_view n, std::string_view type) {
  if (n.size() > 18 || !allDigits(n.substr(0, 17))) return NumberState::BadForm;
  if (n.size() == 18 && !digit(n[17]) && n[17] != 'X') return NumberState::BadForm;
  if (type == "hmt_residence" && n.size() >= 2 && n.substr(0, 2) != "81" && n.substr(0, 2) != "82" &&
      n.substr(0, 2) != "83")
    return NumberState::BadForm;
  if (n.size() < 18) return NumberState::Incomplete;
  if (!realDate(n.substr(6, 8))) return NumberState::BadDate;
  constexpr std::array weights{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < 17; ++i) sum += (n[i] - '0') * weights[i];
  return n[17] == "10X98765432"[sum % 11] ? NumberState::Good : NumberState::BadCheck;
}

NumberState permanentResident(std::string_view n) {
  if (n.empty()) return NumberState::Incomplete;
  if (digit(n[0])) return n[0] == '9' ? eighteen(n, "permanent_resident") : NumberState::BadForm;
  for (std::size_t i = 0; i < n.size(); ++i)
    if (i < 3 ? !letter(n[i]) : !digit(n[i])) return NumberState::BadForm;
  return n.size() < 15 ? NumberState::Incomplete : n.size() == 15 ? NumberState::Good : NumberState::BadForm;
}

NumberState hmPermit(std::string_view n) {
  if (n.empty()) return NumberState::Incomplete;
  if ((n[0] != 'H' && n[0] != 'M') || !allDigits(n.substr(1)) || n.size() > 11) return NumberState::BadForm;
  return n.size() == 9 || n.size() == 11 ? NumberState::Good : NumberState::Incomplete;
}

NumberState twPermit(std::string_view n) {
  if (!allDigits(n) || n.size() > 10) return NumberState::BadForm;
  return n.size() == 8 || n.size() == 10 ? NumberState::Good : NumberState::Incomplete;
}

NumberState passport(std::string_view n) {
  if (n.size() > 20 || !std::all_of(n.begin(), n.end(), [](char c) { return digit(c) || letter(c); }))
    return NumberState::BadForm;
  return n.size() < 5 ? NumberState::Incomplete : NumberState::Good;
}

}  // namespace

NumberState checkNumber(std::string_view type, std::string_view n) {
  if (type == "permanent_resident") return permanentResident(n);
  if (type == "hm_permit") return hmPermit(n);
  if (type == "tw_permit") return twPermit(n);
  if (type == "passport") return passport(n);
  return eighteen(n, type);
}

int numberLengthMax(std::string_view type) {
  if (type == "hm_permit") return 11;
  if (type == "tw_permit") return 10;
  return type == "passport" ? 20 : 18;
}

bool needsLetters(std::string_view type) {
  return type == "permanent_resident" || type == "hm_permit" || type == "passport";
}

}  // namespace invigil::sitting
