// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "registration/identity.hpp"

#include <algorithm>
#include <chrono>

#include "invigil/base/text.hpp"

namespace invigil::server {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return c >= 'A' && c <= 'Z'; }
bool digits(std::string_view text) { return std::all_of(text.begin(), text.end(), digit); }

tl::unexpected<Error> wrong(const char* reason, const char* where = "id_number") {
  return fail(ErrorCode::InvalidInput, reason, {}, where);
}

/// Full-width forms (U+FF01..U+FF5E) to ASCII; blanks of every kind dropped when `drop_blanks`, else to one space.
std::string toAscii(const std::string& text, bool drop_blanks) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view rest = std::string_view(text).substr(at);
    std::size_t blank = 0;
    if (rest[0] == ' ' || rest[0] == '\t')
      blank = 1;
    else if (rest.starts_with("\u00a0"))
      blank = 2;
    else if (rest.starts_with("\u3000"))
      blank = 3;
    if (blank > 0) {
      if (!drop_blanks) plain += ' ';
      at += blank - 1;
      continue;
    }
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
    if (rest.size() >= 3 && byte(0) == 0xEF && (byte(1) == 0xBC || byte(1) == 0xBD)) {
      const unsigned offset = (byte(1) - 0xBCu) * 64 + byte(2) - 0x80u;
      if (offset >= 1 && offset <= 94) {
        plain += static_cast<char>(0x20 + offset);
        at += 2;
        continue;
      }
    }
    plain += rest[0];
  }
  return plain;
}

/// ISO 7064 MOD 11-2 as GB 11643-1999 writes it out.
bool checkDigitRight(const std::string& number) {
  static constexpr int kWeights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < 17; ++i) sum += (number[i] - '0') * kWeights[i];
  return "10X98765432"[sum % 11] == number[17];
}

Status checkEighteen(const std::string& number, bool dated) {
  if (number.size() != 18) return wrong("id_wrong_length");
  if (!digits(std::string_view(number).substr(0, 17)) || !(digit(number[17]) || number[17] == 'X'))
    return wrong("id_wrong_characters");
  if (dated) {
    using namespace std::chrono;
    const auto part = [&](std::size_t at, std::size_t count) { return std::stoi(number.substr(at, count)); };
    const year_month_day born{year{part(6, 4)}, month{static_cast<unsigned>(part(10, 2))},
                              day{static_cast<unsigned>(part(12, 2))}};
    if (!born.ok() || part(6, 4) < 1850 || part(6, 4) > 2150) return wrong("id_wrong_date");
  }
  if (!checkDigitRight(number)) return wrong("id_wrong_check_digit");
  return {};
}

Status checkPermanentResident(const std::string& number) {
  if (number.size() == 18) {
    if (number[0] != '9') return wrong("id_wrong_characters");
    return checkEighteen(number, false);
  }
  if (number.size() != 15) return wrong("id_wrong_length");
  const bool shaped =
      std::all_of(number.begin(), number.begin() + 3, letter) && digits(std::string_view(number).substr(3));
  return shaped ? Status{} : wrong("id_wrong_characters");
}

Status checkNumber(const std::string& type, const std::string& number) {
  const std::size_t size = number.size();
  if (type == "resident_id") return checkEighteen(number, true);
  if (type == "hmt_residence") {
    INVIGIL_CHECK(checkEighteen(number, true));
    return number[0] == '8' && number[1] >= '1' && number[1] <= '3' ? Status{} : wrong("id_wrong_characters");
  }
  if (type == "permanent_resident") return checkPermanentResident(number);
  if (type == "hm_permit") {
    if (size != 9 && size != 11) return wrong("id_wrong_length");
    const bool shaped = (number[0] == 'H' || number[0] == 'M') && digits(std::string_view(number).substr(1));
    return shaped ? Status{} : wrong("id_wrong_characters");
  }
  if (type == "tw_permit") {
    if (size != 8 && size != 10) return wrong("id_wrong_length");
    return digits(number) ? Status{} : wrong("id_wrong_characters");
  }
  if (type == "passport") {
    if (size < 5 || size > 20) return wrong("id_wrong_length");
    return std::all_of(number.begin(), number.end(), [](char c) { return digit(c) || letter(c); })
               ? Status{}
               : wrong("id_wrong_characters");
  }
  return wrong("id_type_unknown", "id_type");
}

std::string masked(const std::string& text, std::size_t head, std::size_t tail) {
  // A refused line of a list may hold anything; half a character would spoil the whole answer.
  if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) return "***";
  if (text.size() <= head + tail) head = tail = text.size() > 2 ? 1 : 0;
  return text.substr(0, head) + std::string(text.size() - head - tail, '*') + text.substr(text.size() - tail);
}

}  // namespace

Result<std::string> normaliseIdNumber(const std::string& id_type, const std::string& number) {
  std::string plain = toAscii(number, true);
  for (char& c : plain)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  INVIGIL_CHECK(checkNumber(id_type, plain));
  return plain;
}

std::string maskId(const std::string& number) { return masked(number, 3, 2); }

std::string maskPhone(const std::string& phone) { return masked(phone, 3, 4); }

Result<std::string> normalisePhone(const std::string& phone) {
  std::string plain = toAscii(phone, true);
  std::erase_if(plain, [](char c) { return c == '-' || c == '(' || c == ')'; });
  for (const char* prefix : {"+86", "0086"})
    if (plain.starts_with(prefix)) plain.erase(0, std::string_view(prefix).size());
  const bool foreign = plain.starts_with('+');
  const std::string_view number = std::string_view(plain).substr(foreign ? 1 : 0);
  const bool right = digits(number) && (foreign ? number.size() >= 8 && number.size() <= 15
                                                : number.size() == 11 && number[0] == '1' && number[1] >= '3');
  if (!right) return wrong("phone_wrong", "phone");
  return plain;
}

Result<std::string> normaliseName(const std::string& name) {
  if (!isUtf8(name)) return wrong("name_wrong", "name");
  static constexpr std::string_view kDots[] = {"\u2022", "\u2027", "\u22c5", "\u30fb", "\uff65", "\u2024"};
  std::string plain;
  for (const char c : trim(toAscii(name, false))) {
    if (c == ' ' && plain.ends_with(' ')) continue;
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return wrong("name_wrong", "name");
    plain += c;
    for (std::string_view dot : kDots)
      if (plain.ends_with(dot)) plain.replace(plain.size() - dot.size(), dot.size(), "\u00b7");
  }
  // A full-width stop arrives here as ASCII '.'; between two Chinese characters it stands for the middle dot.
  for (std::size_t at = 1; at + 1 < plain.size(); ++at)
    if (plain[at] == '.' && static_cast<unsigned char>(plain[at - 1]) >= 0x80 &&
        static_cast<unsigned char>(plain[at + 1]) >= 0x80)
      plain.replace(at, 1, "\u00b7");
  if (plain.empty() || codePoints(plain) > 60) return wrong("name_wrong", "name");
  return plain;
}

}  // namespace invigil::server
