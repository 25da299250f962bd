// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/question.hpp"
#include "formats/texts.hpp"
#include "invigil/bank/formats.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank {
namespace {

using formats::Question;

/// The letter of "A) text" or "A. text"; 0 = none. `spaced`: as Moodle demands it.
char optionLetter(std::string_view line, bool& spaced) {
  if (line.size() < 2 || line[0] < 'A' || line[0] > 'Z' || (line[1] != ')' && line[1] != '.')) return 0;
  spaced = line.size() == 2 || line[2] == ' ' || line[2] == '\t';
  return line[0];
}

class Walk {
 public:
  Walk(Reading& reading, const std::string& file) : reading_(reading), file_(file) {}

  void line(const std::string& text, int number) {
    bool spaced = true;
    if (text.empty()) return void(gap_ = true);
    if (text.starts_with("ANSWER:")) return answer(trim(text.substr(7)), number);
    const char letter = optionLetter(text, spaced);
    const bool next = letter == static_cast<char>('A' + options_.size());
    if (letter != 0 && (spaced || next)) {
      if (!next) wrong_ = {"选项顺序不对", "the options are out of order"};
      if (!spaced) tight_ = true;
      if (first_ == 0) first_ = number;
      options_.push_back(trim(text.substr(2)));
    } else {
      if (!options_.empty()) drop({"没有 ANSWER 行", "the ANSWER line is missing"});
      else if (gap_ && !stem_.empty()) drop({"没有选项", "there are no options"});
      if (first_ == 0) first_ = number;
      stem_ += (stem_.empty() ? "" : "\n") + text;
    }
    gap_ = false;
  }

  void end() {
    if (!stem_.empty() || !options_.empty()) drop(options_.empty() ? Wording{"没有选项", "there are no options"} : Wording{"没有 ANSWER 行", "the ANSWER line is missing"});
  }

 private:
  void clear() { stem_.clear(), options_.clear(), wrong_ = {}, first_ = 0, tight_ = gap_ = false; }
  Place place(int number) const { return {file_, "", first_ > 0 ? first_ : number, 0}; }
  Question question(int number) const {
    Question q;
    q.place = place(number);
    q.item.type = ItemType::SingleChoice;
    q.stem = cleanText(stem_);
    for (const std::string& option : options_) q.options.push_back(cleanText(option));
    return q;
  }
  void drop(Wording why, int number = 0) {
    Question q = question(number);
    if (stem_.empty() && !options_.empty()) q.item.title = options_[0];
    formats::refuse(reading_, std::move(q), "bad_question", std::move(why));
    clear();
  }

  void answer(const std::string& text, int number) {
    if (stem_.empty()) return drop({"没有题干", "there is no question text"}, number);
    if (!wrong_.zh.empty()) return drop(wrong_);
    if (text.size() != 1 || text[0] < 'A' || text[0] >= static_cast<char>('A' + options_.size()))
      return drop({"答案“" + firstCharacters(text, 40) + "”不是选项字母", "the answer '" + firstCharacters(text, 40) + "' is not the letter of an option"});
    Question q = question(number);
    q.item.key = {text[0] - 'A'};
    if (tight_)
      q.repairs.push_back(formats::findingAt(q.place, "option_marker", stem_, {"选项字母后补了空格", "the blank after the letter of an option was missing"}));
    formats::take(reading_, std::move(q));
    clear();
  }

  Reading& reading_;
  const std::string& file_;
  std::string stem_;
  std::vector<std::string> options_;
  Wording wrong_;
  int first_ = 0;
  bool tight_ = false, gap_ = false;
};

}  // namespace

Result<Reading> readAiken(std::string_view bytes, const std::string& file) {
  INVIGIL_TRY(text, formats::utf8Text(bytes, "Aiken 文件", "An Aiken file"));
  Reading reading;
  Walk walk(reading, file);
  formats::eachLine(text, [&](std::string_view line, int number) { walk.line(trim(line), number); });
  walk.end();
  return reading;
}

}  // namespace invigil::bank
