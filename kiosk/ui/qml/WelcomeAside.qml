// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

ColumnLayout {
    id: aside

    required property var hall

    spacing: Theme.px(44)

    Rectangle {
        Layout.fillWidth: true
        implicitHeight: steps.implicitHeight + 2 * Theme.px(44)
        radius: Theme.px(28)
        color: Theme.card
        border.width: 1
        border.color: Theme.line
        ColumnLayout {
            id: steps
            anchors { left: parent.left; right: parent.right; top: parent.top; margins: Theme.px(44) }
            spacing: 0
            Label { text: qsTr("今天怎么考"); size: 28; strong: true; bottomPadding: Theme.px(20) }
            Repeater {
                model: [
                    [qsTr("核对身份"), qsTr("看一眼摄像头就好；不愿刷脸可转人工")],
                    [qsTr("确认信息"), qsTr("看看姓名和考试科目对不对")],
                    [qsTr("开始考试"), qsTr("交卷后马上知道成绩")]
                ]
                Item {
                    id: step
                    required property var modelData
                    required property int index
                    Layout.fillWidth: true
                    implicitHeight: Math.max(badge.height, words.height) + 2 * Theme.px(24)
                    Rectangle { width: parent.width; height: 1; color: Theme.line }
                    Rectangle {
                        id: badge
                        anchors.verticalCenter: parent.verticalCenter
                        width: Theme.px(72)
                        height: width
                        radius: Theme.px(16)
                        color: Theme.wash
                        Label { anchors.centerIn: parent; text: step.index + 1; size: 32 / Theme.textScale; strong: true; color: Theme.accentDark }
                    }
                    Column {
                        id: words
                        anchors { left: badge.right; right: parent.right; verticalCenter: parent.verticalCenter; leftMargin: Theme.px(28) }
                        Label { width: parent.width; text: step.modelData[0]; size: 28; strong: true }
                        Label { width: parent.width; text: step.modelData[1]; size: 22; color: Theme.ink2 }
                    }
                }
            }
        }
    }
    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.px(48)
        visible: Kiosk.hall.known
        Figure { name: "welcome.free"; value: aside.hall.free_seats; caption: qsTr("空闲座位") }
        Figure { name: "welcome.sitting"; value: aside.hall.sitting_now; caption: qsTr("正在考试") }
        Figure {
            name: "welcome.next"
            visible: aside.hall.next_start_ms > 0
            value: visible ? Strings.time(Kiosk.hall.at(aside.hall.next_start_ms)) : ""
            caption: qsTr("下一预约 %1").arg(aside.hall.next_name_masked || "")
        }
        Item { Layout.fillWidth: true }
    }
}
