// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "window.hpp"

#include <QCoreApplication>
#include <QEvent>
#include <QQuickWindow>

#include "kiosk.hpp"

void qml_register_types_Invigil_Kiosk();

namespace invigil::kiosk {

Screen::Screen(Kiosk& kiosk) : kiosk_(kiosk) {
  // A static library drops the registration unless somebody names it.
  qml_register_types_Invigil_Kiosk();
  if (!english_.load(QStringLiteral(":/i18n/kiosk_en.qm"))) qWarning("the English words are missing");
  engine_.addImportPath(QStringLiteral("qrc:/qt/qml"));
  connect(&kiosk_, &Kiosk::languageChanged, this, &Screen::translate);
  translate();
  engine_.load(QUrl(QStringLiteral("qrc:/qt/qml/Invigil/Kiosk/Main.qml")));
  QCoreApplication::instance()->installEventFilter(this);
}

Screen::~Screen() = default;

QQuickWindow* Screen::window() const {
  return engine_.rootObjects().isEmpty() ? nullptr : qobject_cast<QQuickWindow*>(engine_.rootObjects().first());
}

bool Screen::eventFilter(QObject*, QEvent* event) {
  switch (event->type()) {
    case QEvent::KeyPress:
    case QEvent::MouseButtonPress:
    case QEvent::TouchBegin: kiosk_.alive(); break;
    default: break;
  }
  return false;
}

void Screen::translate() {
  if (kiosk_.language() == "en") QCoreApplication::installTranslator(&english_);
  else QCoreApplication::removeTranslator(&english_);
  engine_.retranslate();
}

}  // namespace invigil::kiosk
