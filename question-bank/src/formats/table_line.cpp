// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/table_line.hpp"

#include <algorithm>
#include <map>

#include "formats/texts.hpp"
#include "invigil/bank/markup.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank::formats {
namespace {

tl::unexpected<Error> bad(const std::string& sentence, const char* reason = "bad_row", const char* where = "") {
  return fail(ErrorCode::InvalidInput, reason, sentence, where);
}

/// A cell such as [{"optionContent":"…"}, …]; empty for everything else.
std::vector<std::string> optionsOfJson(const std::string& cell) {
  if (!cell.starts_with("[{")) return {};
  const Json list = Json::parse(cell, nullptr, false);
  if (!list.is_array()) return {};
  std::vector<std::string> out;
  for (const Json& one : list) {
    std::vector<std::string> texts;
    if (one.is_object())
      for (const auto& [name, value] : one.items())
        if (value.is_string()) texts.push_back(value.get<std::string>());
    if (texts.size() != 1) return {};
    out.push_back(std::move(texts.front()));
  }
  return out;
}

/// "1" to "5" and the words for them; 0 where nothing stands there.
Result<int> difficultyOf(const std::string& text) {
  static const std::map<std::string, int> kDifficulties{{"", 0}, {"1", 1}, {"2", 2}, {"3", 3}, {"4", 4}, {"5", 5}, {"易", 1}, {"较易", 2}, {"中", 3},
                                                       {"较难", 4}, {"难", 5}, {"容易", 1}, {"简单", 1}, {"一般", 3}, {"中等", 3}, {"困难", 5}};
  if (const auto known = kDifficulties.find(text); known != kDifficulties.end()) return known->second;
  return bad("难度应为 1 到 5 或易、较易、中、较难、难。 / The difficulty is 1 to 5 or 易, 较易, 中, 较难, 难.", "bad_row", "difficulty");
}

/// Choice of one or several: the answer says which.
bool namesAnyChoice(const std::string& named, const Habits& habits) {
  std::string plain;
  for (char c : named)
    if (c != ' ' && c != '-') plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (named.find("不定项") != std::string::npos || plain == "选择题" || plain == "选择" || plain == "choice") return true;
  // In English a multiple-choice question has several options and most often one answer.
  return (plain == "multiplechoice" || plain == "multiplechoicequestion" || plain == "mcq") && !habits.names_single;
}

bool hasOptionsOf(const std::string& named) {
  const auto type = readCategory(named);
  return type && *type != ItemType::TrueFalse;
}

/// Options that stand at the end of the stem.
struct InStem {
  bool marks = false;  ///< there are some, whether or not they can be told apart
  std::string stem;
  std::vector<std::string> options;  ///< with their marks; empty: they cannot
};
InStem optionsInStem(const std::string& stem) {
  InStem out;
  std::vector<std::size_t> lines, others;
  constexpr std::size_t kLooked = 20, kLongest = 40'000;  // bytes: a stem and its options are shorter
  if (stem.size() > kLongest) return out;
  for (std::size_t at = 1; at < stem.size() && lines.size() + others.size() < kLooked; ++at) {
    if (stem[at] != 'A' && stem[at] != '(' && stem[at] != '\xEF') continue;
    const std::string_view before = std::string_view(stem).substr(0, at);
    const bool line = before.ends_with('\n');
    bool apart = line;
    for (std::string_view end : {" ", "\t", "　", "）", ")", "。", "？", "?", "：", ":"}) apart = apart || before.ends_with(end);
    const auto first = apart ? markedText(std::string_view(stem).substr(at, 40)) : std::nullopt;
    if (first && first->first == 0) (line ? lines : others).push_back(at);
  }
  for (std::size_t at : lines.empty() ? others : lines) {
    const auto parts = splitOptions(std::string_view(stem).substr(at));
    out.marks = out.marks || !parts || parts->size() > 1;
    if (!parts || parts->size() < 2 || trim(stem.substr(0, at)).empty()) continue;
    bool lettered = true;
    for (std::size_t i = 0; i < parts->size(); ++i) lettered = lettered && letterOf((*parts)[i]) == static_cast<char>('A' + i);
    if (!lettered || !stripMarkers(*parts)) continue;
    if (!out.options.empty()) return {true, {}, {}};  // which of the two lists?
    out.stem = trim(stem.substr(0, at));
    out.options = *parts;
  }
  return out;
}

/// The key as the reader of loose rows takes it, or as it stands.
Read<std::string> keyOf(const std::string& given, const std::vector<std::string>& options, bool numbered_options) {
  constexpr std::size_t kLongest = 4000;
  if (given.size() > kLongest) return {given, false};
  const std::string raw = withoutAnswerPrefix(given), bare = unwrapped(raw);
  const auto letter = [](std::size_t index) { return std::string(1, static_cast<char>('A' + index)); };
  const auto equal = [&](const std::string& text) {
    const auto first = std::find(options.begin(), options.end(), text);
    return first == options.end() ? options.size() : static_cast<std::size_t>(first - options.begin());  // stripMarkers(): no two are equal
  };
  if (readLetters(raw, 8)) return {given, false};
  if (const auto marked = markedText(bare)) {
    const auto index = static_cast<std::size_t>(marked->first);
    if (index < options.size() && (options[index] == marked->second || options[index] == unwrapped(marked->second))) return {letter(index), true};
    if (options.empty() && truthOf(marked->second)) return {marked->second, true};
    return {given, false};
  }
  const bool pair = options.size() == 2 && truthOf(options[0]) && truthOf(options[1]);
  if ((options.empty() || pair) && truthOf(raw)) return {given, false};
  if ((options.empty() || pair) && truthOf(bare)) return {bare, true};
  const std::size_t same = std::min(equal(raw), equal(bare));
  std::string numbered;
  if (numbered_options && !options.empty()) {
    bool digit = false;  // the character before: "12" is no number of an option
    for (char c : bare) {
      const bool is = c >= '1' && c < static_cast<char>('1' + options.size());
      if (!is && std::string_view(" ,;.|/").find(c) == std::string_view::npos) return same < options.size() ? Read<std::string>{letter(same), true} : Read<std::string>{given, false};
      if (is && digit) return {given, false};
      digit = is;
      if (is) numbered += static_cast<char>('A' + (c - '1'));
    }
  }
  if (!numbered.empty() && same < options.size()) return {given, false};  // the second option, or the one that reads "2"?
  if (!numbered.empty()) return {numbered, true};
  return same < options.size() ? Read<std::string>{letter(same), true} : Read<std::string>{given, false};
}

/// Cells that hold HTML, by what they are. While the row is read their words stand for them.
struct HtmlCells {
  std::map<std::string, CleanedText> of;
  bool any = false, rich = false;  ///< rich: more than words and lines

  Status take(const std::string& role, std::string& cell) {
    if (!looksLikeHtml(cell)) return {};
    CleanedText text = cleanHtml(cell);
    if (text.loses_content) {
      const Wording& what = text.left_out.back();
      return bad(what.zh + "。 / " + what.en + ".", "content_missing");
    }
    any = true;
    rich = rich || !text.is_plain;
    cell = text.plain;
    of[role] = std::move(text);
    return {};
  }

  Status takeAll(Cells& cells) {
    for (const char* role : {"stem", "options", "explanation"})
      if (const auto cell = cells.of.find(role); cell != cells.of.end()) INVIGIL_CHECK(take(role, cell->second));
    for (std::size_t i = 0; i < cells.options.size(); ++i) INVIGIL_CHECK(take(std::to_string(i), cells.options[i]));
    return {};
  }

  /// `text` is what was kept of the words of that cell: what stood before it goes from the HTML too.
  Status write(const std::string& role, std::string& text) const {
    const auto found = of.find(role);
    if (found == of.end()) return text = htmlOfText(text), Status{};
    const std::string plain = trim(found->second.plain);
    std::string html = found->second.html;
    if (plain != text) {
      if (!plain.ends_with(text)) return bad("这一行含有网页格式，分不开题干和选项：请分列填写。 / The row holds HTML that cannot be taken apart: give each text a column.");
      const std::string lead = escapeHtml(trim(std::string_view(plain).substr(0, plain.size() - text.size())));
      std::size_t at = 0;
      while (at < html.size() && (html[at] == '<' || html[at] == ' ')) at = html[at] == ' ' ? at + 1 : std::min(html.find('>', at), html.size() - 1) + 1;
      if (!std::string_view(html).substr(at).starts_with(lead)) return bad("这一行含有网页格式，分不开序号和题目。 / The row holds HTML in which number or mark and text cannot be told apart.");
      html.erase(at, lead.size());
    }
    text = std::move(html);
    return {};
  }

  Status writeAll(Item& item) const {
    item.markup = Markup::Html;
    item.id.clear();  // a digest of the words
    INVIGIL_CHECK(write("stem", item.stem));
    INVIGIL_CHECK(write("explanation", item.explanation));
    if (item.type == ItemType::TrueFalse) return {};
    if (of.contains("options")) return bad("选项写在一格里又含有网页格式，分不开：请分列填写。 / The options share a cell and hold HTML: give each a column.");
    for (std::size_t i = 0; i < item.options.size(); ++i) INVIGIL_CHECK(write(std::to_string(i), item.options[i]));
    return {};
  }
};

/// "（ ）" in the middle of a stem; behind its full stop it is for √ or ×.
bool hasEmptyBracket(const std::string& stem) {
  for (const auto& [open, close] : {std::pair<std::string_view, std::string_view>{"（", "）"}, {"(", ")"}})
    for (std::size_t at = stem.find(open); at != std::string::npos; at = stem.find(open, at + 1)) {
      std::size_t end = at + open.size();
      for (bool blank = true; blank;) {
        blank = false;
        for (std::string_view one : {" ", "_", "\t", "　", "\u00A0"})
          if (std::string_view(stem).substr(end).starts_with(one)) end += one.size(), blank = true;
      }
      if (!std::string_view(stem).substr(end).starts_with(close)) continue;
      if (!trim(std::string_view(stem).substr(end + close.size())).empty()) return true;
      const std::string before = trim(std::string_view(stem).substr(0, at));
      return !(before.ends_with("。") || before.ends_with(".") || before.ends_with("！"));
    }
  return false;
}

}  // namespace

std::size_t numberBytes(std::string_view text) {
  std::size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
  if (digits == 0 || digits > 5) return 0;
  for (std::string_view mark : {".", "、", "．"})
    if (text.substr(digits).starts_with(mark)) {
      const std::string_view rest = text.substr(digits + mark.size());
      return rest.empty() || (rest[0] >= '0' && rest[0] <= '9') ? 0 : digits + mark.size();  // "1.5 米" is no number of an item
    }
  return 0;
}

bool isCode(const std::string& text) { return !text.empty() && text.size() <= 2 && text.find_first_not_of("0123456789") == std::string::npos; }

bool hasNoOptions(const Cells& cells) { return cells.options.empty() && cells.get("options").empty(); }

bool asksForOption(const std::string& stem) { return hasEmptyBracket(stem) || optionsInStem(stem).marks; }

bool isOptionOnly(const Cells& cells) { return cells.get("key").empty() && hasNoOptions(cells) && markedText(cells.get("stem")).has_value(); }

Result<LineRead> readLine(Cells cells, const Above& above, const Habits& habits) {
  if (cells.beyond > 0) {
    const std::string count = std::to_string(std::max<std::size_t>(cells.filled_options, 9));  // 选项I alone says that there are nine
    return bad("有 " + count + " 个选项，最多 8 个。 / There are " + count + " options; at most 8 are allowed.", "bad_row", "beyond");
  }
  LineRead out;
  HtmlCells html;
  if (!habits.own) INVIGIL_CHECK(html.takeAll(cells));
  bool repaired = html.any;

  std::string stem = cells.get("stem");
  const std::size_t number = habits.numbered_stems ? numberBytes(stem) : 0;
  if (number > 0) stem = trim(stem.substr(number));

  const std::string in_cell = cells.get("type");
  const bool coded = isCode(in_cell);
  const std::string named = in_cell.empty() ? above.section : coded ? "" : in_cell;
  const bool any_choice = !habits.own && !named.empty() && namesAnyChoice(named, habits);
  const bool typed = !named.empty() || above.sheet.has_value();
  const bool chosen = any_choice || (!named.empty() ? hasOptionsOf(named) : above.sheet && *above.sheet != ItemType::TrueFalse);

  // Options: with and without their marks.
  const std::vector<std::string> listed = optionsOfJson(cells.get("options"));
  Json choices;
  Result<std::vector<std::string>> parts = std::vector<std::string>();
  if (!cells.options.empty()) choices = *(parts = cells.options);
  else if (!listed.empty()) choices = *(parts = listed);
  else if (!cells.get("options").empty()) {
    choices = cells.get("options");
    parts = splitOptions(cells.get("options"));
  }
  const std::string given = cells.get("key");
  if (!habits.own && choices.is_null() && (typed ? chosen : readLetters(given, 8).has_value())) {
    InStem inside = optionsInStem(stem);
    if (!inside.options.empty()) {
      stem = std::move(inside.stem);
      choices = *(parts = std::move(inside.options));
      repaired = true;
    }
  }
  std::vector<std::string> options;
  if (parts && parts->size() > 1)
    if (auto texts = stripMarkers(*parts, !habits.own)) options = std::move(texts->value);

  const Read<std::string> key = habits.own ? Read<std::string>{given, false} : keyOf(given, options, habits.numbered_options);
  repaired = repaired || key.repaired;
  const std::string plain_key = withoutAnswerPrefix(key.value);
  const auto letters = readLetters(plain_key, 8);
  const ItemType choice = letters && letters->value.size() > 1 ? ItemType::MultipleChoice : ItemType::SingleChoice;

  Json row{{"title", stem}, {"answer", key.value}};
  if (!choices.is_null()) row["choices"] = choices;
  if (!cells.get("explanation").empty()) row["explanation"] = cells.get("explanation");
  if (key.value.empty()) row.erase("answer");
  std::optional<ItemType> type;
  if (any_choice) {
    type = choice;
    repaired = true;
  } else if (!named.empty()) {
    row["category"] = named;
  } else if (above.sheet) {
    type = above.sheet;
  } else {
    const bool truths = options.size() == 2 && truthOf(options[0]) && truthOf(options[1]);
    const bool unmarked = options.empty() || truths;  // other options are what the answer is about, even where it reads "F"
    const bool truth = truthOf(plain_key).has_value();
    type = (truth && unmarked) || (choices.is_null() && !(letters && habits.letters_need_options)) ? ItemType::TrueFalse : choice;
    out.lettered_truth = type == ItemType::TrueFalse && !truth && choices.is_null() && letters && !coded && !habits.own;
    repaired = repaired || out.lettered_truth;
    if (choices.is_null() && letters && type == ItemType::SingleChoice && letters->value[0] < 2)
      return bad("缺少选项，也没有题型：答案 " + firstCharacters(plain_key, 20) + " 是选项还是“正确”“错误”，分不清；请补上选项或题型。 / The options are missing and so is the type: whether " +
                 firstCharacters(plain_key, 20) + " is an option, or right and wrong, is not certain. Add options or the type.");
  }
  // Systems that number their types also number the answers of true/false: the first is right, the second wrong.
  const bool numbered_truth = type == ItemType::TrueFalse && (coded || (habits.numbered_truths && hasNoOptions(cells))) && (given == "1" || given == "2");
  if (numbered_truth) row["answer"] = given == "1" ? "正确" : "错误";

  INVIGIL_TRY(read, readLooseRow(row, type, !habits.own));
  read.repaired = read.repaired || numbered_truth || repaired;
  if (html.rich) INVIGIL_CHECK(html.writeAll(read.value));
  out.html = html.rich;
  for (auto& [role, text] : html.of) {
    std::move(text.media.begin(), text.media.end(), std::back_inserter(out.media));
    std::move(text.left_out.begin(), text.left_out.end(), std::back_inserter(out.left_out));
  }
  read.value.source = cells.get("source");
  shorten(read.value.source, 1000, {"来源", "source"}, read.shortened);
  read.value.tags = cells.tags;
  for (std::string& tag : read.value.tags) shorten(tag, 64, {"标签", "tag"}, read.shortened);
  std::sort(read.value.tags.begin(), read.value.tags.end());
  read.value.tags.erase(std::unique(read.value.tags.begin(), read.value.tags.end()), read.value.tags.end());
  INVIGIL_TRY(difficulty, difficultyOf(cells.get("difficulty")));
  read.value.difficulty = difficulty;
  out.item = std::move(read);
  return out;
}

}  // namespace invigil::bank::formats
