// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QColor>
#include <QStringList>
#include <QTextObjectInterface>
#include <QVector>

#include "formula_box.hpp"
#include "item_pictures.hpp"

namespace invigil::kiosk {

/// Pictures and formulae inside the text of an item: how large they are and how they are drawn. What is wider than the
/// place is made smaller.
class ItemInlines final : public QObject, public QTextObjectInterface {
  Q_OBJECT
  Q_INTERFACES(QTextObjectInterface)
 public:
  QSizeF intrinsicSize(QTextDocument* document, int position, const QTextFormat& format) override;
  void drawObject(QPainter* painter, const QRectF& rect, QTextDocument* document, int position, const QTextFormat& format) override;

  /// Html with each formula as a picture "formula:N" that stands on the line. Formulae that cannot be read (the server
  /// releases none) become a sentence. @param plain  the same for readers.
  QString takeFormulae(const QString& html, qreal pixels, bool strong, QString& plain);

  const ItemPictures* pictures = nullptr;
  QColor ink;
  qreal unit = 1;       ///< pixels of this screen per pixel of one 1920 wide
  qreal width_max = 0;  ///< of the text; 0 = no bound

 private:
  QVector<FormulaBox> formulae_;
};

}  // namespace invigil::kiosk
