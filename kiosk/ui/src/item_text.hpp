// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtQml/qqmlregistration.h>

#include <QQuickPaintedItem>
#include <QTextDocument>
#include <QVariantList>

#include "item_inlines.hpp"

namespace invigil::kiosk {

/// Words of an item in the safe subset of docs/formats/item-markup.md, with pictures, tables and formulae, as wide as the
/// item is and never wider. `text` is the same for readers and tests.
class ItemText : public QQuickPaintedItem {
  Q_OBJECT
  QML_ELEMENT
  Q_PROPERTY(QString html READ html WRITE setHtml NOTIFY changed)
  Q_PROPERTY(QString text READ text NOTIFY changed)
  Q_PROPERTY(QString family MEMBER family_ WRITE setFamily NOTIFY changed)
  Q_PROPERTY(int pixelSize MEMBER pixels_ WRITE setPixelSize NOTIFY changed)
  Q_PROPERTY(bool strong MEMBER strong_ WRITE setStrong NOTIFY changed)
  Q_PROPERTY(QColor ink MEMBER ink_ WRITE setInk NOTIFY changed)
  Q_PROPERTY(QColor lines MEMBER lines_ WRITE setLines NOTIFY changed)  ///< of tables
  Q_PROPERTY(qreal lineHeight MEMBER line_height_ WRITE setLineHeight NOTIFY changed)
  Q_PROPERTY(qreal unit MEMBER unit_ WRITE setUnit NOTIFY changed)
  Q_PROPERTY(bool natural MEMBER natural_ WRITE setNatural NOTIFY changed)  ///< lines end where they are written, not at the width

 public:
  explicit ItemText(QQuickItem* parent = nullptr);
  void paint(QPainter* painter) override;
  QString html() const { return html_; }
  void setHtml(const QString& html) { set(html_, html); }
  QString text() const { return plain_; }
  void setFamily(const QString& family) { set(family_, family); }
  void setPixelSize(int pixels) { set(pixels_, pixels); }
  void setStrong(bool strong) { set(strong_, strong); }
  void setInk(const QColor& ink) { set(ink_, ink); }
  void setLines(const QColor& lines) { set(lines_, lines); }
  void setLineHeight(qreal height) { set(line_height_, height); }
  void setUnit(qreal unit) { set(unit_, unit); }
  void setNatural(bool natural) { set(natural_, natural); }

  /// Which of figuresIn(html) stands at this place; -1 = none.
  Q_INVOKABLE int figureAt(qreal x, qreal y) const;

 signals:
  void changed();

 protected:
  void geometryChange(const QRectF& fresh, const QRectF& old) override;
  void componentComplete() override;

 private:
  template <class T>
  void set(T& member, const T& value) {
    if (member == value) return;
    member = value;
    read();
    emit changed();
  }
  void read();     ///< the document anew
  void dress();    ///< margins, line height, tables
  void measure();  ///< for the width that there is

  QString html_, plain_, family_ = QStringLiteral("Noto Sans CJK SC");
  int pixels_ = 32;
  bool strong_ = false, natural_ = false;
  QColor ink_ = Qt::black, lines_ = Qt::gray;
  qreal line_height_ = 1.1, unit_ = 1, shrink_ = 1;
  ItemInlines inlines_;
  QTextDocument document_;
};

/// What can be opened large: {kind: "picture", name} and {kind: "table", html}, in the order of the text. A picture inside a
/// table belongs to the table.
QVariantList figuresIn(const QString& html);

/// One picture of the paper, as large as the item.
class PictureView : public QQuickPaintedItem {
  Q_OBJECT
  QML_ELEMENT
  Q_PROPERTY(QString name READ name WRITE setName NOTIFY nameChanged)
  Q_PROPERTY(QSize size READ size NOTIFY nameChanged)

 public:
  explicit PictureView(QQuickItem* parent = nullptr);
  void paint(QPainter* painter) override;
  QString name() const { return name_; }
  void setName(const QString& name);
  QSize size() const { return image_.size(); }

 signals:
  void nameChanged();

 private:
  void look();
  QString name_;
  QImage image_;
};

}  // namespace invigil::kiosk
