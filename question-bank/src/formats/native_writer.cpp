// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/native_json.hpp"
#include "invigil/bank/bank.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank {
namespace {

using Ordered = nlohmann::ordered_json;

void writeResponse(const Item& item, Ordered& out) {
  if (!hasOptions(item.type)) {
    out["answers"] = Ordered::array();
    for (const AcceptedAnswer& answer : item.answers) {
      Ordered one{{"match", toText(answer.match)}, {"text", answer.text}};
      if (answer.match == AcceptedAnswer::Match::Range) one["upper"] = answer.upper;
      if (answer.percent != 100) one["percent"] = answer.percent;
      out["answers"].push_back(std::move(one));
    }
    return;
  }
  if (item.type == ItemType::TrueFalse) {
    if (!item.key.empty()) out["key"] = item.key == std::vector<int>{0};  // none is invented
  } else {
    out["options"] = item.options;
    out["key"] = Ordered::array();
    for (int index : item.key) out["key"].push_back(std::string(1, static_cast<char>('A' + index)));
  }
  if (!item.option_notes.empty()) out["option_notes"] = item.option_notes;
}

}  // namespace

nlohmann::ordered_json formats::itemJson(const Item& item) {
  Ordered out{{"id", item.id}, {"type", toText(item.type)}};
  if (item.markup == Markup::Html) out["markup"] = "html";
  if (!item.title.empty()) out["title"] = item.title;
  if (!item.topic.empty()) out["topic"] = item.topic;
  if (item.difficulty != 0) out["difficulty"] = item.difficulty;
  out["stem"] = item.stem;
  if (!item.stimulus.empty()) out["stimulus"] = item.stimulus;
  writeResponse(item, out);
  if (!item.explanation.empty()) out["explanation"] = item.explanation;
  if (!item.source.empty()) out["source"] = item.source;
  if (item.fixed_order) out["fixed_order"] = true;
  if (item.level != Level::Unstated) out["level"] = item.level == Level::National ? "national" : "provincial";
  if (!item.tags.empty()) out["tags"] = item.tags;
  if (!item.enemies.empty()) out["enemies"] = item.enemies;
  return out;
}

std::string writeNative(const Bank& bank) {
  Ordered out{{"format", "invigil-bank"}, {"version", 1}, {"id", bank.id}};
  out["title"]["zh"] = bank.title.zh;
  if (!bank.title.en.empty()) out["title"]["en"] = bank.title.en;
  out["roles"] = Ordered::array();
  for (Role role : bank.roles) out["roles"].push_back(toText(role));
  if (!bank.category.empty()) out["category"] = bank.category;
  out["language"] = bank.language;
  out["items"] = Ordered::array();
  for (const Item& item : bank.items) out["items"].push_back(formats::itemJson(item));
  for (const Stimulus& stimulus : bank.stimuli) {
    Ordered one{{"id", stimulus.id}};
    if (stimulus.markup == Markup::Html) one["markup"] = "html";
    one["text"] = stimulus.text;
    out["stimuli"].push_back(std::move(one));
  }
  for (const Media& media : bank.media)
    out["media"].push_back({{"name", media.name}, {"base64", toBase64(Bytes(media.bytes.begin(), media.bytes.end()))}});
  return out.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace invigil::bank
