// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QGuiApplication>
#include <QQmlApplicationEngine>

// The smallest program that has what a kiosk has for the driver: named items, a `screen`, something hidden, something
// disabled, something clipped away.
static const char kPage[] = R"(
import QtQuick
import QtQuick.Window
Window {
  objectName: "kiosk.window"; visible: true; width: 640; height: 480; title: "page"
  property string screen: "first"
  Text { objectName: "stem"; text: "黄绿双色"; x: 10; y: 10 }
  Rectangle {
    objectName: "next"; x: 100; y: 100; width: 80; height: 40; color: "steelblue"
    TapHandler { onTapped: screen = screen === "first" ? "second" : "third" }
  }
  Rectangle { objectName: "hidden"; visible: false; width: 10; height: 10 }
  Rectangle { objectName: "off"; enabled: false; x: 300; y: 100; width: 40; height: 40; color: "grey" }
  Item {
    x: 10; y: 300; width: 100; height: 50; clip: true
    Rectangle { objectName: "clipped"; y: 200; width: 50; height: 20; color: "black" }
  }
  TextInput { objectName: "field"; x: 200; y: 200; width: 200; height: 30; focus: true }
}
)";

int main(int argc, char** argv) {
  QGuiApplication app(argc, argv);
  QQmlApplicationEngine engine;
  engine.loadData(kPage);
  return engine.rootObjects().isEmpty() ? 1 : app.exec();
}
