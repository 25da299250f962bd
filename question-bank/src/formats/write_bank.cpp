// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "formats/package.hpp"
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

Written writeTable(const Bank& bank, std::vector<std::vector<std::string>>& rows) {
  constexpr std::size_t kOptionColumns = 8;
  Written out;
  rows = {{"题型", "题目", "选项A", "选项B", "选项C", "选项D", "选项E", "选项F", "选项G", "选项H", "答案", "解析", "来源", "难度", "标签"}};
  for (const Item& item : bank.items) {
    if (!hasOptions(item.type)) { leaveOut(out, item, "表格放不下数值题和填空题", "tables have no place for numeric and short-text items"); continue; }
    if (item.markup == Markup::Html) { leaveOut(out, item, "表格放不下图片、表格和公式", "tables have no place for pictures, tables and formulae"); continue; }
    if (item.options.size() > kOptionColumns) { leaveOut(out, item, "超过 8 个选项", "more than eight options"); continue; }
    const bool judge = item.type == ItemType::TrueFalse;
    std::vector<std::string> row{judge ? "判断题" : item.type == ItemType::SingleChoice ? "单选题" : "多选题", item.stem};
    for (std::size_t i = 0; i < kOptionColumns; ++i) row.push_back(!judge && i < item.options.size() ? item.options[i] : "");
    std::string key;
    for (int index : item.key) key += judge ? (index == 0 ? "正确" : "错误") : std::string(1, static_cast<char>('A' + index));
    row.insert(row.end(), {key, item.explanation, item.source, item.difficulty > 0 ? std::to_string(item.difficulty) : "", item.tags.empty() ? "" : item.tags.front()});
    rows.push_back(std::move(row));
    Losses losses;
    losses.add(!item.title.empty(), "名称", "title");
    losses.add(!item.topic.empty(), "知识点", "topic");
    losses.add(!item.stimulus.empty(), "案例材料", "case material");
    losses.add(!item.option_notes.empty(), "选项说明", "option notes");
    losses.add(item.fixed_order && !refersToOtherOptions(item.options), "选项固定顺序", "fixed order");
    losses.add(item.level != Level::Unstated, "题库级别", "level");
    losses.add(item.tags.size() > 1, "第一个以外的标签", "tags after the first");
    losses.add(!item.enemies.empty(), "互斥题", "enemies");
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
      if (row[i].find_first_of(",\"\n\r") == std::string::npos) out += row[i];
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

Result<std::string> workbookOf(const std::vector<std::vector<std::string>>& rows) {
  const std::string head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n", main = "http://schemas.openxmlformats.org/";
  std::string sheet = head + "<worksheet xmlns=\"" + main + "spreadsheetml/2006/main\"><sheetData>";
  for (std::size_t r = 0; r < rows.size(); ++r) {
    sheet += "<row r=\"" + std::to_string(r + 1) + "\">";
    for (std::size_t c = 0; c < rows[r].size(); ++c)
      if (!rows[r][c].empty())
        sheet += std::string("<c r=\"") + static_cast<char>('A' + c) + std::to_string(r + 1) + "\" t=\"inlineStr\"><is><t xml:space=\"preserve\">" + escapeHtml(rows[r][c]) + "</t></is></c>";
    sheet += "</row>";
  }
  sheet += "</sheetData></worksheet>";
  const std::string rel = main + "officeDocument/2006/relationships";
  return packed({{"[Content_Types].xml", head + "<Types xmlns=\"" + main + "package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/></Types>"},
                 {"_rels/.rels", head + "<Relationships xmlns=\"" + main + "package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"" + rel + "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"},
                 {"xl/workbook.xml", head + "<workbook xmlns=\"" + main + "spreadsheetml/2006/main\" xmlns:r=\"" + rel + "\"><sheets><sheet name=\"题库\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"},
                 {"xl/_rels/workbook.xml.rels", head + "<Relationships xmlns=\"" + main + "package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"" + rel + "/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"},
                 {"xl/worksheets/sheet1.xml", sheet}});
}

}  // namespace
}  // namespace formats

std::vector<std::string> exportFormats() { return {"native_json", "csv", "xlsx", "gift", "moodle_xml", "qti21", "qti30"}; }

Result<Written> writeBankFile(const Bank& bank, const std::string& format) {
  if (format == "native_json") return Written{writeNative(bank), {}};
  if (format == "gift") return formats::writeGift(bank);
  if (format == "moodle_xml") return formats::writeMoodleXml(bank);
  if (format == "qti21" || format == "qti30") return formats::writeQti(bank, format == "qti21" ? 21 : 30);
  if (format != "csv" && format != "xlsx") return fail(ErrorCode::InvalidInput, "format_unknown", formats::listed(exportFormats()), "format");
  std::vector<std::vector<std::string>> rows;
  Written out = formats::writeTable(bank, rows);
  if (format == "csv") {
    out.bytes = formats::csvOf(rows);
    return out;
  }
  INVIGIL_TRY(bytes, formats::workbookOf(rows));
  out.bytes = std::move(bytes);
  return out;
}

}  // namespace invigil::bank
