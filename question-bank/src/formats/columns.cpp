// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "formats/compound_file.hpp"
#include "formats/json_reader.hpp"
#include "formats/loose_text.hpp"
#include "formats/table_cells.hpp"
#include "formats/table_parts.hpp"
#include "formats/table_rows.hpp"
#include "formats/zero_option.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank {
namespace {

using formats::Json;

constexpr std::size_t kLookedAt = 200;  ///< rows that a guess from the content looks at
constexpr std::size_t kHeadingsWithin = 30;  ///< rows: titles and advice for those who fill in the table stand above them
constexpr std::size_t kHeadingBytesMax = 2000;

/// A header without brackets and what they hold, white space and case.
std::string plainHeader(std::string_view text) {
  std::string out;
  int depth = 0;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t bytes = static_cast<unsigned char>(text[i]) < 0x80 ? 1 : static_cast<unsigned char>(text[i]) < 0xE0 ? 2
                            : static_cast<unsigned char>(text[i]) < 0xF0 ? 3 : 4;
    const std::string_view one = text.substr(i, bytes);
    i += bytes;
    if (one == "(" || one == "（" || one == "[" || one == "【") ++depth;
    else if (one == ")" || one == "）" || one == "]" || one == "】") depth = std::max(0, depth - 1);
    else if (depth == 0 && one != " " && one != "_" && one != "-" && one != "*" && one != "　" && one != "\n" && one != "：" && one != ":")
      out += one.size() == 1 && one[0] >= 'A' && one[0] <= 'Z' ? std::string(1, static_cast<char>(one[0] - 'A' + 'a')) : std::string(one);
  }
  for (std::string_view end : {".", "．", "、", "。"})
    if (out.size() > end.size() && out.ends_with(end)) out.erase(out.size() - end.size());
  return out;
}

/// The letter or number of "选项a", "9项" and the like, small; "" where it is none.
std::string markOfOption(const std::string& header) {
  constexpr std::array<std::string_view, 10> kNumerals{"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};
  for (std::string_view before : {"备选选项", "备选答案", "备选项", "候选答案", "候选项", "选择项", "选项", "选择", "答案", "option", "choice", ""})
    for (std::string_view after : {"选项", "项", ""}) {
      if (header.size() <= before.size() + after.size() || !header.starts_with(before) || !header.ends_with(after)) continue;
      const std::string mark = header.substr(before.size(), header.size() - before.size() - after.size());
      const auto numeral = std::find(kNumerals.begin(), kNumerals.end(), mark);
      if (numeral != kNumerals.end() && !(before.empty() && after.empty())) return std::to_string(numeral - kNumerals.begin() + 1);
      const bool letter = mark.size() == 1 && mark[0] >= 'a' && mark[0] <= 'z';
      const bool number = mark.size() <= 2 && mark.find_first_not_of("0123456789") == std::string::npos && (mark == "0" || mark[0] != '0') && !(before.empty() && after.empty());
      if (letter || number) return mark;
    }
  return {};
}

/// What a heading says its column is. Of several columns for one role the greater rank counts: 题干 says more than 题目.
struct Role {
  std::string name;  ///< "" = not known
  int rank = 0;
};

/// @param from_zero  选项0 is the first option
Role roleOf(std::string_view text, bool from_zero = false) {
  const std::string header = plainHeader(text);
  struct Words {
    std::string_view role;
    int rank;
    std::vector<std::string_view> words;
  };
  static const std::vector<Words> kWords{
      {"type", 2, {"题型", "试题类型", "题目类型", "题目题型", "试题题型", "考题类型", "题目类别", "type", "questiontype"}},
      {"type", 1, {"类型", "category"}},
      {"stem", 4, {"题干", "试题题干", "题目题干", "题干内容", "stem"}},
      {"stem", 3, {"试题内容", "题目内容", "考题内容", "试题描述", "题目描述", "questioncontent", "questiontext"}},
      {"stem", 2, {"题目", "试题", "考题", "题目名称", "试题名称", "question"}},
      {"stem", 1, {"问题", "内容", "title"}},
      {"options", 2, {"选项", "备选项", "候选项", "选项内容", "题目选项", "试题选项", "可选项", "备选答案", "候选答案", "options", "choices", "optioncontent"}},
      {"key", 3, {"正确答案", "标准答案", "正确选项", "correctanswer"}},
      {"key", 2, {"答案", "题目答案", "试题答案", "key", "answer", "questionanswer"}},
      {"key", 1, {"参考答案"}},
      {"explanation", 2, {"解析", "试题解析", "题目解析", "答案解析", "explanation", "analysis"}},
      {"explanation", 1, {"说明"}},
      {"source", 2, {"来源", "出处", "依据", "法规依据", "题目来源", "试题来源", "source"}},
      {"difficulty", 2, {"难度", "难度等级", "难易度", "难易程度", "题目难度", "试题难度", "difficulty"}},
      {"tags", 2, {"标签", "知识点", "章节", "所属章节", "tags"}},
      {"ignore", 2, {"序号", "编号", "题号", "作业种类", "no", "id"}},
  };
  for (const Words& known : kWords)
    if (std::find(known.words.begin(), known.words.end(), header) != known.words.end()) return {std::string(known.role), known.rank};
  const std::string mark = markOfOption(header);
  if (mark.size() == 1 && mark[0] >= 'a' && mark[0] <= 'h') return {"option_" + std::to_string(mark[0] - 'a' + 1), 2};
  const char first = from_zero ? '0' : '1';
  if (mark.size() == 1 && mark[0] >= first && mark[0] < first + 8) return {"option_" + std::to_string(mark[0] - first + 1), 2};
  return {};
}

std::string roleOfHeader(std::string_view text) { return roleOf(text).name; }

bool complete(const std::vector<std::string>& columns) {
  const auto has = [&](std::string_view role) { return std::find(columns.begin(), columns.end(), role) != columns.end(); };
  return has("stem") && has("key");
}

/// Whether a cell can be what its column is headed as.
bool suits(const std::string& cell, const std::string& role) {
  if (role == "type") return codePoints(cell) <= 12 && (cell.find("题") != std::string::npos || formats::readCategory(cell).has_value() || codePoints(cell) <= 2);
  if (role == "key") return codePoints(cell) <= 60;
  return true;
}

/// The roles of a row of headings, each once: of two columns for one the one whose cells below can be that, then the one
/// whose heading says more, then the first.
std::vector<std::string> rolesOfLine(const Sheet& sheet, std::size_t row, bool zero_is_option) {
  const std::vector<std::string>& heads = sheet.lines[row].cells;
  const bool from_zero = zero_is_option && formats::headsCountFromZero(heads);
  std::vector<std::string> columns;
  std::map<std::string, std::vector<std::pair<std::size_t, int>>> of;
  for (std::size_t c = 0; c < heads.size(); ++c) {
    const Role role = roleOf(heads[c], from_zero);
    columns.push_back(role.name.empty() ? "ignore" : role.name);
    if (!role.name.empty() && role.name != "ignore" && role.name != "tags") of[role.name].emplace_back(c, role.rank);
  }
  for (const auto& [role, rivals] : of) {
    if (rivals.size() < 2) continue;
    std::size_t chosen = rivals.front().first;
    std::pair<bool, int> best{false, -1};
    for (const auto& [column, rank] : rivals) {
      std::size_t filled = 0, fitting = 0;
      for (std::size_t r = row + 1; r < std::min(sheet.lines.size(), row + 1 + kLookedAt); ++r) {
        const std::string cell = column < sheet.lines[r].cells.size() ? trim(sheet.lines[r].cells[column]) : "";
        if (cell.empty()) continue;
        ++filled;
        fitting += suits(cell, role);
      }
      const std::pair<bool, int> here{filled > 0 && fitting * 2 > filled, rank};
      if (here > best) best = here, chosen = column;
    }
    for (const auto& [column, rank] : rivals)
      if (column != chosen) columns[column] = "ignore";
  }
  return columns;
}

/// Identity cards, telephones, numbers of staff: digits and what stands between them.
bool looksLikeNumber(const std::string& cell) {
  return cell.size() >= 5 && cell.find_first_not_of("0123456789xX+- .()") == std::string::npos;
}

/// The number of an identity card or of a mobile telephone.
bool isOfAPerson(const std::string& cell) {
  const std::size_t digits = std::min(cell.find_first_not_of("0123456789"), cell.size());
  if (cell.size() == 18) return digits == 18 || (digits == 17 && (cell[17] == 'X' || cell[17] == 'x'));
  return cell.size() == 11 && digits == 11 && cell[0] == '1' && cell[1] >= '3';
}

struct ColumnLook {
  std::size_t filled = 0, types = 0, answers = 0, bundles = 0, numbers = 0, people = 0, characters = 0;
  std::set<std::string> texts;
};

/// From the content alone: the longest text is the stem, short answers are the key, what stands between are options.
std::vector<std::string> guessFromContent(const Sheet& sheet) {
  std::vector<ColumnLook> looks;
  const std::size_t rows = std::min(kLookedAt, sheet.lines.size());
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < sheet.lines[r].cells.size(); ++c) {
      const std::string cell = trim(sheet.lines[r].cells[c]);
      if (cell.empty()) continue;
      if (looks.size() <= c) looks.resize(c + 1);
      ++looks[c].filled;
      looks[c].types += codePoints(cell) <= 12 && formats::readCategory(cell).has_value();
      looks[c].answers += formats::truthOf(cell).has_value() || formats::readLetters(cell, 8).has_value();
      const auto bundle = formats::splitOptions(cell);
      looks[c].bundles += !bundle || bundle->size() > 1;
      looks[c].numbers += looksLikeNumber(cell);
      looks[c].people += isOfAPerson(cell);
      looks[c].texts.insert(firstCharacters(cell, 100));
      looks[c].characters += codePoints(cell);
    }
  std::vector<std::string> columns(looks.size(), "ignore");
  for (const ColumnLook& look : looks)
    if (look.filled * 2 > rows && look.people * 2 > look.filled) return columns;  // a list of people, whatever stands beside
  const auto mostly = [](std::size_t count, const ColumnLook& look) { return look.filled > 0 && count * 10 >= look.filled * 8; };
  std::size_t stem = looks.size(), key = looks.size(), options = looks.size();
  for (std::size_t c = 0; c < looks.size(); ++c) {
    if (mostly(looks[c].types, looks[c])) columns[c] = "type";
    else if (mostly(looks[c].answers, looks[c]) && looks[c].filled * 2 > rows) key = c;
    else if (mostly(looks[c].bundles, looks[c])) options = c;
  }
  double longest = 0;
  for (std::size_t c = 0; c < looks.size(); ++c) {
    if (c == key || c == options || columns[c] == "type" || looks[c].filled * 2 < rows || looks[c].numbers * 2 > looks[c].filled) continue;
    const double mean = static_cast<double>(looks[c].characters) / static_cast<double>(looks[c].filled);
    // Names are short, and of units and posts there are few: questions are neither.
    if (mean < 5 || looks[c].texts.size() * 2 < looks[c].filled) continue;
    if (mean > longest) longest = mean, stem = c;
  }
  if (stem < looks.size()) columns[stem] = "stem";
  if (key < looks.size()) columns[key] = "key";
  if (options < looks.size()) columns[options] = "options";
  else if (stem < key && key < looks.size())
    for (std::size_t c = stem + 1, n = 1; c < key && n <= 8; ++c, ++n) columns[c] = "option_" + std::to_string(n);
  return columns;
}

/// Cells (1-based row and column) that hold something beside their text: a picture, or an error value.
std::set<std::pair<int, int>> cellsWithMore(const Sheet& sheet) {
  std::set<std::pair<int, int>> out;
  for (const Sheet::Picture& one : sheet.pictures) out.emplace(one.row, one.column);
  for (const Sheet::Script& one : sheet.scripts)
    if (formats::isDoubt(one)) out.emplace(one.row, one.column);
  return out;
}

/// Rows below headings that begin with 选项0.
class ZeroRows {
 public:
  explicit ZeroRows(const Sheet& sheet) : sheet_(sheet), more_(cellsWithMore(sheet)) {}
  void begin(std::size_t heading) {
    const std::vector<std::string>& heads = sheet_.lines[heading].cells;
    roles_ = rolesOfLine(sheet_, heading, false);
    const auto zero = std::find_if(heads.begin(), heads.end(), [](const std::string& head) { return markOfOption(plainHeader(head)) == "0"; });
    column_ = static_cast<std::size_t>(zero - heads.begin());
  }
  void tell(const Sheet::Line& line, formats::ZeroOption& zero) const {
    const auto text = [&](std::size_t c) { return c < line.cells.size() ? trim(line.cells[c]) : std::string(); };
    const std::string mine = text(column_);
    std::string one, key;
    std::size_t options = 0;
    for (std::size_t c = 0; c < std::min(roles_.size(), line.cells.size()); ++c) {
      if (roles_[c] == "key") key = text(c);
      if (!roles_[c].starts_with("option_")) continue;
      const auto number = static_cast<std::size_t>(roles_[c].back() - '0');
      std::string option = text(c);
      if (!option.empty()) options = std::max(options, number);
      if (number == 1) one = std::move(option);
    }
    zero.add({mine, one, options, key, more_.contains({line.number, static_cast<int>(column_) + 1})});
  }

 private:
  const Sheet& sheet_;
  std::set<std::pair<int, int>> more_;
  std::vector<std::string> roles_;
  std::size_t column_ = 0;
};

tl::unexpected<Error> badMap(const std::string& where, const std::string& zh, const std::string& en) {
  return fail(ErrorCode::InvalidInput, "bad_column_map", zh + " / " + en, where);
}

}  // namespace

bool formats::headsCountFromZero(const std::vector<std::string>& heads) {
  bool zero = false, one = false;
  for (const std::string& head : heads) {
    const std::string mark = markOfOption(plainHeader(head));
    zero = zero || mark == "0";
    one = one || mark == "1";
  }
  return zero && one;
}

bool formats::headsOptionBeyond(std::string_view heading, bool from_zero, bool bare) {
  const std::string header = plainHeader(heading), mark = markOfOption(header);
  if (mark.empty() || mark == "0" || !roleOf(heading, from_zero).name.empty()) return false;
  return bare || header.size() > 1;
}

bool formats::isHeading(const std::vector<std::string>& cells) {
  // Every row is asked: most have no cell with a word that heads a key.
  const bool may_be = std::any_of(cells.begin(), cells.end(), [](const std::string& cell) {
    if (cell.size() > kHeadingBytesMax) return false;
    for (const char* word : {"答", "选项", "ey", "EY", "nswer", "NSWER"})
      if (cell.find(word) != std::string::npos) return true;
    return false;
  });
  if (!may_be) return false;
  bool stem = false, key = false;
  for (const std::string& cell : cells) {
    if (cell.size() > kHeadingBytesMax) continue;
    const std::string role = roleOfHeader(cell);
    stem = stem || role == "stem";
    key = key || role == "key";
  }
  return stem && key;
}

bool formats::zeroIsOption(const std::vector<Sheet>& sheets) {
  ZeroOption zero;
  for (const Sheet& sheet : sheets) {
    std::optional<ZeroRows> rows;
    bool below = false;
    for (std::size_t i = 0; i < sheet.lines.size(); ++i) {
      const std::vector<std::string>& cells = sheet.lines[i].cells;
      // Of headings elsewhere only those with a 0 matter: most rows have none.
      const bool may_head = below || std::any_of(cells.begin(), cells.end(), [](const std::string& cell) { return cell.find('0') != std::string::npos; });
      if (may_head && isHeading(cells)) {
        below = headsCountFromZero(cells);
        if (below && !rows) rows.emplace(sheet);
        if (below) rows->begin(i);
      } else if (below) {
        rows->tell(sheet.lines[i], zero);
      }
    }
  }
  return zero.isOption();
}

std::vector<std::string> formats::columnsOfHeading(const Sheet& sheet, std::size_t line, bool zero_is_option) { return rolesOfLine(sheet, line, zero_is_option); }

bool formats::headsNothing(std::string_view heading) { return roleOfHeader(heading) == "ignore"; }

std::vector<std::string> columnRoles() {
  std::vector<std::string> roles{"type", "stem", "options"};
  for (int n = 1; n <= 8; ++n) roles.push_back("option_" + std::to_string(n));
  for (const char* role : {"key", "explanation", "source", "difficulty", "tags", "ignore"}) roles.emplace_back(role);
  return roles;
}

Result<std::vector<Sheet>> readSheets(std::string_view bytes) {
  if (bytes.starts_with("PK")) return formats::readWorkbook(bytes);
  if (formats::isCompoundFile(bytes)) return formats::readOldWorkbook(bytes);
  INVIGIL_TRY(sheet, formats::readTextTable(bytes));
  return std::vector<Sheet>{std::move(sheet)};
}

ColumnMap guessColumns(const std::vector<Sheet>& sheets) { return formats::guessColumns(sheets, formats::zeroIsOption(sheets)); }

ColumnMap formats::guessColumns(const std::vector<Sheet>& sheets, bool zero_is_option) {
  ColumnMap map;
  bool any_headings = false;
  for (const Sheet& sheet : sheets) {
    SheetMap one;
    one.name = sheet.name;
    for (std::size_t r = 0; r < std::min(kHeadingsWithin, sheet.lines.size()) && one.columns.empty(); ++r) {
      if (!formats::isHeading(sheet.lines[r].cells)) continue;
      one.header_row = sheet.lines[r].number;
      one.columns = rolesOfLine(sheet, r, zero_is_option);
      any_headings = true;
    }
    map.push_back(std::move(one));
  }
  for (std::size_t i = 0; i < map.size(); ++i) {
    if (map[i].header_row == 0) map[i].columns = guessFromContent(sheets[i]);
    // A list of people or marks beside the questions looks like questions too: it is for a person to say that it is.
    map[i].use = complete(map[i].columns) && (map[i].header_row > 0 || !any_headings);
  }
  return map;
}

Result<ColumnMap> parseColumnMap(std::string_view json) {
  INVIGIL_TRY(document, formats::readStrictJson(json));
  if (!document.is_object() || !document.contains("sheets") || !document["sheets"].is_array())
    return badMap("sheets", "缺少 sheets 列表。", "The list `sheets` is missing.");
  const std::vector<std::string> roles = columnRoles();
  ColumnMap map;
  for (const Json& entry : document["sheets"]) {
    const std::string where = "sheets[" + std::to_string(map.size()) + "]";
    if (!entry.is_object()) return badMap(where, "不是对象。", "It is no object.");
    SheetMap one;
    const Json name = entry.value("name", Json("")), use = entry.value("use", Json(true)), header = entry.value("header_row", Json(0)),
               columns = entry.value("columns", Json::array());
    if (!name.is_string() || !use.is_boolean() || !header.is_number_unsigned() || header.get<std::uint64_t>() > 1'000'000 || !columns.is_array())
      return badMap(where, "成员应为 name（文字）、use（真假）、header_row（整数）、columns（列表）。",
                    "Its members are name (text), use (true or false), header_row (0 or more) and columns (a list).");
    one.name = name.get<std::string>();
    one.use = use.get<bool>();
    one.header_row = header.get<int>();
    for (const Json& column : columns) {
      const std::string here = where + ".columns[" + std::to_string(one.columns.size()) + "]";
      if (!column.is_string() || std::find(roles.begin(), roles.end(), column.get<std::string>()) == roles.end())
        return badMap(here, "没有这种列。", "There is no such kind of column.");
      const std::string role = column.get<std::string>();
      if (role != "ignore" && role != "tags" && std::find(one.columns.begin(), one.columns.end(), role) != one.columns.end())
        return badMap(here, "这种列只能有一个：" + role + "。", "Two columns are " + role + ".");
      one.columns.push_back(role);
    }
    if (one.use && !complete(one.columns)) return badMap(where + ".columns", "需要题干列和答案列。", "A stem and a key column are needed.");
    map.push_back(std::move(one));
  }
  return map;
}

std::string writeColumnMap(const ColumnMap& map) {
  nlohmann::ordered_json sheets = nlohmann::ordered_json::array();
  for (const SheetMap& one : map)
    sheets.push_back({{"name", one.name}, {"use", one.use}, {"header_row", one.header_row}, {"columns", one.columns}});
  return nlohmann::ordered_json{{"sheets", sheets}}.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace invigil::bank
