// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "screen_check.hpp"

#include <QMetaMethod>
#include <QSignalSpy>
#include <QtTest>

namespace invigil::kiosk::test {
namespace {

constexpr qreal kTarget = 80;

bool shown(const QQuickItem* item) { return item->isVisible() && item->opacity() > 0 && item->width() > 0; }

void gather(QQuickItem* item, QList<QQuickItem*>& out) {
  for (QQuickItem* child : item->childItems()) {
    if (!child->isVisible()) continue;
    out.append(child);
    gather(child, out);
  }
}

QQuickItem* scrollAround(QQuickItem* item) {
  for (QQuickItem* up = item->parentItem(); up; up = up->parentItem())
    if (up->inherits("QQuickFlickable") && up->property("interactive").toBool()) return up;
  return nullptr;
}

QRectF inWindow(QQuickItem* item) { return item->mapRectToScene(QRectF(0, 0, item->width(), item->height())); }

QString describe(QQuickItem* item) {
  const QString words = item->property("text").toString().left(40);
  return (item->objectName().isEmpty() ? QString::fromLatin1(item->metaObject()->className()) : item->objectName()) +
         " “" + words + "” " + QDebug::toString(inWindow(item).toRect());
}

bool isRich(QQuickItem* item) { return item->inherits("invigil::kiosk::ItemText"); }

bool isText(QQuickItem* item) { return (item->inherits("QQuickText") || isRich(item)) && !item->property("text").toString().isEmpty(); }

bool isControl(QQuickItem* item) {
  return item->property("activeFocusOnTab").toBool() && item->metaObject()->indexOfSignal("clicked()") >= 0;
}

/// Where the ink of a text is.
QRectF ink(QQuickItem* text) {
  const QRectF box = inWindow(text);
  if (isRich(text)) return box;
  const qreal w = text->property("paintedWidth").toReal(), h = text->property("paintedHeight").toReal();
  const int align = text->property("horizontalAlignment").toInt();
  const qreal left = align & Qt::AlignHCenter ? box.center().x() - w / 2 : align & Qt::AlignRight ? box.right() - w : box.left();
  return {left, box.top(), w, h};
}

}  // namespace

QList<QQuickItem*> visibleItems(QQuickWindow& window) {
  QList<QQuickItem*> out;
  gather(window.contentItem(), out);
  return out;
}

QQuickItem* find(QQuickWindow& window, const QString& name) {
  for (QQuickItem* item : visibleItems(window))
    if (item->objectName() == name && shown(item)) return item;
  return nullptr;
}

void settle(QQuickWindow& window) {
  QSignalSpy drawn(&window, &QQuickWindow::frameSwapped);
  window.update();
  (void)QTest::qWaitFor([&] { return !drawn.isEmpty(); }, 10'000);
}

QStringList faults(QQuickWindow& window) {
  QStringList out;
  const QRectF all(0, 0, window.width(), window.height());
  QList<QQuickItem*> texts, controls;
  for (QQuickItem* item : visibleItems(window)) {
    if (!shown(item)) continue;
    QQuickItem* scroll = scrollAround(item);
    if (isText(item)) {
      texts.append(item);
      if (item->property("truncated").toBool()) out << "cut off: " + describe(item);
      const QRectF words = ink(item);
      if (words.left() < -1 || words.right() > all.right() + 1) out << "beyond the side: " + describe(item);
      if (!scroll && (words.top() < -8 || words.bottom() > all.bottom() + 8)) out << "beyond the edge: " + describe(item);
      if (words.width() > item->width() + 2) out << "wider than its place: " + describe(item);
    }
    if (isControl(item)) {
      controls.append(item);
      const QRectF box = inWindow(item);
      if (box.left() < 0 || box.right() > all.right() || (!scroll && (box.top() < 0 || box.bottom() > all.bottom())))
        out << "control outside: " + describe(item);
      if (box.height() < kTarget) out << "too low to touch: " + describe(item);
    }
  }
  for (qsizetype i = 0; i < texts.size(); ++i)
    for (qsizetype j = i + 1; j < texts.size(); ++j) {
      if (scrollAround(texts[i]) != scrollAround(texts[j])) continue;
      const QRectF both = ink(texts[i]).adjusted(0, 6, 0, -6).intersected(ink(texts[j]).adjusted(0, 6, 0, -6));
      if (both.width() > 2 && both.height() > 2) out << "overlapping: " + describe(texts[i]) + " and " + describe(texts[j]);
    }
  for (qsizetype i = 0; i < controls.size(); ++i)
    for (qsizetype j = i + 1; j < controls.size(); ++j) {
      if (scrollAround(controls[i]) != scrollAround(controls[j])) continue;
      const QRectF both = inWindow(controls[i]).intersected(inWindow(controls[j]));
      if (both.width() > 1 && both.height() > 1) out << "overlapping: " + describe(controls[i]) + " and " + describe(controls[j]);
    }
  return out;
}

bool click(QQuickWindow& window, const QString& name) {
  QQuickItem* item = find(window, name);
  if (!item || !item->isEnabled()) {
    qWarning("%s is %s", qPrintable(name), item ? "disabled" : "not there");
    return false;
  }
  if (QQuickItem* scroll = scrollAround(item)) {
    const QRectF at = inWindow(item), view = inWindow(scroll);
    if (at.bottom() > view.bottom() || at.top() < view.top())
      QMetaObject::invokeMethod(scroll, "by", Q_ARG(QVariant, at.center().y() - view.center().y()));
  }
  const QPointF centre = inWindow(item).center();
  if (!QRectF(0, 0, window.width(), window.height()).contains(centre)) {
    qWarning("%s is outside: %g %g of %d %d", qPrintable(name), centre.x(), centre.y(), window.width(), window.height());
    return false;
  }
  QTest::mouseClick(&window, Qt::LeftButton, {}, centre.toPoint());
  return true;
}

}  // namespace invigil::kiosk::test
