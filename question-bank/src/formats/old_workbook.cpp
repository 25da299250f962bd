// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "formats/biff.hpp"
#include "formats/compound_file.hpp"
#include "formats/number_formats.hpp"
#include "formats/table_parts.hpp"
#include "invigil/base/text.hpp"

// Workbooks of Excel 5 to 2003: the stream "Workbook" (BIFF8) or "Book" (BIFF5). Source: [MS-XLS].
namespace invigil::bank::formats {
namespace {

constexpr std::size_t kStringsMax = 5'000'000;

enum Kind : std::uint16_t {
  Formula = 0x0006, EndOf = 0x000A, DateMode = 0x0022, Password = 0x002F, Font = 0x0031, Continue = 0x003C, CodePage = 0x0042, Object = 0x005D, BoundSheet = 0x0085,
  Numbers = 0x00BD, RichLabel = 0x00D6, Style = 0x00E0, Merged = 0x00E5, Drawing = 0x00EC, SharedStrings = 0x00FC, SharedLabel = 0x00FD, Number = 0x0203, Label = 0x0204,
  Truth = 0x0205, FormulaText = 0x0207, PackedNumber = 0x027E, Format = 0x041E, Begin = 0x0809
};

const char* encodingOf(std::uint16_t code_page) {
  static constexpr std::pair<std::uint16_t, const char*> kPages[]{{936, "GB18030"}, {950, "BIG5"}, {1200, "UTF-16LE"}, {65001, "UTF-8"}, {932, "CP932"}, {949, "CP949"}};
  for (const auto& [page, name] : kPages)
    if (page == code_page) return name;
  return "CP1252";
}

class OldWorkbook {
 public:
  explicit OldWorkbook(std::string stream) : stream_(std::move(stream)) {}

  Result<std::vector<Sheet>> read() {
    INVIGIL_CHECK(globals());
    std::vector<Sheet> sheets;
    for (const auto& [name, at] : places_) {
      Sheet sheet;
      sheet.name = firstCharacters(name, 200);
      INVIGIL_CHECK(cellsFrom(at, sheet));
      sheets.push_back(std::move(sheet));
    }
    return sheets;
  }

 private:
  Status globals() {
    Records records(stream_, 0);
    auto record = records.next();
    if (!record || record->kind != Begin) return badWorkbook("里面没有工作表。", "there are no sheets in it.");
    wide_ = ByteReader(record->data).u16() == 0x0600;
    Pieces strings;
    bool in_strings = false;
    while ((record = records.next()) && record->kind != EndOf) {
      in_strings = record->kind == SharedStrings || (in_strings && record->kind == Continue);
      if (in_strings) strings.add(record->data);
      else if (record->kind == Password) return badWorkbook("它有密码保护，请去掉密码后再导入。", "it is protected by a password; remove the password and import it again.");
      else if (record->kind == CodePage) encoding_ = encodingOf(ByteReader(record->data).u16());
      else if (record->kind == BoundSheet) INVIGIL_CHECK(place(record->data));
      else look(*record);
    }
    strings.skip(strings.empty() ? 0 : 4);
    const std::uint32_t count = strings.empty() ? 0 : strings.number(4);
    while (strings_.size() < count && !strings.failed()) {
      if (strings_.size() == kStringsMax) return tooLarge();
      std::vector<Pieces::Run> runs;
      ShownCell text{strings.text(true, true, &runs), {}, false};
      setScripts(runs, text);
      strings_.push_back(std::move(text));
    }
    return {};
  }

  /// How cells look, as far as it is part of what they say.
  void look(const Record& record) {
    ByteReader reader(record.data);
    const std::uint16_t first = reader.u16(), second = reader.u16();
    if (record.kind == DateMode) formats_.countFrom1904(first == 1);
    else if (record.kind == Style) formats_.addStyle(second);
    else if (record.kind == Format) formats_.define(first, textOf(record.data.substr(std::min<std::size_t>(2, record.data.size())), wide_));
    if (record.kind != Font) return;
    reader.skip(4);
    fonts_.push_back(reader.u16());  // 1 raised, 2 lowered
  }

  void setScripts(const std::vector<Pieces::Run>& runs, ShownCell& text) const {
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const std::size_t font = runs[i].font - (runs[i].font > 4 ? 1u : 0u);  // there is no font 4
      const std::size_t begin = runs[i].begin, end = i + 1 < runs.size() ? runs[i + 1].begin : text.text.size();
      if (runs[i].font == 4 || font >= fonts_.size() || (fonts_[font] != 1 && fonts_[font] != 2)) continue;
      if (begin < end && (text.scripts.empty() || text.scripts.back().end <= begin)) text.scripts.push_back({0, 0, begin, end, fonts_[font] == 1});
    }
  }

  Status place(std::string_view data) {
    ByteReader reader(data);
    const std::uint32_t at = reader.u32();
    reader.skip(1);
    if (reader.u8() != 0) return {};  // charts and macros
    if (places_.size() == kSheetsMax) return tooLarge();
    places_.emplace_back(textOf(reader.take(reader.left()), false), at);
    return {};
  }

  /// A text with its length before it.
  std::string textOf(std::string_view data, bool long_count) const {
    if (wide_) {
      Pieces pieces;
      pieces.add(data);
      return pieces.text(long_count, false);
    }
    ByteReader reader(data);
    const std::size_t count = long_count ? reader.u16() : reader.u8();
    const auto text = converted(reader.take(std::min(count, reader.left())), encoding_);
    return text ? *text : std::string();
  }

  /// A text with fonts in it.
  ShownCell richTextOf(std::string_view data) const {
    std::vector<Pieces::Run> runs;
    ShownCell out;
    if (wide_) {
      Pieces pieces;
      pieces.add(data);
      out.text = pieces.text(true, false, &runs);
    } else {
      out.text = textOf(data, true);
      ByteReader reader(data);
      const std::string_view bytes = reader.take(reader.u16());
      const auto before = [&](std::size_t count) {
        const auto text = converted(bytes.substr(0, count), encoding_);
        return text ? text->size() : out.text.size();
      };
      for (int left = reader.u8(); left > 0 && reader.left() >= 2; --left) {
        const std::size_t begin = before(reader.u8());
        runs.push_back({begin, reader.u8()});
      }
    }
    setScripts(runs, out);
    return out;
  }

  Status put(std::uint16_t row, std::uint16_t column, std::string text) { return put(row, column, ShownCell{std::move(text), {}, false}); }
  Status put(std::uint16_t row, std::uint16_t column, double value, std::uint16_t style) { return put(row, column, formats_.show(value, style)); }
  Status putError(std::uint16_t row, std::uint16_t column) { return put(row, column, ShownCell{"", {}, true}); }

  Status put(std::uint16_t row, std::uint16_t column, ShownCell text) {
    if (trim(text.text).empty() && !text.doubtful) return {};
    bytes_ += text.text.size() + (text.scripts.size() + text.doubtful) * sizeof(Sheet::Script);
    if (column >= kTableColumnsMax || bytes_ > kCellBytesMax) return tooLarge();
    if (rows_.emplace(row, 0).second && ++row_count_ > kTableRowsMax) return tooLarge();
    cells_[{row, column}] = std::move(text);
    return {};
  }

  Status formula(ByteReader& reader, std::uint16_t row, std::uint16_t column, std::uint16_t style) {
    const std::string_view result = reader.take(8);
    if (result.size() < 8) return {};
    if (static_cast<std::uint8_t>(result[6]) != 0xFF || static_cast<std::uint8_t>(result[7]) != 0xFF) return put(row, column, ByteReader(result).f64(), style);
    if (result[0] == 0) awaited_ = {row, column};  // its text is the next record
    if (result[0] == 2) return putError(row, column);
    return result[0] == 1 ? put(row, column, result[2] != 0 ? "TRUE" : "FALSE") : Status();
  }

  void merged(std::string_view data) {
    ByteReader reader(data);
    for (int left = reader.u16(); left > 0 && reader.left() >= 8; --left) {
      const int first = reader.u16() + 1, last = reader.u16() + 1, column = reader.u16() + 1;
      if (reader.u16() + 1 == column && first < last) merged_.push_back({first, last, column});
    }
  }

  /// The cell under the upper left corner of the shape that the next object is: OfficeArtClientAnchorSheet, the last of the record.
  void anchor(std::string_view data) {
    using namespace std::string_view_literals;
    const std::size_t at = data.rfind("\x10\xF0\x12\x00\x00\x00"sv);
    if (at == std::string_view::npos) return;
    ByteReader reader(data, at + 8);  // the header's rest and the flags
    const std::uint16_t column = reader.u16();
    reader.skip(2);
    const std::uint16_t row = reader.u16();
    if (reader.ok()) anchor_ = {row, column};
  }

  /// A picture is not read: what it belongs to must not come in without it.
  void object(std::string_view data, Sheet& sheet) {
    ByteReader reader(data);
    reader.skip(4);
    const bool picture = reader.u16() == 8;
    if (!wide_) {  // BIFF5 has the anchor in the object itself
      reader.skip(4);
      const std::uint16_t column = reader.u16();
      reader.skip(2);
      const std::uint16_t row = reader.u16();
      if (reader.ok()) anchor_ = {row, column};
    }
    const auto there = std::exchange(anchor_, std::nullopt);
    if (!picture) return;
    if (there) sheet.pictures.push_back({there->first + 1, there->second + 1, ""});
    else ++sheet.pictures_unread;
  }

  Status cell(const Record& record, Sheet& sheet) {
    if (record.kind == FormulaText && awaited_) {
      const auto [row, column] = *std::exchange(awaited_, std::nullopt);
      return put(row, column, textOf(record.data, true));
    }
    if (record.kind == Drawing) return anchor(record.data), Status();
    if (record.kind == Object) return object(record.data, sheet), Status();
    if (record.kind == Merged) return merged(record.data), Status();
    ByteReader reader(record.data);
    const std::uint16_t row = reader.u16(), column = reader.u16();
    if (record.kind == Numbers) {
      for (std::uint16_t at = column; reader.left() >= 6; ++at) {
        const std::uint16_t style = reader.u16();
        INVIGIL_CHECK(put(row, at, unpacked(reader.u32()), style));
      }
      return {};
    }
    const std::uint16_t style = reader.u16();
    if (!reader.ok()) return {};
    switch (record.kind) {
      case SharedLabel: {
        const std::uint32_t index = reader.u32();
        return index < strings_.size() ? put(row, column, strings_[index]) : Status();
      }
      case Label: return put(row, column, textOf(reader.take(reader.left()), true));
      case RichLabel: return put(row, column, richTextOf(reader.take(reader.left())));
      case Number: return put(row, column, reader.f64(), style);
      case PackedNumber: return put(row, column, unpacked(reader.u32()), style);
      case Truth: {
        const bool yes = reader.u8() != 0;
        return reader.u8() == 0 ? put(row, column, yes ? "TRUE" : "FALSE") : putError(row, column);
      }
      case Formula: return formula(reader, row, column, style);
      default: return {};
    }
  }

  Status cellsFrom(std::size_t at, Sheet& sheet) {
    cells_.clear(), rows_.clear(), merged_.clear(), awaited_.reset(), anchor_.reset();
    Records records(stream_, at);
    auto record = records.next();
    if (!record || record->kind != Begin) return badWorkbook("工作表“" + sheet.name + "”已损坏。", "the sheet '" + sheet.name + "' is damaged.");
    int depth = 1;  // a chart inside has its own begin and end
    while (depth > 0 && (record = records.next())) {
      if (record->kind == Begin) ++depth;
      else if (record->kind == EndOf) --depth;
      else if (depth == 1) INVIGIL_CHECK(cell(*record, sheet));
    }
    if (depth > 0) return badWorkbook("工作表“" + sheet.name + "”不完整。", "the sheet '" + sheet.name + "' is cut off.");
    for (auto& [position, text] : cells_) {
      const auto [row, column] = position;
      if (sheet.lines.empty() || sheet.lines.back().number != row + 1) sheet.lines.push_back({row + 1, {}});
      formats::place(std::move(text), row + 1, column + 1, sheet, sheet.lines.back());
    }
    return fillMerged(merged_, bytes_, sheet);
  }

  std::string stream_;
  bool wide_ = true;
  const char* encoding_ = "CP1252";
  NumberFormats formats_;
  std::vector<std::uint16_t> fonts_;  ///< how each is raised or lowered
  std::vector<ShownCell> strings_;
  std::vector<std::pair<std::string, std::uint32_t>> places_;
  std::map<std::pair<std::uint16_t, std::uint16_t>, ShownCell> cells_;
  std::vector<MergedCells> merged_;
  std::map<std::uint16_t, int> rows_;
  std::optional<std::pair<std::uint16_t, std::uint16_t>> awaited_, anchor_;
  std::size_t row_count_ = 0, bytes_ = 0;
};

}  // namespace

Result<std::vector<Sheet>> readOldWorkbook(std::string_view bytes) {
  auto stream = streamOf(bytes, {"Workbook", "Book"});
  if (!stream) return badWorkbook("文件已损坏，或者不是 Excel 工作簿。", "the file is damaged or no Excel workbook.");
  return OldWorkbook(std::move(*stream)).read();
}

}  // namespace invigil::bank::formats
