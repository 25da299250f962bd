// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "invigil/base/result.hpp"

/// The part of LaTeX that items may use. The server asks here before an item is released and the kiosk draws what it gets
/// from here, so a formula that is released is a formula that is shown. Thread-safe; no I/O.
/// Source: docs/adr/0010-formulae.md, docs/formats/item-markup.md.
namespace invigil::formula {

enum class Kind {
  Row,       ///< parts side by side
  Symbol,    ///< text: one sign, or the name of a function
  Words,     ///< text: upright, as it is written
  Space,     ///< width
  Fraction,  ///< parts: above, below; `bar` false = none (binomials)
  Root,      ///< parts: what stands below the sign, then its degree where it has one
  Script,    ///< parts: base, below, above; an empty Row = none; `limits` = right under and over the base
  Fence,     ///< parts: what stands between `open` and `close`, which grow with it; "" = nothing on that side
  Table,     ///< parts: rows, each a Row of cells; `open`, `close` as of Fence; `left` = columns begin at their left
  Accent     ///< parts: what the sign `text` stands over, or under where `below`
};

enum class Role { Ordinary, Large, Function, Binary, Relation, Open, Close, Comma };
enum class Face { Italic, Upright, Bold };

struct Node {
  Kind kind = Kind::Row;
  Role role = Role::Ordinary;
  Face face = Face::Upright;
  std::string text, open, close;
  double width = 0;  ///< of a Space, in em
  bool bar = true, limits = false, left = false, below = false;
  std::vector<Node> parts;
};

constexpr std::size_t kLatexMax = 2000;  ///< bytes

/// Errors: InvalidInput formula_not_understood (detail: what is not understood and after what), formula_too_long.
Result<Node> parse(std::string_view latex);

/// The formula as a person would type it in one line: "(a + b) / 2", "√(x)", "x^2". For readers and for searching.
std::string inOneLine(const Node& node);

/// Html of an item in pieces: markup as it stands, and the LaTeX of its formulae with the entities decoded.
struct Piece {
  bool formula = false;
  std::string text;
};
/// Errors: InvalidInput formula_not_closed, formula_with_tags (detail: how it begins).
Result<std::vector<Piece>> pieces(std::string_view html);

/// Whether every formula in Html can be shown. Errors: as parse() and pieces(); detail names the formula.
Status check(std::string_view html);

}  // namespace invigil::formula
