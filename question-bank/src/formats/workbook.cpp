// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <map>
#include <pugixml.hpp>

#include "formats/package.hpp"
#include "formats/table_parts.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank::formats {
namespace {

/// Of one unpacked part 128 MiB, of all that are read 256 MiB; how many there are does not matter.
constexpr Package::Limits kLimits{std::numeric_limits<std::size_t>::max(), 128u << 20, 256u << 20};
constexpr std::size_t kSheetsMax = 50;

tl::unexpected<Error> bad(const std::string& zh, const std::string& en) {
  return fail(ErrorCode::InvalidInput, "bad_workbook", "这个工作簿读不下去：" + zh + " / The workbook cannot be read: " + en);
}

/// The parts of a workbook as XML.
class Parts {
 public:
  static Result<Parts> open(std::string_view bytes) {
    auto package = Package::open(bytes, kLimits);
    if (!package) return bad("不是有效的压缩包。", "it is no valid zip package.");
    return Parts(std::move(*package));
  }

  /// An absent part is an empty document. No DTD, no entities but the five of XML.
  Status read(const std::string& name, pugi::xml_document& into) {
    const auto text = package_.read(name);
    if (!text) return text.error().code == ErrorCode::TooLarge ? tooLarge() : bad(name + " 已损坏。", name + " is damaged.");
    if (!*text) return {};
    if (!into.load_buffer((*text)->data(), (*text)->size(), pugi::parse_default | pugi::parse_ws_pcdata_single))
      return bad(name + " 不是有效的 XML。", name + " is no valid XML.");
    return {};
  }

 private:
  explicit Parts(Package package) : package_(std::move(package)) {}
  Package package_;
};

const char* local(const pugi::xml_node& node) {
  const char* colon = std::strchr(node.name(), ':');
  return colon != nullptr ? colon + 1 : node.name();
}

/// Text of a shared or inline string: its runs, without the phonetic hints.
std::string textOf(const pugi::xml_node& string) {
  std::string text;
  for (const pugi::xml_node& part : string) {
    if (std::strcmp(local(part), "t") == 0) text += part.text().get();
    else if (std::strcmp(local(part), "r") == 0)
      for (const pugi::xml_node& run : part)
        if (std::strcmp(local(run), "t") == 0) text += run.text().get();
  }
  return text;
}

/// 0-based column of "BC12"; the row after the letters, 0 = none.
std::pair<std::size_t, int> positionOf(const char* reference) {
  std::size_t column = 0;
  while (*reference >= 'A' && *reference <= 'Z' && column <= kTableColumnsMax)
    column = column * 26 + static_cast<std::size_t>(*reference++ - 'A' + 1);
  return {column, std::atoi(reference)};
}

/// 3 rather than 3.0000000000000004: numbers are kept as a person typed them.
std::string numberText(const char* raw) {
  char* end = nullptr;
  const double value = std::strtod(raw, &end);
  if (end == raw || *end != '\0') return raw;
  char text[32];
  std::snprintf(text, sizeof text, "%.15g", value);
  return text;
}

std::string cellText(const pugi::xml_node& cell, const std::vector<std::string>& strings) {
  const std::string_view type = cell.attribute("t").value();
  pugi::xml_node value;
  for (const pugi::xml_node& part : cell) {
    if (std::strcmp(local(part), "is") == 0) return textOf(part);
    if (std::strcmp(local(part), "v") == 0) value = part;
  }
  if (type == "s") {
    const auto index = value.text().as_ullong(~0ull);
    return index < strings.size() ? strings[index] : std::string();
  }
  if (type == "b") return value.text().as_int() != 0 ? "TRUE" : "FALSE";
  if (type == "e") return {};
  return type == "str" ? value.text().get() : numberText(value.text().get());
}

Status readLines(const pugi::xml_document& part, const std::vector<std::string>& strings, std::size_t& rows, Sheet& sheet) {
  int number = 0;
  for (const pugi::xml_node& row : part.document_element()) {
    if (std::strcmp(local(row), "drawing") == 0) sheet.pictures = true;
    if (std::strcmp(local(row), "sheetData") != 0) continue;
    for (const pugi::xml_node& entry : row) {
      Sheet::Line line;
      line.number = entry.attribute("r").as_int(number + 1);
      if (line.number <= number) return bad("行号的顺序不对。", "its rows are out of order.");
      number = line.number;
      for (const pugi::xml_node& cell : entry) {
        std::size_t column = line.cells.size() + 1;
        if (const char* reference = cell.attribute("r").value(); *reference != '\0') column = positionOf(reference).first;
        if (column == 0 || column <= line.cells.size()) return bad("单元格的顺序不对。", "its cells are out of order.");
        std::string text = cellText(cell, strings);
        if (text.empty()) continue;
        if (column > kTableColumnsMax) return tooLarge();
        line.cells.resize(column);
        line.cells[column - 1] = std::move(text);
      }
      if (blank(line.cells)) continue;
      if (++rows > kTableRowsMax) return tooLarge();
      sheet.lines.push_back(std::move(line));
    }
  }
  return {};
}

/// "xl/worksheets/sheet1.xml" of "worksheets/sheet1.xml" or "/xl/worksheets/sheet1.xml".
std::string partName(std::string_view target) {
  return target.starts_with('/') ? std::string(target.substr(1)) : "xl/" + std::string(target);
}

}  // namespace

Result<std::vector<Sheet>> readWorkbook(std::string_view bytes) {
  INVIGIL_TRY(package, Parts::open(bytes));
  pugi::xml_document book, links, shared;
  INVIGIL_CHECK(package.read("xl/workbook.xml", book));
  INVIGIL_CHECK(package.read("xl/_rels/workbook.xml.rels", links));
  INVIGIL_CHECK(package.read("xl/sharedStrings.xml", shared));
  if (!book.document_element()) return bad("里面没有工作表（不是 .xlsx）。", "there is no workbook in it (not an .xlsx).");
  std::vector<std::string> strings;
  for (const pugi::xml_node& one : shared.document_element())
    if (std::strcmp(local(one), "si") == 0) strings.push_back(textOf(one));
  std::map<std::string, std::string> targets;
  for (const pugi::xml_node& link : links.document_element())
    targets[link.attribute("Id").value()] = partName(link.attribute("Target").value());
  std::vector<Sheet> sheets;
  std::size_t rows = 0;
  for (const pugi::xml_node& group : book.document_element()) {
    if (std::strcmp(local(group), "sheets") != 0) continue;
    for (const pugi::xml_node& entry : group) {
      if (sheets.size() == kSheetsMax) return tooLarge();
      Sheet sheet;
      sheet.name = firstCharacters(entry.attribute("name").value(), 200);
      std::string link;
      for (const pugi::xml_attribute& attribute : entry.attributes())
        if (std::string_view(attribute.name()).ends_with(":id")) link = attribute.value();
      pugi::xml_document part;
      if (const auto target = targets.find(link); target != targets.end()) INVIGIL_CHECK(package.read(target->second, part));
      INVIGIL_CHECK(readLines(part, strings, rows, sheet));
      sheets.push_back(std::move(sheet));
    }
  }
  return sheets;
}

}  // namespace invigil::bank::formats
