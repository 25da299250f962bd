// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

ColumnLayout {
    property string name
    property var value
    property string caption

    spacing: 0
    Label { objectName: name; text: value === undefined ? "" : value; size: 56 / Math.sqrt(Theme.textScale); font.weight: Font.Bold }
    Label { text: caption; size: 22; color: Theme.ink2; Layout.maximumWidth: Theme.px(320) }
}
