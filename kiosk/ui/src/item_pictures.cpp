// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "item_pictures.hpp"

#include <QBuffer>
#include <QImageReader>
#include <QRegularExpression>
#include <QTimer>

namespace invigil::kiosk {
namespace {

constexpr int kAgainMs = 3000;
const QSize kInText(1000, 460), kLargest(4000, 4000);

/// Decoded within `largest`: a picture of a hundred megapixels must not stop the exam.
QImage decoded(QByteArray bytes, QSize largest) {
  QBuffer buffer(&bytes);
  QImageReader reader(&buffer);
  const QSize size = reader.size();
  if (!size.isValid()) return {};
  if (size.width() > largest.width() || size.height() > largest.height()) reader.setScaledSize(size.scaled(largest, Qt::KeepAspectRatio));
  return reader.read();
}

}  // namespace

QStringList picturesIn(const QString& html) {
  static const QRegularExpression tag(QStringLiteral("<img src=\"media:([0-9a-f]{32}\\.[a-z]{3,4})\"[^>]*>"));
  QStringList out;
  for (auto found = tag.globalMatch(html); found.hasNext();) out.append(found.next().captured(1));
  return out;
}

void ItemPictures::load(const Paper& paper) {
  clear();
  for (const PaperItem& item : paper.items) {
    QStringList texts;
    if (item.html) texts << item.stem << item.options;
    if (item.case_html) texts << item.case_text;
    for (const QString& text : texts)
      for (const QString& name : picturesIn(text))
        if (!wanted_.contains(name)) wanted_.append(name);
  }
  next();
}

void ItemPictures::clear() {
  ++round_;
  wanted_.clear();
  pictures_.clear();
}

QImage ItemPictures::large(const QString& name) const {
  const auto found = pictures_.constFind(name);
  return found == pictures_.constEnd() ? QImage() : decoded(found->bytes, kLargest);
}

void ItemPictures::next() {
  if (wanted_.isEmpty()) return;
  const QString name = wanted_.front();
  api_.media(name, [this, name, round = round_](const QByteArray& bytes) {
    if (round != round_) return;
    wanted_.removeOne(name);
    const QImage image = bytes.isEmpty() ? QImage() : decoded(bytes, kInText);
    if (image.isNull()) {
      wanted_.append(name);  // the others first, then this one again
      QTimer::singleShot(kAgainMs, this, [this, round] { if (round == round_) next(); });
      return;
    }
    pictures_.insert(name, {bytes, image});
    emit loaded();
    next();
  });
}

}  // namespace invigil::kiosk
