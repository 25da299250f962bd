// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <set>

#include "formats/json_reader.hpp"
#include "formats/native_json.hpp"
#include "invigil/bank/text_limits.hpp"
#include "invigil/base/text.hpp"
#include "item.hpp"

namespace invigil::bank {
namespace formats {

Status readMarkup(const Members& members, Markup& markup) {
  if (!members.has("markup")) return {};
  INVIGIL_TRY(text, members.text("markup", 1, 16));
  if (text != "plain" && text != "html") return members.bad("markup", "must be plain or html");
  markup = text == "html" ? Markup::Html : Markup::Plain;
  return {};
}

namespace {

Status readOptions(const Members& members, Item& item) {
  INVIGIL_TRY(options, members.array("options"));
  if (options->size() < 2 || options->size() > kOptionsMax)
    return members.bad("options", "must hold 2 to " + std::to_string(kOptionsMax) + " texts");
  for (std::size_t i = 0; i < options->size(); ++i) {
    const Json& option = (*options)[i];
    if (const std::string fault = textFault(option, 1, textLimits(item.markup).option); !fault.empty())
      return members.bad(indexed("options", i), fault);
    item.options.push_back(option.get<std::string>());
    if (std::count(item.options.begin(), item.options.end(), item.options.back()) > 1)
      return members.bad(indexed("options", i), "repeats another option");
  }
  return {};
}

Status readKey(const Members& members, Item& item) {
  INVIGIL_TRY(key, members.array("key"));
  for (const Json& letter : *key) {
    const std::string text = letter.is_string() ? letter.get<std::string>() : std::string();
    const int index = text.size() == 1 ? text[0] - 'A' : -1;
    if (index < 0 || index >= static_cast<int>(item.options.size()))
      return members.bad("key", "must hold letters of the item's options (A is the first)");
    if (std::find(item.key.begin(), item.key.end(), index) != item.key.end())
      return members.bad("key", "names an option twice");
    item.key.push_back(index);
  }
  std::sort(item.key.begin(), item.key.end());
  if (item.type == ItemType::SingleChoice && item.key.size() != 1) return members.bad("key", "must hold one letter");
  if (item.key.empty()) return members.bad("key", "must hold at least one letter");
  return {};
}

template <class Read>
Status readTexts(const Members& members, std::string_view name, std::size_t characters, std::string_view allowed,
                 std::vector<std::string>& out, Read&& check) {
  if (!members.has(name)) return {};
  INVIGIL_TRY(list, members.array(name));
  for (std::size_t i = 0; i < list->size(); ++i) {
    if (const std::string fault = textFault((*list)[i], 1, characters); !fault.empty())
      return members.bad(indexed(name, i), fault);
    out.push_back((*list)[i].get<std::string>());
    if (!allowed.empty() && out.back().find_first_not_of(allowed) != std::string::npos)
      return members.bad(indexed(name, i), "may hold only ASCII letters, digits and - . _");
  }
  return check(out);
}

Status readNotes(const Members& members, Item& item) {
  if (!members.has("option_notes")) return {};
  INVIGIL_TRY(list, members.array("option_notes"));
  if (list->size() != item.options.size()) return members.bad("option_notes", "must hold one text for each option");
  for (std::size_t i = 0; i < list->size(); ++i) {
    if (const std::string fault = textFault((*list)[i], 0, textLimits(item.markup).note); !fault.empty())
      return members.bad(indexed("option_notes", i), fault);
    item.option_notes.push_back((*list)[i].get<std::string>());
  }
  return {};
}

/// Tags and enemies: sorted, so that two files with the same ones are the same bank.
/// @param most  of them
Status readSet(const Members& members, std::string_view name, std::string_view allowed, std::size_t most,
               std::vector<std::string>& out) {
  return readTexts(members, name, 64, allowed, out, [&](std::vector<std::string>& texts) -> Status {
    if (texts.size() > most)
      return members.bad(name, "holds " + std::to_string(texts.size()) + " texts; an item has at most " + std::to_string(most) + ", take the others out");
    std::sort(texts.begin(), texts.end());
    if (std::adjacent_find(texts.begin(), texts.end()) != texts.end()) return members.bad(name, "names one twice");
    return {};
  });
}

Result<AcceptedAnswer> readAnswer(const Json& json, std::string where, ItemType type) {
  INVIGIL_TRY(members, Members::of(json, std::move(where), "bad_bank"));
  INVIGIL_CHECK(members.only({"match", "text", "upper", "percent"}));
  AcceptedAnswer answer;
  INVIGIL_TRY(match, members.text("match", 1, 20));
  const auto kind = matchFromText(match);
  if (!kind || (*kind == AcceptedAnswer::Match::Range) != (type == ItemType::Numeric))
    return members.bad("match", type == ItemType::Numeric ? "must be range" : "must be exact, ignore_case or regex");
  answer.match = *kind;
  INVIGIL_TRY(text, members.text("text", 1, 500));
  answer.text = std::move(text);
  if (type == ItemType::Numeric) {
    INVIGIL_TRY(upper, members.text("upper", 1, 500));
    answer.upper = std::move(upper);
  }
  if (members.has("percent")) {
    INVIGIL_TRY(percent, members.integer("percent", 1, 100));
    answer.percent = percent;
  }
  if (const std::string fault = answerFault(answer); !fault.empty()) return members.bad("text", fault);
  return answer;
}

Status readAnswers(const Members& members, Item& item) {
  INVIGIL_TRY(list, members.array("answers"));
  if (list->empty() || list->size() > 32) return members.bad("answers", "must hold 1 to 32 answers");
  for (std::size_t i = 0; i < list->size(); ++i) {
    INVIGIL_TRY(answer, readAnswer((*list)[i], members.at(indexed("answers", i)), item.type));
    item.answers.push_back(std::move(answer));
  }
  const auto full = [](const AcceptedAnswer& a) { return a.percent == 100; };
  if (std::none_of(item.answers.begin(), item.answers.end(), full))
    return members.bad("answers", "must hold at least one answer of 100 percent");
  return {};
}

/// Everything but type, stem and key.
Status readAbout(const Members& members, LongLists lists, Item& item) {
  if (members.has("topic")) {
    INVIGIL_TRY(topic, members.id("topic", kTopicCharacters));
    item.topic = std::move(topic);
  }
  if (members.has("difficulty")) {
    INVIGIL_TRY(difficulty, members.integer("difficulty", 1, 5));
    item.difficulty = difficulty;
  }
  if (members.has("stimulus")) {
    INVIGIL_TRY(stimulus, members.id("stimulus", kItemIdCharacters));
    item.stimulus = std::move(stimulus);
  }
  if (members.has("level")) {
    INVIGIL_TRY(level, members.text("level", 1, 16));
    if (level != "national" && level != "provincial") return members.bad("level", "must be national or provincial");
    item.level = level == "national" ? Level::National : Level::Provincial;
  }
  if (members.has("fixed_order")) {
    INVIGIL_TRY(fixed, members.boolean("fixed_order"));
    item.fixed_order = fixed;
  }
  INVIGIL_TRY(title, members.textOrEmpty("title", 200));
  INVIGIL_TRY(explanation, members.textOrEmpty("explanation", textLimits(item.markup).explanation));
  INVIGIL_TRY(source, members.textOrEmpty("source", 1000));
  item.title = std::move(title);
  item.explanation = std::move(explanation);
  item.source = std::move(source);
  const bool any = lists == LongLists::Read;
  constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();
  INVIGIL_CHECK(readSet(members, "tags", "", any ? kAny : kItemTagsMax, item.tags));
  return readSet(members, "enemies", kItemIdCharacters, any ? kAny : kItemEnemiesMax, item.enemies);
}

Status readResponse(const Members& members, Item& item) {
  if (!hasOptions(item.type)) {
    for (std::string_view name : {"options", "key", "option_notes"})
      if (members.has(name)) return members.bad(name, "must be absent: a " + std::string(toText(item.type)) + " item has answers");
    return readAnswers(members, item);
  }
  if (members.has("answers")) return members.bad("answers", "must be absent: this type has options and a key");
  if (item.type == ItemType::TrueFalse) {
    if (members.has("options")) return members.bad("options", "must be absent: a true_false item has 正确 and 错误");
    INVIGIL_TRY(key, members.boolean("key"));
    item.options = {"正确", "错误"};
    item.key = {key ? 0 : 1};
  } else {
    INVIGIL_CHECK(readOptions(members, item));
    INVIGIL_CHECK(readKey(members, item));
  }
  return readNotes(members, item);
}

Result<Item> readItem(const Json& json, std::string where, LongLists lists) {
  INVIGIL_TRY(members, Members::of(json, std::move(where), "bad_bank"));
  INVIGIL_CHECK(members.only({"id", "type", "markup", "title", "topic", "difficulty", "stem", "stimulus", "options",
                              "option_notes", "key", "answers", "explanation", "source", "fixed_order", "level", "tags",
                              "enemies"}));
  Item item;
  INVIGIL_TRY(id, members.id("id", kItemIdCharacters));
  INVIGIL_TRY(type_text, members.text("type", 1, 64));
  const auto type = itemTypeFromText(type_text);
  if (!type)
    return members.bad("type", "must be true_false, single_choice, multiple_choice, numeric or short_text");
  item.id = std::move(id);
  item.type = *type;
  INVIGIL_CHECK(readMarkup(members, item.markup));
  INVIGIL_TRY(stem, members.text("stem", 1, textLimits(item.markup).stem));
  item.stem = std::move(stem);
  INVIGIL_CHECK(readAbout(members, lists, item));
  INVIGIL_CHECK(readResponse(members, item));
  return item;
}

Result<std::vector<Role>> readRoles(const Members& members) {
  INVIGIL_TRY(list, members.array("roles"));
  std::vector<Role> roles;
  for (const Json& one : *list) {
    const auto role = roleFromText(one.is_string() ? one.get<std::string>() : std::string());
    if (!role) return members.bad("roles", "must name special_operations, principal or manager");
    if (std::find(roles.begin(), roles.end(), *role) != roles.end()) return members.bad("roles", "names a role twice");
    roles.push_back(*role);
  }
  if (roles.empty()) return members.bad("roles", "must name at least one role");
  return roles;
}

/// Every text of an item.
bool isWellFormed(const Item& item) {
  bool good = true;
  for (const std::string* text : {&item.id, &item.title, &item.topic, &item.stem, &item.stimulus, &item.explanation, &item.source}) good = good && isUtf8(*text);
  for (const auto* list : {&item.options, &item.option_notes, &item.tags, &item.enemies})
    for (const std::string& text : *list) good = good && isUtf8(text);
  for (const AcceptedAnswer& answer : item.answers) good = good && isUtf8(answer.text) && isUtf8(answer.upper);
  return good;
}

}  // namespace

std::string itemFault(const Item& item) {
  if (!isWellFormed(item)) return "a text is no well-formed UTF-8";
  const auto read = readItem(Json(itemJson(item)), "item", LongLists::Refused);
  return read ? std::string() : read.error().where + " " + read.error().detail;
}

Result<Bank> bankFromJson(const Json& json, LongLists lists) {
  INVIGIL_TRY(members, Members::of(json, "", "bad_bank"));
  INVIGIL_CHECK(members.header("invigil-bank"));
  INVIGIL_CHECK(members.only({"format", "version", "id", "title", "roles", "category", "language", "items", "stimuli",
                              "media"}));
  Bank bank;
  INVIGIL_TRY(id, members.id("id", kBankIdCharacters));
  INVIGIL_TRY(title, members.wording("title"));
  INVIGIL_TRY(roles, readRoles(members));
  INVIGIL_TRY(category, members.textOrEmpty("category", 16));
  if (category.find_first_not_of("0123456789.") != std::string::npos)
    return members.bad("category", "must be a number of the catalogue, such as 1.2");
  bank.id = std::move(id);
  bank.title = std::move(title);
  bank.roles = std::move(roles);
  bank.category = std::move(category);
  if (members.has("language")) {
    INVIGIL_TRY(language, members.text("language", 2, 35));
    bank.language = std::move(language);
  }
  INVIGIL_TRY(items, members.array("items"));
  if (items->empty()) return members.bad("items", "must hold at least one item");
  std::set<std::string> ids;
  bank.items.reserve(items->size());
  for (std::size_t i = 0; i < items->size(); ++i) {
    INVIGIL_TRY(item, readItem((*items)[i], indexed("items", i), lists));
    if (!ids.insert(item.id).second)
      return members.bad(indexed("items", i) + ".id", "repeats the id '" + item.id + "' of an earlier item");
    bank.items.push_back(std::move(item));
  }
  INVIGIL_CHECK(readAttachments(members, bank));
  return bank;
}

}  // namespace formats

Result<Bank> parseNative(std::string_view json) {
  INVIGIL_TRY(value, formats::readStrictJson(json));
  return formats::bankFromJson(value);
}

}  // namespace invigil::bank
