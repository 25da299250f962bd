// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/question.hpp"
#include "formats/texts.hpp"
#include "invigil/bank/formats.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank {
namespace {

using formats::Question;

std::vector<std::string> split(std::string_view text, char mark) {
  std::vector<std::string> out;
  for (;;) {
    const std::size_t at = text.find(mark);
    out.push_back(trim(text.substr(0, at)));
    if (at == std::string_view::npos) return out;
    text.remove_prefix(at + 1);
  }
}

void readLine(Reading& reading, const Place& place, const std::string& line) {
  const auto bad = [&](Wording why) { formats::refuse(reading, place, line, "bad_question", std::move(why)); };
  const std::size_t number = line.find('#');
  if (number == std::string::npos || number == 0 || line.find_first_not_of("0123456789") != number)
    return bad({"应为 序号#题干#正确选项$错误选项 或 序号#题干$0", "expected NUMBER#STEM#RIGHT$WRONG or NUMBER#STEM$0"});
  const std::string rest = line.substr(number + 1);
  const std::size_t hash = rest.rfind('#'), dollar = rest.rfind('$');
  Question q;
  q.place = place;
  if (hash == std::string::npos) {
    const std::string mark = dollar == std::string::npos ? "" : trim(rest.substr(dollar + 1));
    if (mark != "0" && mark != "1") return bad({"判断题应以 $0（正确）或 $1（错误）结尾", "a true/false line ends with $0 (right) or $1 (wrong)"});
    formats::makeTrueFalse(q, mark == "0");
    q.stem = cleanText(rest.substr(0, dollar));
  } else {
    q.item.type = ItemType::SingleChoice;
    q.item.key = {0};
    q.stem = cleanText(rest.substr(0, hash));
    for (const std::string& option : split(std::string_view(rest).substr(hash + 1), '$')) q.options.push_back(cleanText(option));
  }
  formats::take(reading, std::move(q));
}

}  // namespace

Result<Reading> readHashLines(std::string_view bytes, const std::string& file) {
  INVIGIL_TRY(text, formats::utf8Text(bytes, "文件", "The file"));
  Reading reading;
  formats::eachLine(text, [&](std::string_view line, int number) {
    if (const std::string trimmed = trim(line); !trimmed.empty()) readLine(reading, {file, "", number, 0}, trimmed);
  });
  return reading;
}

}  // namespace invigil::bank
