// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/workbook_parts.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "formats/table_parts.hpp"
#include "formats/texts.hpp"
#include "item.hpp"

namespace invigil::bank::formats {
namespace {

/// Of one unpacked part 128 MiB, of all that are read 256 MiB; how many there are does not matter.
constexpr Package::Limits kLimits{std::numeric_limits<std::size_t>::max(), 128u << 20, 256u << 20};
constexpr std::size_t kPicturesMax = 5'000, kPictureBytesMax = 128u << 20;

bool isNamed(const pugi::xml_node& node, const char* name) { return std::strcmp(localName(node), name) == 0; }

/// "xl/media/a.png" of "../media/a.png" in xl/drawings/drawing1.xml, or of "/xl/media/a.png".
std::string partOf(const std::string& from, std::string_view link) {
  return link.starts_with('/') ? std::string(link.substr(1)) : resolved(from, link);
}

/// Pictures of a drawing with the cell that each is anchored to; row 0 = to none.
struct Anchored : pugi::xml_tree_walker {
  struct Found {
    std::string link;  ///< "" = a chart or a picture outside the file
    int row, column;
  };
  std::vector<Found> found;
  int row = 0, column = 0;

  bool for_each(pugi::xml_node& node) override {
    const std::string_view name = localName(node);
    if (name.ends_with("Anchor")) row = column = 0;
    else if (name == "from") row = numberIn(node, "row"), column = numberIn(node, "col");
    else if (name == "blip") found.push_back({linkOf(node, "embed"), row, column});
    else if (name == "graphicFrame") found.push_back({"", row, column});
    return found.size() <= kPicturesMax;
  }
  /// Those of a drawing count from 0.
  static int numberIn(const pugi::xml_node& from, const char* name) {
    for (const pugi::xml_node& part : from)
      if (isNamed(part, name)) return std::clamp(part.text().as_int(-1), -1, 10'000'000) + 1;
    return 0;
  }
};

}  // namespace

const char* localName(const pugi::xml_node& node) {
  const char* colon = std::strchr(node.name(), ':');
  return colon != nullptr ? colon + 1 : node.name();
}

std::string linkOf(const pugi::xml_node& node, std::string_view name) {
  for (const pugi::xml_attribute& attribute : node.attributes()) {
    const std::string_view full = attribute.name();
    if (full.size() > name.size() && full.ends_with(name) && full[full.size() - name.size() - 1] == ':') return attribute.value();
  }
  return {};
}

Result<WorkbookParts> WorkbookParts::open(std::string_view bytes) {
  auto package = Package::open(bytes, kLimits);
  if (!package) return badWorkbook("不是有效的压缩包。", "it is no valid zip package.");
  return WorkbookParts(std::move(*package));
}

Status WorkbookParts::read(const std::string& part, pugi::xml_document& into) {
  const auto text = package_.read(part);
  if (!text) return text.error().code == ErrorCode::TooLarge ? tooLarge() : badWorkbook(part + " 已损坏。", part + " is damaged.");
  if (!*text) return {};
  if (!into.load_buffer((*text)->data(), (*text)->size(), pugi::parse_default | pugi::parse_ws_pcdata_single))
    return badWorkbook(part + " 不是有效的 XML。", part + " is no valid XML.");
  return {};
}

Result<std::map<std::string, std::string>> WorkbookParts::links(const std::string& part) {
  const std::string name(lastPart(part));
  pugi::xml_document document;
  INVIGIL_CHECK(read(part.substr(0, part.size() - name.size()) + "_rels/" + name + ".rels", document));
  std::map<std::string, std::string> out;
  for (const pugi::xml_node& link : document.document_element())
    if (std::strcmp(link.attribute("TargetMode").value(), "External") != 0) out[link.attribute("Id").value()] = partOf(part, link.attribute("Target").value());
  return out;
}

Result<std::optional<std::string>> WorkbookParts::bytes(const std::string& part) {
  auto read = package_.read(part);
  if (read) return std::move(*read);
  if (read.error().code == ErrorCode::TooLarge) return tooLarge();
  return std::optional<std::string>();
}

std::string cellPictureId(std::string_view text) {
  constexpr std::string_view kCall = "DISPIMG(\"";
  const std::size_t at = text.find(kCall);
  if (!text.starts_with('=') || at == std::string_view::npos) return {};
  const std::string_view rest = text.substr(at + kCall.size());
  const std::size_t end = rest.find('"');
  return end == std::string_view::npos ? std::string() : std::string(rest.substr(0, end));
}

Status CellPictures::load() {
  constexpr const char* kPart = "xl/cellimages.xml";
  pugi::xml_document images;
  INVIGIL_CHECK(loadValues());
  INVIGIL_CHECK(package_.read(kPart, images));
  if (!images.document_element()) return {};
  INVIGIL_TRY(links, package_.links(kPart));
  for (const pugi::xml_node& image : images.document_element()) {
    const pugi::xml_node named = image.find_node([](const pugi::xml_node& node) { return isNamed(node, "cNvPr"); });
    const pugi::xml_node blip = image.find_node([](const pugi::xml_node& node) { return isNamed(node, "blip"); });
    if (const auto link = links.find(linkOf(blip, "embed")); link != links.end()) in_cells_[named.attribute("name").value()] = link->second;
  }
  return {};
}

/// From vm over two lists of metadata to a rich value, whose first number names one of the relations.
Status CellPictures::loadValues() {
  pugi::xml_document metadata, values, relations;
  constexpr const char* kRelations = "xl/richData/richValueRel.xml";
  INVIGIL_CHECK(package_.read("xl/metadata.xml", metadata));
  if (!metadata.document_element()) return {};
  INVIGIL_CHECK(package_.read("xl/richData/rdrichvalue.xml", values));
  INVIGIL_CHECK(package_.read(kRelations, relations));
  INVIGIL_TRY(links, package_.links(kRelations));
  std::vector<std::string> parts, shown;
  std::vector<unsigned> rich;
  for (const pugi::xml_node& one : relations.document_element()) {
    const auto link = links.find(linkOf(one, "id"));
    parts.push_back(link == links.end() ? "" : link->second);
  }
  for (const pugi::xml_node& value : values.document_element()) {
    const unsigned first = value.first_child().text().as_uint(~0u);
    shown.push_back(first < parts.size() ? parts[first] : "");
  }
  for (const pugi::xml_node& list : metadata.document_element()) {
    if (isNamed(list, "futureMetadata") && std::string_view(list.attribute("name").value()) == "XLRICHVALUE")
      for (const pugi::xml_node& entry : list) rich.push_back(entry.find_node([](const pugi::xml_node& node) { return isNamed(node, "rvb"); }).attribute("i").as_uint(~0u));
    if (!isNamed(list, "valueMetadata")) continue;
    for (const pugi::xml_node& entry : list) {
      const unsigned at = entry.first_child().attribute("v").as_uint(~0u), value = at < rich.size() ? rich[at] : ~0u;
      values_.push_back(value < shown.size() ? shown[value] : "");
    }
  }
  return {};
}

Status CellPictures::putValue(Sheet& sheet, unsigned number, int row, int column) {
  return show(sheet, number > 0 && number <= values_.size() ? values_[number - 1] : "", row, column);
}

Status CellPictures::put(Sheet& sheet, const std::string& id, int row, int column) {
  const auto part = in_cells_.find(id);
  return show(sheet, part == in_cells_.end() ? "" : part->second, row, column);
}

Status CellPictures::readDrawings(const std::string& sheet_part, const pugi::xml_node& worksheet, Sheet& sheet) {
  for (const pugi::xml_node& node : worksheet) {
    if (!isNamed(node, "drawing")) continue;
    INVIGIL_TRY(links, package_.links(sheet_part));
    if (const auto link = links.find(linkOf(node, "id")); link != links.end()) INVIGIL_CHECK(readDrawing(link->second, sheet));
  }
  return {};
}

Status CellPictures::readDrawing(const std::string& part, Sheet& sheet) {
  pugi::xml_document drawing;
  INVIGIL_CHECK(package_.read(part, drawing));
  INVIGIL_TRY(links, package_.links(part));
  Anchored pictures;
  drawing.traverse(pictures);
  for (const auto& one : pictures.found) {
    const auto link = links.find(one.link);
    if (link == links.end() || one.row == 0 || one.column == 0) ++sheet.pictures_unread;
    else INVIGIL_CHECK(show(sheet, link->second, one.row, one.column));
  }
  return {};
}

Status CellPictures::show(Sheet& sheet, const std::string& part, int row, int column) {
  if (++shown_ > kPicturesMax) return tooLarge();
  const auto [known, fresh] = media_.try_emplace(part);
  if (fresh && !part.empty()) {
    INVIGIL_TRY(bytes, package_.bytes(part));
    if (bytes) {
      known->second.name = mediaName(*bytes);
      known->second.bytes = std::move(*bytes);
    }
  }
  const Media& media = known->second;
  sheet.pictures.push_back({row, column, media.name});
  const auto same = [&](const Media& one) { return one.name == media.name; };
  if (media.name.empty() || std::any_of(sheet.media.begin(), sheet.media.end(), same)) return {};
  bytes_ += media.bytes.size();
  if (bytes_ > kPictureBytesMax) return tooLarge();
  sheet.media.push_back(media);
  return {};
}

}  // namespace invigil::bank::formats
