// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

// Time, counts, the small map and how safe the answers are.
Rectangle {
    id: side

    readonly property var sitting: Kiosk.sitting
    readonly property bool late: sitting.secondsLeft <= 300

    color: Theme.card
    Rectangle { width: 1; height: parent.height; color: Theme.line }

    ColumnLayout {
        anchors { fill: parent; margins: Theme.px(36); topMargin: Theme.px(28); bottomMargin: Theme.px(24) }
        spacing: Theme.px(12)

        Label { text: qsTr("剩余时间"); size: 20; color: Theme.ink2 }
        Label {
            objectName: "paper.time"
            text: Strings.timeLeft(side.sitting.secondsLeft)
            size: 64 / Math.sqrt(Theme.textScale)
            font.weight: Font.Bold
            lineHeight: 0.9
            color: side.late ? Theme.amber : Theme.ink
        }
        Rectangle {
            Layout.fillWidth: true
            implicitHeight: Theme.px(8)
            radius: height / 2
            color: Theme.track
            Rectangle {
                height: parent.height
                width: parent.width * side.sitting.share
                radius: height / 2
                color: side.late ? Theme.amber : Theme.accent
            }
        }
        Flow {
            Layout.fillWidth: true
            Layout.topMargin: Theme.px(4)
            spacing: Theme.px(24)
            Count { name: "paper.answered"; words: qsTr("已答"); value: side.sitting.answered }
            Count { name: "paper.open"; words: qsTr("未答"); value: side.sitting.total - side.sitting.answered }
            Count { name: "paper.flags"; words: qsTr("标记"); value: side.sitting.flags; tint: value > 0 ? Theme.amber : Theme.ink }
        }
        Item {
            id: place
            Layout.fillWidth: true
            Layout.fillHeight: true
            SmallMap {
                id: smallMap
                anchors { left: parent.left; right: parent.right; top: parent.top }
                visible: place.height >= needed && side.sitting.total <= 100
            }
            AppButton {
                objectName: "paper.map"
                anchors { left: parent.left; right: parent.right; top: parent.top }
                visible: !smallMap.visible
                text: qsTr("全部题目")
                size: 24
                onClicked: Kiosk.openMap()
            }
        }
        SaveState { Layout.fillWidth: true }
    }
}
