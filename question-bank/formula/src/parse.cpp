// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>

#include "invigil/base/text.hpp"
#include "symbols.hpp"

namespace invigil::formula {
namespace {

constexpr int kDepthMax = 40;
constexpr std::array<std::string_view, 10> kSizes{"big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr"};
constexpr std::array<std::string_view, 7> kIgnored{"displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "middle", "nonumber"};

bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

Node row(std::vector<Node> parts = {}) {
  Node node;
  node.parts = std::move(parts);
  return node;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<Node> whole() {
    INVIGIL_TRY(node, rowUntil(""));
    if (!done()) return wrong(std::string(1, text_[at_]));
    return node;
  }

 private:
  bool done() const { return at_ >= text_.size(); }
  bool sees(std::string_view what) const { return text_.substr(at_).starts_with(what); }
  bool seesCommand(std::string_view what) const { return sees(what) && (at_ + what.size() >= text_.size() || !letter(text_[at_ + what.size()])); }
  bool take(std::string_view what) {
    if (!sees(what)) return false;
    at_ += what.size();
    return true;
  }
  void blanks() {
    while (!done() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r')) ++at_;
  }
  tl::unexpected<Error> wrong(const std::string& what) const {
    const std::size_t from = at_ > 24 ? at_ - 24 : 0;
    std::string before(text_.substr(from, at_ - from));
    while (!before.empty() && (static_cast<unsigned char>(before.front()) & 0xC0u) == 0x80u) before.erase(0, 1);
    return fail(ErrorCode::InvalidInput, "formula_not_understood", what + (before.empty() ? "" : "  ←  " + before));
  }
  /// One character of UTF-8.
  std::string character() {
    std::size_t size = 1;
    while (at_ + size < text_.size() && (static_cast<unsigned char>(text_[at_ + size]) & 0xC0u) == 0x80u) ++size;
    at_ += size;
    return std::string(text_.substr(at_ - size, size));
  }
  /// After the backslash: letters, or one sign.
  std::string command() {
    std::size_t size = 0;
    while (at_ + size < text_.size() && letter(text_[at_ + size])) ++size;
    if (size == 0) return done() ? "" : character();
    at_ += size;
    return std::string(text_.substr(at_ - size, size));
  }

  /// Up to `end`, which is taken: "}" for a group, "]" for an option, "\\right" and "\\end" are left standing.
  Result<Node> rowUntil(std::string_view end) {
    if (++depth_ > kDepthMax) return wrong("{");
    Node node = row();
    for (blanks(); !done(); blanks()) {
      if (!end.empty() && take(end)) {
        --depth_;
        return node;
      }
      if (sees("}") || sees("&") || sees("\\\\") || seesCommand("\\right") || seesCommand("\\end") || seesCommand("\\cr")) break;
      INVIGIL_TRY(part, scripted());
      node.parts.push_back(std::move(part));
    }
    if (!end.empty()) return wrong("… " + std::string(end));
    --depth_;
    return node;
  }

  Result<Node> argument() {
    blanks();
    if (done() || sees("^") || sees("_")) return wrong("{…}");
    if (take("{")) return rowUntil("}");
    if (++depth_ > kDepthMax) return wrong("{");  // \sqrt\sqrt\sqrt… nests without brackets
    auto only = atom();
    --depth_;
    return only;
  }

  /// An atom with what stands below and above it.
  Result<Node> scripted() {
    Node base;
    if (!sees("^") && !sees("_")) {
      INVIGIL_TRY(atom_there, atom());
      base = std::move(atom_there);
    }
    Node out;
    out.kind = Kind::Script;
    out.limits = base.limits;
    out.role = base.role;
    out.parts = {std::move(base), row(), row()};
    bool any = false;
    for (blanks(); !done(); blanks()) {
      if (seesCommand("\\limits") && take("\\limits")) out.limits = true;
      else if (seesCommand("\\nolimits") && take("\\nolimits")) out.limits = false;
      else if (take("'")) {
        Node prime;
        prime.kind = Kind::Symbol;
        prime.text = "′";
        out.parts[2].parts.push_back(std::move(prime));
        any = true;
      } else if (sees("^") || sees("_")) {
        const std::size_t place = text_[at_++] == '^' ? 2 : 1;
        INVIGIL_TRY(part, argument());
        if (place == 1 && !out.parts[1].parts.empty()) return wrong("_");
        out.parts[place].parts.push_back(std::move(part));
        any = true;
      } else {
        break;
      }
    }
    if (any) return out;
    return std::move(out.parts[0]);
  }

  Result<Node> atom() {
    if (take("{")) return rowUntil("}");
    if (take("\\")) return afterBackslash(command());
    Node node;
    if (take("~")) {
      node.kind = Kind::Space;
      node.width = 0.3;
      return node;
    }
    const char first = text_[at_];
    if (std::string_view("%$#^_&}").find(first) != std::string_view::npos) return wrong(std::string(1, first));
    node.kind = Kind::Symbol;
    node.text = character();
    node.role = roleOf(node.text);
    node.face = letter(first) ? face_ : Face::Upright;
    if (node.text == "-") node.text = "−";
    if (node.text == "*") node.text = "∗";
    return node;
  }

  Result<Node> afterBackslash(const std::string& name) {
    Node node;
    if (const auto sign = signOf(name)) {
      node.kind = Kind::Symbol;
      node.text = sign->text;
      node.role = sign->role;
      node.face = sign->face;
      node.limits = sign->limits;
      return node;
    }
    if (const auto width = spaceOf(name)) {
      node.kind = Kind::Space;
      node.width = *width;
      return node;
    }
    if (const auto sign = accentOf(name)) {
      INVIGIL_TRY(over, argument());
      node.kind = Kind::Accent;
      node.text = *sign;
      node.below = name == "underline";
      node.parts = {std::move(over)};
      return node;
    }
    if (name == "frac" || name == "dfrac" || name == "tfrac" || name == "cfrac" || name == "binom") return fraction(name == "binom");
    if (name == "sqrt") return root();
    if (name == "text" || name == "textrm" || name == "mbox" || name == "textbf" || name == "operatorname") return words(name);
    if (name == "mathrm" || name == "mathit" || name == "mathbf" || name == "boldsymbol" || name == "bm" || name == "mathsf" || name == "rm") return faced(name);
    if (name == "left") return fence();
    if (name == "begin") return environment();
    if (name == "overset" || name == "stackrel" || name == "underset" || name == "xrightarrow") return stacked(name);
    if (name == "pmod" || name == "not") return negatedOrModulo(name);
    if (std::find(kSizes.begin(), kSizes.end(), name) != kSizes.end()) return atom();
    if (std::find(kIgnored.begin(), kIgnored.end(), name) != kIgnored.end()) return row();
    return wrong("\\" + name);
  }

  Result<Node> fraction(bool binomial) {
    Node node;
    node.kind = Kind::Fraction;
    INVIGIL_TRY(above, argument());
    INVIGIL_TRY(below, argument());
    node.parts = {std::move(above), std::move(below)};
    node.bar = !binomial;
    if (!binomial) return node;
    Node fence;
    fence.kind = Kind::Fence;
    fence.open = "(";
    fence.close = ")";
    fence.parts = {std::move(node)};
    return fence;
  }

  Result<Node> root() {
    Node node, degree;
    node.kind = Kind::Root;
    blanks();
    const bool has_degree = take("[");
    if (has_degree) {
      INVIGIL_TRY(inner, rowUntil("]"));
      degree = std::move(inner);
    }
    INVIGIL_TRY(under, argument());
    node.parts.push_back(std::move(under));
    if (has_degree) node.parts.push_back(std::move(degree));
    return node;
  }

  Result<Node> words(const std::string& name) {
    blanks();
    const std::size_t end = text_.find('}', at_);
    if (!take("{") || end == std::string_view::npos) return wrong("\\" + name);
    Node node;
    node.kind = name == "operatorname" ? Kind::Symbol : Kind::Words;
    node.role = name == "operatorname" ? Role::Function : Role::Ordinary;
    node.face = name == "textbf" ? Face::Bold : Face::Upright;
    node.text = text_.substr(at_, end - at_);
    if (const std::size_t special = node.text.find_first_of("\\{$"); special != std::string::npos) return wrong(node.text.substr(special));
    at_ = end + 1;
    return node;
  }

  Result<Node> faced(const std::string& name) {
    const Face before = face_;
    face_ = name == "mathit" ? Face::Italic : name == "mathrm" || name == "rm" || name == "mathsf" ? Face::Upright : Face::Bold;
    auto inner = argument();
    face_ = before;
    return inner;
  }

  Result<std::string> delimiter() {
    blanks();
    if (done()) return wrong("\\left");
    const std::string name = take("\\") ? command() : character();
    if (const auto plain = delimiterOf(name)) return std::string(*plain);
    const auto sign = signOf(name);
    if (sign && (sign->role == Role::Open || sign->role == Role::Close || name == "|" || name == "Vert" || name == "vert")) return std::string(sign->text);
    return wrong("\\left\\" + name);
  }

  Result<Node> fence() {
    Node node;
    node.kind = Kind::Fence;
    INVIGIL_TRY(open, delimiter());
    INVIGIL_TRY(inner, rowUntil(""));
    if (!take("\\right")) return wrong("… \\right");
    INVIGIL_TRY(close, delimiter());
    node.open = std::move(open);
    node.close = std::move(close);
    node.parts = {std::move(inner)};
    return node;
  }

  Result<Node> environment() {
    const std::size_t end = text_.find('}', at_);
    if (!take("{") || end == std::string_view::npos) return wrong("\\begin");
    const std::string name(text_.substr(at_, end - at_));
    at_ = end + 1;
    static const std::array<std::array<std::string_view, 3>, 13> kKnown{{{"matrix", "", ""}, {"smallmatrix", "", ""}, {"pmatrix", "(", ")"}, {"bmatrix", "[", "]"},
        {"Bmatrix", "{", "}"}, {"vmatrix", "|", "|"}, {"Vmatrix", "‖", "‖"}, {"cases", "{", ""}, {"array", "", ""}, {"aligned", "", ""}, {"align*", "", ""},
        {"gathered", "", ""}, {"split", "", ""}}};
    const auto* known = std::find_if(kKnown.begin(), kKnown.end(), [&](const auto& one) { return one[0] == name; });
    if (known == kKnown.end()) return wrong("\\begin{" + name + "}");
    Node node;
    node.kind = Kind::Table;
    node.open = (*known)[1];
    node.close = (*known)[2];
    node.left = name == "cases" || name == "aligned" || name == "align*" || name == "split";
    if (name == "array") {
      const std::size_t close = text_.find('}', at_);
      if (!take("{") || close == std::string_view::npos) return wrong("\\begin{array}");
      at_ = close + 1;
    }
    node.parts.push_back(row());
    for (;;) {
      INVIGIL_TRY(cell, rowUntil(""));
      node.parts.back().parts.push_back(std::move(cell));
      if (take("&")) continue;
      if (take("\\\\") || take("\\cr")) {
        node.parts.push_back(row());
        continue;
      }
      if (!take("\\end{" + name + "}")) return wrong("… \\end{" + name + "}");
      break;
    }
    const Node& last = node.parts.back();  // "\\" after the last row makes no row
    if (node.parts.size() > 1 && last.parts.size() == 1 && last.parts[0].parts.empty()) node.parts.pop_back();
    return node;
  }

  Result<Node> stacked(const std::string& name) {
    Node node, under = row();
    node.kind = Kind::Script;
    node.limits = true;
    node.role = Role::Relation;
    blanks();
    if (name == "xrightarrow" && take("[")) {
      INVIGIL_TRY(option, rowUntil("]"));
      under = std::move(option);
    }
    INVIGIL_TRY(first, argument());
    Node base;
    if (name == "xrightarrow") {
      base.kind = Kind::Symbol;
      base.text = "⟶";
      base.role = Role::Relation;
    } else {
      INVIGIL_TRY(second, argument());
      base = std::move(second);
    }
    if (name == "underset") node.parts = {std::move(base), std::move(first), row()};
    else node.parts = {std::move(base), std::move(under), std::move(first)};
    return node;
  }

  Result<Node> negatedOrModulo(const std::string& name) {
    if (name == "not") {
      blanks();
      Node node;
      node.kind = Kind::Symbol;
      node.role = Role::Relation;
      if (take("=")) node.text = "≠";
      else if (take("\\in")) node.text = "∉";
      else return wrong("\\not");
      return node;
    }
    INVIGIL_TRY(inner, argument());
    Node mod, space, open, close;
    mod.kind = open.kind = close.kind = Kind::Symbol;
    mod.text = "mod", mod.role = Role::Function;
    open.text = "(", open.role = Role::Open;
    close.text = ")", close.role = Role::Close;
    space.kind = Kind::Space;
    space.width = 0.28;
    return row({open, mod, space, std::move(inner), close});
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  Face face_ = Face::Italic;
};

}  // namespace

Result<Node> parse(std::string_view latex) {
  if (latex.size() > kLatexMax) return fail(ErrorCode::InvalidInput, "formula_too_long", std::to_string(latex.size()));
  if (!isUtf8(latex) || std::any_of(latex.begin(), latex.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t' && c != '\r'; }))
    return fail(ErrorCode::InvalidInput, "formula_not_understood", "not UTF-8");
  const std::string trimmed = trim(latex);
  if (trimmed.empty()) return fail(ErrorCode::InvalidInput, "formula_not_understood", "\\( \\)");
  return Parser(trimmed).whole();
}

}  // namespace invigil::formula
