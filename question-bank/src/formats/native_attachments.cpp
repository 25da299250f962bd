// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "formats/native_json.hpp"
#include "invigil/base/text.hpp"
#include "item.hpp"

namespace invigil::bank::formats {
namespace {

Result<Stimulus> readStimulus(const Json& json, std::string where) {
  INVIGIL_TRY(members, Members::of(json, std::move(where), "bad_bank"));
  INVIGIL_CHECK(members.only({"id", "markup", "text"}));
  Stimulus out;
  INVIGIL_TRY(id, members.id("id", kItemIdCharacters));
  INVIGIL_TRY(text, members.text("text", 1, 20000));
  INVIGIL_CHECK(readMarkup(members, out.markup));
  out.id = std::move(id);
  out.text = std::move(text);
  return out;
}

Result<Media> readMedia(const Json& json, std::string where) {
  INVIGIL_TRY(members, Members::of(json, std::move(where), "bad_bank"));
  INVIGIL_CHECK(members.only({"name", "base64"}));
  Media out;
  INVIGIL_TRY(name, members.text("name", 1, 64));
  INVIGIL_TRY(text, members.text("base64", 1, 8u << 20));
  auto bytes = fromBase64(text);
  if (!bytes) return members.bad("base64", "is not Base64");
  out.bytes.assign(bytes->begin(), bytes->end());
  if (mediaName(out.bytes) != name)
    return members.bad("name", "must be the digest of a PNG, JPEG, GIF or WebP picture of at most 5 MiB, here '" +
                                   mediaName(out.bytes) + "'");
  out.name = std::move(name);
  return out;
}

}  // namespace

Status readAttachments(const Members& members, Bank& bank) {
  std::set<std::string> stimuli, media;
  if (members.has("stimuli")) {
    INVIGIL_TRY(list, members.array("stimuli"));
    for (std::size_t i = 0; i < list->size(); ++i) {
      INVIGIL_TRY(stimulus, readStimulus((*list)[i], indexed("stimuli", i)));
      if (!stimuli.insert(stimulus.id).second) return members.bad(indexed("stimuli", i) + ".id", "repeats an earlier id");
      bank.stimuli.push_back(std::move(stimulus));
    }
  }
  if (members.has("media")) {
    INVIGIL_TRY(list, members.array("media"));
    for (std::size_t i = 0; i < list->size(); ++i) {
      INVIGIL_TRY(one, readMedia((*list)[i], indexed("media", i)));
      if (!media.insert(one.name).second) return members.bad(indexed("media", i) + ".name", "repeats an earlier name");
      bank.media.push_back(std::move(one));
    }
    std::sort(bank.media.begin(), bank.media.end(), [](const Media& a, const Media& b) { return a.name < b.name; });
  }
  for (std::size_t i = 0; i < bank.items.size(); ++i) {
    const Item& item = bank.items[i];
    if (!item.stimulus.empty() && !stimuli.contains(item.stimulus))
      return members.bad(indexed("items", i) + ".stimulus", "names no stimulus of this file");
    for (const std::string& name : mediaOf(item))
      if (!media.contains(name)) return members.bad(indexed("items", i), "shows the picture '" + name + "', which is not in this file");
  }
  for (std::size_t i = 0; i < bank.stimuli.size(); ++i)
    for (const std::string& name : mediaIn(bank.stimuli[i].text))
      if (!media.contains(name)) return members.bad(indexed("stimuli", i), "shows the picture '" + name + "', which is not in this file");
  return {};
}

}  // namespace invigil::bank::formats
