// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/findings.hpp"

#include <algorithm>

#include "invigil/bank/markup.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank {
namespace {

/// The longest texts that forms and the wire take (ItemContent of openapi.yaml).
constexpr std::size_t kTextMax = 20000, kNoteMax = 4000, kSourceMax = 1000, kAnswerMax = 500, kTitleMax = 200, kNameMax = 64;
constexpr std::size_t kAnswersMax = 32;

void clip(std::string& text, std::size_t longest) { text = clipped(text, longest); }

void clip(std::vector<std::string>& texts, std::size_t most, std::size_t longest) {
  if (texts.size() > most) texts.resize(most);
  for (std::string& text : texts) clip(text, longest);
}

/// An id is whole or none.
void clipId(std::string& id) {
  if (id.size() > kNameMax || !isUtf8(id)) id.clear();
}

void bound(Item& item) {
  item.id.clear();
  clip(item.title, kTitleMax), clip(item.stem, kTextMax), clip(item.explanation, kTextMax), clip(item.source, kSourceMax);
  clipId(item.topic), clipId(item.stimulus);
  clip(item.options, kOptionsMax, kTextMax), clip(item.option_notes, kOptionsMax, kNoteMax);
  clip(item.tags, kItemTagsMax, kNameMax);
  for (std::string& enemy : item.enemies) clipId(enemy);
  std::erase(item.enemies, "");
  if (item.enemies.size() > kItemEnemiesMax) item.enemies.resize(kItemEnemiesMax);
  if (item.difficulty < 0 || item.difficulty > 5) item.difficulty = 0;
  if (item.answers.size() > kAnswersMax) item.answers.resize(kAnswersMax);
  for (AcceptedAnswer& one : item.answers) clip(one.text, kAnswerMax), clip(one.upper, kAnswerMax);
}

/// Options and a key, or answers: never both.
void settle(Item& item) {
  if (!hasOptions(item.type)) {
    item.options.clear(), item.option_notes.clear(), item.key.clear();
    std::erase_if(item.answers, [&](const AcceptedAnswer& one) { return (one.match == AcceptedAnswer::Match::Range) != (item.type == ItemType::Numeric); });
    return;
  }
  item.answers.clear();
  if (item.type == ItemType::TrueFalse) item.options = {"正确", "错误"};
  if (item.option_notes.size() != item.options.size()) item.option_notes.clear();
  std::sort(item.key.begin(), item.key.end());
  item.key.erase(std::unique(item.key.begin(), item.key.end()), item.key.end());
  if (item.type != ItemType::MultipleChoice && item.key.size() > 1) item.key.clear();
  std::erase_if(item.key, [&](int index) { return index < 0 || static_cast<std::size_t>(index) >= item.options.size(); });
}

std::string letterOf(std::size_t index) { return std::string(1, static_cast<char>('A' + index)); }

}  // namespace

std::string clipped(std::string_view text, std::size_t longest) {
  std::string whole = wellFormed(text);
  if (codePoints(whole) <= longest) return whole;
  return firstCharacters(whole, longest - 1) + "…";
}

std::shared_ptr<const AsRead> asRead(AsRead row) {
  clip(row.type, 200), clip(row.options, kTextMax), clip(row.key, kFindingTextMax);
  bound(row.item);
  settle(row.item);
  return std::make_shared<const AsRead>(std::move(row));
}

std::shared_ptr<const AsRead> asRead(Item whole, std::vector<Media> media) {
  AsRead row;
  row.media = std::move(media);
  row.item = std::move(whole);
  const Item& item = row.item;
  const auto plain = [&](const std::string& text) { return plainText(text, item.markup == Markup::Html); };
  if (item.type != ItemType::TrueFalse)
    for (std::size_t i = 0; i < std::min(item.options.size(), kOptionsMax); ++i) row.options += (i == 0 ? "" : "\n") + letterOf(i) + "、" + plain(item.options[i]);
  for (int index : item.key)
    if (index >= 0 && static_cast<std::size_t>(index) < std::min(item.options.size(), kOptionsMax))
      row.key += item.type == ItemType::TrueFalse ? item.options[static_cast<std::size_t>(index)] : letterOf(static_cast<std::size_t>(index));
  for (const AcceptedAnswer& one : item.answers)
    row.key += (row.key.empty() ? "" : "\n") + (one.upper.empty() || one.upper == one.text ? one.text : one.text + ".." + one.upper);
  return asRead(std::move(row));
}

namespace formats {

Finding findingAt(const Place& place, const char* code, const std::string& text, Wording what) {
  Finding one;
  one.place = place;
  one.code = code;
  one.text = clipped(text, kFindingTextMax);
  one.what = {wellFormed(what.zh), wellFormed(what.en)};
  return one;
}

Finding tidied(const Place& place, const std::string& text) {
  return findingAt(place, "tidied", text, {"整理了题号、空格、选项标记或答案的写法", "tidied: item number, white space, option marks or how the answer was written"});
}

Wording twoLanguages(const std::string& sentence) {
  const std::size_t mark = sentence.find(" / ");
  if (mark == std::string::npos) return {sentence, sentence};
  return {sentence.substr(0, mark), sentence.substr(mark + 3)};
}

std::string shownAnswer(const Item& item) {
  std::string out;
  const auto add = [&](const std::string& text) { out += (out.empty() ? "" : "、") + clipped(plainText(text, item.markup == Markup::Html), 40); };
  for (int index : item.key) add(item.options[static_cast<std::size_t>(index)]);
  for (const AcceptedAnswer& one : item.answers) add(one.upper.empty() || one.upper == one.text ? one.text : one.text + ".." + one.upper);
  return out;
}

Wording otherThanStem(bool of_a_case) {
  if (of_a_case) return {"选项或案例不同", "other options or another case"};
  return {"选项不同", "other options"};
}

Wording contradiction(const Wording& other, const std::string& there_zh, const std::string& theirs, const std::string& ours) {
  return {"题干和选项与" + other.zh + "相同而答案不同（" + there_zh + "是“" + theirs + "”，这一行是“" + ours + "”），必有一个错，请核对后改正",
          "the stem and options are those of " + other.en + " with another answer ('" + theirs + "' there, '" + ours + "' here): one of the two is wrong; look it up and mend it"};
}

}  // namespace formats
}  // namespace invigil::bank
