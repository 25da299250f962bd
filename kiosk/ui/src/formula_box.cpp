// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formula_box.hpp"

#include <QFont>
#include <QFontMetricsF>
#include <algorithm>
#include <cmath>

namespace invigil::kiosk {
namespace {

using formula::Face;
using formula::Kind;
using formula::Node;
using formula::Role;

bool nothing(const Node& node) { return node.kind == Kind::Row && node.parts.empty(); }

/// Puts `part` with its baseline at (x, y) of `whole`, which grows with it in height.
void put(FormulaBox& whole, const FormulaBox& part, qreal x, qreal y) {
  whole.path.addPath(part.path.translated(x, y));
  whole.ascent = std::max(whole.ascent, part.ascent - y);
  whole.descent = std::max(whole.descent, part.descent + y);
}

void rule(FormulaBox& box, qreal x, qreal y, qreal width, qreal thick) { box.path.addRect(QRectF(x, y - thick / 2, width, thick)); }

void stroke(FormulaBox& box, const QPainterPath& line, qreal thick) {
  QPainterPathStroker pen;
  pen.setWidth(thick);
  pen.setJoinStyle(Qt::MiterJoin);
  pen.setCapStyle(Qt::FlatCap);
  box.path.addPath(pen.createStroke(line));
}

/// One size of type. `level` 0 = the line itself, 1 = in a fraction or raised, and so on.
class Setter {
 public:
  Setter(qreal pixels, qreal smallest, int level, bool strong)
      : px_(std::max(pixels, smallest)), smallest_(smallest), level_(level), strong_(strong), thick_(std::max(1.0, px_ * (strong ? 0.075 : 0.055))) {
    axis_ = -outline(QStringLiteral("+"), Face::Upright).path.boundingRect().center().y();
  }

  FormulaBox box(const Node& node) const {
    switch (node.kind) {
      case Kind::Row: return row(node.parts);
      case Kind::Symbol: return node.role == Role::Large ? large(node) : outline(QString::fromStdString(node.text), node.face);
      case Kind::Words: return outline(QString::fromStdString(node.text), node.face);
      case Kind::Space: return {node.width * px_, 0, 0, {}};
      case Kind::Fraction: return fraction(node);
      case Kind::Root: return root(node);
      case Kind::Script: return node.limits && (level_ == 0 || node.role == Role::Relation) ? limits(node) : script(node);
      case Kind::Fence: return fenced(box(node.parts[0]), node.open, node.close);
      case Kind::Table: return fenced(table(node), node.open, node.close);
      case Kind::Accent: return accent(node);
    }
    return {};
  }

 private:
  Setter smaller(qreal share) const { return {px_ * share, smallest_, level_ + 1, strong_}; }

  FormulaBox outline(const QString& text, Face face) const {
    QFont font;
    font.setFamilies({QStringLiteral("Noto Serif"), QStringLiteral("Noto Sans Math"), QStringLiteral("Noto Sans CJK SC")});
    font.setPixelSize(std::max(1, static_cast<int>(std::lround(px_))));
    font.setItalic(face == Face::Italic);
    font.setWeight(face == Face::Bold || strong_ ? QFont::Bold : QFont::Normal);
    font.setHintingPreference(QFont::PreferNoHinting);
    FormulaBox out;
    out.path.addText(0, 0, font, text);
    out.width = QFontMetricsF(font).horizontalAdvance(text);
    const QRectF ink = out.path.boundingRect();
    if (face == Face::Italic) out.width = std::max(out.width, ink.right() + px_ * 0.03);
    out.ascent = std::max(-ink.top(), px_ * 0.5);
    out.descent = std::max(ink.bottom(), 0.0);
    return out;
  }

  FormulaBox row(const std::vector<Node>& parts) const {
    FormulaBox out;
    out.ascent = px_ * 0.5;
    Role before = Role::Open;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const Node& part = parts[i];
      const bool fence = part.kind == Kind::Fence || part.role == Role::Open;
      const bool operand = before == Role::Ordinary || before == Role::Close || before == Role::Large || before == Role::Function;
      const bool between = part.role == Role::Binary && operand && i + 1 < parts.size();
      const qreal side = level_ > 1 ? 0 : between ? 0.2 : part.role == Role::Relation ? 0.27 : 0;
      qreal gap = i > 0 ? side : 0;
      if (before == Role::Function && !fence) gap = std::max(gap, 0.17);
      if (i > 0 && (part.role == Role::Function || part.role == Role::Large) && operand) gap = std::max(gap, 0.17);
      if (before == Role::Large) gap = std::max(gap, 0.12);
      out.width += gap * px_;
      const FormulaBox one = box(part);
      put(out, one, out.width, 0);
      out.width += one.width + (side + (part.role == Role::Comma ? 0.17 : 0)) * px_;
      if (part.kind != Kind::Space) before = part.role == Role::Binary && !between ? Role::Open : part.role;
    }
    return out;
  }

  /// Sums and integrals: large, and in the middle of the line.
  FormulaBox large(const Node& node) const {
    const bool integral = !node.limits;
    const Setter big(px_ * (level_ > 0 ? 1.1 : integral ? 1.7 : 1.45), smallest_, level_, strong_);
    const FormulaBox sign = big.outline(QString::fromStdString(node.text), Face::Upright);
    FormulaBox out;
    const QRectF ink = sign.path.boundingRect();
    const qreal shift = -axis_ - ink.center().y();
    out.path = sign.path.translated(0, shift);
    out.width = std::max(sign.width, ink.right());
    out.ascent = -(ink.top() + shift);
    out.descent = ink.bottom() + shift;
    return out;
  }

  FormulaBox fraction(const Node& node) const {
    const Setter inner = smaller(level_ == 0 ? 0.92 : 0.75);
    const FormulaBox above = inner.box(node.parts[0]), below = inner.box(node.parts[1]);
    const qreal gap = px_ * 0.14 + thick_, width = std::max(above.width, below.width) + px_ * 0.24, side = px_ * 0.08;
    FormulaBox out;
    out.width = width + 2 * side;
    put(out, above, side + (width - above.width) / 2, -axis_ - gap - above.descent);
    put(out, below, side + (width - below.width) / 2, -axis_ + gap + below.ascent);
    if (node.bar) rule(out, side, -axis_, width, thick_);
    return out;
  }

  FormulaBox root(const Node& node) const {
    const FormulaBox under = box(node.parts[0]);
    const qreal gap = px_ * 0.12 + thick_, top = -(std::max(under.ascent, px_ * 0.7) + gap), bottom = under.descent + px_ * 0.06;
    qreal left = 0;
    FormulaBox out;
    if (node.parts.size() > 1) {
      const FormulaBox degree = Setter(px_ * 0.6, smallest_, level_ + 2, strong_).box(node.parts[1]);
      put(out, degree, 0, bottom - (bottom - top) * 0.48 - degree.descent);
      left = std::max(0.0, degree.width - px_ * 0.16);
    }
    const qreal middle = bottom - (bottom - top) * 0.42, sign = px_ * 0.58;
    QPainterPath tick, slope;
    tick.moveTo(left, middle + px_ * 0.05);
    tick.lineTo(left + sign * 0.28, middle - px_ * 0.02);
    tick.lineTo(left + sign * 0.56, bottom);
    slope.moveTo(left + sign * 0.56, bottom);
    slope.lineTo(left + sign, top);
    slope.lineTo(left + sign + under.width + px_ * 0.1, top);
    stroke(out, tick, thick_ * 1.5);
    stroke(out, slope, thick_);
    put(out, under, left + sign + px_ * 0.04, 0);
    out.ascent = std::max(out.ascent, -top + thick_);
    out.descent = std::max(out.descent, bottom);
    out.width = left + sign + under.width + px_ * 0.14;
    return out;
  }

  FormulaBox script(const Node& node) const {
    FormulaBox out = box(node.parts[0]);
    // The sign for a prime is raised already.
    const bool primes = !nothing(node.parts[2]) && std::all_of(node.parts[2].parts.begin(), node.parts[2].parts.end(), [](const Node& one) { return one.text == "′"; });
    if (primes && nothing(node.parts[1])) {
      const FormulaBox marks = row(node.parts[2].parts);
      put(out, marks, out.width + px_ * 0.02, 0);
      out.width += marks.width + px_ * 0.02;
      return out;
    }
    const Setter inner = smaller(0.7);
    const FormulaBox below = inner.box(node.parts[1]), above = inner.box(node.parts[2]);
    const bool has_below = !nothing(node.parts[1]), has_above = !nothing(node.parts[2]);
    const qreal x = out.width + px_ * 0.05, base_descent = out.descent, base_ascent = out.ascent;
    qreal up = std::max(px_ * 0.38, base_ascent - px_ * 0.32), down = std::max(px_ * 0.2, base_descent - px_ * 0.05);
    if (has_above) up = std::max(up, above.descent + px_ * 0.22);
    if (has_below) down = std::max(down, below.ascent - px_ * 0.42);
    if (has_above && has_below) down = std::max(down, above.descent - up + below.ascent + px_ * 0.1);
    if (has_above) put(out, above, x, -up);
    if (has_below) put(out, below, x - (node.parts[0].role == Role::Large && !node.parts[0].limits ? px_ * 0.25 : 0), down);
    out.width = x + std::max(has_below ? below.width : 0, has_above ? above.width : 0) + px_ * 0.04;
    return out;
  }

  FormulaBox limits(const Node& node) const {
    const FormulaBox base = box(node.parts[0]);
    const Setter inner = smaller(0.7);
    const FormulaBox below = inner.box(node.parts[1]), above = inner.box(node.parts[2]);
    const qreal wide = std::max({base.width, nothing(node.parts[1]) ? 0 : below.width, nothing(node.parts[2]) ? 0 : above.width}), gap = px_ * 0.12;
    FormulaBox out;
    out.width = wide;
    put(out, base, (wide - base.width) / 2, 0);
    if (!nothing(node.parts[2])) put(out, above, (wide - above.width) / 2, -base.ascent - gap - above.descent);
    if (!nothing(node.parts[1])) put(out, below, (wide - below.width) / 2, base.descent + gap + below.ascent);
    return out;
  }

  /// A bracket as high as `height`, its middle on the axis.
  FormulaBox bracket(const std::string& text, qreal height) const {
    FormulaBox out;
    if (text.empty()) return out;
    if (text == "|" || text == "‖") {
      const int lines = text == "|" ? 1 : 2;
      for (int i = 0; i < lines; ++i) out.path.addRect(QRectF(px_ * (0.12 + 0.16 * i), -axis_ - height / 2, thick_ * 1.1, height));
      out.width = px_ * (0.26 + 0.16 * (lines - 1));
    } else {
      const FormulaBox sign = outline(QString::fromStdString(text), Face::Upright);
      const QRectF ink = sign.path.boundingRect();
      const qreal share = std::max(1.0, height / ink.height()), wide = std::min(1.35, std::sqrt(share));
      out.path = QTransform::fromTranslate(0, -axis_).scale(wide, share).translate(0, -ink.center().y()).map(sign.path);
      out.width = sign.width * wide;
    }
    const QRectF ink = out.path.boundingRect();
    out.ascent = -ink.top();
    out.descent = ink.bottom();
    return out;
  }

  FormulaBox fenced(const FormulaBox& inner, const std::string& open, const std::string& close) const {
    if (open.empty() && close.empty()) return inner;
    const qreal height = 2 * std::max(inner.ascent - axis_, inner.descent + axis_) * 1.04;
    const FormulaBox left = bracket(open, height), right = bracket(close, height);
    FormulaBox out;
    put(out, left, 0, 0);
    put(out, inner, left.width + px_ * 0.04, 0);
    put(out, right, left.width + inner.width + px_ * 0.08, 0);
    out.width = left.width + inner.width + right.width + px_ * 0.08;
    return out;
  }

  FormulaBox table(const Node& node) const {
    const Setter inner(px_ * 0.95, smallest_, level_, strong_);
    const bool aligned = node.left && node.open.empty();
    std::vector<std::vector<FormulaBox>> cells;
    std::vector<qreal> widths, ascents, descents;
    for (const Node& line : node.parts) {
      cells.emplace_back();
      ascents.push_back(px_ * 0.7);
      descents.push_back(px_ * 0.25);
      for (std::size_t c = 0; c < line.parts.size(); ++c) {
        cells.back().push_back(inner.box(line.parts[c]));
        const FormulaBox& cell = cells.back().back();
        if (widths.size() <= c) widths.push_back(0);
        widths[c] = std::max(widths[c], cell.width);
        ascents.back() = std::max(ascents.back(), cell.ascent);
        descents.back() = std::max(descents.back(), cell.descent);
      }
    }
    const qreal row_gap = px_ * 0.25, column_gap = px_ * (aligned ? 0.1 : 0.85);
    qreal height = -row_gap;
    for (std::size_t r = 0; r < cells.size(); ++r) height += ascents[r] + descents[r] + row_gap;
    FormulaBox out;
    qreal y = -axis_ - height / 2;
    for (std::size_t r = 0; r < cells.size(); ++r) {
      y += ascents[r];
      qreal x = 0;
      for (std::size_t c = 0; c < cells[r].size(); ++c) {
        const qreal free = widths[c] - cells[r][c].width;
        put(out, cells[r][c], x + (!node.left ? free / 2 : aligned && c % 2 == 0 ? free : 0), y);
        x += widths[c] + column_gap;
      }
      y += descents[r] + row_gap;
    }
    for (const qreal width : widths) out.width += width;
    out.width += column_gap * static_cast<qreal>(std::max<std::size_t>(widths.size(), 1) - 1);
    return out;
  }

  FormulaBox accent(const Node& node) const {
    FormulaBox out = box(node.parts[0]);
    const qreal w = out.width, top = -out.ascent - px_ * 0.1;
    if (node.below) {
      rule(out, 0, out.descent + px_ * 0.12, w, thick_);
      out.descent += px_ * 0.18;
      return out;
    }
    QPainterPath line;
    const qreal rise = px_ * 0.13, middle = w / 2;
    if (node.text == "¯") {
      rule(out, 0, top, w, thick_);
    } else if (node.text == "→") {
      line.moveTo(0, top), line.lineTo(w, top);
      line.moveTo(w - rise * 1.2, top - rise * 0.8), line.lineTo(w, top), line.lineTo(w - rise * 1.2, top + rise * 0.8);
    } else if (node.text == "^") {
      const qreal half = std::max(px_ * 0.16, w * 0.4);
      line.moveTo(middle - half, top + rise * 0.3), line.lineTo(middle, top - rise), line.lineTo(middle + half, top + rise * 0.3);
    } else if (node.text == "~") {
      const qreal half = std::max(px_ * 0.2, w * 0.4);
      line.moveTo(middle - half, top);
      line.cubicTo(middle - half * 0.3, top - rise * 1.6, middle + half * 0.3, top + rise * 1.2, middle + half, top - rise * 0.4);
    } else {
      const qreal r = px_ * 0.06;
      for (const qreal x : node.text == "˙" ? std::vector<qreal>{0} : std::vector<qreal>{-r * 2.2, r * 2.2}) out.path.addEllipse(QPointF(middle + x, top), r, r);
    }
    if (!line.isEmpty()) stroke(out, line, thick_);
    out.ascent += px_ * 0.3;
    return out;
  }

  qreal px_, smallest_;
  int level_;
  bool strong_;
  qreal thick_, axis_ = 0;
};

}  // namespace

FormulaBox layOut(const formula::Node& node, qreal pixels, bool strong) {
  FormulaBox out = Setter(pixels, pixels * 0.5, 0, strong).box(node);
  out.path.setFillRule(Qt::WindingFill);
  const QRectF ink = out.path.boundingRect();
  out.width = std::max(out.width, ink.right()) + pixels * 0.04;
  out.ascent = std::max(out.ascent, -ink.top());
  out.descent = std::max(out.descent, ink.bottom());
  return out;
}

}  // namespace invigil::kiosk
