// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "symbols.hpp"

#include <map>

namespace invigil::formula {
namespace {

using Signs = std::map<std::string_view, Sign>;

void add(Signs& signs, Role role, Face face, std::initializer_list<std::pair<std::string_view, std::string_view>> list) {
  for (const auto& [name, text] : list) signs[name] = {text, role, face, false};
}

Signs allSigns() {
  Signs signs;
  add(signs, Role::Ordinary, Face::Italic,
      {{"alpha", "α"}, {"beta", "β"}, {"gamma", "γ"}, {"delta", "δ"}, {"epsilon", "ε"}, {"varepsilon", "ε"}, {"zeta", "ζ"}, {"eta", "η"},
       {"theta", "θ"}, {"vartheta", "ϑ"}, {"iota", "ι"}, {"kappa", "κ"}, {"lambda", "λ"}, {"mu", "μ"}, {"nu", "ν"}, {"xi", "ξ"}, {"pi", "π"},
       {"rho", "ρ"}, {"varrho", "ϱ"}, {"sigma", "σ"}, {"varsigma", "ς"}, {"tau", "τ"}, {"upsilon", "υ"}, {"phi", "φ"}, {"varphi", "φ"}, {"chi", "χ"},
       {"psi", "ψ"}, {"omega", "ω"}, {"ell", "ℓ"}, {"hbar", "ħ"}, {"imath", "ı"}, {"jmath", "ȷ"}});
  add(signs, Role::Ordinary, Face::Upright,
      {{"Gamma", "Γ"}, {"Delta", "Δ"}, {"Theta", "Θ"}, {"Lambda", "Λ"}, {"Xi", "Ξ"}, {"Pi", "Π"}, {"Sigma", "Σ"}, {"Upsilon", "Υ"}, {"Phi", "Φ"},
       {"Psi", "Ψ"}, {"Omega", "Ω"}, {"infty", "∞"}, {"partial", "∂"}, {"nabla", "∇"}, {"angle", "∠"}, {"triangle", "△"}, {"circ", "∘"},
       {"degree", "°"}, {"prime", "′"}, {"ldots", "…"}, {"dots", "…"}, {"cdots", "⋯"}, {"vdots", "⋮"}, {"ddots", "⋱"}, {"forall", "∀"},
       {"exists", "∃"}, {"emptyset", "∅"}, {"varnothing", "∅"}, {"surd", "√"}, {"%", "%"}, {"#", "#"}, {"$", "$"}, {"&", "&"}, {"_", "_"},
       {"backslash", "\\"}, {"neg", "¬"}, {"lnot", "¬"}, {"top", "⊤"}, {"bot", "⊥"}, {"square", "□"}, {"Box", "□"}, {"star", "⋆"}, {"bullet", "∙"},
       {"checkmark", "✓"}, {"micro", "μ"}, {"ohm", "Ω"}, {"celsius", "℃"}, {"therefore", "∴"}, {"because", "∵"}});
  add(signs, Role::Binary, Face::Upright,
      {{"times", "×"}, {"cdot", "⋅"}, {"div", "÷"}, {"pm", "±"}, {"mp", "∓"}, {"ast", "∗"}, {"cup", "∪"}, {"cap", "∩"}, {"setminus", "∖"},
       {"oplus", "⊕"}, {"ominus", "⊖"}, {"otimes", "⊗"}, {"odot", "⊙"}, {"wedge", "∧"}, {"land", "∧"}, {"vee", "∨"}, {"lor", "∨"}});
  add(signs, Role::Relation, Face::Upright,
      {{"le", "≤"}, {"leq", "≤"}, {"leqslant", "⩽"}, {"ge", "≥"}, {"geq", "≥"}, {"geqslant", "⩾"}, {"ne", "≠"}, {"neq", "≠"}, {"lt", "<"}, {"gt", ">"},
       {"ll", "≪"}, {"gg", "≫"}, {"approx", "≈"}, {"equiv", "≡"}, {"sim", "∼"}, {"simeq", "≃"}, {"cong", "≅"}, {"propto", "∝"}, {"perp", "⊥"},
       {"parallel", "∥"}, {"mid", "∣"}, {"in", "∈"}, {"notin", "∉"}, {"ni", "∋"}, {"subset", "⊂"}, {"subseteq", "⊆"}, {"supset", "⊃"},
       {"supseteq", "⊇"}, {"to", "→"}, {"rightarrow", "→"}, {"longrightarrow", "⟶"}, {"leftarrow", "←"}, {"gets", "←"}, {"leftrightarrow", "↔"},
       {"Rightarrow", "⇒"}, {"implies", "⇒"}, {"Leftarrow", "⇐"}, {"Leftrightarrow", "⇔"}, {"iff", "⇔"}, {"uparrow", "↑"}, {"downarrow", "↓"},
       {"rightleftharpoons", "⇌"}, {"mapsto", "↦"}, {"colon", ":"}});
  add(signs, Role::Large, Face::Upright,
      {{"sum", "∑"}, {"prod", "∏"}, {"coprod", "∐"}, {"bigcup", "⋃"}, {"bigcap", "⋂"}, {"int", "∫"}, {"iint", "∬"}, {"iiint", "∭"}, {"oint", "∮"}});
  for (const char* sum : {"sum", "prod", "coprod", "bigcup", "bigcap"}) signs[sum].limits = true;
  add(signs, Role::Open, Face::Upright, {{"{", "{"}, {"lbrace", "{"}, {"lbrack", "["}, {"langle", "⟨"}, {"lfloor", "⌊"}, {"lceil", "⌈"}, {"lvert", "|"}, {"lVert", "‖"}});
  add(signs, Role::Close, Face::Upright, {{"}", "}"}, {"rbrace", "}"}, {"rbrack", "]"}, {"rangle", "⟩"}, {"rfloor", "⌋"}, {"rceil", "⌉"}, {"rvert", "|"}, {"rVert", "‖"}});
  add(signs, Role::Ordinary, Face::Upright, {{"|", "‖"}, {"Vert", "‖"}, {"vert", "|"}});
  for (const std::string_view name : {"sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "log", "ln", "lg", "exp",
                                      "deg", "dim", "arg", "ker"})
    signs[name] = {name, Role::Function, Face::Upright, false};
  for (const std::string_view name : {"lim", "max", "min", "sup", "inf", "det", "gcd"}) signs[name] = {name, Role::Function, Face::Upright, true};
  return signs;
}

template <class Value>
std::optional<Value> at(const std::map<std::string_view, Value>& map, std::string_view name) {
  const auto found = map.find(name);
  return found == map.end() ? std::nullopt : std::optional<Value>(found->second);
}

}  // namespace

std::optional<Sign> signOf(std::string_view command) {
  static const Signs signs = allSigns();
  return at(signs, command);
}

std::optional<std::string_view> delimiterOf(std::string_view name) {
  static const std::map<std::string_view, std::string_view> plain{{"(", "("}, {")", ")"}, {"[", "["}, {"]", "]"}, {"|", "|"}, {"/", "/"}, {".", ""}, {"<", "⟨"}, {">", "⟩"}};
  return at(plain, name);
}

std::optional<std::string_view> accentOf(std::string_view command) {
  static const std::map<std::string_view, std::string_view> accents{
      {"bar", "¯"}, {"overline", "¯"}, {"underline", "_"}, {"vec", "→"}, {"overrightarrow", "→"}, {"hat", "^"}, {"widehat", "^"}, {"tilde", "~"},
      {"widetilde", "~"}, {"dot", "˙"}, {"ddot", "¨"}};
  return at(accents, command);
}

std::optional<double> spaceOf(std::string_view command) {
  static const std::map<std::string_view, double> spaces{{",", 0.17}, {":", 0.22}, {">", 0.22}, {";", 0.28}, {"!", -0.17}, {" ", 0.3}, {"quad", 1}, {"qquad", 2},
                                                         {"thinspace", 0.17}, {"enspace", 0.5}};
  return at(spaces, command);
}

Role roleOf(std::string_view c) {
  static const std::map<std::string_view, Role> roles{
      {"+", Role::Binary}, {"-", Role::Binary}, {"−", Role::Binary}, {"*", Role::Binary}, {"×", Role::Binary}, {"÷", Role::Binary}, {"±", Role::Binary},
      {"·", Role::Binary}, {"⋅", Role::Binary}, {"=", Role::Relation}, {"<", Role::Relation}, {">", Role::Relation}, {"≤", Role::Relation},
      {"≥", Role::Relation}, {"≠", Role::Relation}, {"≈", Role::Relation}, {":", Role::Relation}, {"→", Role::Relation}, {"(", Role::Open},
      {"[", Role::Open}, {")", Role::Close}, {"]", Role::Close}, {"!", Role::Close}, {",", Role::Comma}, {";", Role::Comma}};
  return at(roles, c).value_or(Role::Ordinary);
}

}  // namespace invigil::formula
