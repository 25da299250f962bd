// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "item_pictures.hpp"

#include <QBuffer>
#include <QImage>
#include <QImageReader>
#include <QRegularExpression>
#include <QTimer>

namespace invigil::kiosk {
namespace {

constexpr int kAgainMs = 3000;
const QSize kLargest(1000, 460);

const QRegularExpression& pictureTag() {
  static const QRegularExpression tag(QStringLiteral("<img src=\"media:([0-9a-f]{32}\\.[a-z]{3,4})\"[^>]*>"));
  return tag;
}

/// Decoded within the largest size: a picture of a hundred megapixels must not stop the exam.
QImage decoded(QByteArray bytes) {
  QBuffer buffer(&bytes);
  QImageReader reader(&buffer);
  QSize size = reader.size();
  if (!size.isValid()) return {};
  if (size.width() > kLargest.width() || size.height() > kLargest.height()) reader.setScaledSize(size.scaled(kLargest, Qt::KeepAspectRatio));
  return reader.read();
}

}  // namespace

void ItemPictures::load(const Paper& paper) {
  clear();
  for (const PaperItem& item : paper.items) {
    QStringList texts;
    if (item.html) texts << item.stem << item.options;
    if (item.case_html) texts << item.case_text;
    for (const QString& text : texts)
      for (auto found = pictureTag().globalMatch(text); found.hasNext();)
        if (const QString name = found.next().captured(1); !wanted_.contains(name)) wanted_.append(name);
  }
  next();
}

void ItemPictures::clear() {
  ++round_;
  wanted_.clear();
  pictures_.clear();
}

void ItemPictures::next() {
  if (wanted_.isEmpty()) return;
  const QString name = wanted_.front();
  api_.media(name, [this, name, round = round_](const QByteArray& bytes) {
    if (round != round_) return;
    wanted_.removeOne(name);
    const QImage image = bytes.isEmpty() ? QImage() : decoded(bytes);
    if (image.isNull()) {
      wanted_.append(name);  // the others first, then this one again
      QTimer::singleShot(kAgainMs, this, [this, round] { if (round == round_) next(); });
      return;
    }
    QByteArray png;
    QBuffer out(&png);
    image.save(&out, "PNG");
    pictures_.insert(name, {QStringLiteral("data:image/png;base64,") + QString::fromLatin1(png.toBase64()), image.size()});
    emit loaded();
    next();
  });
}

QString ItemPictures::shown(const QString& text, bool html) const {
  if (!html) return text;
  QString out;
  qsizetype at = 0;
  for (auto found = pictureTag().globalMatch(text); found.hasNext();) {
    const auto match = found.next();
    out += text.mid(at, match.capturedStart() - at);
    at = match.capturedEnd();
    if (const auto picture = pictures_.constFind(match.captured(1)); picture != pictures_.constEnd())
      out += QStringLiteral("<img src=\"%1\" width=\"%2\" height=\"%3\">").arg(picture->source).arg(picture->size.width()).arg(picture->size.height());
    else
      out += QStringLiteral("〔图片读取中 / picture loading〕");
  }
  out += text.mid(at);
  return out.replace(QStringLiteral("<table>"), QStringLiteral("<table border=\"1\" cellspacing=\"0\" cellpadding=\"8\">"));
}

}  // namespace invigil::kiosk
