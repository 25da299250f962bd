// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/as_read.hpp"

#include <algorithm>

#include "formats/loose_row.hpp"
#include "formats/loose_text.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank::formats {
namespace {

constexpr std::size_t kMembersShown = 64;  ///< of a list or an object where a text is expected

/// As a person would read it out: text as it is, numbers as they are written, lists by line.
std::string shownValue(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return "";
  if (!value.is_structured()) return value.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string out;
  std::size_t count = 0;
  for (const auto& [name, one] : value.items()) {
    if (++count > kMembersShown) return out + "\n…";
    out += (out.empty() ? "" : "\n") + (value.is_object() ? name + "：" : std::string());
    if (one.is_string()) out += one.get_ref<const std::string&>();
    else if (!one.is_structured()) out += one.dump(-1, ' ', false, Json::error_handler_t::replace);
    else for (const auto& [inner, text] : one.items()) out += (text.is_string() ? text.get<std::string>() : "") + " ";
  }
  return out;
}

std::string named(const Json& row, Names names) {
  for (std::string_view name : names)
    if (const auto found = row.find(name); found != row.end() && !found->is_null()) return trim(shownValue(*found));
  return "";
}

/// What the row says the answer is; where its members say different ones, all with their names: that is nobody's key.
std::string answerOf(const Json& row) {
  const auto answers = answersOf(row);
  if (answers.empty()) return {};
  const std::string first = trim(shownValue(*answers.front().second));
  std::string all = std::string(answers.front().first) + "：" + first;
  bool several = false;
  for (const auto& [name, value] : answers) {
    const std::string text = trim(shownValue(*value));
    if (text == first || !saysAnswer(*value)) continue;
    several = true;
    all += "\n" + std::string(name) + "：" + text;
  }
  return several ? all : first;
}

/// The options wherever the row has them; null = nowhere. Members A, B, C … are an object of theirs.
Json choicesOf(const Json& row, const ListHabits& habits) {
  for (std::string_view name : kChoices)
    if (const auto found = row.find(name); found != row.end() && !found->is_null() && !trim(shownValue(*found)).empty()) return *found;
  Json members = Json::object();
  for (const auto& [name, value] : row.items())
    if (const char letter = letterOfMember(name, habits.from_zero); letter != 0 && !trim(shownValue(value)).empty()) members.emplace(std::string(1, letter), value);
  if (!members.empty()) return members;
  if (habits.content_is_options)
    if (const Json* content = memberOf(row, {"content"})) return *content;
  return Json();
}

/// The text of an option that is an object: {"key": "A", "value": "停电"}, {"optionContent": "停电"}.
std::string optionText(const Json& option) {
  if (!option.is_object()) return trim(shownValue(option));
  for (const char* name : {"value", "text", "content", "name", "内容"})
    if (const auto found = option.find(name); found != option.end() && found->is_string() && codePoints(trim(found->get<std::string>())) > 1) return trim(found->get<std::string>());
  std::string longest;
  for (const auto& [name, value] : option.items())
    if (value.is_string() && value.get_ref<const std::string&>().size() > longest.size()) longest = value.get<std::string>();
  return trim(longest);
}

struct Parted {
  std::vector<std::string> options;
  bool sure = false;  ///< as the reader of good rows would have them: the letters of a key mean these
};

/// Where the first "B." stands that no letter or digit stands before; npos = nowhere.
std::size_t markOf(char letter, std::string_view text, std::size_t from) {
  for (std::size_t at = text.find(letter, from); at != std::string_view::npos; at = text.find(letter, at + 1)) {
    const bool word = at > 0 && std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789").find(text[at - 1]) != std::string_view::npos;
    const std::string_view rest = text.substr(at + 1);
    for (std::string_view mark : {".", "、", "．", "：", ":", ")", "）"})
      if (!word && rest.starts_with(mark)) return at;
  }
  return std::string_view::npos;
}

/// A cell that the reader could not part, from each letter to the next one: "A.30m**A**B.50m**A" has two.
std::vector<std::string> byLetters(std::string_view text) {
  std::vector<std::size_t> marks;
  for (char letter = 'A'; letter <= 'Z'; ++letter) {
    const std::size_t at = markOf(letter, text, marks.empty() ? 0 : marks.back() + 1);
    if (at == std::string_view::npos) break;
    marks.push_back(at);
  }
  std::vector<std::string> options;
  for (std::size_t i = 0; marks.size() > 1 && i < marks.size(); ++i) {
    std::string_view one = text.substr(marks[i], i + 1 < marks.size() ? marks[i + 1] - marks[i] : std::string_view::npos);
    const auto mark = markedText(one);
    std::string option = trim(mark ? std::string_view(mark->second) : one);
    while (option.ends_with('*') || option.ends_with('#')) option = trim(std::string_view(option).substr(0, option.size() - 1));
    while (option.starts_with('*')) option = trim(std::string_view(option).substr(1));
    options.push_back(std::move(option));
  }
  return options;
}

Parted partedOptions(const Json& choices, bool marked) {
  Parted out;
  if (choices.is_string()) {
    if (auto parts = splitOptions(choices.get_ref<const std::string&>())) out.options = std::move(*parts);
  } else if (choices.is_structured()) {
    for (const auto& [name, value] : choices.items()) {
      const char letter = choices.is_object() ? letterOfMember(name) : '\0';
      while (letter <= 'H' && out.options.size() + 'A' < static_cast<std::size_t>(letter)) out.options.emplace_back();  // a gap: letters of the key count it
      if (out.options.size() == kOptionsMax) break;
      out.options.push_back(optionText(value));
    }
  }
  if (auto stripped = stripMarkers(out.options, marked); stripped && !out.options.empty()) return {std::move(stripped->value), true};
  if (choices.is_string())
    if (auto parts = byLetters(choices.get_ref<const std::string&>()); !parts.empty()) return {std::move(parts), false};
  for (std::size_t i = 0; marked && i < out.options.size(); ++i)  // the fault may be in another option
    if (const auto mark = markedText(out.options[i]); mark && static_cast<std::size_t>(mark->first) == i) out.options[i] = mark->second;
  return out;
}

std::vector<int> lettersOf(const std::string& key, std::size_t options) {
  auto letters = readLetters(key, options);
  return letters ? std::move(letters->value) : std::vector<int>();
}

std::optional<bool> truthIn(const std::string& key, const std::vector<std::string>& options) {
  if (const auto truth = truthOf(key)) return truth;
  const std::vector<int> letter = lettersOf(key, 2);
  if (letter.size() != 1) return std::nullopt;
  const auto at = static_cast<std::size_t>(letter[0]);
  return options.size() == 2 ? truthOf(options[at]) : options.empty() ? std::optional(at == 0) : std::nullopt;
}

/// @param named  the row calls its type something that we do not know
ItemType guessedType(const std::string& key, const std::vector<std::string>& options, bool named) {
  const std::size_t letters = lettersOf(key, options.empty() ? kOptionsMax : options.size()).size();
  if (options.empty() && (truthOf(key) || letters == 0)) return named && !truthOf(key) && !key.empty() ? ItemType::ShortText : ItemType::TrueFalse;
  return letters > 1 ? ItemType::MultipleChoice : ItemType::SingleChoice;
}

void readKey(const std::string& key, Item& item) {
  if (item.type == ItemType::TrueFalse) {
    if (const auto truth = truthIn(key, item.options)) item.key = {*truth ? 0 : 1};
  } else if (hasOptions(item.type)) {
    std::vector<int> letters = lettersOf(key, item.options.size());
    if (item.type == ItemType::SingleChoice ? letters.size() == 1 : letters.size() > 1) item.key = std::move(letters);
  } else if (item.type == ItemType::ShortText && !key.empty()) {
    item.answers = {{AcceptedAnswer::Match::IgnoreCase, key, "", 100}};
  }
}

}  // namespace

AsRead looseAsRead(const Json& json, std::optional<ItemType> type, bool marked, const ListHabits& habits) {
  AsRead out;
  if (!json.is_object()) return out;
  if (const Json* stem = stemOf(json, habits)) out.item.stem = trim(shownValue(*stem));
  out.type = named(json, kCategories), out.key = answerOf(json);
  for (std::string_view name : kCategories)  // {"type": "single", "category": "电工"}: the one that says a type
    if (const std::string one = named(json, {name}); !one.empty() && !typeNamed(out.type) && typeNamed(one)) out.type = one;
  out.item.explanation = named(json, kExplanations);
  const Json choices = choicesOf(json, habits);
  out.options = trim(shownValue(choices));
  Parted parted = partedOptions(choices, marked);
  out.item.options = std::move(parted.options);
  const std::string key = withoutAnswerPrefix(out.key);
  if (const auto named = out.type.empty() ? std::nullopt : typeNamed(out.type)) type = named;
  out.item.type = type ? *type : guessedType(key, out.item.options, !out.type.empty());
  if (parted.sure || out.item.options.empty()) readKey(key, out.item);
  return out;
}

AsRead tableAsRead(const Cells& cells, std::optional<ItemType> type, bool marked) {
  Json row{{"title", cells.get("stem")}, {"answer", cells.get("key")}, {"explanation", cells.get("explanation")}};
  if (!cells.options.empty()) row["choices"] = cells.options;
  else if (const std::string cell = cells.get("options"); !cell.empty()) row["choices"] = cell;
  const std::string named = cells.get("type");
  if (!named.empty() && named.find_first_not_of("0123456789") != std::string::npos) row["category"] = named;  // a number is some system's own
  AsRead out = looseAsRead(row, type, marked);
  out.type = named;
  out.item.source = cells.get("source");
  out.item.tags = cells.tags;
  return out;
}

}  // namespace invigil::bank::formats
