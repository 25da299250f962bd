// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Invigil.Kiosk

Page {
    title: qsTr("人工核对")
    notes: [Strings.pick(Kiosk.admission.title), Kiosk.admission.name_masked || ""]
    leftSide: AppButton { objectName: "waiting.leave"; text: qsTr("取消并离开"); onClicked: Kiosk.leave() }
    rightSide: AppButton {
        objectName: "waiting.withdraw"
        visible: Kiosk.admission.why !== "declined"
        enabled: !Kiosk.busy
        kind: "quiet"
        size: 24
        text: qsTr("撤回刷脸同意，删除照片")
        onClicked: Kiosk.withdrawConsent()
    }

    Message {
        name: "waiting"
        anchors.fill: parent
        heading: qsTr("请稍等，远程监考员正在核对")
        words: qsTr("%1\n请坐在屏幕前。核对好以后，这里会自动往下走，您什么也不用按。").arg(Strings.pick(Kiosk.admission.advice) || Strings.why(Kiosk.admission.why))
        facts: [
            [qsTr("您等了"), qsTr("%1 分钟").arg(Math.max(0, Math.floor(elapsed.minutes)))],
            [qsTr("接下来"), qsTr("确认您的信息，然后开始考试")],
            [qsTr("考试时间"), qsTr("从开始答题才计时，等候不占用")]
        ].concat(elapsed.minutes >= 10 ? [[qsTr("等得久了"), qsTr("可以请考场的工作人员催一下；一直没有人来也不算缺考")]] : [])
    }
    Timer {
        id: elapsed
        property double started: Date.now()
        property double minutes: 0
        interval: 10000
        running: true
        repeat: true
        onTriggered: minutes = (Date.now() - started) / 60000
    }
}
