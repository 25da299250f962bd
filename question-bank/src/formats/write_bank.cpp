// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <set>

#include "formats/native_json.hpp"
#include "formats/package.hpp"
#include "formats/table_parts.hpp"
#include "formats/texts.hpp"
#include "formats/writers.hpp"
#include "invigil/base/text.hpp"
#include "item.hpp"

namespace invigil::bank {
namespace formats {

void lose(Written& out, const Item& item, const std::string& zh, const std::string& en) {
  out.lost.push_back(findingAt({"", "", 0, 0}, "not_carried", item.id, {"没有带上：" + zh, "not carried: " + en}));
}

void Losses::add(bool is, const char* zh, const char* en) {
  if (!is) return;
  names_.zh += (names_.zh.empty() ? "" : "、") + std::string(zh);
  names_.en += (names_.en.empty() ? "" : ", ") + std::string(en);
}

void Losses::tell(Written& out, const Item& item) const {
  if (!names_.zh.empty()) lose(out, item, names_.zh, names_.en);
}

void leaveOut(Written& out, const Item& item, const std::string& zh, const std::string& en) {
  out.lost.push_back(findingAt({"", "", 0, 0}, "left_out", item.id, {"没有导出：" + zh, "left out: " + en}));
}

std::string htmlOf(const Item& item, const std::string& text) {
  return item.markup == Markup::Html ? text : htmlOfText(text);
}

std::string withPictures(std::string html, const std::string& prefix) {
  for (std::size_t at = html.find("src=\"media:"); at != std::string::npos; at = html.find("src=\"media:", at + 5)) html.replace(at + 5, 6, prefix);
  return html;
}

bool showsPicture(const Item& item) { return !mediaOf(item).empty(); }

namespace {

/// Text with pictures at its end, as a cell can hold it; nothing where more than that stands in the HTML.
struct CellText {
  std::string text;
  std::vector<std::string> pictures;
};
std::optional<CellText> cellOf(std::string_view html) {
  constexpr std::string_view kBegin = "<img src=\"media:", kEnd = "\" alt=\"\">", kBreak = "<br>";
  CellText out;
  while (html.ends_with(kEnd)) {
    const std::size_t at = html.rfind(kBegin);
    if (at == std::string_view::npos) return std::nullopt;
    out.pictures.emplace(out.pictures.begin(), html.substr(at + kBegin.size(), html.size() - at - kBegin.size() - kEnd.size()));
    html = html.substr(0, at);
    if (html.ends_with(kBreak)) html.remove_suffix(kBreak.size());
    else if (!html.empty()) return std::nullopt;
  }
  for (std::size_t at = 0; at < html.size();) {
    const auto takes = [&](std::string_view piece, char c) {
      if (!html.substr(at).starts_with(piece)) return false;
      out.text += c;
      at += piece.size();
      return true;
    };
    if (takes(kBreak, '\n') || takes("&amp;", '&') || takes("&lt;", '<') || takes("&gt;", '>') || takes("&quot;", '"')) continue;
    if (html[at] == '<' || html[at] == '&') return std::nullopt;
    out.text += html[at++];
  }
  return out;
}

/// The texts of an item as cells: stem, explanation, options. Nothing where tables have no place for one of them.
std::optional<std::vector<CellText>> cellsOf(const Item& item, bool pictures_fit) {
  std::vector<CellText> out;
  std::vector<std::string> texts{item.stem, item.explanation};
  if (item.type != ItemType::TrueFalse) texts.insert(texts.end(), item.options.begin(), item.options.end());
  bool pictures = false;
  for (const std::string& text : texts) {
    auto cell = item.markup == Markup::Html ? cellOf(text) : CellText{text, {}};
    if (!cell) return std::nullopt;
    pictures = pictures || !cell->pictures.empty();
    out.push_back(std::move(*cell));
  }
  return item.markup == Markup::Html && !(pictures && pictures_fit) ? std::nullopt : std::optional(std::move(out));
}

}  // namespace

const std::vector<std::string>& exportedColumns() {
  static const std::vector<std::string> columns{"题型", "题目", "选项A", "选项B", "选项C", "选项D", "选项E", "选项F", "选项G", "选项H", "答案", "解析", "来源", "难度", "标签"};
  return columns;
}

Written writeTable(const Bank& bank, Table& table) {
  constexpr std::size_t kOptionColumns = 8, kStem = 1, kExplanation = kOptionColumns + 3;
  Written out;
  table.rows = {exportedColumns()};
  for (const Item& item : bank.items) {
    if (!hasOptions(item.type)) { leaveOut(out, item, "表格放不下数值题和填空题", "tables have no place for numeric and short-text items"); continue; }
    const auto cells = cellsOf(item, table.pictures_fit);
    if (!cells && table.pictures_fit) { leaveOut(out, item, "表格放不下表格、公式和夹在文字中间的图片", "tables have no place for tables, formulae and pictures within a text"); continue; }
    if (!cells) { leaveOut(out, item, "表格放不下图片、表格和公式", "tables have no place for pictures, tables and formulae"); continue; }
    if (item.type == ItemType::MultipleChoice && item.key.size() < 2) { leaveOut(out, item, "表格里的多选题至少要有两个答案", "multiple choice in tables has two answers or more"); continue; }
    if (item.options.size() > kOptionColumns) { leaveOut(out, item, "超过 8 个选项", "more than eight options"); continue; }
    const bool judge = item.type == ItemType::TrueFalse;
    std::vector<std::string> row{judge ? "判断题" : item.type == ItemType::SingleChoice ? "单选题" : "多选题"};
    row.resize(kOptionColumns + 2);
    std::string key;
    for (int index : item.key) key += judge ? (index == 0 ? "正确" : "错误") : std::string(1, static_cast<char>('A' + index));
    row.insert(row.end(), {key, "", item.source, item.difficulty > 0 ? std::to_string(item.difficulty) : "", item.tags.empty() ? "" : item.tags.front()});
    for (std::size_t i = 0; i < cells->size(); ++i) {
      const std::size_t column = i == 0 ? kStem : i == 1 ? kExplanation : i;
      row[column] = (*cells)[i].text;
      for (const std::string& name : (*cells)[i].pictures) table.pictures.push_back({table.rows.size(), column, name});
    }
    table.rows.push_back(std::move(row));
    Losses losses;
    losses.add(!item.title.empty(), "名称", "title");
    losses.add(!item.topic.empty(), "知识点", "topic");
    losses.add(!item.stimulus.empty(), "案例材料", "case material");
    losses.add(!item.option_notes.empty(), "选项说明", "option notes");
    losses.add(item.fixed_order && !refersToOtherOptions(item), "选项固定顺序", "fixed order");
    losses.add(item.level != Level::Unstated, "题库级别", "level");
    losses.add(item.tags.size() > 1, "第一个以外的标签", "tags after the first");
    losses.add(!item.enemies.empty(), "互斥题", "enemies");
    losses.add(std::any_of(cells->begin(), cells->end(), [](const CellText& cell) { return trim(cell.text) != cell.text; }), "首尾空白", "white space at the ends");
    losses.tell(out, item);
  }
  return out;
}

namespace {

std::string csvOf(const std::vector<std::vector<std::string>>& rows) {
  std::string out = "\xEF\xBB\xBF";  // spreadsheets take UTF-8 for what it is only with the mark
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out += ',';
      if (row[i].find_first_of(",;|\t\"\n\r") == std::string::npos) out += row[i];  // what else may part cells would be counted
      else {
        out += '"';
        for (char c : row[i]) out += c == '"' ? std::string("\"\"") : std::string(1, c);
        out += '"';
      }
    }
    out += "\r\n";
  }
  return out;
}

}  // namespace
}  // namespace formats

std::vector<std::string> exportFormats() { return {"native_json", "csv", "xlsx", "gift", "moodle_xml", "qti21", "qti30"}; }

namespace {

/// Options that differ in white space only are equal once another format was read.
bool optionsCoincide(const Item& item) {
  std::set<std::string> seen;
  for (const std::string& option : item.options)
    if (!seen.insert(plainText(option, false)).second) return true;
  return false;
}

/// Items that a bank file cannot hold, by their place: drafts without a key, and what no reader would take again.
std::vector<std::size_t> unfit(const Bank& bank, bool native, Written& left_out) {
  std::set<std::string> stimuli, media;
  for (const Stimulus& one : bank.stimuli) stimuli.insert(one.id);
  for (const Media& one : bank.media) media.insert(one.name);
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < bank.items.size(); ++i) {
    const Item& item = bank.items[i];
    const std::size_t before = left_out.lost.size();
    // One file without what one item refers to would be refused whole.
    const std::vector<std::string> pictures = native ? mediaOf(item) : std::vector<std::string>();
    const auto missing = std::find_if(pictures.begin(), pictures.end(), [&](const std::string& name) { return !media.contains(name); });
    if (hasOptions(item.type) && item.key.empty()) formats::leaveOut(left_out, item, "还没有答案", "it has no key yet");
    else if (const std::string fault = formats::itemFault(item); !fault.empty()) formats::leaveOut(left_out, item, "题目不完整：" + fault, "it is incomplete: " + fault);
    else if (native && !item.stimulus.empty() && !stimuli.contains(item.stimulus)) formats::leaveOut(left_out, item, "缺少案例材料 " + item.stimulus, "the case material " + item.stimulus + " is missing");
    else if (missing != pictures.end()) formats::leaveOut(left_out, item, "缺少图片 " + *missing, "the picture " + *missing + " is missing");
    else if (!native && optionsCoincide(item)) formats::leaveOut(left_out, item, "选项之间只差空白", "its options differ in white space only");
    if (left_out.lost.size() > before) out.push_back(i);
  }
  return out;
}

Result<Written> writeFit(const Bank& bank, const std::string& format) {
  if (format == "native_json") return Written{writeNative(bank), {}};
  if (format == "gift") return formats::writeGift(bank);
  if (format == "moodle_xml") return formats::writeMoodleXml(bank);
  if (format == "qti21" || format == "qti30") return formats::writeQti(bank, format == "qti21" ? 21 : 30);
  formats::Table table;
  table.pictures_fit = format == "xlsx";
  Written out = formats::writeTable(bank, table);
  if (format == "csv") {
    out.bytes = formats::csvOf(table.rows);
    return out;
  }
  INVIGIL_TRY(bytes, formats::workbookOf(table, bank.media));
  out.bytes = std::move(bytes);
  return out;
}

}  // namespace

Result<Written> writeBankFile(const Bank& bank, const std::string& format) {
  const auto known = exportFormats();
  if (std::find(known.begin(), known.end(), format) == known.end()) return fail(ErrorCode::InvalidInput, "format_unknown", formats::listed(known), "format");
  Written left_out;
  const std::vector<std::size_t> gone = unfit(bank, format == "native_json", left_out);
  if (gone.empty()) return writeFit(bank, format);
  Bank fit = bank;
  for (auto at = gone.rbegin(); at != gone.rend(); ++at) fit.items.erase(fit.items.begin() + static_cast<std::ptrdiff_t>(*at));
  INVIGIL_TRY(out, writeFit(fit, format));
  out.lost.insert(out.lost.begin(), left_out.lost.begin(), left_out.lost.end());
  return out;
}

}  // namespace invigil::bank
