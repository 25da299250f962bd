// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

// What to do after a paper that was not passed.
Rectangle {
    id: card

    required property var result
    required property bool passed
    readonly property int attempts: result.attempts_left || 0

    implicitHeight: column.implicitHeight + 2 * Theme.px(44)
    radius: Theme.px(28)
    color: Theme.card
    border.width: 1
    border.color: Theme.line

    ColumnLayout {
        id: column
        anchors { left: parent.left; right: parent.right; top: parent.top; margins: Theme.px(44) }
        spacing: Theme.px(20)
        Label { Layout.fillWidth: true; text: card.passed ? qsTr("成绩已记录") : qsTr("接下来怎么办"); size: 32; strong: true }
        Label {
            objectName: "result.ended"
            Layout.fillWidth: true
            visible: card.result.submitted_by === "invigilator"
            size: 26
            strong: true
            lineHeight: 1.05
            text: qsTr("这场考试由远程监考员结束，按已答的部分评分。有不同意见，请向您报名的单位或考试机构提出。")
        }
        Label {
            objectName: "result.makeup"
            Layout.fillWidth: true
            size: 26
            lineHeight: 1.05
            color: Theme.ink2
            text: card.passed ? qsTr("凭证正在生成，可以稍后在预约页面里领取。")
                : card.attempts > 0 ? qsTr("您还可以补考 %1 次，不收费。用手机打开预约页面，选“补考”和合适的时间就行。").arg(card.attempts)
                : qsTr("补考机会已经用完。请联系您的培训单位，重新培训后再报名。")
        }
        Label {
            Layout.fillWidth: true
            visible: !card.passed && (card.result.topics || []).length > 0
            size: 26
            lineHeight: 1.05
            color: Theme.ink2
            text: qsTr("左边每一条是一部分的得分，短的那几条可以多看一看。")
        }
    }
}
