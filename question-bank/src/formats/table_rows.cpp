// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include "formats/findings.hpp"
#include "formats/loose_row.hpp"
#include "formats/table_cells.hpp"
#include "formats/table_pictures.hpp"
#include "formats/table_parts.hpp"
#include "invigil/base/text.hpp"
#include "item.hpp"

namespace invigil::bank {
namespace {

using formats::Cells;
using formats::cellsOf;
using formats::findingAt;
using formats::Json;
using formats::twoLanguages;

/// Bytes of "12." "12、" "12．" at the start; 0 = none.
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

/// "1", "2": the number of a type in some system's own list. What it stands for is seen from options and answer.
bool isCode(const std::string& text) { return !text.empty() && text.size() <= 2 && text.find_first_not_of("0123456789") == std::string::npos; }

/// What only a look at the whole sheet tells.
struct Habits {
  bool own = false;                  ///< our export: texts stand there as they are, without numbers and marks
  bool numbered_stems = false;       ///< nine stems of ten begin with a number: it counts the items and is no part of what is asked
  bool numbered_truths = false;      ///< rows without options answer with 1 (right) and 2 (wrong)
  bool letters_need_options = false; ///< some row answers with C to H, or with several letters, and has no options: so A is an option, not "right"
};

bool hasNoOptions(const Cells& cells) { return cells.options.empty() && cells.get("options").empty(); }

/// Where no column says the type: by the answer and the options.
ItemType typeOf(const Cells& cells, const Sheet& sheet, const Habits& habits) {
  if (auto named = formats::readCategory(sheet.name)) return *named;
  const std::string key = formats::withoutAnswerPrefix(cells.get("key"));
  const auto letters = formats::readLetters(key, 8);
  const bool choice = letters && habits.letters_need_options;
  if (formats::truthOf(key) || (hasNoOptions(cells) && !choice)) return ItemType::TrueFalse;
  return letters && letters->value.size() > 1 ? ItemType::MultipleChoice : ItemType::SingleChoice;
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
  return fail(ErrorCode::InvalidInput, "bad_row", "难度应为 1 到 5 或易、较易、中、较难、难。 / The difficulty is 1 to 5 or 易, 较易, 中, 较难, 难.", "difficulty");
}

Result<formats::LooseItem> readLine(const Cells& cells, const Sheet& sheet, const Habits& habits) {
  if (cells.beyond > 0) {
    const std::string count = std::to_string(std::max<std::size_t>(cells.filled_options, 9));  // 选项I alone says that there are nine
    return fail(ErrorCode::InvalidInput, "bad_row", "有 " + count + " 个选项，最多 8 个。 / There are " + count + " options; at most 8 are allowed.", "beyond");
  }
  std::string stem = cells.get("stem");
  const std::size_t number = habits.numbered_stems ? numberBytes(stem) : 0;
  if (number > 0) stem = trim(stem.substr(number));
  Json row{{"title", stem}, {"answer", cells.get("key")}};
  const std::vector<std::string> listed = optionsOfJson(cells.get("options"));
  const bool separate = !cells.options.empty();
  if (separate) row["choices"] = cells.options;
  else if (!listed.empty()) row["choices"] = listed;
  else if (!cells.get("options").empty()) row["choices"] = cells.get("options");
  if (!cells.get("explanation").empty()) row["explanation"] = cells.get("explanation");
  std::optional<ItemType> type;
  const std::string named = cells.get("type");
  const bool coded = isCode(named);
  if (!named.empty() && !coded) row["category"] = named;
  else type = typeOf(cells, sheet, habits);
  if (cells.get("key").empty()) row.erase("answer");
  // Systems that number their types also number the answers of true/false: the first is right, the second wrong.
  const bool numbered_truth = type == ItemType::TrueFalse && (coded || (habits.numbered_truths && hasNoOptions(cells))) &&
                              (cells.get("key") == "1" || cells.get("key") == "2");
  if (numbered_truth) row["answer"] = cells.get("key") == "1" ? "正确" : "错误";
  INVIGIL_TRY(read, formats::readLooseRow(row, type, !habits.own));
  read.repaired = read.repaired || numbered_truth;
  read.value.source = cells.get("source");
  formats::shorten(read.value.source, 1000, {"来源", "source"}, read.shortened);
  read.value.tags = cells.tags;
  for (std::string& tag : read.value.tags) formats::shorten(tag, 64, {"标签", "tag"}, read.shortened);
  std::sort(read.value.tags.begin(), read.value.tags.end());
  read.value.tags.erase(std::unique(read.value.tags.begin(), read.value.tags.end()), read.value.tags.end());
  INVIGIL_TRY(difficulty, difficultyOf(cells.get("difficulty")));
  read.value.difficulty = difficulty;
  return read;
}

Habits habitsOf(const Sheet& sheet, const SheetMap& map, const std::vector<std::size_t>& beyond) {
  std::size_t rows = 0, numbered = 0, ones = 0, twos = 0, other_numbers = 0;
  Habits habits;
  for (const Sheet::Line& line : sheet.lines) {
    if (line.number == map.header_row && line.cells == formats::exportedColumns()) return habits.own = true, habits;
    if (line.number <= map.header_row) continue;
    const Cells cells = cellsOf(line, map, beyond);
    const std::string stem = cells.get("stem"), key = formats::withoutAnswerPrefix(cells.get("key"));
    if (stem.empty()) continue;
    ++rows;
    numbered += numberBytes(stem) > 0;
    if (!hasNoOptions(cells) || (!cells.get("type").empty() && !isCode(cells.get("type")))) continue;
    ones += key == "1";
    twos += key == "2";
    other_numbers += key != "1" && key != "2" && isCode(key);
    const auto letters = formats::readLetters(key, 8);
    if (letters && !formats::truthOf(key) && (letters->value.size() > 1 || letters->value.back() > 1)) habits.letters_need_options = true;
  }
  habits.numbered_stems = rows >= 5 && numbered * 10 >= rows * 9;
  habits.numbered_truths = ones >= 3 && twos >= 3 && other_numbers == 0;
  return habits;
}

void readSheet(const Sheet& sheet, const SheetMap& map, const std::string& file, Reading& reading) {
  const std::vector<std::size_t> beyond = formats::columnsBeyond(sheet, map);
  const Habits habits = habitsOf(sheet, map, beyond);
  formats::tellUnreadColumns(sheet, map, beyond, file, reading);
  if (habits.numbered_stems)
    reading.notes.push_back(findingAt({file, sheet.name, 0, 0}, "stem_numbers", sheet.name, {"题干前的序号不属于题目，已去掉", "the numbers before the stems are no part of them and were taken off"}));
  if (habits.numbered_truths)
    reading.notes.push_back(findingAt({file, sheet.name, 0, 0}, "numbered_truths", sheet.name, {"没有选项而答案是 1 或 2 的题按判断题读入：1 为正确，2 为错误；请抽查几道", "items without options that are answered by 1 or 2 came in as true/false: 1 is right, 2 is wrong; look at a few of them"}));
  formats::PicturesOfRow pictures;
  for (const Sheet::Picture& one : sheet.pictures) pictures.emplace(one.row, &one);
  std::size_t shown = 0;
  std::set<std::string> used;
  for (Sheet::Line line : sheet.lines) {
    if (line.number <= map.header_row) continue;
    Place place{file, sheet.name, line.number, 0};
    const std::size_t here = pictures.count(line.number);
    const auto scripts = formats::scriptsOf(sheet, line.number);
    if (here > 0 || !scripts.empty()) formats::placeScripts(scripts, map, line.cells);
    const bool complete = formats::placePictures(pictures, line.number, map, line.cells);
    shown += complete ? here : 0;
    const Cells cells = cellsOf(line, map, beyond);
    if (!complete) {
      reading.refused.push_back(findingAt(place, "content_missing", formats::withPictureWords(cells.get("stem")),
                                          {"这一行的图片读不出来（.xls 请另存为 .xlsx；只认 PNG、JPEG、GIF、WebP，每张 5 MiB 以内）", "a picture of this row cannot be read (save an .xls as .xlsx; PNG, JPEG, GIF or WebP of at most 5 MiB each)"}));
      continue;
    }
    auto item = readLine(cells, sheet, habits);
    if (item) {
      const std::string stem = formats::withPictureWords(item->value.stem);
      const bool scripted = formats::hasScripts(item->value);
      if (here > 0 || scripted) formats::showMarks(item->value);
      for (std::string& name : mediaOf(item->value)) used.insert(std::move(name));
      Reading::Row row{std::move(item->value), place, {}};
      if (item->repaired)
        row.repairs.push_back(formats::tidied(place, stem));
      if (scripted) row.repairs.push_back(findingAt(place, "scripts_kept", stem, {"上标和下标已按格式保留", "raised and lowered characters were kept as such"}));
      for (const Wording& what : item->shortened) row.repairs.push_back(findingAt(place, "shortened", stem, what));
      reading.items.push_back(std::move(row));
      continue;
    }
    std::string text = cells.get("stem");
    if (text.empty())
      for (const std::string& cell : line.cells) text += (text.empty() ? "" : " | ") + trim(cell);
    const std::string& detail = item.error().detail;
    const char* role = item.error().where == "difficulty" ? "difficulty" : detail.find("答案") != std::string::npos ? "key"
                     : detail.find("选项") != std::string::npos ? "options" : detail.find("题型") != std::string::npos ? "type" : "stem";
    for (const auto& [name, column] : cells.column)
      if (name.starts_with(role) || (role == std::string_view("options") && name == "option_1")) place.column = column;
    if (item.error().where == "beyond") place.column = cells.beyond;
    reading.refused.push_back(findingAt(place, "refused", formats::withPictureWords(text), twoLanguages(detail)));
  }
  std::copy_if(sheet.media.begin(), sheet.media.end(), std::back_inserter(reading.media), [&](const Media& one) { return used.contains(one.name); });
  formats::tellPictures(sheet, shown, {file, sheet.name, 0, 0}, reading);
}

}  // namespace

Reading readTable(const std::vector<Sheet>& sheets, const ColumnMap& map, const std::string& file) {
  Reading reading;
  for (const Sheet& sheet : sheets) {
    const auto mapped = std::find_if(map.begin(), map.end(), [&](const SheetMap& one) { return one.name == sheet.name; });
    const Place place{file, sheet.name, 0, 0};
    if (mapped == map.end() || !mapped->use) {
      if (!sheet.lines.empty())
        reading.notes.push_back(findingAt(place, "sheet_not_used", sheet.name,
                                        {"没有读这张表的 " + std::to_string(sheet.lines.size()) + " 行：没有认出题干列和答案列，或设为不读",
                                         "the " + std::to_string(sheet.lines.size()) +
                                             " rows of this sheet were not read: no stem and key column was recognised, or it is set aside"}));
      continue;
    }
    readSheet(sheet, *mapped, file, reading);
  }
  return reading;
}

}  // namespace invigil::bank
