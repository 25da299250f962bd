// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

Page {
    title: qsTr("请确认您的信息")
    leftSide: AppButton { objectName: "confirm.no"; text: qsTr("不是我，退出"); onClicked: Kiosk.leave() }
    rightSide: [
        AppButton {
            objectName: "confirm.withdraw"
            visible: Kiosk.admission.consent === "given"
            enabled: !Kiosk.busy
            kind: "quiet"
            size: 24
            text: qsTr("撤回刷脸同意，考试不拍摄")
            onClicked: Kiosk.withdrawConsent()
        },
        AppButton { objectName: "confirm.yes"; kind: "primary"; text: qsTr("都对，继续"); onClicked: Kiosk.confirmData() }
    ]
    Keys.onReturnPressed: Kiosk.confirmData()
    Keys.onEnterPressed: Kiosk.confirmData()

    Message {
        name: "confirm"
        anchors.fill: parent
        heading: qsTr("%1，您好，请核对").arg(Kiosk.admission.name || Kiosk.admission.name_masked || "")
        words: qsTr("信息不对请选“不是我，退出”，再重新查找预约。")
        facts: [
            [qsTr("姓名"), Kiosk.admission.name || Kiosk.admission.name_masked || ""],
            [qsTr("证件号"), Kiosk.admission.id_masked || ""],
            [qsTr("科目"), Strings.pick(Kiosk.admission.title)],
            [qsTr("座位"), qsTr("%1 %2").arg(Kiosk.hall.state.room || "").arg(Kiosk.hall.state.seat_label || "")]
        ]
    }
}
