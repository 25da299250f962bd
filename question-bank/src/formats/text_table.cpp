// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <iconv.h>

#include <algorithm>
#include <array>
#include <map>

#include "formats/table_parts.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank::formats {
namespace {

/// UTF-16 without a mark: every second byte of ASCII (commas, letters, line ends) is zero; of "一" (U+4E00) the other is.
const char* utf16Of(std::string_view bytes) {
  std::array<std::size_t, 2> zeros{};
  const std::size_t looked = std::min<std::size_t>(bytes.size(), 4096);
  for (std::size_t i = 0; i < looked; ++i) zeros[i % 2] += bytes[i] == '\0';
  if (zeros[1] > 3 * zeros[0]) return "UTF-16LE";
  if (zeros[0] > 3 * zeros[1]) return "UTF-16BE";
  return nullptr;
}

/// The mark that stands equally often in most lines: in texts commas stand as they come. Where none does, the most frequent.
char delimiterOf(std::string_view text) {
  constexpr std::array<char, 4> kMarks{'\t', ',', ';', '|'};
  constexpr std::size_t kLines = 50;
  std::array<std::map<std::size_t, std::size_t>, 4> lines_with;  ///< by how often the mark stands in them
  std::array<std::size_t, 4> here{}, all{};
  std::size_t lines = 0;
  bool quoted = false, empty = true;
  for (std::size_t i = 0; i <= text.size() && lines < kLines; ++i) {
    const char c = i < text.size() ? text[i] : '\n';
    if (c == '"') quoted = !quoted;
    if (quoted && i < text.size()) continue;
    if (c != '\n') {
      empty = empty && (c == '\r' || c == ' ');
      for (std::size_t m = 0; m < kMarks.size(); ++m) here[m] += c == kMarks[m];
      continue;
    }
    if (!empty) ++lines;
    for (std::size_t m = 0; m < kMarks.size(); ++m) {
      if (here[m] > 0) ++lines_with[m][here[m]];
      all[m] += here[m];
    }
    here = {};
    empty = true;
  }
  std::size_t best = kMarks.size(), most = 0, best_count = 0;
  for (std::size_t m = 0; m < kMarks.size(); ++m)
    for (const auto& [count, with] : lines_with[m]) {
      // Of two that part the lines alike a tab does, then the one that makes more columns; | parts options as often.
      const bool more = with > most || (with == most && best < kMarks.size() && kMarks[best] != '\t' && kMarks[m] != '|' && count > best_count);
      if (with * 2 > lines && more) best = m, most = with, best_count = count;
    }
  if (best < kMarks.size()) return kMarks[best];
  const auto largest = std::max_element(all.begin(), all.end());
  return *largest == 0 ? ',' : kMarks[static_cast<std::size_t>(largest - all.begin())];
}

}  // namespace

Result<std::string> converted(std::string_view bytes, const char* from) {
  const iconv_t way = iconv_open("UTF-8", from);
  if (way == reinterpret_cast<iconv_t>(-1))
    return fail(ErrorCode::Unavailable, "bad_text", std::string("This system cannot convert ") + from + ".");
  std::string out(bytes.size() * 3 + 16, '\0');
  char* source = const_cast<char*>(bytes.data());  // iconv's signature; it does not write there
  char* target = out.data();
  std::size_t left = bytes.size(), room = out.size();
  const std::size_t done = iconv(way, &source, &left, &target, &room);
  iconv_close(way);
  if (done == static_cast<std::size_t>(-1))
    return fail(ErrorCode::InvalidInput, "bad_text",
                "文件编码不是 UTF-8、UTF-16 或 GB 18030，第 " + std::to_string(bytes.size() - left + 1) +
                    " 字节处读不下去。请另存为 UTF-8。 / The text is not UTF-8, UTF-16 or GB 18030: byte " +
                    std::to_string(bytes.size() - left + 1) + " cannot be read. Save it as UTF-8.");
  out.resize(out.size() - room);
  return out;
}

Result<std::string> asUtf8(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  else if (bytes.starts_with("\xFF\xFE")) return converted(bytes.substr(2), "UTF-16LE");
  else if (bytes.starts_with("\xFE\xFF")) return converted(bytes.substr(2), "UTF-16BE");
  else if (const char* wide = utf16Of(bytes)) return converted(bytes, wide);
  if (isUtf8(bytes)) return std::string(bytes);
  return converted(bytes, "GB18030");
}

Result<Sheet> readTextTable(std::string_view bytes) {
  INVIGIL_TRY(text, asUtf8(bytes));
  const char delimiter = delimiterOf(text);
  Sheet sheet;
  Sheet::Line line{1, {}};
  std::string cell;
  bool quoted = false, was_quoted = false;
  int number = 1;
  const auto endCell = [&] {
    line.cells.push_back(std::move(cell));
    cell.clear();
    was_quoted = false;
    return line.cells.size() <= kTableColumnsMax;
  };
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const bool end = i == text.size();
    const char c = end ? '\n' : text[i];
    if (quoted && !end) {
      number += c == '\n';
      if (c != '"') cell += c;
      else if (i + 1 < text.size() && text[i + 1] == '"') cell += '"', ++i;
      else quoted = false;
      continue;
    }
    if (c == '"' && cell.empty() && !was_quoted) {
      quoted = was_quoted = true;
    } else if (c == delimiter && !end) {
      if (!endCell()) return tooLarge();
    } else if (c == '\n') {
      while (!cell.empty() && cell.back() == '\r') cell.pop_back();  // twice where a line end was converted twice
      if (!endCell()) return tooLarge();
      if (!blank(line.cells)) sheet.lines.push_back(std::move(line));
      if (sheet.lines.size() > kTableRowsMax) return tooLarge();
      line = {++number, {}};
    } else {
      cell += c;
    }
  }
  if (quoted)
    return fail(ErrorCode::InvalidInput, "bad_text",
                "第 " + std::to_string(line.number) + " 行有一个引号没有结束。 / A quotation mark opened at line " + std::to_string(line.number) +
                    " is never closed.");
  return sheet;
}

bool blank(const std::vector<std::string>& cells) {
  return std::all_of(cells.begin(), cells.end(), [](const std::string& cell) { return trim(cell).empty(); });
}

tl::unexpected<Error> tooLarge() {
  return fail(ErrorCode::TooLarge, "table_too_large",
              "表格太大：最多 20 万行、每行 200 列、5000 张图片（共 128 MiB），解开后 256 MiB；请分成几个文件。 / The table is too large: at most 200,000 rows of 200 columns, 5,000 "
              "pictures (of together 128 MiB) and 256 MiB unpacked; split it into several files.");
}

}  // namespace invigil::bank::formats
