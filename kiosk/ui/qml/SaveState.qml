// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Invigil.Kiosk

// A sentence, not an icon. The box keeps its height, so nothing jumps.
Rectangle {
    id: box

    readonly property string saving: Kiosk.sitting.saving

    implicitHeight: Math.max(Theme.px(56), words.implicitHeight + Theme.px(24))
    radius: Theme.px(16)
    color: Theme.paper
    border.width: Theme.high ? 1 : 0
    border.color: Theme.line

    Rectangle {
        id: dot
        anchors { left: parent.left; leftMargin: Theme.px(20); verticalCenter: parent.verticalCenter }
        width: Theme.px(14)
        height: width
        radius: width / 2
        color: box.saving === "sent" ? Theme.ok : box.saving === "unsaved" ? Theme.amber : "transparent"
        border.width: 2
        border.color: box.saving === "sent" ? Theme.ok : box.saving === "unsaved" ? Theme.amber : Theme.ink3
    }
    Label {
        id: words
        objectName: "paper.saving"
        anchors { left: dot.right; right: parent.right; verticalCenter: parent.verticalCenter; leftMargin: Theme.px(14); rightMargin: Theme.px(12) }
        size: 20
        color: Theme.ink2
        text: box.saving === "sent" ? qsTr("答案已保存在本机并已送达")
            : box.saving === "saved" ? qsTr("已保存在本机，尚未送达")
            : box.saving === "typing" ? qsTr("正在保存…")
            : box.saving === "unsaved" ? qsTr("本机存不下，正在直接送往服务器")
            : qsTr("选好的答案会自动保存")
    }
}
