// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <charconv>

#include "invigil/bank/statistics.hpp"

namespace invigil::bank {
namespace {

/// The shortest text that reads as the same number.
void addNumber(std::string& out, double value) {
  char digits[32];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

void addText(std::string& out, const std::string& text) {
  if (text.find_first_of(",;\t\"\r\n") == std::string::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  out += '"';
}

void addLetters(std::string& out, std::uint32_t bits) {
  for (int i = 0; i < 26; ++i)
    if (bits >> i & 1u) out += static_cast<char>('A' + i);
}

}  // namespace

std::string writeResponses(const ResponseTable& table) {
  std::string out = "sitting,item,mark,max,chosen,key,options,month,seconds\n";
  for (const auto& sitting : table.sittings)
    for (const auto& cell : sitting.cells) {
      const auto& column = table.items[static_cast<std::size_t>(cell.item)];
      addText(out, sitting.id), out += ',';
      addText(out, column.id), out += ',';
      addNumber(out, cell.mark), out += ',';
      addNumber(out, column.max), out += ',';
      addLetters(out, cell.chosen), out += ',';
      addLetters(out, column.key), out += ',';
      out += std::to_string(column.options) + ',';
      addText(out, sitting.month), out += ',';
      if (cell.seconds >= 0) addNumber(out, cell.seconds);
      out += '\n';
    }
  return out;
}

}  // namespace invigil::bank
