// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Invigil.Kiosk

Page {
    id: page
    readonly property int noLeaving: (Kiosk.hall.state.policy || {}).no_leaving_minutes || 0

    title: qsTr("考试说明")
    notes: [Kiosk.admission.name_masked || ""]
    leftSide: AppButton { objectName: "instructions.back"; text: qsTr("退出"); enabled: !Kiosk.busy; onClicked: Kiosk.leave() }
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
        words: qsTr("按“开始考试”后开始计时。")
        facts: [
            [qsTr("题量"), qsTr("%1 题，满分 %2 分，%3 分合格").arg(Kiosk.admission.items || 0)
                .arg(Kiosk.admission.points_max || 0).arg(Kiosk.admission.pass_points || 0)],
            [qsTr("时间"), qsTr("%1 分钟，时间到自动交卷").arg(Kiosk.admission.minutes || 0)],
            [qsTr("答案"), qsTr("选好就自动保存，断网也能继续答，随时可以改")],
            [qsTr("多选题"), qsTr("全部选对才得分，多选、少选、错选都不得分")],
            [qsTr("离场"), page.noLeaving > 0 ? qsTr("开考 %1 分钟以后才能交卷").arg(page.noLeaving) : qsTr("答完就可以交卷")]
        ]
    }
}
