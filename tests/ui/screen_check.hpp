// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QQuickItem>
#include <QQuickWindow>

namespace invigil::kiosk::test {

/// The visible item with this objectName, null when there is none.
QQuickItem* find(QQuickWindow& window, const QString& name);
/// Everything visible under the root, children before later siblings.
QList<QQuickItem*> visibleItems(QQuickWindow& window);

/// Until what was changed is drawn, and so laid out.
void settle(QQuickWindow& window);

/// What is wrong with what is shown: cut-off or overlapping text, controls outside or too small. Empty = nothing.
QStringList faults(QQuickWindow& window);

/// A click of the mouse at the centre; false when it is not there, disabled or covered.
bool click(QQuickWindow& window, const QString& name);

}  // namespace invigil::kiosk::test
