// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

Item {
    id: aside

    readonly property int stage: Kiosk.face.stage

    Scroll {
        anchors { left: parent.left; right: parent.right; top: parent.top; bottom: human.top; bottomMargin: Theme.px(16) }
        ColumnLayout {
            width: parent.width
            spacing: Theme.px(16)

            Label { Layout.fillWidth: true; text: qsTr("请看着屏幕"); size: 44; strong: true }
            Label {
                Layout.fillWidth: true
                text: Kiosk.face.challenge ? qsTr("大约十几秒。会请您做一两个简单动作，只为确认镜头前是您本人。画面按规定时间删除。")
                                            : qsTr("大约几秒钟。画面只用于核对是不是您本人，核对后按规定时间删除。")
                size: 24
                color: Theme.ink2
                lineHeight: 1.05
            }
            ColumnLayout {
                Layout.fillWidth: true
                Layout.topMargin: Theme.px(12)
                spacing: 0
                Repeater {
                    model: [qsTr("找到您的脸"), qsTr("光线与距离合适"), Kiosk.face.challenge ? qsTr("照着屏幕做动作") : qsTr("保持不动"), qsTr("与预约照片比对")]
                    ColumnLayout {
                        required property string modelData
                        required property int index
                        readonly property bool done: index + 1 < aside.stage
                        readonly property bool current: index + 1 === aside.stage
                        Layout.fillWidth: true
                        spacing: Theme.px(16)
                        RowLayout {
                            Layout.topMargin: Theme.px(16)
                            spacing: Theme.px(20)
                            Rectangle {
                                Layout.preferredWidth: Theme.px(40)
                                Layout.preferredHeight: Theme.px(40)
                                radius: width / 2
                                color: done ? Theme.ok : "transparent"
                                border.width: done ? 0 : 3
                                border.color: current ? Theme.accent : Theme.line
                                Label {
                                    anchors.centerIn: parent
                                    text: done ? "✓" : index + 1
                                    font.pixelSize: Theme.px(22)
                                    strong: true
                                    color: done ? Theme.okInk : current ? Theme.accentDark : Theme.ink3
                                }
                            }
                            Label { Layout.fillWidth: true; text: modelData; size: 28; strong: current }
                        }
                        Rectangle { Layout.fillWidth: true; implicitHeight: 1; color: Theme.line }
                    }
                }
            }
        }
    }
    Rectangle {
        id: human
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
        height: other.implicitHeight + 2 * Theme.px(28)
        radius: Theme.px(20)
        color: Theme.paper
        border.width: Theme.high ? 2 : 0
        border.color: Theme.line
        ColumnLayout {
            id: other
            anchors { left: parent.left; right: parent.right; top: parent.top; margins: Theme.px(28) }
            spacing: Theme.px(16)
            Label {
                Layout.fillWidth: true
                text: qsTr("也可以由远程监考员核对，不影响考试；不刷脸就不拍摄。")
                size: 22 / Math.sqrt(Theme.textScale)
                color: Theme.ink2
                lineHeight: 1.05
            }
            RowLayout {
                Layout.fillWidth: true
                spacing: Theme.px(16)
                AppButton {
                    objectName: "face.reviewer"
                    Layout.fillWidth: true
                    Layout.preferredWidth: 1
                    enabled: !Kiosk.busy
                    size: 26
                    text: qsTr("总是不成功")
                    onClicked: Kiosk.askReviewer()
                }
                AppButton {
                    objectName: "face.decline"
                    Layout.fillWidth: true
                    Layout.preferredWidth: 1
                    enabled: !Kiosk.busy
                    size: 26
                    text: qsTr("不刷脸")
                    onClicked: Kiosk.withdrawConsent()
                }
            }
        }
    }
}
