// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include "formats/cell_escapes.hpp"
#include "formats/package.hpp"
#include "formats/writers.hpp"
#include "invigil/bank/markup.hpp"

namespace invigil::bank::formats {
namespace {

const std::string kHead = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n", kMain = "http://schemas.openxmlformats.org/",
                  kLinks = kMain + "officeDocument/2006/relationships";
constexpr int kPictureWidth = 1'143'000, kPictureHeight = 857'250;  ///< 120 by 90 pixels in English metric units
constexpr int kPictureRowPoints = 72;

std::string linkTo(const std::string& id, const std::string& kind, const std::string& target) {
  return "<Relationship Id=\"" + id + "\" Type=\"" + kLinks + "/" + kind + "\" Target=\"" + target + "\"/>";
}
std::string links(const std::string& inside) { return kHead + "<Relationships xmlns=\"" + kMain + "package/2006/relationships\">" + inside + "</Relationships>"; }

std::string contentTypes(bool pictures) {
  const std::string sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
  std::string out = kHead + "<Types xmlns=\"" + kMain + "package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                    "<Default Extension=\"xml\" ContentType=\"application/xml\"/>";
  if (pictures)
    for (const char* ending : {"png", "jpg", "gif", "webp"})
      out += std::string("<Default Extension=\"") + ending + "\" ContentType=\"image/" + (ending == std::string_view("jpg") ? "jpeg" : ending) + "\"/>";
  out += "<Override PartName=\"/xl/workbook.xml\" ContentType=\"" + sheet + "sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"" + sheet + "worksheet+xml\"/>";
  if (pictures) out += "<Override PartName=\"/xl/drawings/drawing1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.drawing+xml\"/>";
  return out + "</Types>";
}

std::string sheetOf(const Table& table) {
  std::set<std::size_t> tall;
  for (const Table::Picture& one : table.pictures) tall.insert(one.row);
  std::string sheet = kHead + "<worksheet xmlns=\"" + kMain + "spreadsheetml/2006/main\" xmlns:r=\"" + kLinks + "\"><sheetData>";
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    sheet += "<row r=\"" + std::to_string(r + 1) + "\"" + (tall.contains(r) ? " ht=\"" + std::to_string(kPictureRowPoints) + "\" customHeight=\"1\"" : "") + ">";
    for (std::size_t c = 0; c < table.rows[r].size(); ++c)
      if (!table.rows[r][c].empty())
        sheet += std::string("<c r=\"") + static_cast<char>('A' + c) + std::to_string(r + 1) + "\" t=\"inlineStr\"><is><t xml:space=\"preserve\">" + escapeHtml(escapedCell(table.rows[r][c])) + "</t></is></c>";
    sheet += "</row>";
  }
  return sheet + "</sheetData>" + (table.pictures.empty() ? "" : "<drawing r:id=\"rId1\"/>") + "</worksheet>";
}

/// Each picture at the upper left corner of its cell, further ones of the same cell a little beside it.
std::string drawingOf(const Table& table, const std::map<std::string, std::string>& ids) {
  std::string out = kHead + "<xdr:wsDr xmlns:xdr=\"" + kMain + "drawingml/2006/spreadsheetDrawing\" xmlns:a=\"" + kMain + "drawingml/2006/main\" xmlns:r=\"" + kLinks + "\">";
  int number = 0;
  std::map<std::pair<std::size_t, std::size_t>, int> before;
  for (const Table::Picture& one : table.pictures) {
    const auto id = ids.find(one.name);
    if (id == ids.end()) continue;
    const std::string n = std::to_string(++number), beside = std::to_string(before[{one.row, one.column}]++ * 95'250);
    out += "<xdr:oneCellAnchor><xdr:from><xdr:col>" + std::to_string(one.column) + "</xdr:col><xdr:colOff>" + beside + "</xdr:colOff><xdr:row>" + std::to_string(one.row) +
           "</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:ext cx=\"" + std::to_string(kPictureWidth) + "\" cy=\"" + std::to_string(kPictureHeight) +
           "\"/><xdr:pic><xdr:nvPicPr><xdr:cNvPr id=\"" + n + "\" name=\"" + n + "\"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill><a:blip r:embed=\"" + id->second +
           "\"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic><xdr:clientData/></xdr:oneCellAnchor>";
  }
  return out + "</xdr:wsDr>";
}

}  // namespace

Result<std::string> workbookOf(const Table& table, const std::vector<Media>& media) {
  const bool pictures = !table.pictures.empty();
  std::vector<std::pair<std::string, std::string>> files{
      {"[Content_Types].xml", contentTypes(pictures)},
      {"_rels/.rels", links(linkTo("rId1", "officeDocument", "xl/workbook.xml"))},
      {"xl/workbook.xml", kHead + "<workbook xmlns=\"" + kMain + "spreadsheetml/2006/main\" xmlns:r=\"" + kLinks + "\"><sheets><sheet name=\"题库\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"},
      {"xl/_rels/workbook.xml.rels", links(linkTo("rId1", "worksheet", "worksheets/sheet1.xml"))},
      {"xl/worksheets/sheet1.xml", sheetOf(table)}};
  if (!pictures) return packed(files);
  std::set<std::string> used;
  for (const Table::Picture& one : table.pictures) used.insert(one.name);
  std::map<std::string, std::string> ids;
  std::string shown;
  for (const Media& one : media) {
    if (!used.contains(one.name)) continue;
    const std::string id = "rId" + std::to_string(ids.size() + 1);
    ids[one.name] = id;
    shown += linkTo(id, "image", "../media/" + one.name);
    files.emplace_back("xl/media/" + one.name, one.bytes);
  }
  files.emplace_back("xl/worksheets/_rels/sheet1.xml.rels", links(linkTo("rId1", "drawing", "../drawings/drawing1.xml")));
  files.emplace_back("xl/drawings/drawing1.xml", drawingOf(table, ids));
  files.emplace_back("xl/drawings/_rels/drawing1.xml.rels", links(shown));
  return packed(files);
}

}  // namespace invigil::bank::formats
