// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Invigil.Kiosk

// A pill; with `active` it is a button whose target is taller than it looks.
Item {
    id: chip

    property string text
    property bool active: false

    signal clicked()

    implicitWidth: label.implicitWidth + Theme.px(44)
    implicitHeight: Theme.target
    activeFocusOnTab: active
    Accessible.role: active ? Accessible.Button : Accessible.StaticText
    Accessible.name: text
    Accessible.onPressAction: clicked()
    Keys.onReturnPressed: if (active) clicked()
    Keys.onEnterPressed: if (active) clicked()
    Keys.onSpacePressed: if (active) clicked()

    Rectangle {
        id: pill
        anchors.centerIn: parent
        width: parent.width
        height: Math.max(Theme.px(50), label.implicitHeight + Theme.px(16))
        radius: height / 2
        color: area.pressed ? Theme.wash : Theme.card
        border.width: 1
        border.color: Theme.line
    }
    FocusRing { target: pill; shown: chip.activeFocus }
    Label {
        id: label
        anchors.centerIn: parent
        size: 20
        text: chip.text
        color: chip.active ? Theme.ink : Theme.ink2
        wrapMode: Text.NoWrap
        Accessible.ignored: true
    }
    MouseArea {
        id: area
        anchors.fill: parent
        enabled: chip.active
        onClicked: chip.clicked()
    }
}
