// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Invigil.Kiosk

Text {
    property real size: 24
    property bool strong: false
    font.family: Theme.family
    font.pixelSize: Theme.type(size)
    font.weight: strong ? Font.DemiBold : Font.Normal
    color: Theme.ink
    wrapMode: Text.Wrap
    textFormat: Text.PlainText
    Accessible.role: Accessible.StaticText
    Accessible.name: text
}
