// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "formats/package.hpp"
#include "invigil/bank/tables.hpp"

namespace invigil::bank::formats {

/// "c" of "x:c".
const char* localName(const pugi::xml_node& node);
/// The value of an attribute with a prefix, such as r:id or r:embed, by its name without it.
std::string linkOf(const pugi::xml_node& node, std::string_view name);

/// The parts of a workbook as XML, never more than 128 MiB of one and 256 MiB of all that are read.
class WorkbookParts {
 public:
  /// `bytes` must outlive it. Errors: InvalidInput bad_workbook.
  static Result<WorkbookParts> open(std::string_view bytes);
  /// An absent part is an empty document. No DTD, no entities but the five of XML. Errors: bad_workbook, table_too_large.
  Status read(const std::string& part, pugi::xml_document& into);
  /// What the part's relations name, as parts, by the id. Errors: as read().
  Result<std::map<std::string, std::string>> links(const std::string& part);
  /// Bytes of a part, nothing where it is absent or damaged. Errors: TooLarge table_too_large.
  Result<std::optional<std::string>> bytes(const std::string& part);

 private:
  explicit WorkbookParts(Package package) : package_(std::move(package)) {}
  Package package_;
};

/// The id in =DISPIMG("ID_…",1), which WPS writes for a picture in a cell; "" for any other text.
std::string cellPictureId(std::string_view text);

/// Pictures of a workbook: those that lie over a sheet count for the cell under their upper left corner, those of WPS
/// (DISPIMG) and of Excel 365 (rich values) stand in a cell. At most 5,000 of together 128 MiB.
class CellPictures {
 public:
  explicit CellPictures(WorkbookParts& package) : package_(package) {}
  /// Finds those that stand in cells. Errors: as WorkbookParts.
  Status load();
  /// A cell (1-based) that names one of those. Errors: as readDrawings().
  Status put(Sheet& sheet, const std::string& id, int row, int column);
  /// A cell whose value is the rich value of that number, as its attribute vm says (from 1 on). Errors: the same.
  Status putValue(Sheet& sheet, unsigned number, int row, int column);
  /// Those that lie over the sheet. Errors: bad_workbook, table_too_large.
  Status readDrawings(const std::string& sheet_part, const pugi::xml_node& worksheet, Sheet& sheet);

 private:
  Status loadValues();
  Status readDrawing(const std::string& part, Sheet& sheet);
  Status show(Sheet& sheet, const std::string& part, int row, int column);

  WorkbookParts& package_;
  std::map<std::string, std::string> in_cells_;  ///< part by the id of DISPIMG
  std::vector<std::string> values_;              ///< part by the number of a rich value, "" where it is no picture
  std::map<std::string, Media> media_;           ///< by part; without a name where it is no picture that can be shown
  std::size_t bytes_ = 0, shown_ = 0;
};

}  // namespace invigil::bank::formats
