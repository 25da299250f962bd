// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

Page {
    id: page

    readonly property string mode: Kiosk.findMode
    readonly property bool typed: mode === "code" || mode === "id"
    readonly property var entry: mode === "id" ? Kiosk.document : Kiosk.code

    title: qsTr("找到您的预约")
    leftSide: AppButton { objectName: "find.back"; text: qsTr("返回"); onClicked: Kiosk.leave() }
    rightSide: AppButton {
        objectName: "find.submit"
        visible: page.typed
        kind: "primary"
        enabled: page.entry.good && !Kiosk.busy
        text: Kiosk.busy ? qsTr("正在查找…") : qsTr("查找预约")
        onClicked: Kiosk.find()
    }

    Keys.onPressed: event => {
        if (!page.typed)
            return
        if (event.key === Qt.Key_Backspace)
            page.entry.backspace()
        else if ((event.key === Qt.Key_Return || event.key === Qt.Key_Enter) && page.entry.good)
            Kiosk.find()
        else if (/^[0-9A-Za-z]$/.test(event.text))
            page.entry.press(event.text)
        else
            return
        event.accepted = true
    }

    // Four rows of keys fill a low screen: the space around them gives way, the keys do not.
    readonly property bool low: Theme.viewHeight < 900

    ColumnLayout {
        anchors { fill: parent; topMargin: Theme.px(page.low ? 16 : 36); bottomMargin: Theme.px(page.low ? 8 : 24) }
        spacing: page.low ? Theme.gap : Theme.px(32)

        Flow {
            Layout.fillWidth: true
            spacing: Theme.gap
            Repeater {
                model: (Kiosk.hasReader ? ["card"] : []).concat(Kiosk.hasCamera ? ["scan"] : [], ["code", "id"])
                AppButton {
                    required property string modelData
                    objectName: "find.tab." + modelData
                    text: modelData === "card" ? qsTr("放身份证") : modelData === "scan" ? qsTr("扫描二维码")
                        : modelData === "code" ? qsTr("输入预约码") : qsTr("输入证件号")
                    size: 24
                    checked: page.mode === modelData
                    onClicked: Kiosk.findMode = modelData
                }
            }
        }
        Loader {
            Layout.fillWidth: true
            Layout.fillHeight: true
            sourceComponent: page.mode === "card" ? cardPane : page.mode === "scan" ? scanPane : page.mode === "id" ? documentPane : codePane
        }
    }
    Component { id: cardPane; CardPane {} }
    Component { id: scanPane; ScanPane {} }
    Component { id: codePane; TypePane { entry: Kiosk.code } }
    Component { id: documentPane; TypePane { document: true; entry: Kiosk.document } }
}
