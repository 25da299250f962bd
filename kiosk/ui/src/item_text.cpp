// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "item_text.hpp"

#include <QAbstractTextDocumentLayout>
#include <QPainter>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextTable>
#include <algorithm>
#include <cmath>

#include "kiosk.hpp"

namespace invigil::kiosk {
namespace {

constexpr qreal kTextureMax = 8000;  ///< graphics of ten years ago take no higher one

const ItemPictures* picturesOfThePaper() { return Kiosk::instance() ? &Kiosk::instance()->sitting()->pictures() : nullptr; }

QTextTable* outermost(QTextTable* table) {
  for (QTextFrame* frame = table; frame; frame = frame->parentFrame())
    if (auto* outer = qobject_cast<QTextTable*>(frame)) table = outer;
  return table;
}

QList<QTextTable*> tablesIn(QTextFrame* frame) {
  QList<QTextTable*> out;
  for (QTextFrame* child : frame->childFrames())
    if (auto* table = qobject_cast<QTextTable*>(child)) out << table << tablesIn(child);
  return out;
}

}  // namespace

QVariantList figuresIn(const QString& html) {
  QVariantList out;
  qsizetype at = 0;
  while (at < html.size()) {
    const qsizetype picture = html.indexOf(QLatin1String("<img src=\"media:"), at), table = html.indexOf(QLatin1String("<table"), at);
    if (picture < 0 && table < 0) break;
    if (table < 0 || (picture >= 0 && picture < table)) {
      const qsizetype end = html.indexOf(u'>', picture) + 1;
      for (const QString& name : picturesIn(html.mid(picture, end - picture))) out.append(QVariantMap{{"kind", "picture"}, {"name", name}});
      at = std::max(end, picture + 1);
      continue;
    }
    int depth = 0;
    qsizetype end = table;
    do {
      const qsizetype close = html.indexOf(QLatin1String("</table>"), end), open = html.indexOf(QLatin1String("<table"), end);
      if (close < 0) return out;
      depth += open >= 0 && open < close ? 1 : -1;
      end = open >= 0 && open < close ? open + 6 : close + 8;
    } while (depth > 0);
    out.append(QVariantMap{{"kind", "table"}, {"html", html.mid(table, end - table)}});
    at = end;
  }
  return out;
}

ItemText::ItemText(QQuickItem* parent) : QQuickPaintedItem(parent) {
  setAntialiasing(true);
  document_.setDocumentMargin(0);
  document_.setUndoRedoEnabled(false);
  QTextOption option;
  option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
  document_.setDefaultTextOption(option);
  document_.documentLayout()->registerHandler(QTextFormat::ImageObject, &inlines_);
  inlines_.pictures = picturesOfThePaper();
  if (inlines_.pictures) connect(inlines_.pictures, &ItemPictures::loaded, this, [this] { measure(); });
}

void ItemText::componentComplete() {
  QQuickPaintedItem::componentComplete();
  read();
}

void ItemText::geometryChange(const QRectF& fresh, const QRectF& old) {
  QQuickPaintedItem::geometryChange(fresh, old);
  if (fresh.width() != old.width()) measure();
}

void ItemText::read() {
  if (!isComponentComplete()) return;
  QFont font(family_);
  font.setPixelSize(std::max(1, pixels_));
  font.setWeight(strong_ ? QFont::DemiBold : QFont::Normal);
  document_.setDefaultFont(font);
  inlines_.ink = ink_;
  inlines_.unit = unit_;
  plain_.clear();
  document_.setHtml(inlines_.takeFormulae(html_, pixels_, strong_, plain_));
  plain_ = plain_.simplified();
  dress();
  measure();
}

void ItemText::dress() {
  for (QTextBlock block = document_.begin(); block.isValid(); block = block.next()) {
    QTextBlockFormat format = block.blockFormat();
    format.setLineHeight(line_height_ * 100, QTextBlockFormat::ProportionalHeight);
    const bool first = block == document_.begin() || QTextCursor(block).currentTable();
    format.setTopMargin(first ? 0 : pixels_ * 0.3);
    format.setBottomMargin(0);
    QTextCursor(block).setBlockFormat(format);
  }
  for (QTextTable* table : tablesIn(document_.rootFrame())) {
    QTextTableFormat format = table->format();
    format.setBorder(1);
    format.setBorderStyle(QTextFrameFormat::BorderStyle_Solid);
    format.setBorderBrush(lines_);
    format.setBorderCollapse(true);
    format.setCellPadding(pixels_ * 0.3);
    format.setCellSpacing(0);
    format.setTopMargin(pixels_ * 0.3);
    format.setBottomMargin(pixels_ * 0.3);
    table->setFormat(format);
  }
}

void ItemText::measure() {
  if (!isComponentComplete() || (width() <= 0 && !natural_)) return;
  inlines_.width_max = natural_ ? 0 : width();
  document_.setTextWidth(natural_ ? -1 : width());
  document_.markContentsDirty(0, document_.characterCount());
  const qreal ideal = document_.idealWidth();
  shrink_ = !natural_ && ideal > width() + 0.5 ? width() / ideal : 1;
  if (shrink_ < 1) document_.setTextWidth(ideal);
  const qreal height = document_.size().height() * shrink_;
  setImplicitSize(natural_ ? std::ceil(ideal) : 0, std::ceil(height));
  setContentsScale(std::min(1.0, kTextureMax / std::max(height, 1.0)));
  update();
}

void ItemText::paint(QPainter* painter) {
  painter->scale(shrink_, shrink_);
  QAbstractTextDocumentLayout::PaintContext context;
  context.palette.setColor(QPalette::Text, ink_);
  document_.documentLayout()->draw(painter, context);
}

int ItemText::figureAt(qreal x, qreal y) const {
  const int position = document_.documentLayout()->hitTest(QPointF(x, y) / shrink_, Qt::ExactHit);
  if (position < 0) return -1;
  QTextCursor here(const_cast<QTextDocument*>(&document_));
  const auto pictureAt = [&](int place) {
    const QTextCharFormat format = document_.findBlock(place).isValid() ? QTextCursor(here).charFormat() : QTextCharFormat();
    return format.isImageFormat() && format.toImageFormat().name().startsWith(QLatin1String("media:"));
  };
  int start = -1;
  here.setPosition(position);
  if (QTextTable* table = here.currentTable()) {
    start = outermost(table)->firstPosition();
  } else {
    // A cursor's format is that of the character before it.
    for (int place = position; place <= position + 1 && place < document_.characterCount() && start < 0; ++place) {
      here.setPosition(place);
      if (pictureAt(place)) start = place;
    }
  }
  if (start < 0) return -1;
  QList<int> starts;
  for (QTextTable* table : tablesIn(document_.rootFrame()))
    if (outermost(table) == table) starts << table->firstPosition();
  for (int place = 1; place < document_.characterCount(); ++place) {
    here.setPosition(place);
    if (!here.currentTable() && pictureAt(place)) starts << place;
  }
  std::sort(starts.begin(), starts.end());
  return static_cast<int>(starts.indexOf(start));
}

PictureView::PictureView(QQuickItem* parent) : QQuickPaintedItem(parent) {
  if (const ItemPictures* pictures = picturesOfThePaper())
    connect(pictures, &ItemPictures::loaded, this, [this] { if (image_.isNull()) look(); });
}

void PictureView::setName(const QString& name) {
  if (name == name_) return;
  name_ = name;
  look();
}

void PictureView::look() {
  const ItemPictures* pictures = picturesOfThePaper();
  image_ = pictures && !name_.isEmpty() ? pictures->large(name_) : QImage();
  emit nameChanged();
  update();
}

void PictureView::paint(QPainter* painter) {
  painter->setRenderHint(QPainter::SmoothPixmapTransform);
  painter->fillRect(boundingRect(), Qt::white);
  if (!image_.isNull()) painter->drawImage(boundingRect(), image_);
}

}  // namespace invigil::kiosk
