// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

Page {
    id: page

    readonly property var consent: Kiosk.hall.state.face_consent || ({})

    title: qsTr("刷脸前，请您决定")
    notes: Kiosk.admission.name_masked ? [Kiosk.admission.name_masked] : []
    leftSide: AppButton { objectName: "consent.back"; text: qsTr("返回"); onClicked: Kiosk.leave() }
    // Two equal ways: same size, same weight (《人脸识别技术应用安全管理办法》 art. 10: a face must not be the only way).
    rightSide: [
        AppButton {
            objectName: "consent.decline"
            Layout.minimumWidth: Theme.px(340)
            enabled: !Kiosk.busy
            text: qsTr("不刷脸，转人工核对")
            onClicked: Kiosk.consent(false)
        },
        AppButton {
            objectName: "consent.agree"
            Layout.minimumWidth: Theme.px(340)
            enabled: !Kiosk.busy
            text: qsTr("同意刷脸核对")
            onClicked: Kiosk.consent(true)
        }
    ]
    Keys.onPressed: event => {
        if (event.key === Qt.Key_Down || event.key === Qt.Key_PageDown) words.by(Theme.px(200))
        else if (event.key === Qt.Key_Up || event.key === Qt.Key_PageUp) words.by(-Theme.px(200))
    }

    ColumnLayout {
        anchors { fill: parent; topMargin: Theme.px(40); bottomMargin: Theme.px(28) }
        spacing: Theme.px(24)
        Label { Layout.fillWidth: true; text: qsTr("用人脸核对是不是您本人，可以吗？"); size: 44; strong: true }
        Label {
            Layout.fillWidth: true
            text: qsTr("两种方式都可以入场，都不影响考试和成绩。")
            size: 26
            color: Theme.ink2
        }
        Rectangle {
            Layout.fillWidth: true
            Layout.fillHeight: true
            radius: Theme.px(28)
            color: Theme.card
            border.width: 1
            border.color: Theme.line
            Scroll {
                id: words
                anchors { fill: parent; margins: Theme.px(40) }
                Label {
                    objectName: "consent.text"
                    width: parent.width
                    text: Strings.pick(page.consent)
                    size: 26
                    lineHeight: 1.05
                }
            }
        }
        Label {
            objectName: "consent.version"
            text: qsTr("告知书版本 %1").arg(page.consent.version || "")
            size: 20
            color: Theme.ink3
        }
    }
}
