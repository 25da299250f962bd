// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <map>
#include <span>

#include "formats/findings.hpp"
#include "formats/look_alikes.hpp"
#include "formats/native_json.hpp"
#include "invigil/bank/importing.hpp"
#include "invigil/bank/markup.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank {
namespace {

using formats::findingAt;

std::string digestOf(const std::string& text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return toHex(std::span(digest).first(10));
}

std::string answerOf(const Item& item) {
  std::vector<std::string> right;
  for (int index : item.key) right.push_back(item.options[static_cast<std::size_t>(index)]);
  for (const AcceptedAnswer& one : item.answers)
    right.push_back(std::string(toText(one.match)) + '\x1d' + one.text + '\x1d' + one.upper + '\x1d' + std::to_string(one.percent));
  std::sort(right.begin(), right.end());
  std::string text;
  for (const std::string& one : right) text += one + '\x1f';
  return text;
}

/// Type, stem and options in any order: what is asked. What is typed has no options: another answer may be another question.
std::string questionOf(const Item& item) {
  std::vector<std::string> options = item.options;
  std::sort(options.begin(), options.end());
  std::string text = std::string(toText(item.type)) + '\x1e' + item.stem;
  for (const std::string& option : options) text += '\x1f' + option;
  return hasOptions(item.type) ? text : text + '\x1f' + answerOf(item);
}

/// The right answers for people, each at most 40 characters.
std::string shownAnswer(const Item& item) {
  std::string out;
  const auto add = [&](const std::string& text) { out += (out.empty() ? "" : "、") + firstCharacters(plainText(text, item.markup == Markup::Html), 40); };
  for (int index : item.key) add(item.options[static_cast<std::size_t>(index)]);
  for (const AcceptedAnswer& one : item.answers) add(one.upper.empty() || one.upper == one.text ? one.text : one.text + ".." + one.upper);
  return out;
}

Wording contradiction(const std::string& row, const std::string& theirs, const std::string& ours) {
  return {"题干和选项与第 " + row + " 行相同而答案不同（那一行是“" + theirs + "”，这一行是“" + ours + "”），必有一个错，请核对后改正",
          "the stem and options are those of row " + row + " with another answer ('" + theirs + "' there, '" + ours + "' here): one of the two is wrong; look it up and mend it"};
}

bool validId(const std::string& id) {
  return !id.empty() && id.size() <= 64 &&
         id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == std::string::npos;
}

std::string placeText(const Place& place) {
  return place.sheet.empty() ? std::to_string(place.row) : place.sheet + " " + std::to_string(place.row);
}

}  // namespace

namespace formats {

void markLookAlikes(Collected& out) {
  std::map<std::string_view, std::vector<std::size_t>> by_stem;
  for (std::size_t i = 0; i < out.bank.items.size(); ++i) by_stem[out.bank.items[i].stem].push_back(i);
  std::vector<std::pair<std::size_t, Finding>> found;
  for (const auto& [stem, same] : by_stem) {
    if (same.size() < 2) continue;
    std::string rows;
    for (std::size_t i : same) rows += (rows.empty() ? "" : ", ") + placeText(out.places[i]);
    for (std::size_t i : same)
      found.emplace_back(i, findingAt(out.places[i], "same_stem", std::string(stem),
                                    {"第 " + rows + " 行题干相同，选项不同", "rows " + rows + " have the same stem with other options"}));
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [place, one] : found) out.look_alikes.push_back(std::move(one));
}

}  // namespace formats

Collected collect(std::vector<Reading> readings, const Bank& defaults) {
  Collected out;
  out.bank = defaults;
  out.bank.items.clear();
  struct First {
    Place place;
    std::string answer;
    std::string shown;  ///< the same for people
  };
  std::map<std::string, First> asked;
  std::map<std::string, Place> ids;
  for (Reading& reading : readings) {
    for (Reading::Row& row : reading.items) {
      const auto [first, fresh] = asked.try_emplace(questionOf(row.item), First{row.place, answerOf(row.item), shownAnswer(row.item)});
      if (!fresh) {
        const std::string there = placeText(first->second.place);
        if (first->second.answer == answerOf(row.item))
          out.duplicates.push_back(findingAt(row.place, "duplicate", row.item.stem,
                                           {"与第 " + there + " 行完全相同，只收一次", "the same as row " + there + "; it is taken once"}));
        else
          out.refused.push_back(findingAt(row.place, "other_answer", row.item.stem, contradiction(there, first->second.shown, shownAnswer(row.item))));
        continue;
      }
      if (!validId(row.item.id) || ids.contains(row.item.id)) row.item.id = "q-" + digestOf(first->first);
      if (const std::string fault = formats::itemFault(row.item); !fault.empty()) {
        out.refused.push_back(findingAt(row.place, "bad_question", row.item.stem, {"题库里放不下这道题：" + fault, "the bank has no place for this item: " + fault}));
        asked.erase(first);
        continue;
      }
      ids.emplace(row.item.id, row.place);
      out.counts.repaired += !row.repairs.empty();
      out.repaired.insert(out.repaired.end(), row.repairs.begin(), row.repairs.end());
      out.places.push_back(std::move(row.place));
      out.bank.items.push_back(std::move(row.item));
    }
    std::move(reading.refused.begin(), reading.refused.end(), std::back_inserter(out.refused));
    std::move(reading.notes.begin(), reading.notes.end(), std::back_inserter(out.notes));
    std::move(reading.stimuli.begin(), reading.stimuli.end(), std::back_inserter(out.bank.stimuli));
    std::move(reading.media.begin(), reading.media.end(), std::back_inserter(out.bank.media));
  }
  std::sort(out.bank.media.begin(), out.bank.media.end(), [](const Media& a, const Media& b) { return a.name < b.name; });
  out.bank.media.erase(std::unique(out.bank.media.begin(), out.bank.media.end()), out.bank.media.end());
  formats::markLookAlikes(out);
  out.counts.imported = static_cast<int>(out.bank.items.size());
  out.counts.duplicates = static_cast<int>(out.duplicates.size());
  out.counts.refused = static_cast<int>(out.refused.size());
  out.counts.rows = out.counts.imported + out.counts.duplicates + out.counts.refused;
  return out;
}

}  // namespace invigil::bank
