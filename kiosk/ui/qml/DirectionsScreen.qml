// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Invigil.Kiosk

Page {
    id: page

    readonly property var found: Kiosk.found
    readonly property string outcome: found.outcome || ""
    readonly property string entryFrom: Strings.time(Kiosk.hall.at(found.entry_from_ms || 0))
    readonly property string entryUntil: Strings.time(Kiosk.hall.at(found.entry_until_ms || 0))

    title: qsTr("给您指路")
    leftSide: AppButton { objectName: "directions.back"; text: qsTr("返回"); onClicked: Kiosk.leave() }
    rightSide: AppButton { objectName: "directions.done"; kind: "primary"; text: qsTr("知道了"); onClicked: Kiosk.leave() }

    Message {
        name: "directions"
        anchors.fill: parent
        heading: page.outcome === "early" ? qsTr("您来早了，%1 起可以入场").arg(page.entryFrom)
               : page.outcome === "late" ? qsTr("这一场的入场时间已过")
               : page.outcome === "wrong_seat" ? qsTr("您的座位在 %1 %2").arg(page.found.room).arg(page.found.seat_label)
               : page.found.walkin ? qsTr("现在不能直接入座") : qsTr("没有找到今天的预约")
        words: page.outcome === "early" ? qsTr("请先在等候区休息，到时间再来这台机器入场。")
             : page.outcome === "late" ? qsTr("%1 以后不能再入场。请用手机重新预约。").arg(page.entryUntil)
             : page.outcome === "wrong_seat" ? qsTr("这里不是您的座位。请到 %1 %2 的机器前，再出示一次预约码。").arg(page.found.room).arg(page.found.seat_label)
             : page.found.walkin ? qsTr("请核对证件号和手机号后四位。没有考试资格的，请先联系您的培训单位；也可以用手机预约别的时间。")
             : qsTr("请核对预约码或证件号，再试一次。没有预约的，可以返回后选“没有预约”。")
        facts: page.outcome === "none" || !(page.found.start_ms > 0) ? [] : [
            [qsTr("考生"), page.found.name_masked],
            [qsTr("科目"), Strings.pick(page.found.title)],
            [qsTr("考场"), Strings.pick(page.found.site_name)],
            [qsTr("座位"), qsTr("%1 %2").arg(page.found.room).arg(page.found.seat_label)],
            [qsTr("开考"), Strings.dayAndTime(Kiosk.hall.at(page.found.start_ms))]
        ]
    }
}
