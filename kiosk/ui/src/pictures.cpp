// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "pictures.hpp"

#include <qrencode.h>

#include <QPainter>
#include <QPainterPath>
#include <cmath>

#include "kiosk.hpp"

namespace invigil::kiosk {

CameraView::CameraView(QQuickItem* parent) : QQuickPaintedItem(parent) {
  connect(this, &CameraView::changed, this, [this] { update(); });
  connect(Kiosk::instance(), &Kiosk::picture, this, [this](const QImage& picture) {
    if (!isVisible()) return;
    picture_ = picture;
    update();
  });
}

QRectF CameraView::ovalRect() const {
  const double h = height() * oval_height_, w = h * 0.76;
  return {(width() - w) / 2, height() * oval_top_, w, h};
}

void CameraView::paint(QPainter* painter) {
  const QRectF all = boundingRect();
  painter->fillRect(all, QColor(0x1f, 0x2b, 0x29));
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setRenderHint(QPainter::SmoothPixmapTransform);
  if (!picture_.isNull()) {
    const double scale = std::max(all.width() / picture_.width(), all.height() / picture_.height());
    const QSizeF size(picture_.width() * scale, picture_.height() * scale);
    painter->save();
    painter->translate(all.width(), 0);
    painter->scale(-1, 1);
    painter->drawImage(QRectF(QPointF((all.width() - size.width()) / 2, (all.height() - size.height()) / 2), size),
                       picture_);
    painter->restore();
  }
  if (!oval_) return;
  const QRectF oval = ovalRect();
  QPainterPath around;
  around.addRect(all);
  QPainterPath hole;
  hole.addEllipse(oval);
  painter->fillPath(around.subtracted(hole), QColor(0x1a, 0x28, 0x26, 0xd8));
  const double width = std::max(6.0, all.height() * 0.012);
  const QRectF ring = oval.adjusted(-width * 2, -width * 2, width * 2, width * 2);
  painter->setPen(QPen(QColor(255, 255, 255, 70), width));
  painter->drawEllipse(ring);
  if (progress_ <= 0) return;
  painter->setPen(QPen(ring_, width, Qt::SolidLine, Qt::RoundCap));
  painter->drawArc(ring, 90 * 16, static_cast<int>(-360 * 16 * std::min(1.0, progress_)));
}

void QrCode::setText(const QString& text) {
  if (text == text_) return;
  text_ = text;
  dark_.clear();
  size_ = 0;
  // Base45 text is alphanumeric QR data; libqrencode finds the modes by itself.
  if (QRcode* code = text.isEmpty() ? nullptr : QRcode_encodeString(text.toUtf8().constData(), 0, QR_ECLEVEL_M, QR_MODE_8, 1)) {
    size_ = code->width;
    for (int i = 0; i < size_ * size_; ++i) dark_.append(static_cast<char>(code->data[i] & 1));
    QRcode_free(code);
  }
  emit textChanged();
  update();
}

void QrCode::paint(QPainter* painter) {
  painter->fillRect(boundingRect(), Qt::white);
  if (size_ == 0) return;
  constexpr int kQuiet = 4;
  // Whole pixels per module: a blurred edge is what scanners fail on.
  const int pixels = static_cast<int>(std::floor(std::min(width(), height()) / (size_ + 2 * kQuiet)));
  const double left = std::floor((width() - pixels * size_) / 2), top = std::floor((height() - pixels * size_) / 2);
  for (int y = 0; y < size_; ++y)
    for (int x = 0; x < size_; ++x)
      if (dark_[y * size_ + x])
        painter->fillRect(QRectF(left + x * pixels, top + y * pixels, pixels, pixels), QColor(0x0b, 0x12, 0x11));
}

}  // namespace invigil::kiosk
