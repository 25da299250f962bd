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

constexpr qreal kLettersDescend = 0.27;  ///< of Noto Sans CJK, in em
const QLatin1String kFormula("formula:"), kMedia("media:");

QString nameOf(const QTextFormat& format) { return format.toImageFormat().name(); }

/// QTextDocument makes room for what stands "middle" with its middle half of this above the baseline.
qreal middleOf(const QTextFormat& format) { return QFontMetrics(format.toCharFormat().font()).xHeight() / 2.0; }

/// What reaches further down than the letters do stands "middle"; the rest stands on the line like a letter.
bool tall(const QTextFormat& format) { return format.toCharFormat().verticalAlignment() == QTextCharFormat::AlignMiddle; }

/// … but draws it in the middle of the line: where the baseline is then.
qreal baselineOf(const QRectF& rect, QTextDocument& document, int position) {
  const QTextBlock block = document.findBlock(position);
  const QTextLine line = block.layout()->lineForTextPosition(position - block.position());
  if (!line.isValid()) return rect.bottom();
  const qreal leading = line.leadingIncluded() ? std::max(0.0, line.leading()) : 0;
  return rect.top() - (line.height() - rect.height()) / 2 + line.ascent() + leading;
}

/// The sign that keeps a formula and its comma or bracket on one line; else one of no width, so that the line is as high
/// as its letters even where there are none.
QChar glue(const QString& signs, QChar beside) { return !beside.isNull() && signs.contains(beside) ? QChar(0x2060) : QChar(0x200B); }

QString coming() { return QCoreApplication::translate("ItemText", "图片读取中"); }

}  // namespace

QSizeF ItemInlines::intrinsicSize(QTextDocument*, int, const QTextFormat& format) {
  const QString name = nameOf(format);
  QSizeF size;
  if (name.startsWith(kFormula)) {
    const FormulaBox& box = formulae_[name.mid(kFormula.size()).toInt()];
    // As much above as below the place where the middle goes, so that the baseline is that of the line.
    const qreal middle = middleOf(format);
    size = {box.width, tall(format) ? std::max(2 * box.ascent - middle, 2 * box.descent + middle) : box.ascent};
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
    painter->translate(rect.left(), tall(format) ? baselineOf(rect, *document, position) : rect.bottom());
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
  for (std::size_t i = 0; i < found->size(); ++i) {
    const formula::Piece& piece = (*found)[i];
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
    const QString next = i + 1 < found->size() && !(*found)[i + 1].formula ? QString::fromStdString((*found)[i + 1].text) : QString();
    if (!out.isEmpty()) out += glue(QStringLiteral("（《【「『(["), out.back());
    out += QStringLiteral("<img src=\"formula:%1\"%2>").arg(formulae_.size() - 1)
               .arg(formulae_.back().descent > pixels * kLettersDescend ? QStringLiteral(" style=\"vertical-align: middle\"") : QString());
    out += glue(QStringLiteral("，。；：、！？）》】」』,.;:!?)]%％"), next.isEmpty() ? QChar() : next.front());
    plain += QString::fromStdString(formula::inOneLine(*parsed));
  }
  return out;
}

}  // namespace invigil::kiosk
