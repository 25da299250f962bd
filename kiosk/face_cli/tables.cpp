// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "tables.hpp"

#include <algorithm>
#include <sstream>

#include "invigil/base/text.hpp"

namespace invigil::face {

namespace {

char separatorOf(const std::string& header) {
  char best = ',';
  for (const char one : {';', '\t'})
    if (fieldsOf(header, one).size() > fieldsOf(header, best).size()) best = one;
  return best;
}

std::vector<std::string> trimmedFields(const std::string& line, char separator) {
  auto fields = fieldsOf(line, separator);
  for (auto& field : fields) field = trim(field);
  return fields;
}

}  // namespace

std::vector<std::string> fieldsOf(const std::string& line, char separator) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"') {
      if (quoted && i + 1 < line.size() && line[i + 1] == '"')
        fields.back() += line[++i];
      else
        quoted = !quoted;
    } else if (c == separator && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

std::string lowered(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

std::optional<bool> sameOf(const std::string& word) {
  static const std::map<std::string, bool> kWords{{"1", true},   {"true", true},   {"yes", true}, {"same", true},       {"genuine", true},  {"match", true},
                                                  {"0", false}, {"false", false}, {"no", false}, {"different", false}, {"impostor", false}, {"mismatch", false}};
  const auto known = kWords.find(lowered(word));
  return known == kWords.end() ? std::nullopt : std::optional(known->second);
}

Result<std::vector<Row>> readTable(const std::string& path, const std::vector<std::string>& wanted) {
  INVIGIL_TRY(text, readFile(path, 256u << 20));
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  std::istringstream lines(text);
  std::string line;
  std::vector<std::string> header;
  std::vector<Row> rows;
  char separator = ',';
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.ends_with('\r')) line.pop_back();
    if (trim(line).empty()) continue;
    if (header.empty()) separator = separatorOf(line);
    auto fields = trimmedFields(line, separator);
    if (header.empty()) {
      for (auto& name : fields) header.push_back(lowered(name));
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
