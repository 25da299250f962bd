// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QJsonObject>
#include <QLocalServer>
#include <QObject>
#include <QPointer>
#include <QQuickItem>
#include <QQuickWindow>

class QLocalSocket;
class QPointingDevice;

namespace invigil::rehearsal {

/// A hand at the screen of the unmodified kiosk: sees what is shown, by objectName, and touches, clicks and types as a
/// person would, through the window system's own events.
///
/// Speaks one JSON object a line on the local socket $INVIGIL_DRIVER_SOCKET: {"do": COMMAND, ...} is answered by
/// {"ok": true, ...} or {"ok": false, "problem": TEXT}. Commands:
///   window                      {screen, width, height, title}
///   tree                        {items: [ITEM]}: every visible item that has a name
///   find     name               {found, items: [ITEM]}: all items of that name, hidden ones too
///   click    name               mouse press and release at the middle of the visible item
///   touch    name               the same with a finger
///   key      key, [modifiers]   one key by its Qt name: "Return", "Tab", "1", "Ctrl+A"
///   type     text               one key press a character, to the item with the focus
///   wheel    name, dy           a turn of the wheel over the item, in degrees
///   screenshot  path            the window as PNG
///   resize   width, height
/// ITEM is {name, visible, enabled, text, said, checked, focus, x, y, width, height}; the geometry is in the window,
/// `text` the property of that name, `said` what a screen reader would say, `visible` false also when another item
/// clips it away or it lies outside the window.
class Driver : public QObject {
  Q_OBJECT
 public:
  explicit Driver(const QString& socket, QObject* parent = nullptr);

 private:
  void accept();
  void read(QLocalSocket* socket);
  QJsonObject answer(const QJsonObject& request);
  QJsonObject act(const QString& what, const QJsonObject& request, QQuickWindow* window);
  QQuickItem* target(QQuickWindow* window, const QString& name, QString& problem) const;

  QLocalServer server_;
  QPointingDevice* finger_ = nullptr;
};

}  // namespace invigil::rehearsal
