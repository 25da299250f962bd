// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

RowLayout {
    spacing: Theme.px(72)

    Rectangle {
        Layout.fillHeight: true
        Layout.preferredWidth: height * 4 / 3
        Layout.maximumWidth: parent.width * 0.58
        radius: Theme.px(28)
        color: Theme.ink
        CameraView { anchors { fill: parent; margins: Theme.px(8) } }
        Rectangle {
            anchors.centerIn: parent
            width: parent.height * 0.6
            height: width
            radius: Theme.px(20)
            color: "transparent"
            border.width: Theme.px(6)
            border.color: "#ffffff"
        }
    }
    ColumnLayout {
        Layout.fillWidth: true
        spacing: Theme.px(20)
        Label {
            Layout.fillWidth: true
            text: Kiosk.busy ? qsTr("看到了，正在查找…") : qsTr("请把预约二维码对准方框")
            size: 40
            strong: true
        }
        Label {
            Layout.fillWidth: true
            text: qsTr("手机离屏幕一掌远，调亮一些更容易读。")
            size: 24
            color: Theme.ink2
        }
        Label {
            Layout.fillWidth: true
            text: qsTr("这里只读二维码：不看人脸，画面不保存。")
            size: 24
            color: Theme.ink2
        }
    }
}
