// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <pugixml.hpp>

#include "formats/cell_escapes.hpp"
#include "formats/number_formats.hpp"
#include "formats/table_parts.hpp"
#include "formats/workbook_parts.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank::formats {
namespace {

constexpr auto bad = badWorkbook;

/// "superscript", "subscript" or something else.
std::string_view alignmentOf(const pugi::xml_node& run) {
  for (const pugi::xml_node& part : run)
    if (std::strcmp(localName(part), "rPr") == 0)
      for (const pugi::xml_node& property : part)
        if (std::strcmp(localName(property), "vertAlign") == 0) return property.attribute("val").value();
  return {};
}

/// Of a shared or inline string: its runs, without the phonetic hints.
ShownCell richTextOf(const pugi::xml_node& string) {
  const auto textOf = [](const pugi::xml_node& node) { return unescapedCell(wellFormed(node.text().get())); };
  ShownCell out;
  for (const pugi::xml_node& part : string) {
    if (std::strcmp(localName(part), "t") == 0) out.text += textOf(part);
    if (std::strcmp(localName(part), "r") != 0) continue;
    const std::size_t begin = out.text.size();
    for (const pugi::xml_node& run : part)
      if (std::strcmp(localName(run), "t") == 0) out.text += textOf(run);
    const std::string_view alignment = alignmentOf(part);
    if (out.text.size() > begin && (alignment == "superscript" || alignment == "subscript"))
      out.scripts.push_back({0, 0, begin, out.text.size(), alignment == "superscript"});
  }
  return out;
}

/// 0-based column of "BC12"; the row after the letters, 0 = none.
std::pair<std::size_t, int> positionOf(const char* reference) {
  std::size_t column = 0;
  while (*reference >= 'A' && *reference <= 'Z' && column <= 20'000)  // XFD is 16,384
    column = column * 26 + static_cast<std::size_t>(*reference++ - 'A' + 1);
  return {column, std::atoi(reference)};
}

ShownCell numberOf(const char* raw, std::size_t style, NumberFormats& formats) {
  char* end = nullptr;
  const double value = std::strtod(raw, &end);
  if (end == raw || *end != '\0') return {wellFormed(raw), {}, false};
  return formats.show(value, style);
}

/// The id of a picture that WPS shows in the cell by a formula. What was typed as text shows none, whatever it says.
std::string pictureOf(const pugi::xml_node& cell, const std::string& text) {
  const std::string_view type = cell.attribute("t").value();
  if (type == "s" || type == "inlineStr") return {};
  for (const pugi::xml_node& part : cell)
    if (std::strcmp(localName(part), "f") == 0)
      if (std::string id = cellPictureId("=" + std::string(part.text().get())); !id.empty()) return id;
  return cellPictureId(text);  // a formula that somebody else has rewritten still shows what it was
}

/// What all sheets of a workbook share.
struct Shared {
  std::vector<ShownCell> strings;
  NumberFormats formats;
};

ShownCell cellText(const pugi::xml_node& cell, Shared& shared) {
  const std::string_view type = cell.attribute("t").value();
  pugi::xml_node value;
  bool computed = false;
  for (const pugi::xml_node& part : cell) {
    if (std::strcmp(localName(part), "is") == 0) return richTextOf(part);
    if (std::strcmp(localName(part), "v") == 0) value = part;
    computed = computed || std::strcmp(localName(part), "f") == 0;
  }
  if (type == "s") {
    const auto index = value.text().as_ullong(~0ull);
    return index < shared.strings.size() ? shared.strings[index] : ShownCell();
  }
  if (type == "b") return {value.text().as_int() != 0 ? "TRUE" : "FALSE", {}, false};
  if (type == "e" || (computed && type != "str" && value.text().empty())) return {"", {}, true};  // programs leave formulas to be computed by Excel
  if (type == "str") return {unescapedCell(wellFormed(value.text().get())), {}, false};
  if (type == "d") return {wellFormed(value.text().get()), {}, !value.text().empty()};  // as ISO 8601 writes it
  return numberOf(value.text().get(), cell.attribute("s").as_uint(0), shared.formats);
}

constexpr int kRowNumberMax = 10'000'000;  ///< Excel's own are up to 1,048,576

/// Of all sheets together.
struct Size {
  std::size_t rows = 0, bytes = 0;
};

/// Those of one column.
std::vector<MergedCells> mergedIn(const pugi::xml_document& part) {
  std::vector<MergedCells> out;
  for (const pugi::xml_node& list : part.document_element()) {
    if (std::strcmp(localName(list), "mergeCells") != 0) continue;
    for (const pugi::xml_node& one : list) {
      const std::string_view range = one.attribute("ref").value();
      const std::size_t colon = range.find(':');
      if (colon == std::string_view::npos) continue;
      const auto [column, first] = positionOf(range.data());
      const auto [last_column, last] = positionOf(range.data() + colon + 1);
      if (column == last_column && column <= kTableColumnsMax && first < last) out.push_back({first, last, static_cast<int>(column)});
    }
  }
  return out;
}

Status readLines(const pugi::xml_document& part, Shared& shared, Size& size, CellPictures& pictures, Sheet& sheet) {
  int number = 0;
  for (const pugi::xml_node& row : part.document_element()) {
    if (std::strcmp(localName(row), "sheetData") != 0) continue;
    for (const pugi::xml_node& entry : row) {
      Sheet::Line line;
      line.number = entry.attribute("r").as_int(number + 1);
      if (line.number <= number || line.number > kRowNumberMax) return bad("行号的顺序不对。", "its rows are out of order.");
      number = line.number;
      std::size_t last = 0;
      bool told = false;
      for (const pugi::xml_node& cell : entry) {
        std::size_t column = last + 1;
        if (const char* reference = cell.attribute("r").value(); *reference != '\0') column = positionOf(reference).first;
        if (column == 0 || column <= line.cells.size()) return bad("单元格的顺序不对。", "its cells are out of order.");
        last = column;
        ShownCell text = cellText(cell, shared);
        if (const std::string id = pictureOf(cell, text.text); !id.empty()) {
          INVIGIL_CHECK(pictures.put(sheet, id, number, static_cast<int>(column)));
          continue;
        }
        if (!cell.attribute("vm").empty() && text.text.empty()) {
          INVIGIL_CHECK(pictures.putValue(sheet, cell.attribute("vm").as_uint(), number, static_cast<int>(column)));
          continue;
        }
        if (text.text.empty() && !text.doubtful) continue;
        size.bytes += text.text.size() + (text.scripts.size() + text.doubtful) * sizeof(Sheet::Script);
        if (column > kTableColumnsMax || size.bytes > kCellBytesMax) return tooLarge();
        told = told || text.doubtful;
        place(std::move(text), number, static_cast<int>(column), sheet, line);
      }
      if (blank(line.cells) && !told) continue;
      if (++size.rows > kTableRowsMax) return tooLarge();
      sheet.lines.push_back(std::move(line));
    }
  }
  return fillMerged(mergedIn(part), size.bytes, sheet);
}

void readStyles(const pugi::xml_document& styles, NumberFormats& formats) {
  for (const pugi::xml_node& group : styles.document_element())
    for (const pugi::xml_node& one : group) {
      const unsigned id = one.attribute("numFmtId").as_uint(0);
      if (std::strcmp(localName(group), "numFmts") == 0) formats.define(id, wellFormed(one.attribute("formatCode").value()));
      else if (std::strcmp(localName(group), "cellXfs") == 0) formats.addStyle(id);
    }
}

}  // namespace

std::string numberText(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.15g", value);
  return text;
}

tl::unexpected<Error> badWorkbook(const std::string& zh, const std::string& en) {
  return fail(ErrorCode::InvalidInput, "bad_workbook", "这个工作簿读不下去：" + zh + " / The workbook cannot be read: " + en);
}

Result<std::vector<Sheet>> readWorkbook(std::string_view bytes) {
  INVIGIL_TRY(package, WorkbookParts::open(bytes));
  pugi::xml_document book, strings, styles;
  INVIGIL_CHECK(package.read("xl/workbook.xml", book));
  INVIGIL_CHECK(package.read("xl/sharedStrings.xml", strings));
  INVIGIL_CHECK(package.read("xl/styles.xml", styles));
  INVIGIL_TRY(targets, package.links("xl/workbook.xml"));
  if (!book.document_element()) return bad("里面没有工作表（不是 .xlsx）。", "there is no workbook in it (not an .xlsx).");
  Shared shared;
  for (const pugi::xml_node& one : strings.document_element())
    if (std::strcmp(localName(one), "si") == 0) shared.strings.push_back(richTextOf(one));
  readStyles(styles, shared.formats);
  for (const pugi::xml_node& one : book.document_element())
    if (std::strcmp(localName(one), "workbookPr") == 0) shared.formats.countFrom1904(one.attribute("date1904").as_bool());
  CellPictures pictures(package);
  INVIGIL_CHECK(pictures.load());
  std::vector<Sheet> sheets;
  Size size;
  for (const pugi::xml_node& group : book.document_element()) {
    if (std::strcmp(localName(group), "sheets") != 0) continue;
    for (const pugi::xml_node& entry : group) {
      if (sheets.size() == kSheetsMax) return tooLarge();
      Sheet sheet;
      sheet.name = firstCharacters(wellFormed(entry.attribute("name").value()), 200);
      const auto target = targets.find(linkOf(entry, "id"));
      if (target != targets.end()) {
        pugi::xml_document part;
        INVIGIL_CHECK(package.read(target->second, part));
        INVIGIL_CHECK(readLines(part, shared, size, pictures, sheet));
        INVIGIL_CHECK(pictures.readDrawings(target->second, part.document_element(), sheet));
      }
      sheets.push_back(std::move(sheet));
    }
  }
  return sheets;
}

}  // namespace invigil::bank::formats
