// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Invigil.Kiosk

// A target that touch, mouse and keyboard can use. kind: primary, secondary, quiet
Item {
    id: button

    property string text
    property string kind: "secondary"
    property real size: 28
    property real padding: Theme.px(40) / (Theme.textStep > 1 ? 2 : 1)
    property bool checked: false
    property alias fontWeight: label.font.weight

    signal clicked()

    function press() {
        if (enabled)
            clicked()
    }

    implicitHeight: Math.max(Theme.target, label.implicitHeight + Theme.px(24))
    implicitWidth: Math.max(Theme.target, label.implicitWidth + 2 * padding)
    activeFocusOnTab: enabled
    Accessible.role: Accessible.Button
    Accessible.name: text
    Accessible.focusable: true
    Accessible.onPressAction: press()
    Keys.onReturnPressed: press()
    Keys.onEnterPressed: press()
    Keys.onSpacePressed: press()

    Rectangle {
        id: face
        anchors.fill: parent
        radius: Theme.px(16)
        color: !button.enabled ? (button.kind === "primary" ? Theme.track : "transparent")
               : button.kind === "primary" ? (area.pressed ? Theme.accentDark : Theme.accent)
               : button.checked ? Theme.wash : area.pressed ? Theme.wash : Theme.card
        border.width: button.kind === "primary" && button.enabled ? 0 : button.checked ? 3 : 2
        border.color: button.checked ? Theme.accent : Theme.line
        Behavior on color { ColorAnimation { duration: Theme.motion } }
    }
    FocusRing { target: face; shown: button.activeFocus }
    Label {
        id: label
        objectName: button.objectName + ".text"
        anchors.centerIn: parent
        width: Math.min(implicitWidth, button.width - Theme.px(24))
        horizontalAlignment: Text.AlignHCenter
        size: button.size
        strong: true
        text: button.text
        color: !button.enabled ? Theme.ink3
               : button.kind === "primary" ? (area.pressed && !Theme.high ? "#ffffff" : Theme.accentInk)
               : button.checked ? Theme.accentDark : Theme.ink
        Accessible.ignored: true
    }
    MouseArea {
        id: area
        anchors.fill: parent
        onClicked: button.press()
    }
}
