// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <pugixml.hpp>

#include "formats/table_parts.hpp"
#include "formats/workbook_parts.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank::formats {
namespace {

constexpr auto bad = badWorkbook;

/// A text and which of its bytes are raised or lowered.
struct Rich {
  std::string text;
  std::vector<Sheet::Script> scripts;
};

/// "superscript", "subscript" or something else.
std::string_view alignmentOf(const pugi::xml_node& run) {
  for (const pugi::xml_node& part : run)
    if (std::strcmp(localName(part), "rPr") == 0)
      for (const pugi::xml_node& property : part)
        if (std::strcmp(localName(property), "vertAlign") == 0) return property.attribute("val").value();
  return {};
}

/// Of a shared or inline string: its runs, without the phonetic hints.
Rich richTextOf(const pugi::xml_node& string) {
  Rich out;
  for (const pugi::xml_node& part : string) {
    if (std::strcmp(localName(part), "t") == 0) out.text += wellFormed(part.text().get());
    if (std::strcmp(localName(part), "r") != 0) continue;
    const std::size_t begin = out.text.size();
    for (const pugi::xml_node& run : part)
      if (std::strcmp(localName(run), "t") == 0) out.text += wellFormed(run.text().get());
    const std::string_view alignment = alignmentOf(part);
    if (out.text.size() > begin && (alignment == "superscript" || alignment == "subscript"))
      out.scripts.push_back({0, 0, begin, out.text.size(), alignment == "superscript"});
  }
  return out;
}

/// 0-based column of "BC12"; the row after the letters, 0 = none.
std::pair<std::size_t, int> positionOf(const char* reference) {
  std::size_t column = 0;
  while (*reference >= 'A' && *reference <= 'Z' && column <= kTableColumnsMax)
    column = column * 26 + static_cast<std::size_t>(*reference++ - 'A' + 1);
  return {column, std::atoi(reference)};
}

std::string numberText(const char* raw) {
  char* end = nullptr;
  const double value = std::strtod(raw, &end);
  return end == raw || *end != '\0' ? std::string(raw) : formats::numberText(value);
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

Rich cellText(const pugi::xml_node& cell, const std::vector<Rich>& strings) {
  const std::string_view type = cell.attribute("t").value();
  pugi::xml_node value;
  for (const pugi::xml_node& part : cell) {
    if (std::strcmp(localName(part), "is") == 0) return richTextOf(part);
    if (std::strcmp(localName(part), "v") == 0) value = part;
  }
  if (type == "s") {
    const auto index = value.text().as_ullong(~0ull);
    return index < strings.size() ? strings[index] : Rich();
  }
  if (type == "b") return {value.text().as_int() != 0 ? "TRUE" : "FALSE", {}};
  if (type == "e") return {};
  return {wellFormed(type == "str" ? value.text().get() : numberText(value.text().get())), {}};
}

constexpr int kRowNumberMax = 10'000'000;  ///< Excel's own are up to 1,048,576

/// Of all sheets together.
struct Size {
  std::size_t rows = 0, bytes = 0;
};

Status readLines(const pugi::xml_document& part, const std::vector<Rich>& strings, Size& size, CellPictures& pictures, Sheet& sheet) {
  int number = 0;
  for (const pugi::xml_node& row : part.document_element()) {
    if (std::strcmp(localName(row), "sheetData") != 0) continue;
    for (const pugi::xml_node& entry : row) {
      Sheet::Line line;
      line.number = entry.attribute("r").as_int(number + 1);
      if (line.number <= number || line.number > kRowNumberMax) return bad("行号的顺序不对。", "its rows are out of order.");
      number = line.number;
      for (const pugi::xml_node& cell : entry) {
        std::size_t column = line.cells.size() + 1;
        if (const char* reference = cell.attribute("r").value(); *reference != '\0') column = positionOf(reference).first;
        if (column == 0 || column <= line.cells.size()) return bad("单元格的顺序不对。", "its cells are out of order.");
        auto [text, scripts] = cellText(cell, strings);
        if (const std::string id = pictureOf(cell, text); !id.empty()) {
          INVIGIL_CHECK(pictures.put(sheet, id, number, static_cast<int>(column)));
          text.clear();
        } else if (!cell.attribute("vm").empty() && text.empty()) {
          INVIGIL_CHECK(pictures.putValue(sheet, cell.attribute("vm").as_uint(), number, static_cast<int>(column)));
        }
        if (text.empty()) continue;
        size.bytes += text.size() + scripts.size() * sizeof(Sheet::Script);
        if (column > kTableColumnsMax || size.bytes > kCellBytesMax) return tooLarge();
        line.cells.resize(column);
        line.cells[column - 1] = std::move(text);
        for (Sheet::Script& one : scripts) {
          one.row = number, one.column = static_cast<int>(column);
          sheet.scripts.push_back(one);
        }
      }
      if (blank(line.cells)) continue;
      if (++size.rows > kTableRowsMax) return tooLarge();
      sheet.lines.push_back(std::move(line));
    }
  }
  return {};
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
  pugi::xml_document book, shared;
  INVIGIL_CHECK(package.read("xl/workbook.xml", book));
  INVIGIL_CHECK(package.read("xl/sharedStrings.xml", shared));
  INVIGIL_TRY(targets, package.links("xl/workbook.xml"));
  if (!book.document_element()) return bad("里面没有工作表（不是 .xlsx）。", "there is no workbook in it (not an .xlsx).");
  std::vector<Rich> strings;
  for (const pugi::xml_node& one : shared.document_element())
    if (std::strcmp(localName(one), "si") == 0) strings.push_back(richTextOf(one));
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
        INVIGIL_CHECK(readLines(part, strings, size, pictures, sheet));
        INVIGIL_CHECK(pictures.readDrawings(target->second, part.document_element(), sheet));
      }
      sheets.push_back(std::move(sheet));
    }
  }
  return sheets;
}

}  // namespace invigil::bank::formats
