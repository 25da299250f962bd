// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Invigil.Kiosk

Text {
    property real size: 24
    property bool strong: false
    property bool html: false  // the safe subset of docs/formats/item-markup.md

    font.family: Theme.family
    font.pixelSize: Theme.type(size)
    font.weight: strong ? Font.DemiBold : Font.Normal
    color: Theme.ink
    wrapMode: Text.Wrap
    textFormat: html ? Text.RichText : Text.PlainText
    Accessible.role: Accessible.StaticText
    Accessible.name: html ? text.replace(/<[^>]+>/g, " ") : text
}
