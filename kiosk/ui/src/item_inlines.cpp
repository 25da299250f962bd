// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "item_inlines.hpp"

#include <QCoreApplication>
#include <QFontMetrics>
#include <QPainter>
#include <QRegularExpression>
#include <QTextBlock>
#include <QTextCharFormat>
#include <QTextDocument>
#include <QTextLayout>
#include <algorithm>

namespace invigil::kiosk {
namespace {

const QLatin1String kFormula("formula:"), kMedia("media:");

QString nameOf(const QTextFormat& format) { return format.toImageFormat().name(); }

/// QTextDocument makes room for what stands "middle" with its middle half of this above the baseline.
qreal middleOf(const QTextFormat& format) { return QFontMetrics(format.toCharFormat().font()).xHeight() / 2.0; }

/// … but draws it in the middle of the line: where the baseline is then.
qreal baselineOf(const QRectF& rect, QTextDocument& document, int position) {
  const QTextBlock block = document.findBlock(position);
  const QTextLine line = block.layout()->lineForTextPosition(position - block.position());
  if (!line.isValid()) return rect.bottom();
  const qreal leading = line.leadingIncluded() ? std::max(0.0, line.leading()) : 0;
  return rect.top() - (line.height() - rect.height()) / 2 + line.ascent() + leading;
}

QString coming() { return QCoreApplication::translate("ItemText", "图片读取中"); }

}  // namespace

QSizeF ItemInlines::intrinsicSize(QTextDocument*, int, const QTextFormat& format) {
  const QString name = nameOf(format);
  QSizeF size;
  if (name.startsWith(kFormula)) {
    const FormulaBox& box = formulae_[name.mid(kFormula.size()).toInt()];
    // As much above as below the place where the middle goes, so that the baseline is that of the line.
    const qreal middle = middleOf(format);
    size = {box.width, std::max(2 * box.ascent - middle, 2 * box.descent + middle)};
  } else if (const QImage image = pictures ? pictures->inText(name.mid(kMedia.size())) : QImage(); !image.isNull()) {
    size = QSizeF(image.size()) * unit;
  } else {
    const QFontMetricsF metrics(format.toCharFormat().font());
    size = {metrics.horizontalAdvance(coming()) + 40, metrics.height() * 2};
  }
  if (width_max > 0 && size.width() > width_max) size *= width_max / size.width();
  return size;
}

void ItemInlines::drawObject(QPainter* painter, const QRectF& rect, QTextDocument* document, int position, const QTextFormat& format) {
  const QString name = nameOf(format);
  painter->save();
  painter->setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
  if (name.startsWith(kFormula)) {
    const FormulaBox& box = formulae_[name.mid(kFormula.size()).toInt()];
    painter->translate(rect.left(), baselineOf(rect, *document, position));
    painter->scale(rect.width() / box.width, rect.width() / box.width);
    painter->fillPath(box.path, ink);
  } else if (const QImage image = pictures ? pictures->inText(name.mid(kMedia.size())) : QImage(); !image.isNull()) {
    painter->drawImage(rect, image);
  } else {
    painter->setPen(ink);
    painter->setFont(format.toCharFormat().font());
    painter->drawRect(rect.adjusted(1, 1, -1, -1));
    painter->drawText(rect, Qt::AlignCenter, coming());
  }
  painter->restore();
}

QString ItemInlines::takeFormulae(const QString& html, qreal pixels, bool strong, QString& plain) {
  static const QRegularExpression tags(QStringLiteral("<[^>]*>")), described(QStringLiteral("<img [^>]*alt=\"([^\"]*)\"[^>]*>"));
  formulae_.clear();
  QString out;
  const auto words = [&](const QString& markup) { plain += QString(markup).replace(described, QStringLiteral(" \\1 ")).replace(tags, QStringLiteral(" ")); };
  const QString cannot = QCoreApplication::translate("ItemText", "〔公式无法显示，请举手联系监考员〕");
  const auto found = formula::pieces(html.toStdString());
  if (!found) {
    words(cannot);
    return cannot;
  }
  for (const formula::Piece& piece : *found) {
    if (!piece.formula) {
      const QString markup = QString::fromStdString(piece.text);
      words(markup);
      out += markup;
      continue;
    }
    const auto parsed = formula::parse(piece.text);
    if (!parsed) {
      out += cannot;
      continue;
    }
    formulae_.append(layOut(*parsed, pixels, strong));
    out += QStringLiteral("<img src=\"formula:%1\" style=\"vertical-align: middle\">").arg(formulae_.size() - 1);
    plain += QString::fromStdString(formula::inOneLine(*parsed));
  }
  return out;
}

}  // namespace invigil::kiosk
