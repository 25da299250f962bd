// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Invigil.Kiosk

Page {
    title: qsTr("人工核对")
    rightSide: AppButton { objectName: "refused.done"; kind: "primary"; text: qsTr("知道了"); onClicked: Kiosk.leave() }

    Message {
        name: "refused"
        anchors.fill: parent
        attention: true
        heading: qsTr("这次没有通过身份核对")
        words: qsTr("监考员说明：%1").arg(Kiosk.admission.reason || qsTr("没有写明原因"))
        facts: [
            [qsTr("现在可以"), qsTr("带上本人有效证件，再到这里入场，或用手机改约时间")],
            [qsTr("有不同意见"), qsTr("请向您报名的单位或考试机构提出")]
        ]
    }
}
