// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

Rectangle {
    id: card

    required property var result
    property real room: 700
    readonly property var credential: result.credential || ({})

    implicitHeight: column.implicitHeight + 2 * Theme.px(36)
    radius: Theme.px(28)
    color: Theme.card
    border.width: 1
    border.color: Theme.line

    ColumnLayout {
        id: column
        anchors { left: parent.left; right: parent.right; top: parent.top; margins: Theme.px(36); leftMargin: Theme.px(48); rightMargin: Theme.px(48) }
        spacing: Theme.px(10)
        Label { text: qsTr("理论成绩凭证"); size: 32; strong: true }
        QrCode {
            objectName: "result.qr"
            Layout.alignment: Qt.AlignHCenter
            Layout.preferredWidth: Math.min(card.width - Theme.px(96), Math.max(card.room * 0.56, 300))
            Layout.preferredHeight: Layout.preferredWidth
            text: card.credential.text || ""
            Accessible.role: Accessible.Graphic
            Accessible.name: qsTr("理论成绩凭证二维码")
        }
        Repeater {
            model: [
                [qsTr("用手机拍下或扫码保存，任何人都可以离线核验。"), "result.howto", false],
                [qsTr("%1 · %2").arg(Kiosk.admission.name_masked || "").arg(Strings.pick(Kiosk.admission.title)), "result.who", false],
                [qsTr("成绩有效期至 %1（含当日），请在此期间参加实操考试。").arg(Strings.dayInChina(card.credential.expires_ms || 0)), "result.until", false],
                [qsTr("凭证编号 %1").arg(card.credential.id || ""), "result.number", false],
                [qsTr("理论成绩凭证不是上岗证。"), "result.notpermit", true]
            ]
            Label {
                required property var modelData
                objectName: modelData[1]
                Layout.fillWidth: true
                horizontalAlignment: Text.AlignHCenter
                text: modelData[0]
                size: 22
                strong: modelData[2]
                color: modelData[2] ? Theme.ink : Theme.ink2
            }
        }
    }
}
