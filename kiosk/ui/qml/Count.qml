// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Invigil.Kiosk

Row {
    property string name
    property string words
    property int value
    property color tint: Theme.ink

    spacing: Theme.px(8)
    Label { text: words; size: 22; color: Theme.ink2 }
    Label { objectName: name; text: value; size: 22; strong: true; color: tint }
}
