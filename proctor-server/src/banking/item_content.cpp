// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "banking/item_record.hpp"
#include "banking/markup.hpp"
#include "invigil/bank/text_limits.hpp"

namespace invigil::server {
namespace {

using bank::Item;

constexpr const char* kIdCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

constexpr const char* kIdWords = "只能用英文字母、数字和 - . _ / letters, digits and - . _ only";

std::string letter(int index) { return std::string(1, static_cast<char>('A' + index)); }

tl::unexpected<Error> faulty(const std::string& where, const std::string& what) {
  return fail(ErrorCode::InvalidInput, "bad_item", what, where);
}

bool isId(const std::string& text) { return !text.empty() && text.size() <= 64 && text.find_first_not_of(kIdCharacters) == std::string::npos; }

/// Sorted, each once, blanks around them gone.
std::vector<std::string> asSet(const Json& list) {
  std::vector<std::string> texts;
  for (const Json& one : list)
    if (std::string text = trim(one.get<std::string>()); !text.empty()) texts.push_back(std::move(text));
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return texts;
}

Status readKey(const Json& list, Item& item) {
  for (const Json& one : list) {
    const int index = one.get<int>();
    if (index >= static_cast<int>(item.options.size())) return faulty("key", letter(index) + " 不在选项里 / there is no option " + letter(index));
    if (std::find(item.key.begin(), item.key.end(), index) != item.key.end()) return faulty("key", letter(index) + " 出现了两次 / stands there twice");
    item.key.push_back(index);
  }
  std::sort(item.key.begin(), item.key.end());
  return {};
}

Status readOptions(const Json& content, Item& item) {
  const Json none = Json::array();
  const Json& options = content.value("options", none);
  const Json& key = content.value("key", none);
  const Json& notes = content.value("option_notes", none);
  const Json& answers = content.value("answers", none);
  if (!bank::hasOptions(item.type)) {
    if (!options.empty() || !key.empty() || !notes.empty()) return faulty("options", "这种题型没有选项，只有答案 / this type has answers, not options");
    item.answers = answersAsWritten(answers);
    for (const auto& answer : item.answers)
      if ((answer.match == bank::AcceptedAnswer::Match::Range) != (item.type == bank::ItemType::Numeric))
        return faulty("answers", item.type == bank::ItemType::Numeric ? "数值题用区间 / a number is matched by a range"
                                                                    : "简答题用 exact、ignore_case 或 regex / a text is matched by exact, ignore_case or regex");
    return {};
  }
  if (!answers.empty()) return faulty("answers", "这种题型有选项和正确项，没有答案 / this type has options and a key");
  item.options = item.type == bank::ItemType::TrueFalse ? std::vector<std::string>{"正确", "错误"} : options.get<std::vector<std::string>>();
  if (!notes.empty() && notes.size() != item.options.size()) return faulty("option_notes", "要么每个选项一条，要么都没有 / one for each option, or none");
  item.option_notes = notes.get<std::vector<std::string>>();
  if (std::all_of(item.option_notes.begin(), item.option_notes.end(), [](const std::string& note) { return note.empty(); }))
    item.option_notes.clear();
  return readKey(key, item);
}

/// Every text with the name of its member, for the checks that hold for all of them.
std::vector<std::pair<std::string, const std::string*>> texts(const Item& item) {
  std::vector<std::pair<std::string, const std::string*>> list{{"stem", &item.stem}, {"explanation", &item.explanation}};
  for (std::size_t i = 0; i < item.options.size(); ++i) list.emplace_back("options[" + std::to_string(i) + "]", &item.options[i]);
  for (std::size_t i = 0; i < item.option_notes.size(); ++i)
    list.emplace_back("option_notes[" + std::to_string(i) + "]", &item.option_notes[i]);
  return list;
}

/// The limits of bank files: what is saved here can be exported and comes in again.
Status checkTexts(const Item& item) {
  const bank::TextLimits limits = bank::textLimits(item.markup);
  for (const auto& [member, text] : texts(item)) {
    if (item.markup == bank::Markup::Html) INVIGIL_CHECK(checkMarkup(*text, member).map([](auto&&) {}));
    const std::size_t most = member == "stem" ? limits.stem : member == "explanation" ? limits.explanation
                             : member.starts_with("option_notes") ? limits.note : limits.option;
    if (codePoints(*text) > most) {
      const std::string number = std::to_string(most);
      return faulty(member, "最多 " + number + " 字 / at most " + number + " characters");
    }
  }
  return {};
}

}  // namespace

Result<Item> itemFromContent(const Json& content) {
  Item item;
  item.type = *bank::itemTypeFromText(content.at("type").get<std::string>());  // the contract lists the five
  item.markup = content.value("markup", "plain") == "html" ? bank::Markup::Html : bank::Markup::Plain;
  item.title = trim(content.value("title", ""));
  item.topic = content.value("topic", "");
  item.difficulty = content.value("difficulty", 0);
  item.stem = trim(content.at("stem").get<std::string>());
  item.stimulus = content.value("stimulus", "");
  item.explanation = trim(content.value("explanation", ""));
  item.source = trim(content.value("source", ""));
  item.fixed_order = content.value("fixed_order", false);
  item.level = levelFromText(content.value("level", "unstated"));
  item.tags = asSet(content.value("tags", Json::array()));
  item.enemies = asSet(content.value("enemies", Json::array()));
  if (!item.topic.empty() && !isId(item.topic)) return faulty("topic", kIdWords);
  if (!item.stimulus.empty() && !isId(item.stimulus)) return faulty("stimulus", kIdWords);
  for (const std::string& enemy : item.enemies)
    if (!isId(enemy)) return faulty("enemies", kIdWords);
  INVIGIL_CHECK(readOptions(content, item));
  INVIGIL_CHECK(checkTexts(item));
  return item;
}

Result<Item> itemAsWritten(const Json& content) {
  INVIGIL_TRY(item, itemFromContent(content));
  INVIGIL_CHECK(checkLists(item));
  return item;
}

std::vector<std::string> mediaShown(const Item& item) {
  std::vector<std::string> names;
  if (item.markup != bank::Markup::Html) return names;
  for (const auto& [member, text] : texts(item))
    if (auto shown = checkMarkup(*text, member)) names.insert(names.end(), shown->begin(), shown->end());
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace invigil::server
