// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <set>

#include "invigil/bank/statistics.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank {
namespace {

constexpr std::size_t kCellsMax = 20'000'000;
constexpr std::size_t kColumnsMax = 20'000;

using Row = std::vector<std::string>;

tl::unexpected<Error> bad(std::size_t row, std::size_t column, std::string sentence) {
  std::string where = "row " + std::to_string(row);
  if (column > 0) where += ", column " + std::to_string(column);
  return fail(ErrorCode::InvalidInput, "bad_responses", std::move(sentence), std::move(where));
}

/// Cells of RFC 4180 with the separator that the first line shows. One row at a time: a million rows are read once.
class Rows {
 public:
  explicit Rows(std::string_view csv) : csv_(csv) {
    if (csv_.starts_with("\xEF\xBB\xBF")) csv_.remove_prefix(3);
    const std::string_view first = csv_.substr(0, csv_.find('\n'));
    for (char candidate : {'\t', ';'})
      if (first.find(candidate) != std::string_view::npos && first.find(',') == std::string_view::npos) separator_ = candidate;
  }
  bool next(Row& row) {
    row.clear();
    if (at_ >= csv_.size()) return false;
    ++number;
    std::string cell;
    bool quoted = false, done = false;
    for (; at_ < csv_.size() && !done; ++at_) {
      const char c = csv_[at_];
      if (quoted) {
        if (c != '"') cell += c;
        else if (at_ + 1 < csv_.size() && csv_[at_ + 1] == '"') cell += '"', ++at_;
        else quoted = false;
      } else if (c == '"' && cell.empty()) quoted = true;
      else if (c == separator_) row.push_back(trim(cell)), cell.clear();
      else if (c == '\n') done = true;
      else if (c != '\r') cell += c;
    }
    row.push_back(trim(cell));
    return true;
  }
  std::size_t number = 0;  ///< of the row that next() gave, 1-based

 private:
  std::string_view csv_;
  char separator_ = ',';
  std::size_t at_ = 0;
};

bool isMissing(std::string_view cell) { return cell.empty() || cell == "NA" || cell == "!NULL!" || cell == "NULL" || cell == "-"; }

/// Marks and times of people; what is larger or smaller than any of them would end in sums that are no numbers.
constexpr double kLargest = 1e6, kSmallest = 1e-6;

std::optional<double> numberOf(std::string_view cell) {
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc{} || end != cell.data() + cell.size() || !std::isfinite(value)) return std::nullopt;
  if (value != 0 && (std::abs(value) > kLargest || std::abs(value) < kSmallest)) return std::nullopt;
  return value;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

template <std::size_t N>
std::size_t find(const Row& header, const std::array<std::string_view, N>& names) {
  for (std::size_t c = 0; c < header.size(); ++c)
    if (std::find(names.begin(), names.end(), lower(header[c])) != names.end()) return c;
  return header.size();
}

constexpr std::array<std::string_view, 9> kSittingNames{"sitting", "attempt", "quizattempt", "candidate", "person", "student", "rownames", "id", ""};
constexpr std::array<std::string_view, 4> kItemNames{"item", "question", "questionid", "slot"};
constexpr std::array<std::string_view, 9> kNoItems{"total", "sum", "summarks", "sumgrades", "score", "finished", "attemptnumber", "date", "month"};

/// "ac", "A,C" and "A C" as bits; nothing where something else stands there.
std::optional<std::uint32_t> lettersOf(std::string_view cell) {
  std::uint32_t bits = 0;
  for (char c : cell) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == ' ' || c == ',' || c == '|') continue;
    if (c < 'A' || c > 'Z') return std::nullopt;
    bits |= 1u << (c - 'A');
  }
  return bits;
}

int optionsIn(std::uint32_t bits) {
  int n = 0;
  while (n < 32 && bits >> n != 0) ++n;
  return n;
}

/// Shares of the points are taken of it: of nothing there are none.
tl::unexpected<Error> badMax(std::size_t row, std::size_t column, const std::string& cell) {
  return bad(row, column + 1, "满分“" + firstCharacters(cell, 40) + "”不是大于 0 的数（最大一百万）。 / The maximum '" + firstCharacters(cell, 40) + "' is not a number above 0 (of at most a million).");
}

Result<ResponseTable> readWide(Rows& rows, const Row& header) {
  ResponseTable table;
  const bool named = std::find(kSittingNames.begin(), kSittingNames.end(), lower(header.front())) != kSittingNames.end();
  const std::size_t date = find(header, std::array<std::string_view, 2>{"date", "month"});
  std::vector<std::size_t> columns;
  for (std::size_t c = named ? 1 : 0; c < header.size(); ++c)
    if (std::find(kNoItems.begin(), kNoItems.end(), lower(header[c])) == kNoItems.end()) {
      columns.push_back(c);
      table.items.push_back({header[c], 0, 0, 0});
    }
  if (columns.empty()) return bad(1, 0, "没有题目列。 / There is no column of an item.");
  std::vector<double> stated(columns.size());
  Row row;
  std::size_t cells = 0;
  while (rows.next(row)) {
    if (row.size() == 1 && row[0].empty()) continue;
    if (row.size() > header.size()) return bad(rows.number, header.size() + 1, "这一行的列比表头多。 / This row has more cells than the header.");
    row.resize(header.size());
    const bool is_max = named && lower(row[0]) == "max";
    ResponseTable::Sitting sitting{named ? row[0] : std::to_string(rows.number - 1), date < row.size() ? row[date].substr(0, 7) : "", {}};
    for (std::size_t k = 0; k < columns.size(); ++k) {
      const std::string& cell = row[columns[k]];
      if (isMissing(cell)) continue;
      const auto mark = numberOf(cell);
      if (!mark) return bad(rows.number, columns[k] + 1, "“" + firstCharacters(cell, 40) + "”不是得分（最大一百万）。 / '" + firstCharacters(cell, 40) + "' is not a mark (of at most a million).");
      if (is_max && *mark <= 0) return badMax(rows.number, columns[k], cell);
      if (is_max) stated[k] = *mark;
      else sitting.cells.push_back({static_cast<int>(k), *mark, 0, -1}), table.items[k].max = std::max(table.items[k].max, *mark);
    }
    if ((cells += sitting.cells.size()) > kCellsMax) return fail(ErrorCode::TooLarge, "table_too_large", std::to_string(kCellsMax));
    if (!is_max) table.sittings.push_back(std::move(sitting));
  }
  for (std::size_t k = 0; k < columns.size(); ++k) {
    if (stated[k] > 0) table.items[k].max = stated[k];
    else if (table.items[k].max <= 1) table.items[k].max = 1;
  }
  return table;
}

struct LongColumns {
  std::size_t sitting, item, mark, max, chosen, key, seconds, date, options;
};

Result<ResponseTable> readLong(Rows& rows, const Row& header, const LongColumns& at) {
  ResponseTable table;
  std::map<std::string, int> items;
  std::map<std::string, std::size_t> sittings;
  std::set<std::pair<std::size_t, int>> seen;
  Row row;
  while (rows.next(row)) {
    if (row.size() == 1 && row[0].empty()) continue;
    row.resize(std::max(row.size(), header.size()));
    const auto cell = [&](std::size_t column) { return column < header.size() ? row[column] : std::string(); };
    if (cell(at.sitting).empty() || cell(at.item).empty()) return bad(rows.number, 0, "缺少考试编号或题目编号。 / The sitting or the item is missing.");
    if (isMissing(cell(at.mark))) continue;
    const auto mark = numberOf(cell(at.mark));
    if (!mark) return bad(rows.number, at.mark + 1, "“" + firstCharacters(cell(at.mark), 40) + "”不是得分（最大一百万）。 / '" + firstCharacters(cell(at.mark), 40) + "' is not a mark (of at most a million).");
    const auto [item, new_item] = items.try_emplace(cell(at.item), static_cast<int>(table.items.size()));
    if (new_item) table.items.push_back({cell(at.item), 0, 0, 0});
    if (table.items.size() > kColumnsMax || seen.size() >= kCellsMax) return fail(ErrorCode::TooLarge, "table_too_large", std::to_string(kCellsMax));
    const auto [sitting, new_sitting] = sittings.try_emplace(cell(at.sitting), table.sittings.size());
    if (new_sitting) table.sittings.push_back({cell(at.sitting), firstCharacters(cell(at.date), 7), {}});
    if (!seen.emplace(sitting->second, item->second).second)
      return bad(rows.number, 0, "同一场考试的同一道题出现了两次。 / The same item of the same sitting stands here twice.");
    auto& column = table.items[static_cast<std::size_t>(item->second)];
    const auto max = numberOf(cell(at.max));
    if (!isMissing(cell(at.max)) && max.value_or(0) <= 0) return badMax(rows.number, at.max, cell(at.max));
    column.max = std::max(column.max, max.value_or(std::max(1.0, *mark)));
    const auto chosen = lettersOf(cell(at.chosen)), key = lettersOf(cell(at.key));
    if (!key || !chosen) return bad(rows.number, (key ? at.chosen : at.key) + 1, "选项应写成字母，如 A 或 AC。 / Options are written as letters, such as A or AC.");
    column.key |= *key;
    const auto options = numberOf(cell(at.options));
    column.options = std::max({column.options, optionsIn(*chosen), optionsIn(*key), static_cast<int>(std::clamp(options.value_or(0), 0.0, 26.0))});
    table.sittings[sitting->second].cells.push_back({item->second, *mark, *chosen, numberOf(cell(at.seconds)).value_or(-1)});
  }
  return table;
}

}  // namespace

Result<ResponseTable> parseResponses(std::string_view csv) {
  if (csv.find('\0') != std::string_view::npos) return bad(1, 0, "不是文本文件。 / This is not a text file.");
  Rows rows(csv);
  Row header;
  if (!rows.next(header) || (header.size() == 1 && header[0].empty())) return bad(1, 0, "文件是空的。 / The file is empty.");
  if (header.size() > kColumnsMax) return fail(ErrorCode::TooLarge, "table_too_large", std::to_string(kColumnsMax));
  const LongColumns at{find(header, kSittingNames), find(header, kItemNames), find(header, std::array<std::string_view, 2>{"mark", "points"}),
                       find(header, std::array<std::string_view, 2>{"max", "maxmark"}), find(header, std::array<std::string_view, 2>{"chosen", "response"}),
                       find(header, std::array<std::string_view, 1>{"key"}), find(header, std::array<std::string_view, 1>{"seconds"}),
                       find(header, std::array<std::string_view, 2>{"date", "month"}), find(header, std::array<std::string_view, 1>{"options"})};
  const bool long_form = at.sitting < header.size() && at.item < header.size() && at.mark < header.size();
  INVIGIL_TRY(table, long_form ? readLong(rows, header, at) : readWide(rows, header));
  if (table.sittings.empty()) return bad(2, 0, "没有一场考试。 / There is no sitting.");
  return table;
}

}  // namespace invigil::bank
