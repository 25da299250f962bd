// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Invigil.Kiosk

Page {
    title: qsTr("请稍等")
    footer: false
    Component.onCompleted: Theme.reset()

    Message {
        name: "wipe"
        anchors.fill: parent
        heading: qsTr("正在清除您的信息")
        words: qsTr("这台机器上不留您的姓名、证件号和照片。请带好随身物品，慢走。")
    }
}
