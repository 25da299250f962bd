// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Invigil.Kiosk

Page {
    title: qsTr("正在交卷")
    footer: false

    Message {
        name: "submitting"
        anchors.fill: parent
        heading: Kiosk.sitting.byDeadline ? qsTr("时间到，已自动交卷") : qsTr("正在交卷，请稍等")
        words: Kiosk.sitting.online
               ? qsTr("正在送达答案和计算成绩，几秒钟就好。")
               : qsTr("您的答案已全部保存在本机。现在连不上服务器，正在自动重试，连上后马上出成绩。请不要关机。")
    }
}
