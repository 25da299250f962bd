// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

Page {
    id: page

    property bool second: false     // the phone number's end, after the document
    readonly property var entry: second ? Kiosk.phone : Kiosk.document

    function forward() {
        if (!entry.good || Kiosk.busy)
            return
        if (second)
            Kiosk.walkIn()
        else
            second = true
    }

    title: qsTr("没有预约，现在就考")
    leftSide: AppButton {
        objectName: "walkin.back"
        text: qsTr("返回")
        onClicked: page.second ? page.second = false : Kiosk.leave()
    }
    rightSide: AppButton {
        objectName: "walkin.next"
        kind: "primary"
        enabled: page.entry.good && !Kiosk.busy
        text: Kiosk.busy ? qsTr("正在查找…") : qsTr("继续")
        onClicked: page.forward()
    }

    Keys.onPressed: event => {
        if (event.key === Qt.Key_Backspace)
            page.entry.backspace()
        else if (event.key === Qt.Key_Return || event.key === Qt.Key_Enter)
            page.forward()
        else if (/^[0-9A-Za-z]$/.test(event.text))
            page.entry.press(event.text)
        else
            return
        event.accepted = true
    }

    Scroll {
        anchors { fill: parent; topMargin: Theme.px(36); bottomMargin: Theme.px(24) }
        GridLayout {
            width: parent.width
            columns: page.entry.letters ? 1 : 2
            columnSpacing: Theme.px(72)
            rowSpacing: Theme.px(20)

            ColumnLayout {
                Layout.fillWidth: true
                Layout.preferredWidth: 600
                Layout.alignment: Qt.AlignTop
                spacing: Theme.px(20)
                Label {
                    Layout.fillWidth: true
                    text: page.second ? qsTr("再输入手机号的后四位") : qsTr("请输入您的证件号")
                    size: 36
                    strong: true
                }
                TypeChooser { visible: !page.second; Layout.fillWidth: true }
                EntryBox {
                    Layout.fillWidth: true
                    name: "walkin.id"
                    entry: Kiosk.document
                    current: !page.second
                    caption: qsTr("%1号码").arg(Strings.idType(Kiosk.document.kind))
                    example: qsTr("请用键盘输入")
                    onChosen: page.second = false
                }
                EntryBox {
                    Layout.fillWidth: true
                    visible: page.second
                    name: "walkin.phone"
                    entry: Kiosk.phone
                    caption: qsTr("报名时登记的手机号后四位")
                    example: qsTr("例如 1234")
                }
            }
            Keypad {
                entry: page.entry
                Layout.fillWidth: page.entry.letters
                Layout.preferredWidth: page.entry.letters ? -1 : 420
                Layout.alignment: Qt.AlignTop
            }
        }
    }
}
