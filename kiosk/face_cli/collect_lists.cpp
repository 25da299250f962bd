// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "collect_lists.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>

#include "invigil/base/text.hpp"
#include "tables.hpp"

namespace invigil::face {
namespace {

constexpr const char *kConsentColumns = "subject,session,form,given_at,keep_until,notice", *kConsentFile = "/consents.csv";

/// Columns that a site added are left empty.
std::string padded(const std::string& line, const std::string& header) {
  const auto have = std::count(line.begin(), line.end(), ','), want = std::count(header.begin(), header.end(), ',');
  return line + std::string(static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, want - have)), ',');
}

bool readNumber(const std::string& text, long& out) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  return read.ec == std::errc{} && read.ptr == text.data() + text.size() && out > 0;
}

}  // namespace

Result<Table> readLines(const std::string& path, const std::string& columns) {
  auto text = readFile(path, 256u << 20);
  if (!text && text.error().code == ErrorCode::NotFound) return Table{columns, {}};
  if (!text) return fail(text.error());
  if (text->starts_with("\xEF\xBB\xBF")) text->erase(0, 3);
  Table table;
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) continue;
    if (table.header.empty())
      table.header = line;
    else
      table.lines.push_back(line);
  }
  if (table.header.empty()) table.header = columns;
  if (table.header != columns && !table.header.starts_with(columns + ","))
    return fail(ErrorCode::InvalidInput, "bad_table", path + " does not begin with the columns " + columns + "; move it away or choose another folder.",
                "collect_lists.cpp");
  return table;
}

Status writeLines(const std::string& path, const Table& table) {
  std::string text = table.header + "\n";
  for (const auto& line : table.lines) text += line + "\n";
  const auto now = readFile(path, 256u << 20);
  if (now ? *now == text : table.lines.empty()) return {};
  return writeFileDurably(path, text, 0600);
}

bool isCollected(const std::string& path) {
  std::size_t at = 0;
  for (int part = 0; part < 2; ++part) {
    const std::size_t slash = path.find('/', at);
    if (slash == std::string::npos || slash == at) return false;
    if (!std::all_of(path.begin() + static_cast<std::ptrdiff_t>(at), path.begin() + static_cast<std::ptrdiff_t>(slash), [](char c) { return c >= '0' && c <= '9'; })) return false;
    at = slash + 1;
  }
  return true;
}

Table inLine(Table table, const std::vector<std::string>& wanted, std::size_t subject, const std::set<std::string>& gone,
             std::vector<std::string>& elsewhere) {
  std::set<std::string> missing;
  for (const auto& line : wanted) missing.insert(fieldsOf(line).front());
  const auto stays = [&](const std::string& line) {
    const auto fields = fieldsOf(line);
    if (isCollected(fields.front())) return missing.erase(fields.front()) == 1;  // a path twice in the list stays once
    if (fields.size() <= subject || !gone.contains(fields[subject])) return true;
    elsewhere.push_back(fields.front());
    return false;
  };
  std::vector<std::string> kept;
  for (auto& line : table.lines)
    if (stays(line)) kept.push_back(std::move(line));
  table.lines = std::move(kept);
  for (const auto& line : wanted)
    if (missing.contains(fieldsOf(line).front())) table.lines.push_back(padded(line, table.header));
  return table;
}

void Consents::add(const Consent& row) {
  rows.push_back(row);
  table.lines.push_back(padded(std::to_string(row.subject) + "," + std::to_string(row.session) + "," + row.form + "," + row.given_at + "," + row.keep_until + "," + row.notice,
                               table.header));
}

void Consents::drop(const std::function<bool(const Consent&)>& which) {
  for (std::size_t i = rows.size(); i-- > 0;)
    if (which(rows[i])) {
      rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(i));
      table.lines.erase(table.lines.begin() + static_cast<std::ptrdiff_t>(i));
    }
}

Result<Consents> readConsents(const std::string& folder) {
  Consents all;
  INVIGIL_TRY(table, readLines(folder + kConsentFile, kConsentColumns));
  all.table = std::move(table);
  for (const auto& line : all.table.lines) {
    const auto fields = fieldsOf(line);
    Consent one;
    if (fields.size() < 6 || !readNumber(fields[0], one.subject) || !readNumber(fields[1], one.session))
      return fail(ErrorCode::InvalidInput, "bad_table", folder + kConsentFile + " has a line without subject and session: " + line, "collect_lists.cpp");
    one.form = fields[2], one.given_at = fields[3], one.keep_until = fields[4], one.notice = fields[5];
    all.rows.push_back(one);
  }
  return all;
}

Status writeConsents(const std::string& folder, const Consents& consents) { return writeLines(folder + kConsentFile, consents.table); }

}  // namespace invigil::face
