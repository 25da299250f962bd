// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Invigil.Kiosk

// The consent is taken back in the middle of the exam: asked once more, because it cannot be given again here.
Page {
    title: qsTr("撤回刷脸同意")
    leftSide: AppButton { objectName: "withdraw.back"; text: qsTr("返回答题"); onClicked: Kiosk.backToPaper() }
    rightSide: AppButton {
        objectName: "withdraw.yes"
        enabled: !Kiosk.busy
        text: qsTr("撤回同意，停止拍摄")
        onClicked: Kiosk.withdrawConsent()
    }

    Message {
        name: "withdraw"
        anchors.fill: parent
        heading: qsTr("要停止拍摄吗？")
        words: qsTr("您可以随时撤回，考试照常进行，不影响成绩。计时不停。")
        facts: [
            [qsTr("马上"), qsTr("摄像头关闭，不再监控和录像，预约照片删除")],
            [qsTr("已有的"), qsTr("撤回前的录像和画面是考试证据，按规定保存 3 年后删除")],
            [qsTr("之后"), qsTr("这场考试里不能再改回来；远程监考员会看到您撤回了")]
        ]
    }
}
