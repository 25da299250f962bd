// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "import_report.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "invigil/bank/import_report.hpp"
#include "invigil/base/text.hpp"

namespace invigil::cli {
namespace {

using Json = nlohmann::ordered_json;

Json findingJson(const bank::Finding& one) {
  return {{"sheet", one.place.sheet}, {"row", one.place.row}, {"column", one.place.column}, {"text", one.text},
          {"reason", one.what.zh + " / " + one.what.en}, {"code", one.code}};
}

Json findingsJson(const std::vector<bank::Finding>& findings) {
  Json list = Json::array();
  for (const auto& one : findings) list.push_back(findingJson(one));
  return list;
}

Json fileJson(const FileReport& report) {
  if (report.error)
    return {{"file", report.file},
            {"ok", false},
            {"rows", 0}, {"imported", 0}, {"repaired", 0}, {"duplicates", 0}, {"refused", Json::array()},
            {"error", {{"reason", report.error->reason}, {"detail", report.error->detail}, {"where", report.error->where}}}};
  const bank::Collected& c = report.found;
  return {{"file", report.file}, {"ok", true}, {"format", report.format}, {"rows", c.counts.rows}, {"imported", c.counts.imported},
          {"repaired", c.counts.repaired}, {"duplicates", c.counts.duplicates}, {"refused", findingsJson(c.refused)},
          {"duplicate_rows", findingsJson(c.duplicates)}, {"repairs", findingsJson(c.repaired)}, {"warnings", warningsOf(c)}};
}

std::string jsonOf(const ImportReport& report) {
  Json files = Json::array(), warnings = Json::array();
  for (const FileReport& one : report.files) files.push_back(fileJson(one));
  for (const bank::Finding& one : report.warnings) warnings.push_back(warningLine(one));
  const Json all{{"format", "invigil-import-report"}, {"version", 1}, {"ok", report.ok}, {"items", report.items}, {"files", files}, {"warnings", warnings}};
  return all.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

bank::ImportReportBook bookOf(const ImportReport& report) {
  bank::ImportReportBook book;
  book.bank = report.bank;
  const auto add = [](const std::vector<bank::Finding>& from, std::vector<bank::Finding>& to) { to.insert(to.end(), from.begin(), from.end()); };
  for (const FileReport& one : report.files) {
    const bank::Collected& c = one.found;
    const auto about = std::count_if(report.warnings.begin(), report.warnings.end(), [&](const bank::Finding& warning) { return warning.place.file == one.file; });
    book.files.push_back({one.file, one.error ? one.error->detail : "",
                          {{"rows", c.counts.rows}, {"imported", c.counts.imported}, {"repaired", c.counts.repaired}, {"duplicates", c.counts.duplicates},
                           {"look_alikes", c.look_alikes.size()}, {"refused", c.counts.refused}, {"notes", static_cast<std::int64_t>(c.notes.size()) + about}}});
    add(c.refused, book.refused), add(c.repaired, book.repairs), add(c.duplicates, book.duplicates);
    add(c.look_alikes, book.look_alikes), add(c.notes, book.notes);
  }
  add(report.warnings, book.notes);
  return book;
}

bool isWorkbook(const std::string& path) {
  std::string ending = std::filesystem::path(path).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return ending == ".xlsx";
}

}  // namespace

std::vector<std::string> warningsOf(const bank::Collected& read) {
  std::vector<std::string> lines;
  for (const auto* findings : {&read.look_alikes, &read.notes})
    for (const bank::Finding& one : *findings) {
      std::string line = one.what.zh + " / " + one.what.en + (one.text.empty() ? "" : ": " + one.text);
      if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(std::move(line));
    }
  return lines;
}

std::string warningLine(const bank::Finding& about_file) { return about_file.place.file + ": " + about_file.what.zh + " / " + about_file.what.en; }

Status writeReport(const ImportReport& report, const std::string& path) {
  if (!isWorkbook(path)) return writeFileDurably(path, jsonOf(report));
  INVIGIL_TRY(bytes, bank::writeReportBook(bookOf(report), path + ".part"));
  return writeFileDurably(path, bytes);
}

}  // namespace invigil::cli
