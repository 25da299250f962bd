// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Invigil.Kiosk

Page {
    title: qsTr("考试机")
    footer: false

    Message {
        name: "connecting"
        anchors.fill: parent
        heading: qsTr("正在连接考试服务器")
        words: qsTr("请稍等，连上以后会自动打开。一直连不上的话，请换一台机器。")
    }
}
