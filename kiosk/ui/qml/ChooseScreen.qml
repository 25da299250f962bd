// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

Page {
    title: qsTr("您要考哪一科？")
    leftSide: AppButton { objectName: "choose.back"; text: qsTr("返回"); onClicked: Kiosk.leave() }

    Scroll {
        anchors { fill: parent; topMargin: Theme.px(48) }
        ColumnLayout {
            width: parent.width
            spacing: Theme.px(24)
            Label { Layout.fillWidth: true; text: qsTr("请选择今天要考的科目"); size: 40; strong: true }
            Repeater {
                model: Kiosk.found.choices || []
                AppButton {
                    required property var modelData
                    required property int index
                    objectName: "choose." + index
                    Layout.fillWidth: true
                    Layout.preferredHeight: Math.max(implicitHeight, Theme.px(112))
                    enabled: !Kiosk.busy
                    text: modelData.is_makeup ? qsTr("%1（补考）").arg(Strings.pick(modelData.title)) : Strings.pick(modelData.title)
                    onClicked: Kiosk.walkIn(modelData.eligibility_id)
                }
            }
        }
    }
}
