// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Invigil.Kiosk

// Words of an item: plain, or with pictures, tables and formulae (docs/formats/item-markup.md).
Item {
    id: box

    property string name
    property string words
    property bool html: false
    property real size: 24
    property bool strong: false
    property real lineHeight: 1.08
    property bool opens: false      // a tap on a picture or a table asks to see it large
    readonly property string spoken: html ? rich.text : words

    signal figure(int number)

    implicitHeight: html ? rich.implicitHeight : plain.implicitHeight

    Label {
        id: plain
        objectName: box.html ? "" : box.name
        width: parent.width
        visible: !box.html
        text: box.html ? "" : box.words
        size: box.size
        strong: box.strong
        lineHeight: box.lineHeight
    }
    ItemText {
        id: rich
        objectName: box.html ? box.name : ""
        width: parent.width
        height: implicitHeight
        visible: box.html
        html: box.html ? box.words : ""
        family: Theme.family
        pixelSize: Theme.type(box.size)
        strong: box.strong
        ink: Theme.ink
        lines: Theme.high ? Theme.ink : Theme.ink3
        lineHeight: box.lineHeight
        unit: Theme.unit
        Accessible.role: Accessible.StaticText
        Accessible.name: text
    }
    MouseArea {
        anchors.fill: rich
        enabled: box.opens && box.html
        visible: enabled
        onClicked: mouse => {
            const number = rich.figureAt(mouse.x, mouse.y)
            if (number >= 0)
                box.figure(number)
        }
    }
}
