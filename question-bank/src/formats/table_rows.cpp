// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include "formats/as_read.hpp"
#include "formats/findings.hpp"
#include "formats/table_line.hpp"
#include "formats/table_parts.hpp"
#include "formats/table_pictures.hpp"
#include "formats/table_rows.hpp"
#include "invigil/bank/markup.hpp"
#include "invigil/base/text.hpp"
#include "item.hpp"

namespace invigil::bank {
namespace {

using formats::Above;
using formats::Cells;
using formats::cellsOf;
using formats::findingAt;
using formats::Habits;
using formats::twoLanguages;

/// "二、单选题（每题 2 分）" alone in its row: the type of what follows; "" = no such line.
std::string sectionOf(const Sheet::Line& line) {
  std::string text;
  for (const std::string& cell : line.cells) {
    std::string one = trim(cell);
    if (one.empty()) continue;
    if (!text.empty() || one.size() > 200) return {};
    text = std::move(one);
  }
  std::string_view rest = text;
  const auto skip = [&](std::initializer_list<std::string_view> words) {
    for (std::string_view word : words)
      if (rest.starts_with(word)) return rest.remove_prefix(word.size()), true;
    return false;
  };
  const std::initializer_list<std::string_view> numerals{"一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
  skip({"第", "（", "("});
  bool numbered = false;
  while (skip(numerals)) numbered = true;
  if (numbered) {
    skip({"部分", "大题", "章"});
    while (skip({"、", ".", "．", "：", ":", "）", ")", " ", "　"})) {}
  } else {
    rest = text;
  }
  for (std::string_view word : {"判断题", "是非题", "对错题", "单项选择题", "单选题", "多项选择题", "多选题", "不定项选择题", "选择题", "填空题", "简答题", "问答题", "论述题", "计算题", "名词解释", "案例分析题", "案例题"}) {
    if (!rest.starts_with(word)) continue;
    rest.remove_prefix(word.size());
    if (rest.empty() || skip({"（", "(", "【", "[", "：", ":", "，", ",", "、", "。", " ", "　", "共", "每", "部分"})) return std::string(word);
    return {};
  }
  return {};
}

/// A row that may be a question, and what stands above it.
struct Entry {
  const Sheet::Line* line;
  Above above;
};

/// A run of rows under one row of headings.
struct Block {
  SheetMap map;
  std::size_t begin = 0, end = 0;  ///< of Sheet::lines, with the headings
  std::vector<Entry> entries;
};

Habits habitsOf(const Sheet& sheet, const Block& block, const std::vector<std::size_t>& beyond) {
  std::size_t rows = 0, numbered = 0, ones = 0, twos = 0, other_numbers = 0;
  Habits habits;
  for (std::size_t i = block.begin; i < block.end; ++i)
    if (const Sheet::Line& line = sheet.lines[i]; line.number == block.map.header_row) {
      if (line.cells == formats::exportedColumns()) return habits.own = true, habits;
      const auto first = static_cast<std::size_t>(std::find(block.map.columns.begin(), block.map.columns.end(), "option_1") - block.map.columns.begin());
      for (std::string_view one : {"1", "１", "一"}) habits.numbered_options = habits.numbered_options || (first < line.cells.size() && line.cells[first].find(one) != std::string::npos);
    }
  for (const Entry& entry : block.entries) {
    const Cells cells = cellsOf(*entry.line, block.map, beyond);
    const std::string stem = cells.get("stem"), key = formats::withoutAnswerPrefix(cells.get("key")), type = cells.get("type");
    if (stem.empty()) continue;
    ++rows;
    numbered += formats::numberBytes(stem) > 0;
    if (!type.empty() && !formats::isCode(type)) {
      const auto named = formats::readCategory(type);
      habits.names_single = habits.names_single || (named && *named == ItemType::SingleChoice);
      continue;
    }
    if (formats::isOptionOnly(cells)) habits.letters_need_options = true;
    if (!formats::hasNoOptions(cells)) continue;
    ones += key == "1";
    twos += key == "2";
    other_numbers += key != "1" && key != "2" && formats::isCode(key);
    const auto letters = formats::readLetters(key, 8);
    if (!letters || formats::truthOf(key) || !entry.above.section.empty()) continue;
    if (letters->value.size() > 1 || letters->value.back() > 1 || (!habits.letters_need_options && formats::asksForOption(stem))) habits.letters_need_options = true;
  }
  habits.numbered_stems = rows >= 5 && numbered * 10 >= rows * 9;
  habits.numbered_truths = ones >= 3 && twos >= 3 && other_numbers == 0;
  return habits;
}

/// "3、17、29", at most ten of them.
std::string numbersOf(const std::vector<int>& rows) {
  constexpr std::size_t kNamed = 10;
  std::string out;
  for (std::size_t i = 0; i < std::min(kNamed, rows.size()); ++i) out += (i > 0 ? "、" : "") + std::to_string(rows[i]);
  return rows.size() > kNamed ? out + "……" : out;
}

/// The rows of a sheet, apart where headings stand again.
/// @param guessed  nobody gave a map: the headings that stand above a row say what its columns are
/// @param zero_is_option  see formats::zeroIsOption()
std::vector<Block> blocksOf(const Sheet& sheet, const SheetMap& map, bool guessed, bool zero_is_option, const Place& place, Reading& reading) {
  std::vector<Block> blocks(1);
  blocks[0].map = map;
  const auto head = std::find_if(sheet.lines.begin(), sheet.lines.end(), [&](const Sheet::Line& line) { return line.number == map.header_row; });
  const bool headed = map.header_row > 0 && head != sheet.lines.end();
  const bool own = headed && head->cells == formats::exportedColumns();
  Above above;
  if (auto named = formats::readCategory(sheet.name)) above.sheet = *named;
  bool fresh = false;  // the section begins here: no row of it was seen
  std::vector<int> again;
  for (std::size_t i = 0; i < sheet.lines.size(); ++i) {
    const Sheet::Line& line = sheet.lines[i];
    const std::string section = own ? "" : sectionOf(line);
    if (!section.empty()) {
      above.section = section;
      fresh = true;
    } else if (line.number > map.header_row && !own && ((headed && line.cells == head->cells) || formats::isHeading(line.cells))) {
      again.push_back(line.number);
      if (!fresh) above.section.clear();
      if (auto columns = formats::columnsOfHeading(sheet, i, zero_is_option); guessed && columns != blocks.back().map.columns) {
        blocks.back().end = i;
        blocks.push_back({{map.name, true, line.number, std::move(columns)}, i, 0, {}});
      }
    } else if (line.number > map.header_row) {
      blocks.back().entries.push_back({&line, above});
      fresh = false;
    }
  }
  blocks.back().end = sheet.lines.size();
  if (!again.empty()) {
    const std::string rows = numbersOf(again);
    reading.notes.push_back(findingAt(place, "headings_repeated", sheet.name, {"第 " + rows + " 行又是表头，不是题目" + (guessed ? "，它下面的行按它读" : ""),
                                                                            "rows " + rows + " are headings again and no questions" + (guessed ? "; the rows below were read by them" : "")}));
  }
  return blocks;
}

/// A role as it is named in a sentence.
Wording roleName(const std::string& role) {
  static const std::map<std::string, std::string> kNames{{"type", "题型"}, {"stem", "题干"}, {"options", "选项"}, {"key", "答案"}, {"explanation", "解析"}, {"source", "来源"}, {"difficulty", "难度"}, {"tags", "标签"}};
  if (role.starts_with("option_")) return {std::string("选项 ") + static_cast<char>('A' + (role.back() - '1')), std::string("option ") + static_cast<char>('A' + (role.back() - '1'))};
  const auto found = kNames.find(role);
  return {found == kNames.end() ? role : found->second, role};
}

/// Why a row was not taken, at the column that the reason speaks of.
Finding refusedRow(Place place, const Sheet::Line& line, const Cells& cells, const Error& error) {
  std::string text = cells.get("stem");
  if (text.empty())
    for (const std::string& cell : line.cells) text += (text.empty() ? "" : " | ") + trim(cell);
  const std::string& detail = error.detail;
  const char* role = error.where == "difficulty" ? "difficulty" : detail.find("答案") != std::string::npos ? "key"
                   : detail.find("选项") != std::string::npos ? "options" : detail.find("题型") != std::string::npos ? "type" : "stem";
  for (const auto& [name, column] : cells.column)
    if (name.starts_with(role) || (role == std::string_view("options") && name == "option_1")) place.column = column;
  if (error.where == "beyond") place.column = cells.beyond;
  return findingAt(place, error.reason == "content_missing" ? "content_missing" : "refused", formats::withPictureWords(text), twoLanguages(detail));
}

/// With the options beyond H, which no item of a table has.
Cells withFurtherOptions(Cells cells, const Sheet::Line& line, const std::vector<std::size_t>& beyond) {
  if (cells.beyond == 0) return cells;
  constexpr std::size_t kLettered = 8;
  cells.options.resize(kLettered);
  for (std::size_t column : beyond)
    if (column < line.cells.size() && !trim(line.cells[column]).empty()) cells.options.push_back(trim(line.cells[column]));
  return cells;
}

/// What is the same for all rows of a sheet.
struct SheetReader {
  const Sheet& sheet;
  const std::string& file;
  Reading& reading;
  formats::PicturesOfRow pictures;
  std::size_t shown = 0;
  std::size_t lettered = 0;
  std::set<std::string> used;

  void readRow(const Entry& entry, const SheetMap& map, const std::vector<std::size_t>& beyond, const Habits& habits) {
    Sheet::Line line = *entry.line;
    const Place place{file, sheet.name, line.number, 0};
    const std::size_t here = pictures.count(line.number);
    const auto scripts = formats::scriptsOf(sheet, line.number);
    if (here > 0 || !scripts.empty()) formats::placeScripts(scripts, map, line.cells);
    const bool complete = formats::placePictures(pictures, line.number, map, line.cells);
    shown += complete ? here : 0;
    const Cells cells = cellsOf(line, map, beyond);
    if (!complete) {
      refuse(findingAt(place, "content_missing", formats::withPictureWords(cells.get("stem")),
                       {"这一行的图片读不出来（.xls 请另存为 .xlsx；只认 PNG、JPEG、GIF、WebP，每张 5 MiB 以内）", "a picture of this row cannot be read (save an .xls as .xlsx; PNG, JPEG, GIF or WebP of at most 5 MiB each)"}),
             entry, cells, habits, false);
      return;
    }
    if (!habits.own && formats::isOptionOnly(cells)) {
      const Error error{ErrorCode::InvalidInput, "bad_row", "这一行像是上一题的选项：选项要和题目写在同一行。 / This row looks like an option of the one above: options stand in the row of their question.", ""};
      refuse(refusedRow(place, line, cells, error), entry, cells, habits, here > 0);
      return;
    }
    auto read = formats::readLine(cells, entry.above, habits);
    if (read && read->html && (here > 0 || formats::hasScripts(read->item.value)))
      read = fail(ErrorCode::InvalidInput, "bad_row", "这一行既有网页格式又有图片或上下标，请只用一种。 / The row holds HTML and also pictures or raised characters: use one of the two.");
    if (!read) {
      refuse(refusedRow(place, line, cells, read.error()), entry, withFurtherOptions(cells, line, beyond), habits, here > 0);
      return;
    }
    take(*read, place, here > 0);
  }

 private:
  /// With what the row says, for whoever mends it.
  /// @param pictured  its pictures go along; else a word stands for each
  void refuse(Finding finding, const Entry& entry, const Cells& cells, const Habits& habits, bool pictured) {
    std::optional<ItemType> type = entry.above.sheet;
    if (const auto section = formats::readCategory(entry.above.section)) type = *section;
    AsRead row = formats::tableAsRead(cells, type, !habits.own);
    Item& item = row.item;
    if (habits.numbered_stems) item.stem = trim(item.stem.substr(formats::numberBytes(item.stem)));
    if (pictured || formats::hasScripts(item)) formats::showMarks(item);
    const std::vector<std::string> names = mediaOf(item);
    std::copy_if(sheet.media.begin(), sheet.media.end(), std::back_inserter(row.media), [&](const Media& one) { return std::find(names.begin(), names.end(), one.name) != names.end(); });
    std::vector<std::string*> texts{&row.type, &row.options, &row.key, &item.stem, &item.explanation, &item.source};
    for (auto* list : {&item.options, &item.tags})
      for (std::string& text : *list) texts.push_back(&text);
    for (std::string* text : texts) *text = formats::withPictureWords(*text);
    finding.as_read = asRead(std::move(row));
    reading.refused.push_back(std::move(finding));
  }

  void take(formats::LineRead& read, const Place& place, bool pictured) {
    Item& item = read.item.value;
    const std::string stem = read.html ? plainText(item.stem, true) : formats::withPictureWords(item.stem);
    const bool scripted = formats::hasScripts(item);
    if (pictured || scripted) formats::showMarks(item);
    for (std::string& name : mediaOf(item)) used.insert(std::move(name));
    std::move(read.media.begin(), read.media.end(), std::back_inserter(reading.media));
    for (const Wording& what : read.left_out) reading.notes.push_back(findingAt(place, "left_out", stem, what));
    lettered += read.lettered_truth;
    Reading::Row row{std::move(item), place, {}};
    if (read.item.repaired) row.repairs.push_back(formats::tidied(place, stem));
    if (scripted) row.repairs.push_back(findingAt(place, "scripts_kept", stem, {"上标和下标已按格式保留", "raised and lowered characters were kept as such"}));
    for (const Wording& what : read.item.shortened) row.repairs.push_back(findingAt(place, "shortened", stem, what));
    reading.items.push_back(std::move(row));
  }
};

void readSheet(const Sheet& sheet, const SheetMap& map, bool guessed, bool zero_is_option, const std::string& file, Reading& reading) {
  const Place place{file, sheet.name, 0, 0};
  SheetReader reader{sheet, file, reading, {}, 0, 0, {}};
  for (const Sheet::Picture& one : sheet.pictures) reader.pictures.emplace(one.row, &one);
  if (guessed && map.header_row == 0) {
    std::string zh, en;
    for (std::size_t c = 0; c < map.columns.size(); ++c) {
      if (map.columns[c] == "ignore") continue;
      const Wording name = roleName(map.columns[c]);
      zh += (zh.empty() ? "第 " : "、第 ") + std::to_string(c + 1) + " 列" + name.zh;
      en += (en.empty() ? "" : ", ") + std::to_string(c + 1) + " " + name.en;
    }
    reading.notes.push_back(findingAt(place, "columns_guessed", sheet.name, {"没有认出表头，各列是按内容猜的（" + zh + "），请核对", "no headings were recognised; what the columns are was guessed from their content (" + en + "): check it"}));
  }
  constexpr std::size_t kTold = 20;  // of thousands of headings each would be told of
  std::size_t told = 0;
  const std::vector<Block> blocks = blocksOf(sheet, map, guessed, zero_is_option, place, reading);
  for (const Block& block : blocks) {
    Sheet part;
    if (blocks.size() > 1) {
      part.name = sheet.name;
      part.lines.assign(sheet.lines.begin() + static_cast<std::ptrdiff_t>(block.begin), sheet.lines.begin() + static_cast<std::ptrdiff_t>(block.end));
      // What is doubtful about a cell stands with them.
      std::copy_if(sheet.scripts.begin(), sheet.scripts.end(), std::back_inserter(part.scripts), [&](const Sheet::Script& one) {
        return !part.lines.empty() && one.row >= part.lines.front().number && one.row <= part.lines.back().number;
      });
    }
    const Sheet& lines = blocks.size() > 1 ? part : sheet;
    const std::vector<std::size_t> beyond = formats::columnsBeyond(lines, block.map, zero_is_option);
    const Habits habits = habitsOf(sheet, block, beyond);
    if (told++ < kTold) formats::tellUnreadColumns(lines, block.map, beyond, file, reading);
    if (habits.numbered_stems)
      reading.notes.push_back(findingAt(place, "stem_numbers", sheet.name, {"题干前的序号不属于题目，已去掉", "the numbers before the stems are no part of them and were taken off"}));
    if (habits.numbered_truths)
      reading.notes.push_back(findingAt(place, "numbered_truths", sheet.name, {"没有选项而答案是 1 或 2 的题按判断题读入：1 为正确，2 为错误；请抽查几道", "items without options that are answered by 1 or 2 came in as true/false: 1 is right, 2 is wrong; look at a few of them"}));
    for (const Entry& entry : block.entries) reader.readRow(entry, block.map, beyond, habits);
  }
  if (reader.lettered > 0)
    reading.notes.push_back(findingAt(place, "lettered_truths", sheet.name, {"没有题型和选项而答案是 A 或 B 的 " + std::to_string(reader.lettered) + " 题按判断题读入：A 为正确，B 为错误；请抽查几道",
                                                                          std::to_string(reader.lettered) + " items without a type and options that are answered by A or B came in as true/false: A is right, B is wrong; look at a few of them"}));
  std::copy_if(sheet.media.begin(), sheet.media.end(), std::back_inserter(reading.media), [&](const Media& one) { return reader.used.contains(one.name); });
  formats::tellPictures(sheet, reader.shown, place, reading);
}

/// "电压是（ B ）。": brackets that hold an answer.
std::size_t answersIn(const std::string& stem) {
  std::size_t found = 0;
  constexpr std::size_t kInsideMax = 40;
  for (const auto& [open, close] : {std::pair<std::string_view, std::string_view>{"（", "）"}, {"(", ")"}})
    for (std::size_t at = stem.find(open); at != std::string::npos; at = stem.find(open, at + 1)) {
      const std::string_view behind = std::string_view(stem).substr(at + open.size(), kInsideMax);
      const std::size_t end = behind.find(close);
      if (end == std::string_view::npos) continue;
      const std::string inside = trim(behind.substr(0, end));
      found += formats::truthOf(inside).has_value() || formats::readLetters(inside, 8).has_value();
    }
  return found;
}

/// Nine stems of ten hold one answer, and no column does.
bool answersInStems(const Sheet& sheet, const SheetMap& map) {
  const auto has = [&](std::string_view role) { return std::find(map.columns.begin(), map.columns.end(), role) != map.columns.end(); };
  if (!has("stem") || has("key")) return false;
  std::size_t stems = 0, answered = 0;
  for (const Sheet::Line& line : sheet.lines) {
    const std::string stem = cellsOf(line, map, {}).get("stem");
    stems += !stem.empty();
    answered += answersIn(stem) == 1;
  }
  return answered > 0 && answered * 10 + 10 >= stems * 9;  // one row may be that of the headings
}

/// Why a sheet was not read.
Wording notUsed(const Sheet& sheet, const SheetMap& map, bool guessed) {
  const std::string rows = std::to_string(sheet.lines.size());
  const Wording begin{"没有读这张表的 " + rows + " 行：", "the " + rows + " rows of this sheet were not read: "};
  if (guessed && std::find(map.columns.begin(), map.columns.end(), "key") != map.columns.end())
    return {begin.zh + "它没有认出的表头，而别的表有；如果也是题目，请指定各列", begin.en + "it has no headings that are known, and another sheet has; if it holds questions too, say what its columns are"};
  if (guessed && answersInStems(sheet, map))
    return {begin.zh + "没有答案列，答案好像写在题干的括号里；请把答案移到单独的一列", begin.en + "it has no column of answers, they seem to stand in the brackets of the stems; move them to a column of their own"};
  return {begin.zh + "没有认出题干列和答案列，或设为不读", begin.en + "no stem and key column was recognised, or it is set aside"};
}

/// The dialogue of the pages gives every column a kind: those behind the last that is read change nothing.
bool sameMap(SheetMap a, SheetMap b) {
  for (SheetMap* one : {&a, &b})
    while (!one->columns.empty() && one->columns.back() == "ignore") one->columns.pop_back();
  return a == b;
}

}  // namespace

Reading readTable(const std::vector<Sheet>& sheets, const ColumnMap& map, const std::string& file) {
  Reading reading;
  const bool zero_is_option = formats::zeroIsOption(sheets);
  const ColumnMap guess = formats::guessColumns(sheets, zero_is_option);
  for (std::size_t i = 0; i < sheets.size(); ++i) {
    const Sheet& sheet = sheets[i];
    const auto mapped = std::find_if(map.begin(), map.end(), [&](const SheetMap& one) { return one.name == sheet.name; });
    const Place place{file, sheet.name, 0, 0};
    const bool guessed = mapped != map.end() && sameMap(*mapped, guess[i]);
    if (mapped != map.end() && mapped->use) readSheet(sheet, *mapped, guessed, zero_is_option, file, reading);
    else if (!sheet.lines.empty()) reading.notes.push_back(findingAt(place, "sheet_not_used", sheet.name, notUsed(sheet, mapped == map.end() ? SheetMap{} : *mapped, guessed)));
  }
  return reading;
}

}  // namespace invigil::bank
