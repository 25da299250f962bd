// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtQml/qqmlregistration.h>

#include <QColor>
#include <QImage>
#include <QQuickPaintedItem>

namespace invigil::kiosk {

/// The live picture, mirrored like a looking-glass, filling the item; with `oval`, all but an oval is darkened and
/// a ring around it shows `progress`.
class CameraView : public QQuickPaintedItem {
  Q_OBJECT
  QML_ELEMENT
  Q_PROPERTY(bool oval MEMBER oval_ NOTIFY changed)
  Q_PROPERTY(double progress MEMBER progress_ NOTIFY changed)
  Q_PROPERTY(QColor ring MEMBER ring_ NOTIFY changed)
  Q_PROPERTY(double ovalHeight MEMBER oval_height_ NOTIFY changed)
  Q_PROPERTY(double ovalTop MEMBER oval_top_ NOTIFY changed)

 public:
  explicit CameraView(QQuickItem* parent = nullptr);
  void paint(QPainter* painter) override;
 signals:
  void changed();

 private:
  QRectF ovalRect() const;
  QImage picture_;
  bool oval_ = false;
  double progress_ = 0, oval_height_ = 0.62, oval_top_ = 0.14;
  QColor ring_ = QColor(0x45, 0xd6, 0xbc);
};

/// A QR code of level M, dark on white whatever the theme, with its quiet zone.
class QrCode : public QQuickPaintedItem {
  Q_OBJECT
  QML_ELEMENT
  Q_PROPERTY(QString text READ text WRITE setText NOTIFY textChanged)
  Q_PROPERTY(int modules READ modules NOTIFY textChanged)

 public:
  using QQuickPaintedItem::QQuickPaintedItem;
  void paint(QPainter* painter) override;
  QString text() const { return text_; }
  void setText(const QString& text);
  int modules() const { return size_; }
 signals:
  void textChanged();

 private:
  QString text_;
  QByteArray dark_;
  int size_ = 0;
};

}  // namespace invigil::kiosk
