// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/loose_members.hpp"

#include <algorithm>
#include <string>

#include "formats/loose_text.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank::formats {

const Names kCategories{"category", "type", "题型", "试题类型"};
const Names kChoices{"choices", "options", "选项"};
// "answer" beside "correctAnswer" is what somebody chose.
const Names kAnswers{"correctAnswer", "correct_answer", "rightAnswer", "right_answer", "正确答案", "标准答案", "正确选项", "answer", "key", "答案", "参考答案"};
const Names kExplanations{"explanation", "analysis", "解析"};

namespace {

const Names kStems{"stem", "题干", "试题内容", "题目内容", "question", "题目", "试题", "问题", "content", "title"};

}  // namespace

bool holdsText(const Json& value) { return value.is_string() && !trim(value.get_ref<const std::string&>()).empty(); }

OptionMark markOfMember(std::string_view name) {
  std::string mark = capitals(std::string(name));
  bool prefixed = false;
  for (std::string_view before : {"OPTIONS", "OPTION", "OPT", "选项", "CHOICE"})
    if (mark.size() > before.size() && mark.starts_with(before)) {
      mark.erase(0, before.size());
      if (mark.starts_with('_') || mark.starts_with('-')) mark.erase(0, 1);
      prefixed = true;
      break;
    }
  return {mark.size() == 1 ? mark[0] : '\0', prefixed};
}

const Json* memberOf(const Json& row, Names names) {
  for (std::string_view name : names)
    if (const auto found = row.find(name); found != row.end() && !found->is_null()) return &*found;
  return nullptr;
}

std::string_view stemName(const Json& row, const ListHabits& habits) {
  std::string_view there;
  for (std::string_view name : kStems) {
    // Not where the title of a row happens to be blank either: its content is no question.
    if (name == "content" && habits.title_is_stem && (habits.content_is_options || row.contains("title"))) continue;
    const auto found = row.find(name);
    if (found == row.end() || found->is_null()) continue;
    if (holdsText(*found)) return name;
    if (there.empty()) there = name;
  }
  return there;
}

const Json* stemOf(const Json& row, const ListHabits& habits) {
  const std::string_view name = stemName(row, habits);
  return name.empty() ? nullptr : &*row.find(name);
}

std::vector<std::pair<std::string_view, const Json*>> answersOf(const Json& row) {
  std::vector<std::pair<std::string_view, const Json*>> out;
  for (std::string_view name : kAnswers) {
    const auto found = row.find(name);
    if (found == row.end() || found->is_null()) continue;
    const bool empty = found->is_string() ? !holdsText(*found) : found->is_structured() && found->empty();
    if (!empty) out.emplace_back(name, &*found);
  }
  return out;
}

bool saysAnswer(const Json& value) {
  if (value.is_boolean()) return true;
  std::string text;
  if (value.is_string()) text = value.get<std::string>();
  if (value.is_array())
    for (const Json& one : value) text += one.is_string() ? one.get<std::string>() : "?";
  return readLetters(text, 8).has_value() || truthOf(withoutAnswerPrefix(trim(text))).has_value();
}

char letterOfMember(std::string_view name, bool from_zero) {
  const auto [mark, prefixed] = markOfMember(name);
  if (mark >= 'A' && mark <= 'Z') return mark;
  const char first = from_zero ? '0' : '1';
  return prefixed && mark >= first && mark <= '9' ? static_cast<char>('A' + (mark - first)) : '\0';
}

bool looksLikeQuestion(const Json& json) {
  const Json* stem = stemOf(json);
  return stem != nullptr && stem->is_string() && memberOf(json, kAnswers) != nullptr;
}

}  // namespace invigil::bank::formats
