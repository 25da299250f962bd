// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "formats/json_reader.hpp"

namespace invigil::bank {
namespace formats {
namespace {

Status readOptions(const Members& members, Item& item) {
  INVIGIL_TRY(options, members.array("options"));
  if (options->size() < 2 || options->size() > 8) return members.bad("options", "must hold 2 to 8 texts");
  for (std::size_t i = 0; i < options->size(); ++i) {
    const Json& option = (*options)[i];
    if (const std::string fault = textFault(option, 1, 1000); !fault.empty())
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
  if (item.type == ItemType::MultipleChoice && item.key.size() < 2)
    return members.bad("key", "must hold two letters or more");
  return {};
}

Result<Item> readItem(const Json& json, std::string where) {
  INVIGIL_TRY(members, Members::of(json, std::move(where), "bad_bank"));
  INVIGIL_CHECK(members.only({"id", "type", "topic", "difficulty", "stem", "options", "key", "explanation", "source",
                              "fixed_order"}));
  Item item;
  INVIGIL_TRY(id, members.id("id", kItemIdCharacters));
  INVIGIL_TRY(type_text, members.text("type", 1, 64));
  const auto type = itemTypeFromText(type_text);
  if (!type) return members.bad("type", "must be true_false, single_choice or multiple_choice");
  item.id = std::move(id);
  item.type = *type;
  if (members.has("topic")) {
    INVIGIL_TRY(topic, members.id("topic", kTopicCharacters));
    item.topic = std::move(topic);
  }
  if (members.has("difficulty")) {
    INVIGIL_TRY(difficulty, members.integer("difficulty", 1, 5));
    item.difficulty = difficulty;
  }
  INVIGIL_TRY(stem, members.text("stem", 1, 2000));
  item.stem = std::move(stem);
  if (item.type == ItemType::TrueFalse) {
    if (members.has("options")) return members.bad("options", "must be absent: a true_false item has 正确 and 错误");
    INVIGIL_TRY(key, members.boolean("key"));
    item.options = {"正确", "错误"};
    item.key = {key ? 0 : 1};
  } else {
    INVIGIL_CHECK(readOptions(members, item));
    INVIGIL_CHECK(readKey(members, item));
  }
  INVIGIL_TRY(explanation, members.textOrEmpty("explanation", 4000));
  INVIGIL_TRY(source, members.textOrEmpty("source", 1000));
  item.explanation = std::move(explanation);
  item.source = std::move(source);
  if (members.has("fixed_order")) {
    INVIGIL_TRY(fixed, members.boolean("fixed_order"));
    item.fixed_order = fixed;
  }
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

}  // namespace

Result<Bank> bankFromJson(const Json& json) {
  INVIGIL_TRY(members, Members::of(json, "", "bad_bank"));
  INVIGIL_CHECK(members.header("invigil-bank"));
  INVIGIL_CHECK(members.only({"format", "version", "id", "title", "roles", "category", "language", "items"}));
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
    INVIGIL_TRY(item, readItem((*items)[i], indexed("items", i)));
    if (!ids.insert(item.id).second)
      return members.bad(indexed("items", i) + ".id", "repeats the id '" + item.id + "' of an earlier item");
    bank.items.push_back(std::move(item));
  }
  return bank;
}

}  // namespace formats

Result<Bank> parseNative(std::string_view json) {
  INVIGIL_TRY(value, formats::readStrictJson(json));
  return formats::bankFromJson(value);
}

std::string writeNative(const Bank& bank) {
  using Ordered = nlohmann::ordered_json;
  Ordered out{{"format", "invigil-bank"}, {"version", 1}, {"id", bank.id}};
  out["title"]["zh"] = bank.title.zh;
  if (!bank.title.en.empty()) out["title"]["en"] = bank.title.en;
  out["roles"] = Ordered::array();
  for (Role role : bank.roles) out["roles"].push_back(toText(role));
  if (!bank.category.empty()) out["category"] = bank.category;
  out["language"] = bank.language;
  out["items"] = Ordered::array();
  for (const Item& item : bank.items) {
    Ordered one{{"id", item.id}, {"type", toText(item.type)}};
    if (!item.topic.empty()) one["topic"] = item.topic;
    if (item.difficulty != 0) one["difficulty"] = item.difficulty;
    one["stem"] = item.stem;
    if (item.type == ItemType::TrueFalse) {
      one["key"] = item.key == std::vector<int>{0};
    } else {
      one["options"] = item.options;
      one["key"] = Ordered::array();
      for (int index : item.key) one["key"].push_back(std::string(1, static_cast<char>('A' + index)));
    }
    if (!item.explanation.empty()) one["explanation"] = item.explanation;
    if (!item.source.empty()) one["source"] = item.source;
    if (item.fixed_order) one["fixed_order"] = true;
    out["items"].push_back(std::move(one));
  }
  return out.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace invigil::bank
