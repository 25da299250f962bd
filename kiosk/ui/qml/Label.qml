// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Invigil.Kiosk

Text {
    property real size: 24
    property bool strong: false
    property string words      // of an item; other labels set text
    property bool html: false  // words are in the safe subset of docs/formats/item-markup.md
    readonly property string spoken: html ? text.replace(/<[^>]+>/g, " ") : text

    // Pictures within the width that there is.
    function fitted(html, width) {
        return html.replace(/width="(\d+)" height="(\d+)"/g, (all, w, h) => {
            const share = Math.min(1, (width - 2) / w)
            return `width="${Math.floor(w * share)}" height="${Math.floor(h * share)}"`
        })
    }

    text: html ? fitted(words, width) : words

    font.family: Theme.family
    font.pixelSize: Theme.type(size)
    font.weight: strong ? Font.DemiBold : Font.Normal
    color: Theme.ink
    wrapMode: Text.Wrap
    textFormat: html ? Text.RichText : Text.PlainText
    Accessible.role: Accessible.StaticText
    Accessible.name: spoken
}
