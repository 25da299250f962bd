// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/list_habits.hpp"

#include <algorithm>
#include <string>
#include <unordered_set>

#include "formats/loose_text.hpp"
#include "formats/zero_option.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank::formats {
namespace {

std::string textOf(const Json& value) {
  if (value.is_null()) return {};
  return value.is_string() ? trim(value.get_ref<const std::string&>()) : value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// The answer as it is written; letters of a list one behind the other.
std::string keyOf(const Json& row) {
  const auto answers = answersOf(row);
  if (answers.empty()) return {};
  const Json& answer = *answers.front().second;
  if (!answer.is_array()) return textOf(answer);
  std::string out;
  for (const Json& one : answer) out += textOf(one);
  return out;
}

/// Rows whose options are members of their own: option0, option1 …
class NumberedOptions {
 public:
  void add(const Json& row) {
    if (const Json* choices = memberOf(row, kChoices); choices != nullptr && (holdsText(*choices) || (choices->is_structured() && !choices->empty()))) return;
    bool has_zero = false, has_one = false;
    std::string zero, one;
    std::size_t options = 0;
    for (const auto& [name, value] : row.items()) {
      const OptionMark mark = markOfMember(name);
      if (!mark.prefixed || mark.mark < '0' || mark.mark > '9') continue;
      std::string text = textOf(value);
      if (mark.mark > '0' && !text.empty()) options = std::max(options, static_cast<std::size_t>(mark.mark - '0'));
      if (mark.mark == '0') has_zero = true, zero = std::move(text);
      else if (mark.mark == '1') has_one = true, one = std::move(text);
    }
    if (!has_zero && !has_one) return;
    both_ = both_ || (has_zero && has_one);
    const std::string key = keyOf(row);
    zero_.add({zero, one, options, key});
  }
  bool countFromZero() const { return both_ && zero_.isOption(); }

 private:
  ZeroOption zero_;
  bool both_ = false;
};

/// It has a gap, asks, or is a sentence: no number ("第 3 题") and no heading ("第一章 触电").
bool readsAsQuestion(std::string_view text) {
  for (std::string_view sign : {"？", "?", "（）", "（ ）", "（　）", "()", "( )", "__", "下列", "以下", "什么", "哪", "多少", "如何", "怎样", "是否", "不属于", "不包括"})
    if (text.find(sign) != std::string_view::npos) return true;
  constexpr std::size_t kSentence = 20;  // characters: "Q1." is none
  return text.ends_with("。") || (text.ends_with('.') && codePoints(text) > kSentence);
}

/// "A.停电 B.验电": options with their letters.
bool readsAsOptions(std::string_view text) {
  const auto parts = splitOptions(text);
  if (!parts || parts->size() < 2 || !markedText(parts->front())) return false;
  for (std::size_t i = 0; i < parts->size(); ++i)
    if (letterOf((*parts)[i]) != static_cast<char>('A' + i)) return false;
  return true;
}

/// Rows whose stem is content, by its name, with a title beside it.
class Titles {
 public:
  void add(const Json& row) {
    if (stemName(row) != "content") return;
    const auto title = row.find("title");
    const Json& content = row["content"];
    if (title == row.end() || !holdsText(*title) || !holdsText(content)) return;
    ++rows_;
    const std::string &heading = title->get_ref<const std::string&>(), &text = content.get_ref<const std::string&>();
    titles_.insert(heading), contents_.insert(text);
    asking_titles_ += readsAsQuestion(trim(heading));
    asking_contents_ += readsAsQuestion(trim(text));
    options_ += readsAsOptions(trim(text));
  }
  bool contentIsOptions() const { return titleAsks() && mostly(options_); }
  bool titleIsStem() const {
    // Of hundreds of rows content may be one of a few words, such as a chapter; a case that several rows refer to asks or is made of sentences.
    const bool same = rows_ > 1 && contents_.size() == 1, few = contents_.size() * 10 <= rows_ && asking_contents_ * 10 <= rows_;
    return titleAsks() && (mostly(options_) || same || few);
  }

 private:
  bool mostly(std::size_t count) const { return count * 10 >= rows_ * 9; }
  /// It is another one in each row (banks hold a few questions twice), and two of three are clearly questions.
  bool titleAsks() const { return rows_ > 0 && mostly(titles_.size()) && asking_titles_ * 3 >= rows_ * 2; }

  std::size_t rows_ = 0, asking_titles_ = 0, asking_contents_ = 0, options_ = 0;
  std::unordered_set<std::string_view> titles_, contents_;  ///< of the rows, which outlive them
};

}  // namespace

ListHabits listHabits(const std::vector<const Json*>& rows) {
  NumberedOptions numbered;
  Titles titles;
  for (const Json* row : rows) {
    if (!row->is_object()) continue;
    numbered.add(*row);
    titles.add(*row);
  }
  return {numbered.countFromZero(), titles.titleIsStem(), titles.contentIsOptions()};
}

}  // namespace invigil::bank::formats
