// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Invigil.Kiosk

Page {
    id: page
    // Less than the whole time where somebody else sits here afterwards.
    readonly property int whole: Kiosk.admission.minutes || 0
    readonly property int now: Kiosk.admission.minutes_now === undefined ? whole : Kiosk.admission.minutes_now
    readonly property bool cut: now < whole
    property bool givingUp: false
    readonly property int noLeaving: (Kiosk.hall.state.policy || {}).no_leaving_minutes || 0

    title: qsTr("考试说明")
    notes: [Kiosk.admission.name_masked || ""]
    leftSide: [
        AppButton { objectName: "instructions.back"; text: qsTr("退出"); enabled: !Kiosk.busy; onClicked: Kiosk.leave() },
        AppButton {
            objectName: "instructions.giveUp"
            visible: page.cut
            enabled: !Kiosk.busy
            text: page.givingUp ? qsTr("再按一次，确认取消预约") : qsTr("取消预约，改天再考")
            onClicked: page.givingUp ? Kiosk.giveUp() : page.givingUp = true
        }
    ]
    rightSide: AppButton {
        objectName: "instructions.start"
        kind: "primary"
        enabled: !Kiosk.busy
        text: Kiosk.busy ? qsTr("正在取试卷…") : qsTr("开始考试")
        onClicked: Kiosk.startPaper()
    }
    Keys.onReturnPressed: Kiosk.startPaper()
    Keys.onEnterPressed: Kiosk.startPaper()

    Message {
        name: "instructions"
        anchors.fill: parent
        heading: Strings.pick(Kiosk.admission.title)
        attention: page.cut
        words: page.cut ? qsTr("这个座位后面有别人的预约，现在开始只有 %1 分钟（全部时间是 %2 分钟）。可以取消预约改天再考，不占用考试次数；也可以现在开始。").arg(page.now).arg(page.whole)
                        : qsTr("按“开始考试”后开始计时。")
        facts: [
            [qsTr("题量"), qsTr("%1 题，满分 %2 分，%3 分合格").arg(Kiosk.admission.items || 0)
                .arg(Kiosk.admission.points_max || 0).arg(Kiosk.admission.pass_points || 0)],
            [qsTr("时间"), qsTr("%1 分钟，时间到自动交卷").arg(page.now)],
            [qsTr("答案"), qsTr("选好就自动保存，断网也能继续答，随时可以改")],
            [qsTr("多选题"), qsTr("全部选对才得分，多选、少选、错选都不得分")],
            [qsTr("离场"), page.noLeaving > 0 ? qsTr("开考 %1 分钟以后才能交卷").arg(page.noLeaving) : qsTr("答完就可以交卷")]
        ]
    }
}
