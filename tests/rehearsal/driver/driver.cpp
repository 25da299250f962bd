// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "driver.hpp"

#include <QAccessible>
#include <QEventLoop>
#include <QGenericPlugin>
#include <QGuiApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QKeySequence>
#include <QLocalSocket>
#include <QPointingDevice>
#include <QTest>
#include <QTimer>
#include <QWheelEvent>

namespace invigil::rehearsal {
namespace {

QQuickWindow* mainWindow() {
  QQuickWindow* first = nullptr;
  for (QWindow* window : QGuiApplication::topLevelWindows()) {
    auto* quick = qobject_cast<QQuickWindow*>(window);
    if (!quick) continue;
    if (quick->objectName() == "kiosk.window") return quick;
    if (!first && quick->isVisible()) first = quick;
  }
  return first;
}

/// The part of the item that can be seen, in the window.
QRectF shownPart(const QQuickItem* item) {
  QRectF shown = item->mapRectToScene(QRectF(0, 0, item->width(), item->height()));
  for (const QQuickItem* up = item->parentItem(); up; up = up->parentItem())
    if (up->clip()) shown &= up->mapRectToScene(QRectF(0, 0, up->width(), up->height()));
  return shown & QRectF(QPointF(), item->window()->size());
}

bool isSeen(const QQuickItem* item) {
  if (!item->window() || !item->isVisible()) return false;
  for (const QQuickItem* up = item; up; up = up->parentItem())
    if (up->opacity() < 0.01) return false;
  const QRectF shown = shownPart(item);
  return shown.width() > 1 && shown.height() > 1;
}

QJsonObject describe(QQuickItem* item) {
  QJsonObject out{{"name", item->objectName()}, {"visible", isSeen(item)}, {"enabled", item->isEnabled()},
                  {"focus", item->hasActiveFocus()}};
  const QVariant text = item->property("text");
  if (text.isValid()) out["text"] = text.toString();
  for (const char* name : {"checked", "chosen"})
    if (const QVariant mark = item->property(name); mark.isValid()) out["checked"] = mark.toBool();
  if (QAccessibleInterface* said = QAccessible::queryAccessibleInterface(item))
    out["said"] = said->text(QAccessible::Name);
  const QRectF box = item->mapRectToScene(QRectF(0, 0, item->width(), item->height()));
  out["x"] = box.x();
  out["y"] = box.y();
  out["width"] = box.width();
  out["height"] = box.height();
  return out;
}

template <typename Visit>
void walk(QQuickItem* item, const Visit& visit) {
  visit(item);
  const auto children = item->childItems();
  for (QQuickItem* child : children) walk(child, visit);
}

/// Lets the window draw once more, so that everything is where a person would see it. A layout that is still to be
/// done would send the click to where the item was.
void settle(QQuickWindow* window) {
  QEventLoop loop;
  QObject::connect(window, &QQuickWindow::frameSwapped, &loop, &QEventLoop::quit, Qt::QueuedConnection);
  QTimer::singleShot(1000, &loop, &QEventLoop::quit);
  window->update();
  loop.exec();
}

QJsonObject failed(const QString& problem) { return {{"ok", false}, {"problem", problem}}; }

}  // namespace

Driver::Driver(const QString& socket, QObject* parent) : QObject(parent) {
  QLocalServer::removeServer(socket);
  server_.setSocketOptions(QLocalServer::UserAccessOption);
  connect(&server_, &QLocalServer::newConnection, this, &Driver::accept);
  if (!server_.listen(socket)) qFatal("driver: cannot listen on %s", qPrintable(socket));
}

void Driver::accept() {
  while (QLocalSocket* socket = server_.nextPendingConnection()) {
    connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
    connect(socket, &QLocalSocket::readyRead, this, [this, socket] { read(socket); });
  }
}

void Driver::read(QLocalSocket* socket) {
  QPointer<QLocalSocket> alive = socket;
  while (alive && alive->canReadLine()) {
    const QJsonObject request = QJsonDocument::fromJson(alive->readLine()).object();
    const QByteArray reply = QJsonDocument(answer(request)).toJson(QJsonDocument::Compact) + '\n';
    if (alive) alive->write(reply);
  }
}

QJsonObject Driver::answer(const QJsonObject& request) {
  QQuickWindow* window = mainWindow();
  if (!window) return failed("no window yet");
  QJsonObject out = act(request["do"].toString(), request, window);
  if (!out.contains("ok")) out["ok"] = true;
  return out;
}

QQuickItem* Driver::target(QQuickWindow* window, const QString& name, QString& problem) const {
  QQuickItem* seen = nullptr;
  int named = 0;
  walk(window->contentItem(), [&](QQuickItem* item) {
    if (item->objectName() != name) return;
    ++named;
    if (isSeen(item)) seen = item;
  });
  if (!seen) problem = named ? QString("%1 is not visible").arg(name) : QString("there is no item %1").arg(name);
  else if (!seen->isEnabled()) problem = QString("%1 is disabled").arg(name);
  return problem.isEmpty() ? seen : nullptr;
}

QJsonObject Driver::act(const QString& what, const QJsonObject& request, QQuickWindow* window) {
  if (what == "window")
    return {{"screen", window->property("screen").toString()}, {"width", window->width()},
            {"height", window->height()}, {"title", window->title()}};
  if (what == "tree" || what == "find") {
    const QString name = request["name"].toString();
    QJsonArray items;
    walk(window->contentItem(), [&](QQuickItem* item) {
      if (what == "find" ? item->objectName() == name : !item->objectName().isEmpty() && isSeen(item))
        items.append(describe(item));
    });
    return {{"found", !items.isEmpty()}, {"items", items}};
  }
  if (what == "screenshot") {
    const QString path = request["path"].toString();
    if (!window->grabWindow().save(path, "PNG")) return failed("cannot write " + path);
    return {};
  }
  if (what == "resize") {
    window->resize(request["width"].toInt(), request["height"].toInt());
    return {};
  }
  if (what == "key") {
    const QKeySequence keys(request["key"].toString());
    if (keys.isEmpty()) return failed("unknown key " + request["key"].toString());
    QTest::keyClick(window, keys[0].key(), keys[0].keyboardModifiers());
    return {};
  }
  if (what == "type") {
    for (QChar c : request["text"].toString()) QTest::sendKeyEvent(QTest::Click, window, Qt::Key_unknown, c, {});
    return {};
  }

  settle(window);
  QString problem;
  QQuickItem* item = target(window, request["name"].toString(), problem);
  if (!item) return failed(problem);
  const QPoint at = shownPart(item).center().toPoint();
  if (what == "click") {
    QTest::mouseMove(window, at);
    QTest::mouseClick(window, Qt::LeftButton, {}, at);
    return {};
  }
  if (what == "touch") {
    if (!finger_) finger_ = QTest::createTouchDevice();
    QTest::touchEvent(window, finger_).press(0, at, window);
    QTest::touchEvent(window, finger_).release(0, at, window);
    return {};
  }
  if (what == "wheel") {
    QWheelEvent turn(at, window->mapToGlobal(at), {}, QPoint(0, request["dy"].toInt() * 8), Qt::NoButton,
                     Qt::NoModifier, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(window, &turn);
    return {};
  }
  return failed("unknown command " + what);
}

/// Loaded by QT_QPA_GENERIC_PLUGINS=invigildriver before the program has made its windows.
class DriverPlugin : public QGenericPlugin {
  Q_OBJECT
  Q_PLUGIN_METADATA(IID QGenericPluginFactoryInterface_iid FILE "driver.json")
 public:
  QObject* create(const QString&, const QString&) override {
    const QString socket = qEnvironmentVariable("INVIGIL_DRIVER_SOCKET");
    if (socket.isEmpty()) return nullptr;
    return new Driver(socket);
  }
};

}  // namespace invigil::rehearsal

#include "driver.moc"
