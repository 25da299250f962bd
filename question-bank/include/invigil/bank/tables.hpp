// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "invigil/bank/importing.hpp"
#include "invigil/base/result.hpp"

/// Questions in tables: CSV and TSV (UTF-8, UTF-16, GB 18030), XLSX workbooks and those of old Excel (XLS). Thread-safe; no I/O.
namespace invigil::bank {

constexpr std::size_t kTableRowsMax = 200'000;   ///< of all sheets together
constexpr std::size_t kTableColumnsMax = 200;

struct Sheet {
  struct Line {
    int number = 0;  ///< 1-based row of the sheet, line of the text
    std::vector<std::string> cells;
  };
  struct Picture {
    int row = 0, column = 0;  ///< 1-based cell that it stands in
    std::string name;         ///< of a Media; "" where it is none that can be shown
  };
  /// Characters of a cell that are raised or lowered: the text of the cell does not say so ("10⁶" as "106").
  struct Script {
    int row = 0, column = 0;         ///< 1-based
    std::size_t begin = 0, end = 0;  ///< bytes of the cell's text
    bool raised = true;
  };
  std::string name;  ///< empty for a text table
  std::vector<Line> lines;  ///< without rows that are blank throughout
  std::vector<Picture> pictures;
  std::vector<Script> scripts;  ///< by row, column and begin
  std::vector<Media> media;  ///< what the pictures show, each once
  int pictures_unread = 0;   ///< charts, linked pictures, pictures that stand at no cell, all those of .xls
};

/// Which column of a sheet is what (docs/formats/column-map.md).
struct SheetMap {
  std::string name;
  bool use = true;
  int header_row = 0;  ///< Line::number of the headers; 0 = none. Rows up to it are no questions.
  std::vector<std::string> columns;  ///< one of columnRoles() each; "ignore" beyond the end
  bool operator==(const SheetMap&) const = default;
};
using ColumnMap = std::vector<SheetMap>;

/// "type", "stem", "options", "option_1".."option_8", "key", "explanation", "source", "difficulty", "tags", "ignore".
std::vector<std::string> columnRoles();

/// A workbook or a text table by its content. Errors: InvalidInput bad_workbook, bad_text; TooLarge table_too_large.
Result<std::vector<Sheet>> readSheets(std::string_view bytes);

/// From headers where there are any, else from what stands in the columns. A sheet in which no stem or no key was found
/// is not used.
ColumnMap guessColumns(const std::vector<Sheet>& sheets);

/// Errors: InvalidInput bad_column_map (where: "sheets[0].columns[3]").
Result<ColumnMap> parseColumnMap(std::string_view json);
std::string writeColumnMap(const ColumnMap& map);

/// Every row below the header of a used sheet is in exactly one of items and refused. Sheets the map does not name are
/// not used; notes say so.
Reading readTable(const std::vector<Sheet>& sheets, const ColumnMap& map, const std::string& file);

}  // namespace invigil::bank
