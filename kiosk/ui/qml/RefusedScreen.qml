// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Invigil.Kiosk

Page {
    id: page

    // The booking ended or was changed: no word about who somebody is.
    readonly property string why: Kiosk.admission.why || ""
    readonly property bool over: why === "closed" || why === "nobody_came"

    title: qsTr("人工核对")
    rightSide: AppButton { objectName: "refused.done"; kind: "primary"; text: qsTr("知道了"); onClicked: Kiosk.leave() }

    Message {
        name: "refused"
        anchors.fill: parent
        attention: true
        heading: page.why === "nobody_came" ? qsTr("没有等到监考员，很抱歉")
                 : page.over ? qsTr("这个预约不能再用了") : qsTr("这次没有通过身份核对")
        words: page.why === "nobody_came" ? qsTr("到预约结束时还没有人来核对您的身份。这不算缺考。")
               : page.over ? qsTr("它已经取消、改到了别的时间，或者时间已过。这不是身份核对的结果。")
               : qsTr("监考员说明：%1").arg(Strings.pick(Kiosk.admission.reason) || qsTr("没有写明原因"))
        facts: [
            [qsTr("现在可以"), qsTr("带上本人有效证件，用手机重新预约，或在首页现场报名")],
            [qsTr("考试次数"), qsTr("这次不占用考试次数")],
            [qsTr("有不同意见"), qsTr("请向您报名的单位或考试机构提出")]
        ]
    }
}
