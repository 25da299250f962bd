// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Invigil.Kiosk

// What has been typed, and at once whether it can be right.
Column {
    id: box

    required property var entry
    property string caption
    property string example
    property bool current: true
    property string name

    signal chosen()

    spacing: Theme.px(12)

    Label { text: box.caption; size: 22; color: Theme.ink2; width: parent.width }
    Rectangle {
        width: parent.width
        height: Math.max(Theme.target, typed.implicitHeight + Theme.px(24))
        radius: Theme.px(16)
        color: Theme.card
        border.width: box.current ? 3 : 2
        border.color: box.current ? Theme.accent : Theme.line
        Label {
            id: typed
            objectName: box.name
            anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: Theme.px(28) }
            size: box.entry.text === "" ? 26 : 36
            strong: box.entry.text !== ""
            color: box.entry.text === "" ? Theme.ink3 : Theme.ink
            text: box.entry.text === "" ? box.example : box.entry.shown
            Accessible.role: Accessible.EditableText
            Accessible.name: box.caption + " " + text
        }
        MouseArea { anchors.fill: parent; onClicked: box.chosen() }
    }
    Label {
        objectName: box.name + ".verdict"
        width: parent.width
        size: 22
        text: Strings.numberVerdict(box.entry.verdict)
        visible: text !== "" && box.entry.kind !== "code" && box.entry.kind !== "phone4"
        color: box.entry.good ? Theme.ok : Theme.amber
        strong: !box.entry.good
    }
}
