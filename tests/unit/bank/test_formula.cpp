// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <rapidcheck.h>

#include <QtTest>

#include "invigil/formula/formula.hpp"

using namespace invigil;
using namespace invigil::formula;

namespace {

std::string line(const std::string& latex) {
  auto node = parse(latex);
  return node ? inOneLine(*node) : "!" + node.error().reason + ": " + node.error().detail;
}

}  // namespace

class FormulaTest : public QObject {
  Q_OBJECT

 private slots:
  void whatSafetyExamsWriteIsRead() {
    const std::vector<std::pair<const char*, const char*>> read{
        {"U=IR", "U = IR"},
        {"P = \\frac{U^2}{R}", "P = (U^2)/R"},
        {"\\sqrt{3} U I \\cos\\varphi", "√3UIcos φ"},
        {"\\sqrt[3]{x+1}", "3√(x + 1)"},
        {"R_{\\mathrm{eq}} \\ge 4\\,\\Omega", "R_(eq) ≥ 4 Ω"},
        {"\\left( \\dfrac{a}{b} \\right)^{-1}", "(a/b)^( − 1)"},
        {"\\left. \\frac{x}{y} \\right|_0", "x/y|_0"},
        {"\\sum\\limits_{i=1}^n x_i", "∑_(i = 1)^nx_i"},
        {"x'' + 2x' = 0", "x^(′′) + 2x^′ = 0"},
        {"\\begin{cases} x, & x \\ge 0 \\\\ -x, & x < 0 \\end{cases}", "{x, , x ≥ 0;  − x, , x < 0"},
        {"\\begin{pmatrix}1&0\\\\0&1\\\\\\end{pmatrix}", "(1, 0; 0, 1)"},
        {"\\overline{AB} \\perp \\vec{F}", "(AB) ⊥ F→"},
        {"\\text{功率} = 10^{3}\\ \\text{W}", "功率 = 10^3 W"},
        {"{a}_{1}^{2} \\to \\infty", "a_1^2 → ∞"},
        {"2H_2 + O_2 \\xrightarrow{\\text{点燃}} 2H_2O", "2H_2 + O_2⟶^点燃2H_2O"},
        {"\\alpha\\rightarrow\\beta", "α → β"},
        {"20\\%", "20%"},
        {"t = 25\\,^{\\circ}\\mathrm{C}", "t = 25^∘C"},
        {"\\binom{n}{k} \\bmod 2", "!formula_not_understood: \\bmod  ←  \\binom{n}{k} \\bmod"},
    };
    for (const auto& [latex, text] : read) QCOMPARE(QString::fromStdString(line(latex)), QString::fromUtf8(text));
  }

  void whatIsNotUnderstoodIsNamedWithItsPlace() {
    for (const char* bad : {"\\ce{H2O}", "\\frac{1", "{x", "x}", "a & b", "\\left( x", "\\begin{foo}x\\end{foo}", "x_", "x^", "\\", "\\color{red}{x}", "x_1_2",
                            "\\sqrt[3{x}", "\\text{a", "$x$", "\\left\\alpha x \\right)", "\\begin{matrix}1\\end{pmatrix}", "", "  ", "\x01", "\xff"}) {
      const auto node = parse(bad);
      QVERIFY2(!node, bad);
      QCOMPARE(node.error().reason, std::string("formula_not_understood"));
      QVERIFY2(!node.error().detail.empty(), bad);
    }
    QCOMPARE(parse(std::string(2001, 'x')).error().reason, std::string("formula_too_long"));
    QVERIFY(!parse(std::string(500, '{') + std::string(500, '}')));
    std::string roots;
    for (int i = 0; i < 300; ++i) roots += "\\sqrt ";
    QVERIFY(!parse(roots + "x"));
    QVERIFY(!parse("x" + std::string(900, '^')));
  }

  void htmlIsTakenApart() {
    const auto found = pieces("<p>若 \\( a &lt; b \\&amp; c \\) 则 \\(x\\)</p>");
    QVERIFY(found);
    QCOMPARE(found->size(), std::size_t{5});
    QVERIFY(found->at(1).formula);
    QCOMPARE(found->at(1).text, std::string(" a < b \\& c "));
    QCOMPARE(found->at(2).text, std::string(" 则 "));
    QCOMPARE(pieces("a \\( b").error().reason, std::string("formula_not_closed"));
    QCOMPARE(pieces("\\( <b>x</b> \\)").error().reason, std::string("formula_with_tags"));
    QCOMPARE(pieces("")->size(), std::size_t{0});
    QVERIFY(check("x \\( \\Omega \\) &#937; \\(&#x3A9;\\)"));
    QCOMPARE(check("\\( \\foo \\)").error().detail, std::string("\\( \\foo \\): \\foo  ←  \\foo"));
  }

  void anyTextIsReadOrRefused() {
    QVERIFY(rc::check("no text stops it", [] {
      static const std::vector<std::string> kBits{"\\frac", "{", "}", "\\left(", "\\right)", "^", "_", "x", "2", "\\sqrt", "[", "]", "&", "\\\\", "\\begin{cases}",
                                                  "\\end{cases}", "'", " ", "\\text{", "\\mathrm", "\\alpha", "\\sum", "\\", "中", "-", "\\vec", "\\limits", "\\not"};
      std::string latex;
      const int count = *rc::gen::inRange(0, 40);
      for (int i = 0; i < count; ++i) latex += kBits[static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(kBits.size())))];
      if (auto node = parse(latex)) RC_ASSERT(inOneLine(*node).size() < 10000u);
    }));
  }
};

QTEST_GUILESS_MAIN(FormulaTest)
#include "test_formula.moc"
