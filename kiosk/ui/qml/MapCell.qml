// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Invigil.Kiosk

// Current is filled, answered has a bar below and a wash, flagged has a corner: shape before colour.
Item {
    id: cell

    property int number
    property bool answered: false
    property bool flagged: false
    property bool current: false
    property string name: "map." + number

    signal clicked(bool touch)

    objectName: name
    Accessible.role: Accessible.Button
    Accessible.name: (current ? qsTr("第 %1 题，当前") : answered ? qsTr("第 %1 题，已答") : qsTr("第 %1 题，未答")).arg(number)
                     + (flagged ? qsTr("，有标记") : "")
    Accessible.onPressAction: clicked(false)

    Rectangle {
        id: face
        anchors.fill: parent
        radius: Math.min(Theme.px(8), 8)
        color: cell.current ? Theme.accent : cell.answered ? Theme.wash : Theme.paper
        border.width: 1
        border.color: cell.current || (cell.answered && Theme.high) ? Theme.accent
                      : cell.answered ? Qt.alpha(Theme.accent, 0.4) : Qt.alpha(Theme.ink3, Theme.high ? 1 : 0.35)
    }
    Rectangle {
        anchors { bottom: parent.bottom; horizontalCenter: parent.horizontalCenter; bottomMargin: 3 }
        visible: cell.answered
        width: parent.width * 0.5
        height: Math.max(2, parent.height * 0.06)
        radius: height / 2
        color: cell.current ? Theme.accentInk : Theme.accent
    }
    Text {
        anchors.centerIn: parent
        font.family: Theme.family
        font.pixelSize: Math.min(cell.height * 0.42, 30)
        font.weight: cell.answered || cell.current ? Font.DemiBold : Font.Normal
        color: cell.current ? Theme.accentInk : cell.answered ? Theme.accentDark : Theme.ink2
        text: cell.number > 0 ? cell.number : ""
        Accessible.ignored: true
    }
    FlagCorner {
        anchors { right: parent.right; top: parent.top; rightMargin: -1; topMargin: -2 }
        width: Math.max(12, cell.height * 0.3)
        height: width
        visible: cell.flagged
    }
    FocusRing { target: face; shown: cell.activeFocus }
    MouseArea {
        anchors.fill: parent
        onClicked: mouse => cell.clicked(mouse.source !== Qt.MouseEventNotSynthesized)
    }
}
