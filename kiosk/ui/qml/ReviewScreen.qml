// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Invigil.Kiosk

Page {
    id: page

    readonly property var sitting: Kiosk.sitting
    readonly property int open: sitting.total - sitting.answered
    readonly property int wait: sitting.leaveSeconds

    function toFirstOpen() {
        sitting.goToFirstOpen()
        Kiosk.backToPaper()
    }

    title: qsTr("检查并交卷")
    notes: [qsTr("剩余 %1").arg(Strings.timeLeft(sitting.secondsLeft))]
    leftSide: AppButton { objectName: "review.back"; text: qsTr("返回"); onClicked: Kiosk.backToPaper() }
    rightSide: [
        AppButton { objectName: "review.map"; text: qsTr("全部题目"); onClicked: Kiosk.openMap() },
        AppButton {
            objectName: "submit.confirm"
            visible: page.open > 0
            enabled: page.wait === 0
            text: qsTr("不答了，确认交卷")
            onClicked: page.sitting.handIn()
        },
        AppButton {
            objectName: page.open > 0 ? "review.firstopen" : "submit.confirm"
            kind: "primary"
            enabled: page.open > 0 || page.wait === 0
            text: page.open > 0 ? qsTr("去答未答题") : qsTr("确认交卷")
            onClicked: page.open > 0 ? page.toFirstOpen() : page.sitting.handIn()
        }
    ]
    Keys.onEscapePressed: Kiosk.backToPaper()

    Message {
        name: "review"
        anchors.fill: parent
        attention: page.open > 0
        heading: page.open > 0 ? qsTr("还有 %1 题没有答").arg(page.open) : qsTr("%1 题都答了").arg(page.sitting.total)
        words: page.wait > 0
               ? qsTr("按考场规定，%1 分钟以后才能交卷。您可以再检查一遍。").arg(Math.ceil(page.wait / 60))
               : qsTr("交卷以后不能再改。时间还够，可以再检查一遍。")
        facts: [
            [qsTr("已答"), qsTr("%1 题").arg(page.sitting.answered)],
            [qsTr("未答"), qsTr("%1 题").arg(page.open)],
            [qsTr("标记"), qsTr("%1 题").arg(page.sitting.flags)],
            [qsTr("保存"), page.sitting.saving === "sent" ? qsTr("答案已保存在本机并已送达")
                : page.sitting.saving === "typing" ? qsTr("正在保存…") : page.sitting.saving === "saved" ? qsTr("已保存在本机，尚未送达") : qsTr("还没有要送的答案")]
        ]
    }
}
