// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "tables.hpp"

#include <algorithm>
#include <sstream>

#include "invigil/base/text.hpp"

namespace invigil::face {

std::vector<std::string> fieldsOf(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"') {
      if (quoted && i + 1 < line.size() && line[i + 1] == '"')
        fields.back() += line[++i];
      else
        quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

Result<std::vector<Row>> readTable(const std::string& path, const std::vector<std::string>& wanted) {
  INVIGIL_TRY(text, readFile(path, 256u << 20));
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  std::istringstream lines(text);
  std::string line;
  std::vector<std::string> header;
  std::vector<Row> rows;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) continue;
    auto fields = fieldsOf(line);
    if (header.empty()) {
      header = std::move(fields);
      for (const auto& name : wanted)
        if (std::find(header.begin(), header.end(), name) == header.end())
          return fail(ErrorCode::InvalidInput, "bad_table",
                      path + " has no column '" + name + "'; its first line has to name the columns", "tables.cpp");
      continue;
    }
    if (fields.size() < header.size())
      return fail(ErrorCode::InvalidInput, "bad_table",
                  path + " line " + std::to_string(number) + " has fewer fields than the first line", "tables.cpp");
    Row row;
    for (std::size_t i = 0; i < header.size(); ++i) row[header[i]] = std::move(fields[i]);
    rows.push_back(std::move(row));
  }
  if (rows.empty()) return fail(ErrorCode::InvalidInput, "bad_table", path + " has no rows", "tables.cpp");
  return rows;
}

}  // namespace invigil::face
