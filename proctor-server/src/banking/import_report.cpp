// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <xlsxwriter.h>

#include <filesystem>

#include "banking/imports.hpp"

namespace invigil::server {
namespace {

struct Sheet {
  const char *member, *zh, *en;
};
constexpr Sheet kSheets[] = {{"refused", "拒收", "Refused"}, {"repairs", "已修复", "Repaired"}, {"duplicate_rows", "重复", "Duplicates"},
                             {"look_alikes", "题干相同", "Look-alikes"}, {"notes", "说明", "Notes"}};

/// A spreadsheet cell holds 32767 characters.
void put(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, const std::string& text) {
  worksheet_write_string(sheet, row, column, firstCharacters(text, 32000).c_str(), nullptr);
}

void writeFindings(lxw_workbook* book, const Sheet& kind, const Json& files) {
  lxw_worksheet* sheet = workbook_add_worksheet(book, kind.zh);
  lxw_col_t column = 0;
  for (const char* name : {"文件 File", "工作表 Sheet", "行 Row", "列 Column", "内容 Text", "原因", "Reason", "代码 Code"}) put(sheet, 0, column++, name);
  worksheet_set_column(sheet, 4, 6, 50, nullptr);
  worksheet_freeze_panes(sheet, 1, 0);
  lxw_row_t row = 1;
  for (const Json& file : files)
    for (const Json& finding : file[kind.member]) {
      const Json& place = finding["place"];
      put(sheet, row, 0, place["file"]);
      put(sheet, row, 1, place["sheet"]);
      if (place["row"] != 0) worksheet_write_number(sheet, row, 2, place["row"].get<double>(), nullptr);
      if (place["column"] != 0) worksheet_write_number(sheet, row, 3, place["column"].get<double>(), nullptr);
      put(sheet, row, 4, finding["text"]);
      put(sheet, row, 5, finding["what"]["zh"]);
      put(sheet, row, 6, finding["what"]["en"]);
      put(sheet, row++, 7, finding["code"]);
    }
}

void writeSummary(lxw_workbook* book, const Json& report) {
  lxw_worksheet* sheet = workbook_add_worksheet(book, "汇总 Summary");
  worksheet_set_column(sheet, 0, 0, 30, nullptr);
  lxw_row_t row = 0;
  static constexpr std::pair<const char*, const char*> kLines[] = {
      {"rows", "行数 Rows"}, {"imported", "可导入 Imported"}, {"repaired", "其中已修复 Repaired"}, {"duplicates", "重复 Duplicates"},
      {"look_alikes", "题干相同 Look-alikes"}, {"refused", "拒收 Refused"}, {"notes", "说明 Notes"}, {"new", "新题 New"}, {"changed", "有改动 Changed"},
      {"unchanged", "无改动 Unchanged"}, {"missing", "文件里没有 Missing"}, {"left_out", "人工剔除 Left out"}};
  put(sheet, row, 0, "题库 Bank");
  put(sheet, row++, 1, report["bank_id"]);
  for (const auto& [member, name] : kLines) {
    put(sheet, row, 0, name);
    worksheet_write_number(sheet, row++, 1, report["counts"][member].get<double>(), nullptr);
  }
}

}  // namespace

Json importReportJson(Tx& tx, const ImportDraft& draft) {
  Json file{{"file", draft.file_name}};
  for (const Sheet& sheet : kSheets) file[sheet.member] = Json::array();
  for (auto& [kind, findings] : tx.all<std::string, std::string>(
           "select kind, findings from import_row where import_id = :a and kind <> 'missing' and findings <> '[]' order by place", draft.id))
    for (const Json& finding : Json::parse(findings)) {
      const char* list = kind == "refused" ? "refused" : kind == "duplicate" ? "duplicate_rows" : kind == "note" ? "notes"
                         : finding["code"] == "same_stem" ? "look_alikes" : "repairs";
      file[list].push_back(finding);
    }
  for (const char* count : {"rows", "imported", "repaired", "duplicates"}) file[count] = draft.counts[count];
  return {{"bank_id", draft.bank_id}, {"counts", draft.counts}, {"files", {file}}};
}

Result<std::string> importReportSheet(const Json& report, const std::string& scratch) {
  lxw_workbook* book = workbook_new(scratch.c_str());
  if (!book) return fail(ErrorCode::Unavailable, "store_failed", "No workbook could be made.");
  writeSummary(book, report);
  for (const Sheet& sheet : kSheets) writeFindings(book, sheet, report["files"]);
  const lxw_error error = workbook_close(book);
  auto bytes = readFile(scratch, 256u << 20);
  std::error_code ignored;
  std::filesystem::remove(scratch, ignored);
  if (error != LXW_NO_ERROR || !bytes) return fail(ErrorCode::Unavailable, "store_failed", "The workbook could not be written.");
  return bytes;
}

}  // namespace invigil::server
