// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Invigil.Kiosk

// Chosen shows by border, fill, badge, weight and a word.
Item {
    id: option

    property string letter
    property string words
    property bool html: false
    property bool multiple: false
    property bool chosen: false

    signal clicked()

    objectName: "option." + letter
    implicitHeight: Math.max(Theme.target, Theme.px(104), label.implicitHeight + Theme.px(40))
    activeFocusOnTab: true
    Accessible.role: multiple ? Accessible.CheckBox : Accessible.RadioButton
    Accessible.name: letter + " " + label.spoken
    Accessible.checked: chosen
    Accessible.onPressAction: clicked()
    Keys.onSpacePressed: clicked()

    Rectangle {
        id: face
        anchors.fill: parent
        radius: Theme.px(20)
        color: option.chosen ? Theme.wash : area.pressed ? Theme.wash : Theme.card
        border.width: option.chosen ? 4 : 2
        border.color: option.chosen ? Theme.accent : Theme.line
    }
    FocusRing { target: face; shown: option.activeFocus }
    Rectangle {
        id: badge
        anchors { left: parent.left; leftMargin: Theme.px(34); verticalCenter: parent.verticalCenter }
        width: Math.max(Theme.px(56), mark.implicitHeight + Theme.px(8))
        height: width
        radius: option.multiple ? Theme.px(12) : width / 2
        color: option.chosen ? Theme.accent : "transparent"
        border.width: 3
        border.color: option.chosen ? Theme.accent : Theme.ink3
        Label {
            id: mark
            anchors.centerIn: parent
            text: option.letter
            size: 28
            strong: true
            color: option.chosen ? Theme.accentInk : Theme.ink2
            Accessible.ignored: true
        }
    }
    Words {
        id: label
        name: option.objectName + ".text"
        anchors {
            left: badge.right; right: sign.visible ? sign.left : parent.right; verticalCenter: parent.verticalCenter
            leftMargin: Theme.px(28); rightMargin: Theme.px(24)
        }
        height: implicitHeight
        words: option.words
        html: option.html
        size: 32
        lineHeight: 1
        strong: option.chosen
    }
    Label {
        id: sign
        anchors { right: parent.right; rightMargin: Theme.px(36); verticalCenter: parent.verticalCenter }
        visible: option.chosen
        text: qsTr("✓ 已选")
        size: 28
        strong: true
        color: Theme.accentDark
        wrapMode: Text.NoWrap
        Accessible.ignored: true
    }
    MouseArea {
        id: area
        anchors.fill: parent
        onClicked: option.clicked()
    }
}
