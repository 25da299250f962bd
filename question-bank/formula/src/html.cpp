// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <charconv>

#include "invigil/base/text.hpp"
#include "invigil/formula/formula.hpp"

namespace invigil::formula {
namespace {

void appendPoint(std::string& out, std::uint32_t point) {
  if (point < 0x80) out += static_cast<char>(point);
  else if (point < 0x800) out += {static_cast<char>(0xC0 | point >> 6), static_cast<char>(0x80 | (point & 0x3F))};
  else if (point < 0x10000) out += {static_cast<char>(0xE0 | point >> 12), static_cast<char>(0x80 | (point >> 6 & 0x3F)), static_cast<char>(0x80 | (point & 0x3F))};
  else out += {static_cast<char>(0xF0 | point >> 18), static_cast<char>(0x80 | (point >> 12 & 0x3F)), static_cast<char>(0x80 | (point >> 6 & 0x3F)), static_cast<char>(0x80 | (point & 0x3F))};
}

std::string decoded(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kNamed{{{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}, {"&nbsp;", " "}}};
  std::string out;
  while (!text.empty()) {
    bool found = false;
    for (const auto& [name, sign] : kNamed)
      if (!found && text.starts_with(name)) out += sign, text.remove_prefix(name.size()), found = true;
    if (found) continue;
    const std::size_t end = text.starts_with("&#") ? text.substr(0, 12).find(';') : std::string_view::npos;
    const bool hex = text.size() > 2 && (text[2] == 'x' || text[2] == 'X');
    std::uint32_t point = 0;
    if (end != std::string_view::npos && std::from_chars(text.data() + (hex ? 3 : 2), text.data() + end, point, hex ? 16 : 10).ptr == text.data() + end &&
        point >= ' ' && point < 0x110000) {
      appendPoint(out, point);
      text.remove_prefix(end + 1);
      continue;
    }
    out += text.front();
    text.remove_prefix(1);
  }
  return out;
}

bool empty(const Node& node) { return node.kind == Kind::Row && node.parts.empty(); }
bool single(const Node& node) {
  return node.kind == Kind::Symbol || node.kind == Kind::Words || (node.kind == Kind::Row && node.parts.size() == 1 && single(node.parts[0]));
}
std::string inside(const Node& node) { return single(node) ? inOneLine(node) : "(" + inOneLine(node) + ")"; }

std::string joined(const std::vector<Node>& parts, std::string_view between) {
  std::string out;
  for (const Node& part : parts) out += (out.empty() ? "" : std::string(between)) + inOneLine(part);
  return out;
}

}  // namespace

std::string inOneLine(const Node& node) {
  switch (node.kind) {
    case Kind::Row: return joined(node.parts, "");
    case Kind::Symbol:
      if (node.role == Role::Binary || node.role == Role::Relation) return " " + node.text + " ";
      return node.role == Role::Function ? node.text + " " : node.role == Role::Comma ? node.text + " " : node.text;
    case Kind::Words: return node.text;
    case Kind::Space: return node.width > 0 ? " " : "";
    case Kind::Fraction: return node.bar ? inside(node.parts[0]) + "/" + inside(node.parts[1]) : joined(node.parts, ", ");
    case Kind::Root: return (node.parts.size() > 1 ? inOneLine(node.parts[1]) : "") + "√" + inside(node.parts[0]);
    case Kind::Script:
      return trim(inOneLine(node.parts[0])) + (empty(node.parts[1]) ? "" : "_" + inside(node.parts[1])) + (empty(node.parts[2]) ? "" : "^" + inside(node.parts[2]));
    case Kind::Fence: return node.open + inOneLine(node.parts[0]) + node.close;
    case Kind::Table: {
      std::string rows;
      for (const Node& one : node.parts) rows += (rows.empty() ? "" : "; ") + joined(one.parts, ", ");
      return node.open + rows + node.close;
    }
    case Kind::Accent: return inside(node.parts[0]) + (node.text == "¯" || node.text == "_" ? "" : node.text);
  }
  return {};
}

Result<std::vector<Piece>> pieces(std::string_view html) {
  std::vector<Piece> out;
  while (!html.empty()) {
    const std::size_t open = html.find("\\(");
    if (open != 0) out.push_back({false, std::string(html.substr(0, open))});
    if (open == std::string_view::npos) break;
    const std::size_t close = html.find("\\)", open + 2);
    const std::string begins = firstCharacters(decoded(html.substr(open, 60)), 30);
    if (close == std::string_view::npos) return fail(ErrorCode::InvalidInput, "formula_not_closed", begins);
    const std::string_view latex = html.substr(open + 2, close - open - 2);
    if (latex.find('<') != std::string_view::npos) return fail(ErrorCode::InvalidInput, "formula_with_tags", begins);
    out.push_back({true, decoded(latex)});
    html.remove_prefix(close + 2);
  }
  return out;
}

Status check(std::string_view html) {
  INVIGIL_TRY(found, pieces(html));
  for (const Piece& piece : found) {
    if (!piece.formula) continue;
    if (auto parsed = parse(piece.text); !parsed) {
      Error error = parsed.error();
      error.detail = firstCharacters("\\(" + piece.text + "\\): " + error.detail, 230);
      return fail(std::move(error));
    }
  }
  return {};
}

}  // namespace invigil::formula
