// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "tables.hpp"

#include <algorithm>
#include <iostream>
#include <string_view>

#include "invigil/base/text.hpp"
#include "list_text.hpp"

namespace invigil::face {

namespace {

/// What is read of a text so far.
struct Reading {
  std::string_view text;
  char separator = ',';
  std::size_t at = 0;
  int line = 1, quote_line = 0;  ///< quote_line: where the newest quote was opened
  bool ended() const { return at >= text.size(); }
};

/// The fields of the next row; none when a quote is not closed.
std::optional<std::vector<std::string>> nextRow(Reading& in) {
  std::vector<std::string> fields;
  std::string field;
  bool quoted = false, was_quoted = false;
  const auto followedBy = [&](char c) { return !in.ended() && in.text[in.at] == c; };
  while (!in.ended() || quoted) {
    if (in.ended()) return std::nullopt;
    const char c = in.text[in.at++];
    if (quoted) {
      in.line += c == '\n' || (c == '\r' && !followedBy('\n')) ? 1 : 0;
      if (c != '"') field += c;
      else if (followedBy('"')) field += in.text[in.at++];
      else quoted = false;
    } else if (c == '\n' || c == '\r') {
      if (c == '\r' && followedBy('\n')) ++in.at;
      ++in.line;
      break;
    } else if (c == in.separator) {
      fields.push_back(trim(field));
      field.clear();
      was_quoted = false;
    } else if (c == '"' && !was_quoted && trim(field).empty()) {
      field.clear();
      quoted = was_quoted = true;
      in.quote_line = in.line;
    } else {
      field += c;
    }
  }
  fields.push_back(trim(field));
  return fields;
}

bool isBlank(const std::vector<std::string>& fields) {
  return std::all_of(fields.begin(), fields.end(), [](const std::string& field) { return field.empty(); });
}

/// What parts the first line most.
char separatorOf(std::string_view text) {
  char best = ',';
  std::size_t most = 0;
  for (const char one : {',', ';', '\t'}) {
    Reading in{text, one};
    auto fields = nextRow(in);
    while (fields && isBlank(*fields) && !in.ended()) fields = nextRow(in);
    if (fields && fields->size() > most) best = one, most = fields->size();
  }
  return best;
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
  static const std::map<std::string, bool> kWords{{"1", true},      {"1.0", true},      {"true", true},       {"t", true},         {"yes", true},      {"y", true},
                                                  {"same", true},   {"genuine", true},  {"match", true},      {"0", false},        {"0.0", false},     {"false", false},
                                                  {"f", false},     {"no", false},      {"n", false},         {"different", false}, {"impostor", false}, {"imposter", false},
                                                  {"mismatch", false}};
  const auto known = kWords.find(lowered(word));
  return known == kWords.end() ? std::nullopt : std::optional(known->second);
}

Result<std::vector<Row>> readTable(const std::string& path, const std::vector<std::string>& wanted) {
  INVIGIL_TRY(bytes, readFile(path, 256u << 20));
  INVIGIL_TRY(list, listText(bytes, path));
  if (list.guessed) std::cerr << "caution: " << path << " is not UTF-8; it was read as GB 18030 (GBK). Save it as UTF-8 if names come out wrong.\n";
  const auto refuse = [&](const std::string& why) { return fail(ErrorCode::InvalidInput, "bad_table", path + why, "tables.cpp"); };
  Reading in{list.text, separatorOf(list.text)};
  std::vector<std::string> header;
  std::vector<Row> rows;
  while (!in.ended()) {
    const int line = in.line;
    auto fields = nextRow(in);
    if (!fields) return refuse(" line " + std::to_string(in.quote_line) + " opens a quotation mark that is never closed");
    if (isBlank(*fields)) continue;
    if (header.empty()) {
      for (auto& name : *fields) header.push_back(lowered(name));
      for (const auto& name : wanted)
        if (std::find(header.begin(), header.end(), name) == header.end()) return refuse(" has no column '" + name + "'; its first line has to name the columns");
      continue;
    }
    if (fields->size() < header.size()) return refuse(" line " + std::to_string(line) + " has fewer fields than the first line");
    Row row;
    row.line = line;
    for (std::size_t i = 0; i < header.size(); ++i) row[header[i]] = std::move((*fields)[i]);
    rows.push_back(std::move(row));
  }
  if (header.empty()) return refuse(" is empty: its first line has to name the columns");
  if (rows.empty()) return refuse(" names its columns and lists nothing: there is nothing to measure");
  return rows;
}

}  // namespace invigil::face
