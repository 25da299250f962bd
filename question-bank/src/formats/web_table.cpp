// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/web_table.hpp"

#include <algorithm>
#include <map>

#include "formats/number_formats.hpp"
#include "formats/qti_item.hpp"
#include "formats/table_parts.hpp"
#include "invigil/bank/markup.hpp"
#include "invigil/base/text.hpp"
#include "item.hpp"

namespace invigil::bank::formats {
namespace {

constexpr std::size_t kNestedMax = 16;  ///< tables within tables

/// What all tables of a file hold together.
struct Budget {
  std::size_t rows = 0, bytes = 0;
  bool fits() const { return rows <= kTableRowsMax && bytes <= kCellBytesMax; }
};

/// A table that fills up row by row; what spans rows of one column stands in each of them, as in a workbook.
class Table {
 public:
  explicit Table(Budget& budget) : budget_(budget) {}

  void beginRow(int number) {
    endRow();
    line_.number = number;
    column_ = 0;
    open_ = true;
  }
  int rows() const { return line_.number; }
  bool inRow() const { return open_; }
  /// @param column  0-based; the next free one where it is before that
  void add(std::string text, std::size_t column, std::size_t columns, std::size_t rows, const std::vector<Sheet::Script>& scripts, bool picture_missing) {
    fillSpans(std::max(column, column_));
    column_ = std::max(column, column_);
    if (column_ + columns > kTableColumnsMax) columns = kTableColumnsMax - std::min(column_, kTableColumnsMax);
    if (columns == 0) return void(too_wide_ = true);
    put(text);
    const int at = static_cast<int>(column_) + 1;
    for (Sheet::Script one : scripts) {
      one.row = line_.number, one.column = at;
      sheet.scripts.push_back(one);
    }
    if (picture_missing) sheet.pictures.push_back({line_.number, at, ""});
    for (std::size_t c = 0; c < columns && rows > 1; ++c) spans_[column_ + c] = {rows - 1, columns == 1 ? text : ""};
    column_ += columns;
  }
  void endRow() {
    if (!open_) return;
    open_ = false;
    const std::size_t last = spans_.empty() ? column_ : std::max(column_, spans_.rbegin()->first + 1);
    fillSpans(last);
    for (auto one = spans_.begin(); one != spans_.end();) one = one->second.fresh || --one->second.rows > 0 ? (one->second.fresh = false, std::next(one)) : spans_.erase(one);
    if (!blank(line_.cells)) {
      ++budget_.rows;
      sheet.lines.push_back(line_);
    }
    line_.cells.clear();
  }
  bool fits() const { return budget_.fits() && !too_wide_; }

  Sheet sheet;

 private:
  struct Span {
    std::size_t rows;  ///< that it still reaches into
    std::string text;
    bool fresh = true;  ///< it begins in this row
  };

  /// Cells from above that stand before the column, and those at it.
  void fillSpans(std::size_t column) {
    for (auto one = spans_.lower_bound(column_); one != spans_.end() && (one->first < column || one->first == column_); ++one) {
      if (one->second.fresh) continue;
      column_ = one->first;
      put(one->second.text);
      ++column_;
    }
  }
  void put(const std::string& text) {
    budget_.bytes += text.size();
    if (!fits()) return;
    if (line_.cells.size() <= column_) line_.cells.resize(column_ + 1);
    line_.cells[column_] = text;
  }

  Budget& budget_;
  Sheet::Line line_{0, {}};
  std::map<std::size_t, Span> spans_;
  std::size_t column_ = 0;
  bool open_ = false, too_wide_ = false;
};

struct CellOfPage {
  std::string text;
  std::vector<Sheet::Script> scripts;
  bool picture_missing = false;
};

std::string inOneLine(std::string_view text) {
  std::string out;
  for (char c : text)
    if (c != ' ' && c != '\n' && c != '\t' && c != '\r') out += c;
    else if (!out.empty() && out.back() != ' ') out += ' ';
  return trim(out);
}

/// The words of a cell, where it is raised and lowered, and whether a picture should be there.
CellOfPage cellOf(std::string_view html) {
  CellOfPage out;
  if (html.find_first_of("<&") == std::string_view::npos) return out.text = inOneLine(html), out;
  const CleanedText cleaned = cleanHtml(inOneLine(html));
  out.picture_missing = cleaned.loses_content || !cleaned.media.empty();
  const std::string& markup = cleaned.html;
  if (markup.find("<sup>") == std::string::npos && markup.find("<sub>") == std::string::npos) return out.text = cleaned.plain, out;
  for (std::size_t at = 0; at < markup.size();) {
    const std::string_view rest = std::string_view(markup).substr(at);
    const std::size_t end = rest[0] == '<' ? rest.find('>') : rest[0] == '&' ? rest.find(';') : std::string_view::npos;
    if (end == std::string_view::npos) {
      if (!(out.text.empty() && (rest[0] == ' ' || rest[0] == '\n'))) out.text += rest[0];
      ++at;
      continue;
    }
    const std::string_view one = rest.substr(0, end + 1);
    if (one == "<sup>" || one == "<sub>") out.scripts.push_back({0, 0, out.text.size(), out.text.size(), one == "<sup>"});
    else if ((one == "</sup>" || one == "</sub>") && !out.scripts.empty()) out.scripts.back().end = out.text.size();
    else if (one.starts_with("<br") || one == "</p>") out.text += '\n';
    else if (one[0] == '&') out.text += plainText(one, true);
    at += end + 1;
  }
  std::erase_if(out.scripts, [](const Sheet::Script& script) { return script.begin >= script.end; });
  while (!out.text.empty() && (out.text.back() == '\n' || out.text.back() == ' ')) out.text.pop_back();
  for (Sheet::Script& script : out.scripts) script.end = std::min(script.end, out.text.size());
  return out;
}

/// One tag: its name, small, and where it ends.
struct Tag {
  std::string name;  ///< "/td" for an end
  std::string_view attributes;
  std::size_t end = 0;
};

Tag tagAt(std::string_view text, std::size_t at) {
  Tag tag;
  char quote = 0;
  std::size_t end = at + 1;
  for (; end < text.size() && (quote != 0 || text[end] != '>'); ++end) {
    if (quote != 0) quote = text[end] == quote ? '\0' : quote;
    else if ((text[end] == '"' || text[end] == '\'') && text[end - 1] == '=') quote = text[end];
  }
  if (quote != 0) end = std::min(text.find('>', at), text.size());  // a quotation mark that is never closed
  const std::string_view inner = text.substr(at + 1, end - at - 1);
  const std::size_t name_end = std::min(inner.find_first_of(" \t\r\n/", 1), inner.size());
  for (char c : inner.substr(0, std::min<std::size_t>(name_end, 20))) tag.name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  tag.attributes = inner.substr(name_end);
  tag.end = std::min(end + 1, text.size());
  return tag;
}

std::size_t numberOf(std::string_view attributes, std::string_view name, std::size_t most) {
  std::string small(attributes.substr(0, 2000));
  std::transform(small.begin(), small.end(), small.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  std::size_t at = small.find(name);
  if (at == std::string::npos) return 1;
  at = small.find_first_not_of(" =\"'", at + name.size());
  std::size_t value = 0;
  for (; at < small.size() && small[at] >= '0' && small[at] <= '9' && value < most; ++at) value = value * 10 + static_cast<std::size_t>(small[at] - '0');
  return std::clamp<std::size_t>(value, 1, most);
}

class PageReader {
 public:
  explicit PageReader(std::string_view text) : text_(text) {}

  Result<std::vector<Sheet>> run() {
    for (std::size_t at = text_.find('<'); at != std::string_view::npos; at = text_.find('<', at)) {
      if (text_.substr(at).starts_with("<!--")) {
        const std::size_t close = text_.find("-->", at);
        if (close == std::string_view::npos) break;
        at = close + 3;
        continue;
      }
      const Tag tag = tagAt(text_, at);
      const std::size_t here = at;
      at = tag.end;
      if (tag.name == "style" || tag.name == "script") at = std::min(text_.find("</", at), text_.size());
      take(tag, here);
      if (!budget_.fits() || sheets_.size() > kSheetsMax || too_wide_) return tooLarge();
    }
    while (!open_.empty()) close(text_.size());
    if (!budget_.fits() || too_wide_) return tooLarge();
    if (sheets_.empty()) return badWorkbook("这是网页而不是 Excel 表格，里面也没有表格。请用 Excel 打开后另存为 .xlsx。", "This is a web page, no Excel workbook, and has no table. Open it in Excel and save it as .xlsx.");
    std::sort(sheets_.begin(), sheets_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<Sheet> out;
    for (auto& [number, sheet] : sheets_) {
      if (sheets_.size() > 1) sheet.name = "表格 " + std::to_string(out.size() + 1);
      out.push_back(std::move(sheet));
    }
    return out;
  }

 private:
  struct Open {
    Table table;
    std::size_t number;                              ///< of the table in the page
    std::size_t cell = std::string_view::npos;       ///< where the open cell's content begins
    std::size_t columns = 1, rows = 1;
  };

  void endCell(std::size_t end) {
    Open& open = open_.back();
    if (open.cell == std::string_view::npos) return;
    CellOfPage cell = cellOf(text_.substr(open.cell, end - open.cell));
    open.table.add(std::move(cell.text), 0, open.columns, open.rows, cell.scripts, cell.picture_missing);
    open.cell = std::string_view::npos;
  }
  void close(std::size_t end) {
    endCell(end);
    open_.back().table.endRow();
    too_wide_ = too_wide_ || !open_.back().table.fits();
    if (!open_.back().table.sheet.lines.empty()) sheets_.emplace_back(open_.back().number, std::move(open_.back().table.sheet));
    open_.pop_back();
  }
  void take(const Tag& tag, std::size_t here) {
    if (tag.name == "table") {
      if (open_.size() < kNestedMax) open_.push_back({Table(budget_), ++tables_});
      else ++ignored_;
      return;
    }
    if (tag.name == "/table" && ignored_ > 0) return void(--ignored_);
    if (open_.empty() || ignored_ > 0) return;
    Open& open = open_.back();
    if (tag.name == "/table") return close(here);
    if (tag.name == "tr") {
      endCell(here);
      open.table.beginRow(open.table.rows() + 1);
    } else if (tag.name == "/tr") {
      endCell(here);
      open.table.endRow();
    } else if (tag.name == "td" || tag.name == "th") {
      endCell(here);
      if (!open.table.inRow()) open.table.beginRow(open.table.rows() + 1);
      open.cell = tag.end;
      open.columns = numberOf(tag.attributes, "colspan", kTableColumnsMax);
      open.rows = numberOf(tag.attributes, "rowspan", kTableRowsMax);
    } else if (tag.name == "/td" || tag.name == "/th") {
      endCell(here);
    }
  }

  std::string_view text_;
  Budget budget_;
  std::vector<Open> open_;
  std::vector<std::pair<std::size_t, Sheet>> sheets_;
  std::size_t tables_ = 0, ignored_ = 0;
  bool too_wide_ = false;
};

std::size_t countOf(const pugi::xml_node& node, const char* name) {
  const std::string text = attributeNamed(node, name);
  return text.empty() || text.size() > 7 || text.find_first_not_of("0123456789") != std::string::npos ? 0 : static_cast<std::size_t>(std::stoul(text));
}

/// The words below a node, without recursion.
std::string wordsOf(const pugi::xml_node& top) {
  std::string out;
  for (pugi::xml_node node = top.first_child(); node;) {
    if (node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata) out += node.value();
    if (node.first_child()) {
      node = node.first_child();
      continue;
    }
    while (node && node != top && !node.next_sibling()) node = node.parent();
    if (!node || node == top) break;
    node = node.next_sibling();
  }
  return out;
}

/// The styles of SpreadsheetML by their names, as number formats.
class Styles {
 public:
  explicit Styles(const pugi::xml_node& workbook) {
    static const std::map<std::string, const char*> kNamed{{"General", ""}, {"General Number", ""}, {"Fixed", "0.00"}, {"Standard", "#,##0.00"}, {"Percent", "0.00%"}, {"@", ""}};
    std::map<std::string, std::pair<std::string, std::string>> known;  // format and parent
    for (const pugi::xml_node& style : childNamed(workbook, "styles").children())
      if (const pugi::xml_node format = childNamed(style, "numberformat"); plainName(style.name()) == "style")
        known[attributeNamed(style, "id")] = {attributeNamed(format, "format"), format ? "" : attributeNamed(style, "parent")};
    for (const auto& [id, style] : known) {
      std::string code = style.first, parent = style.second;
      for (int depth = 0; depth < 10 && !parent.empty(); ++depth) {
        const auto above = known.find(parent);
        code = above == known.end() ? "" : above->second.first, parent = above == known.end() ? "" : above->second.second;
      }
      if (const auto named = kNamed.find(code); named != kNamed.end()) code = named->second;
      if (code.empty()) continue;
      constexpr unsigned kOwn = 1000;
      formats_.define(kOwn + static_cast<unsigned>(styles_.size()), code);
      formats_.addStyle(kOwn + static_cast<unsigned>(styles_.size()));
      styles_.emplace(id, styles_.size());
    }
  }

  ShownCell show(const pugi::xml_node& row, const pugi::xml_node& cell) {
    const pugi::xml_node data = childNamed(cell, "data");
    ShownCell out;
    out.text = wordsOf(data);
    const std::string type = attributeNamed(data, "type");
    const auto value = decimalNumber(out.text);
    if (type == "Boolean") out.text = out.text == "1" ? "TRUE" : "FALSE";
    else if (type == "Error") out.text.clear(), out.doubtful = true;
    else if (type == "DateTime") out.doubtful = true;  // written whole, however much of it is shown
    else if (type == "Number" && value) {
      const std::string own = attributeNamed(cell, "styleid");
      const auto style = styles_.find(own.empty() ? attributeNamed(row, "styleid") : own);
      if (style == styles_.end()) out.text = numberText(*value);
      else out = formats_.show(*value, style->second);
    }
    return out;
  }

 private:
  NumberFormats formats_;
  std::map<std::string, std::size_t> styles_;
};

Result<std::vector<Sheet>> readSpreadsheetMl(const pugi::xml_node& workbook) {
  Budget budget;
  Styles styles(workbook);
  std::vector<Sheet> sheets;
  for (const pugi::xml_node& worksheet : workbook.children()) {
    if (plainName(worksheet.name()) != "worksheet") continue;
    Table table(budget);
    int number = 0;
    for (const pugi::xml_node& row : childNamed(worksheet, "table").children()) {
      if (plainName(row.name()) != "row") continue;
      number = std::max(number + 1, static_cast<int>(countOf(row, "index")));
      table.beginRow(number);
      for (const pugi::xml_node& cell : row.children()) {
        if (plainName(cell.name()) != "cell") continue;
        ShownCell shown = styles.show(row, cell);
        if (shown.doubtful) shown.scripts.push_back(doubtAt(0, 0));
        const std::size_t index = countOf(cell, "index");
        table.add(std::move(shown.text), index > 0 ? index - 1 : 0, countOf(cell, "mergeacross") + 1, countOf(cell, "mergedown") + 1, shown.scripts, false);
      }
      table.endRow();
      if (!table.fits() || sheets.size() >= kSheetsMax) return tooLarge();
    }
    table.sheet.name = attributeNamed(worksheet, "name");
    sheets.push_back(std::move(table.sheet));
  }
  if (sheets.empty()) return badWorkbook("这个 XML 表格里没有工作表。", "This XML workbook has no sheet.");
  return sheets;
}

}  // namespace

Result<std::vector<Sheet>> readWebTables(std::string_view text) {
  if (!isUtf8(text)) return badWorkbook("这是网页或 XML 表格，编码认不出来，请用 Excel 打开后另存为 .xlsx。", "This is a web page or an XML table in an unknown encoding. Open it in Excel and save it as .xlsx.");
  pugi::xml_document document;
  const bool parsed = text.substr(0, 4096).find("Workbook") != std::string_view::npos && document.load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_ws_pcdata, pugi::encoding_utf8);
  if (parsed && plainName(document.document_element().name()) == "workbook") return readSpreadsheetMl(document.document_element());
  return PageReader(text).run();
}

}  // namespace invigil::bank::formats
