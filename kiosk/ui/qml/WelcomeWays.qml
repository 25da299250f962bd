// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Invigil.Kiosk

// The three ways in.
Flow {
    id: ways

    property bool open: false
    property bool walkIn: false
    property bool offered: false
    readonly property real tall: Math.max(Theme.target, Theme.px(112))

    spacing: Theme.px(28)
    AppButton {
        objectName: "welcome.scan"
        kind: "primary"
        size: 32 / Math.sqrt(Theme.textScale)
        implicitHeight: ways.tall
        enabled: ways.open
        text: Kiosk.hasCamera ? qsTr("扫描预约码") : qsTr("输入预约码")
        onClicked: Kiosk.begin(Kiosk.hasCamera ? "scan" : "code")
    }
    AppButton {
        objectName: "welcome.id"
        size: 32 / Math.sqrt(Theme.textScale)
        implicitHeight: ways.tall
        enabled: ways.open
        text: qsTr("输入证件号")
        onClicked: Kiosk.begin("id")
    }
    AppButton {
        objectName: "welcome.walkin"
        size: 32 / Math.sqrt(Theme.textScale)
        implicitHeight: ways.tall
        visible: ways.offered
        enabled: ways.walkIn
        text: qsTr("没有预约")
        onClicked: Kiosk.begin("walkin")
    }
}
