// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

// A card on its reader, and what to do.
RowLayout {
    id: pane

    readonly property string fault: Kiosk.readerFault

    spacing: Theme.px(72)

    Rectangle {
        Layout.fillHeight: true
        Layout.preferredWidth: height * 4 / 3
        Layout.maximumWidth: parent.width * 0.5
        radius: Theme.px(28)
        color: Theme.card
        border.width: Theme.high ? 2 : 1
        border.color: Theme.line
        Rectangle {
            id: reader
            anchors.centerIn: parent
            width: Math.min(parent.width * 0.78, parent.height * 1.1)
            height: width * 0.66
            radius: Theme.px(28)
            color: Theme.wash
            border.width: Theme.px(4)
            border.color: pane.fault === "" ? Theme.accent : Theme.amber
        }
        // 85.6 x 54 mm, a head and four lines.
        Rectangle {
            anchors.centerIn: reader
            width: reader.width * 0.7
            height: width * 54 / 85.6
            radius: Theme.px(16)
            color: Theme.card
            border.width: Theme.px(3)
            border.color: Theme.ink2
            opacity: pane.fault === "" ? 1 : 0.35
            Rectangle {
                anchors { right: parent.right; verticalCenter: parent.verticalCenter; rightMargin: parent.width * 0.08 }
                width: parent.width * 0.24
                height: parent.height * 0.58
                radius: Theme.px(8)
                color: Theme.track
            }
            Column {
                anchors { left: parent.left; verticalCenter: parent.verticalCenter; leftMargin: parent.width * 0.08 }
                spacing: parent.height * 0.1
                Repeater {
                    model: [0.3, 0.4, 0.36, 0.5]
                    Rectangle {
                        required property real modelData
                        width: reader.width * 0.7 * modelData
                        height: Theme.px(14)
                        radius: height / 2
                        color: Theme.track
                    }
                }
            }
        }
    }
    Scroll {
        Layout.fillWidth: true
        Layout.fillHeight: true
        ColumnLayout {
            width: parent.width
            spacing: Theme.px(20)
            Label {
                objectName: "card.heading"
                Layout.fillWidth: true
                text: Kiosk.busy ? qsTr("读到了，正在查找…") : pane.fault !== "" ? qsTr("读卡器现在不能用") : qsTr("请把身份证平放在读卡器上")
                size: 40
                strong: true
                color: pane.fault === "" ? Theme.ink : Theme.amber
            }
            Label {
                objectName: "card.words"
                Layout.fillWidth: true
                text: pane.fault === "" ? qsTr("放好后不要移动，读到后会自动往下走。") : Strings.readerFault(pane.fault)
                size: 24
                color: Theme.ink2
            }
            Label {
                Layout.fillWidth: true
                visible: pane.fault === ""
                text: qsTr("港澳台居民居住证、外国人永久居留证也可以。")
                size: 24
                color: Theme.ink2
            }
            Label {
                Layout.fillWidth: true
                visible: pane.fault === ""
                text: qsTr("只用姓名、号码和有效期找预约；同意刷脸后才用芯片里的照片。")
                size: 24
                color: Theme.ink2
            }
        }
    }
}
