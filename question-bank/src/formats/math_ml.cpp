// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/math_ml.hpp"

#include <map>
#include <vector>

#include "invigil/base/text.hpp"

namespace invigil::bank::formats {
namespace {

constexpr int kDepthMax = 60;

std::string nameOf(const GumboNode& node) {
  GumboStringPiece piece = node.v.element.original_tag;
  gumbo_tag_from_original_text(&piece);
  std::string name(piece.data ? piece.data : "", piece.data ? piece.length : 0);
  for (char& c : name)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  const std::size_t colon = name.find(':');
  return colon == std::string::npos ? name : name.substr(colon + 1);
}

std::string wordsOf(const GumboNode& node) {
  std::string out;
  for (unsigned i = 0; i < node.v.element.children.length; ++i) {
    const auto* child = static_cast<const GumboNode*>(node.v.element.children.data[i]);
    if (child->type == GUMBO_NODE_TEXT || child->type == GUMBO_NODE_CDATA) out += child->v.text.text;
  }
  return trim(out);
}

std::vector<const GumboNode*> elementsOf(const GumboNode& node) {
  std::vector<const GumboNode*> out;
  for (unsigned i = 0; i < node.v.element.children.length; ++i) {
    const auto* child = static_cast<const GumboNode*>(node.v.element.children.data[i]);
    if (child->type == GUMBO_NODE_ELEMENT) out.push_back(child);
  }
  return out;
}

std::string tokenOf(const std::string& text) {
  static const std::map<std::string, std::string> kSigns{{"×", "\\times"}, {"⋅", "\\cdot"}, {"·", "\\cdot"}, {"÷", "\\div"}, {"±", "\\pm"}, {"≤", "\\le"},
      {"≥", "\\ge"}, {"≠", "\\ne"}, {"−", "-"}, {"π", "\\pi"}, {"α", "\\alpha"}, {"β", "\\beta"}, {"γ", "\\gamma"}, {"θ", "\\theta"}, {"λ", "\\lambda"},
      {"μ", "\\mu"}, {"ρ", "\\rho"}, {"σ", "\\sigma"}, {"φ", "\\varphi"}, {"ω", "\\omega"}, {"Δ", "\\Delta"}, {"Ω", "\\Omega"}, {"∞", "\\infty"},
      {"∑", "\\sum"}, {"∫", "\\int"}, {"√", "\\surd"}, {"°", "^{\\circ}"}, {"{", "\\{"}, {"}", "\\}"}, {"%", "\\%"}, {"→", "\\to"}, {"≈", "\\approx"},
      {"\xE2\x81\xA1", ""}, {"\xE2\x81\xA2", ""}};
  if (const auto sign = kSigns.find(text); sign != kSigns.end()) return sign->second;
  return text;
}

std::optional<std::string> convert(const GumboNode& node, int depth);

std::optional<std::string> rowOf(const std::vector<const GumboNode*>& nodes, int depth) {
  std::string out;
  for (const GumboNode* node : nodes) {
    const auto one = convert(*node, depth + 1);
    if (!one) return std::nullopt;
    if (!out.empty() && !one->empty()) out += ' ';
    out += *one;
  }
  return out;
}

std::optional<std::string> convert(const GumboNode& node, int depth) {
  if (depth > kDepthMax) return std::nullopt;
  const std::string name = nameOf(node), words = wordsOf(node);
  const auto inner = elementsOf(node);
  if (name == "mi" || name == "mn" || name == "mo") return codePoints(words) > 1 && name == "mi" ? "\\mathrm{" + words + "}" : tokenOf(words);
  if (name == "mtext") return "\\text{" + words + "}";
  if (name == "mspace") return "\\ ";
  if (name == "mrow" || name == "mstyle" || name == "math" || name == "mpadded") return rowOf(inner, depth);
  if (name == "semantics" && !inner.empty()) return convert(*inner.front(), depth + 1);
  if (name == "msqrt") {
    const auto row = rowOf(inner, depth);
    return row ? std::optional("\\sqrt{" + *row + "}") : std::nullopt;
  }
  if (name == "mfenced") {
    const auto row = rowOf(inner, depth);
    return row ? std::optional("\\left(" + *row + "\\right)") : std::nullopt;
  }
  std::vector<std::string> parts;
  for (const GumboNode* child : inner) {
    const auto part = convert(*child, depth + 1);
    if (!part) return std::nullopt;
    parts.push_back(*part);
  }
  if (name == "mfrac" && parts.size() == 2) return "\\frac{" + parts[0] + "}{" + parts[1] + "}";
  if (name == "msup" && parts.size() == 2) return "{" + parts[0] + "}^{" + parts[1] + "}";
  if (name == "msub" && parts.size() == 2) return "{" + parts[0] + "}_{" + parts[1] + "}";
  if ((name == "msubsup" || name == "munderover") && parts.size() == 3) return "{" + parts[0] + "}_{" + parts[1] + "}^{" + parts[2] + "}";
  if (name == "mroot" && parts.size() == 2) return "\\sqrt[" + parts[1] + "]{" + parts[0] + "}";
  return std::nullopt;
}

/// The TeX that some editors store beside the MathML.
std::optional<std::string> annotationOf(const GumboNode& node, int depth) {
  if (depth > kDepthMax) return std::nullopt;
  for (const GumboNode* child : elementsOf(node)) {
    const GumboAttribute* encoding = gumbo_get_attribute(&child->v.element.attributes, "encoding");
    const std::string written = encoding ? encoding->value : "";
    if (nameOf(*child) == "annotation" && written.find("tex") != std::string::npos) return wordsOf(*child);
    if (auto found = annotationOf(*child, depth + 1)) return found;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> latexOf(const GumboNode& math) {
  auto out = annotationOf(math, 0);
  if (!out) out = convert(math, 0);
  if (out && (out->empty() || out->size() > 2000)) return std::nullopt;
  return out;
}

}  // namespace invigil::bank::formats
