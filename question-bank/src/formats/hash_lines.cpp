// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>

#include "formats/hash_lines.hpp"
#include "formats/loose_text.hpp"
#include "formats/question.hpp"
#include "formats/texts.hpp"
#include "invigil/bank/formats.hpp"
#include "invigil/bank/item_digest.hpp"
#include "invigil/base/text.hpp"
#include "item.hpp"

namespace invigil::bank {
namespace {

using formats::Question;

std::vector<std::string> split(std::string_view text, char mark) {
  std::vector<std::string> out;
  for (;;) {
    const std::size_t at = text.find(mark);
    out.push_back(trim(text.substr(0, at)));
    if (at == std::string_view::npos) return out;
    text.remove_prefix(at + 1);
  }
}

bool isNumber(const std::string& text) { return !text.empty() && (text[0] == '-' || text[0] == '.' || (text[0] >= '0' && text[0] <= '9')); }

/// What "…$0" or "…$1" behind a further # says: the last option, the answer of a true/false line with # in its text, or nobody knows.
enum class Ending { Option, Truth, Unclear };
Ending endingOf(const std::vector<std::string>& parts) {
  if (parts.size() < 2 || (parts.back() != "0" && parts.back() != "1")) return Ending::Option;
  if (parts.size() > 2) return std::all_of(parts.begin(), parts.end(), isNumber) ? Ending::Option : Ending::Unclear;
  for (std::string_view end : {"。", "？", "！", ".", "?", "!"})
    if (parts[0].ends_with(end)) return Ending::Truth;
  return Ending::Unclear;
}

/// In every line the right option stands first, and an item whose options refer to others keeps their order on paper: its answer would
/// always be A. So what refers goes to the end, where it is looked for, and the others are turned by a digest. The id stays that of the
/// line as it was written, by which a bank knows the item from earlier imports.
void moveReferring(Reading& reading, const std::string& stem, const std::vector<Reference>& refers) {
  Reading::Row& row = reading.items.back();
  Item& item = row.item;
  item.id = digestId(item);
  std::vector<std::size_t> order(item.options.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto others = std::stable_partition(order.begin(), order.end(), [&](std::size_t i) { return refers[i] == Reference::None; });
  constexpr std::size_t kPrefix = 2, kDigits = 6;  // "q-", then hex digits
  const auto turn = static_cast<std::ptrdiff_t>(std::stoul(item.id.substr(kPrefix, kDigits), nullptr, 16));
  if (others - order.begin() > 1) std::rotate(order.begin(), order.begin() + turn % (others - order.begin()), others);
  if (std::is_sorted(order.begin(), order.end())) return;
  std::vector<std::string> options;
  for (std::size_t i : order) options.push_back(std::move(item.options[i]));
  item.options = std::move(options);
  item.key = {static_cast<int>(std::find(order.begin(), order.end(), std::size_t{0}) - order.begin())};
  reading.notes.push_back(formats::findingAt(row.place, "options_moved", stem,
                                             {"有选项引用别的选项，试卷上不能打乱：引用的选项移到最后，其余换了位置，否则答案总是 A", "an option refers to others, so the order stays on every paper: it was put last and the others were turned, else the answer would always be A"}));
}

/// What the right option refers to by a letter is not known: the options of a line have none.
bool namesSomeByLetters(const std::vector<Reference>& refers) {
  const auto by_letters = std::count(refers.begin(), refers.end(), Reference::ByLetters);
  return by_letters > 0 && static_cast<std::size_t>(by_letters) < refers.size();  // all of them: "ABC", "BCA", "CAB" are orders of phases
}

void readLine(Reading& reading, const Place& place, const std::string& line) {
  const auto bad = [&](Wording why) { formats::refuse(reading, place, line, "bad_question", std::move(why)); };
  const std::size_t number = line.find('#');
  if (number == std::string::npos || number == 0 || line.find_first_not_of("0123456789") != number)
    return bad({"应为 序号#题干#正确选项$错误选项 或 序号#题干$0", "expected NUMBER#STEM#RIGHT$WRONG or NUMBER#STEM$0"});
  const std::string rest = line.substr(number + 1);
  const std::size_t hash = rest.rfind('#'), dollar = rest.rfind('$');
  Question q;
  q.place = place;
  const std::vector<std::string> parts = hash == std::string::npos ? std::vector<std::string>() : split(std::string_view(rest).substr(hash + 1), '$');
  const Ending ending = endingOf(parts);
  if (ending == Ending::Unclear)
    return bad({"以 $0 或 $1 结尾而题干里有 #：分不清是判断题还是选项为 0 或 1 的单选题", "it ends with $0 or $1 and holds a further #: a true/false line, or a choice with 0 or 1 as an option?"});
  if (hash == std::string::npos || ending == Ending::Truth) {
    const std::string mark = dollar == std::string::npos ? "" : trim(rest.substr(dollar + 1));
    if (mark != "0" && mark != "1") return bad({"判断题应以 $0（正确）或 $1（错误）结尾", "a true/false line ends with $0 (right) or $1 (wrong)"});
    formats::makeTrueFalse(q, mark == "0");
    q.stem = cleanText(rest.substr(0, dollar));
  } else {
    q.item.type = ItemType::SingleChoice;
    q.item.key = {0};
    q.stem = cleanText(rest.substr(0, hash));
    for (const std::string& option : parts) q.options.push_back(cleanText(option));
  }
  std::vector<Reference> refers;
  for (const CleanedText& option : q.options) refers.push_back(referenceOf(option.plain, q.options.size()));
  if (namesSomeByLetters(refers))
    return formats::refuse(reading, std::move(q), "bad_question",
                           {"有选项用字母指别的选项，而 # 行的选项没有字母：请写明所指的内容", "an option names others by letters, which the options of a line do not have: write what is meant"});
  const bool any = std::any_of(refers.begin(), refers.end(), [](Reference one) { return one == Reference::ToAll; });
  const std::size_t items = reading.items.size();
  const std::string stem = q.stem.plain;
  formats::take(reading, std::move(q));
  if (any && reading.items.size() > items) moveReferring(reading, stem, refers);
}

}  // namespace

bool formats::headsHashLines(std::string_view line) {
  constexpr std::size_t kHeadingMax = 30;
  return line.find_first_of("#${}") == std::string_view::npos && codePoints(line) <= kHeadingMax && readCategory(line).has_value();
}

Result<Reading> readHashLines(std::string_view bytes, const std::string& file) {
  INVIGIL_TRY(text, formats::utf8Text(bytes, "文件", "The file"));
  Reading reading;
  formats::eachLine(text, [&](std::string_view line, int number) {
    const std::string trimmed = trim(line);
    if (trimmed.empty()) return;
    const Place place{file, "", number, 0};
    if (formats::headsHashLines(trimmed)) reading.notes.push_back(formats::findingAt(place, "left_out", trimmed, {"这一行是标题，不是试题", "the line is a heading, no question"}));
    else readLine(reading, place, trimmed);
  });
  return reading;
}

}  // namespace invigil::bank
