// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <xlsxwriter.h>

#include <algorithm>
#include <filesystem>

#include "invigil/bank/import_report.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank {
namespace {

constexpr std::size_t kCellCharacters = 32'000;  ///< a cell holds 32767
constexpr std::size_t kBookBytesMax = 256u << 20;

void put(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, const std::string& text) {
  worksheet_write_string(sheet, row, column, clipped(text, kCellCharacters).c_str(), nullptr);
}

void put(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, std::int64_t number) {
  worksheet_write_number(sheet, row, column, static_cast<double>(number), nullptr);
}

void writeSummary(lxw_workbook* book, const ImportReportBook& report) {
  lxw_worksheet* sheet = workbook_add_worksheet(book, "汇总 Summary");
  worksheet_set_column(sheet, 0, 0, 30, nullptr);
  worksheet_set_column(sheet, 1, static_cast<lxw_col_t>(std::max<std::size_t>(1, report.files.size())), 20, nullptr);
  static constexpr std::pair<const char*, const char*> kLines[] = {
      {"rows", "行数 Rows"}, {"imported", "可导入 Imported"}, {"repaired", "其中已修复 Repaired"}, {"duplicates", "重复 Duplicates"},
      {"look_alikes", "题干相同 Look-alikes"}, {"refused", "拒收 Refused"}, {"notes", "说明 Notes"}, {"new", "新题 New"}, {"changed", "有改动 Changed"},
      {"unchanged", "无改动 Unchanged"}, {"missing", "文件里没有 Missing"}, {"left_out", "人工剔除 Left out"}};
  put(sheet, 0, 0, "题库 Bank");
  put(sheet, 0, 1, report.bank);
  put(sheet, 1, 0, "文件 File");
  for (std::size_t i = 0; i < report.files.size(); ++i) put(sheet, 1, static_cast<lxw_col_t>(i + 1), report.files[i].name);
  lxw_row_t row = 2;
  for (const auto& [member, name] : kLines) {
    bool any = false;
    for (std::size_t i = 0; i < report.files.size(); ++i)
      if (const auto count = report.files[i].counts.find(member); count != report.files[i].counts.end()) {
        put(sheet, row, static_cast<lxw_col_t>(i + 1), count->second);
        any = true;
      }
    if (any) put(sheet, row++, 0, name);
  }
  const auto failed = [](const ImportReportBook::File& file) { return !file.error.empty(); };
  if (std::none_of(report.files.begin(), report.files.end(), failed)) return;
  put(sheet, row, 0, "不能读取 Not readable");
  for (std::size_t i = 0; i < report.files.size(); ++i)
    if (failed(report.files[i])) put(sheet, row, static_cast<lxw_col_t>(i + 1), report.files[i].error);
}

void writeFindings(lxw_workbook* book, const char* title, const std::vector<Finding>& findings) {
  lxw_worksheet* sheet = workbook_add_worksheet(book, title);
  lxw_col_t column = 0;
  for (const char* name : {"文件 File", "工作表 Sheet", "行 Row", "列 Column", "内容 Text", "原因", "Reason", "代码 Code", "题库里的题 Bank item"}) put(sheet, 0, column++, name);
  worksheet_set_column(sheet, 4, 6, 50, nullptr);
  worksheet_set_column(sheet, 7, 8, 25, nullptr);
  worksheet_freeze_panes(sheet, 1, 0);
  lxw_row_t row = 1;
  for (const Finding& one : findings) {
    put(sheet, row, 0, one.place.file);
    put(sheet, row, 1, one.place.sheet);
    if (one.place.row != 0) put(sheet, row, 2, one.place.row);
    if (one.place.column != 0) put(sheet, row, 3, one.place.column);
    put(sheet, row, 4, one.text);
    put(sheet, row, 5, one.what.zh);
    put(sheet, row, 6, one.what.en);
    put(sheet, row, 7, one.code);
    put(sheet, row++, 8, one.bank_item);
  }
}

}  // namespace

Result<std::string> writeReportBook(const ImportReportBook& report, const std::string& scratch) {
  const auto failed = [&] { return fail(ErrorCode::Unavailable, "cannot_write", "The workbook could not be written beside '" + scratch + "'."); };
  lxw_workbook* book = workbook_new(scratch.c_str());
  if (!book) return failed();
  writeSummary(book, report);
  writeFindings(book, "拒收 Refused", report.refused);
  writeFindings(book, "已修复 Repaired", report.repairs);
  writeFindings(book, "重复 Duplicates", report.duplicates);
  writeFindings(book, "题干相同 Look-alikes", report.look_alikes);
  writeFindings(book, "说明 Notes", report.notes);
  const lxw_error error = workbook_close(book);
  auto bytes = readFile(scratch, kBookBytesMax);
  std::error_code ignored;
  std::filesystem::remove(scratch, ignored);
  if (error != LXW_NO_ERROR || !bytes) return failed();
  return bytes;
}

}  // namespace invigil::bank
