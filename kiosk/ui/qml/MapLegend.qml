// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Invigil.Kiosk

Flow {
    id: legend
    property real size: 18
    spacing: Theme.px(20)

    Repeater {
        model: [[qsTr("当前"), true, false, false], [qsTr("已答"), false, true, false],
                [qsTr("未答"), false, false, false], [qsTr("标记"), false, false, true]]
        Row {
            required property var modelData
            spacing: Theme.px(8)
            MapCell {
                width: Math.max(18, Theme.px(22))
                height: width
                anchors.verticalCenter: parent.verticalCenter
                name: ""
                number: 0
                enabled: false
                current: modelData[1]
                answered: modelData[2]
                flagged: modelData[3]
                Accessible.ignored: true
            }
            Label { text: modelData[0]; size: legend.size; color: Theme.ink2 }
        }
    }
}
