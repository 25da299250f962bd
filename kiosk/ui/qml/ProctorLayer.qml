// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

// What the hall wants seen over the paper: a notice that goes by itself, a warning that is acknowledged, a pause that
// hides the paper. Calm words; nobody is accused.
Item {
    id: layer

    readonly property var proctor: Kiosk.proctor
    readonly property bool notice: proctor.kind === "notice" && !proctor.paused
    readonly property bool warning: proctor.kind === "warning" && !proctor.paused
    readonly property string words: proctor.concern ? Strings.concern(proctor.concern)
                                                    : Strings.pick({ zh: proctor.wordsZh, en: proctor.wordsEn })

    readonly property bool covers: warning || proctor.paused    // nothing of the paper is to be seen or touched

    visible: notice || covers

    Rectangle {
        objectName: "proctor.notice"
        visible: layer.notice
        anchors { horizontalCenter: parent.horizontalCenter; top: parent.top; topMargin: Theme.px(28) }
        width: Math.min(parent.width - Theme.px(96), said.implicitWidth + Theme.px(96))
        height: said.implicitHeight + Theme.px(48)
        radius: Theme.px(20)
        color: Theme.amberWash
        border.width: 2
        border.color: Theme.amber
        Accessible.role: Accessible.AlertMessage
        Accessible.name: said.text
        Label {
            id: said
            anchors.centerIn: parent
            width: Math.min(implicitWidth, layer.width - Theme.px(192))
            horizontalAlignment: Text.AlignHCenter
            text: layer.words
            size: 30
            strong: true
            color: Theme.amber
        }
    }

    Item {
        anchors.fill: parent
        visible: layer.covers
        Rectangle {
            anchors.centerIn: parent
            width: Math.min(parent.width - Theme.px(96), Theme.px(1180))
            height: Math.min(parent.height - Theme.px(96), column.implicitHeight + 2 * Theme.px(64))
            radius: Theme.px(28)
            color: Theme.card
            border.width: 1
            border.color: Theme.line
            ColumnLayout {
                id: column
                anchors { fill: parent; margins: Theme.px(64) }
                spacing: Theme.px(28)
                Label {
                    objectName: "proctor.heading"
                    Layout.fillWidth: true
                    text: layer.proctor.paused ? qsTr("考试已暂停") : qsTr("请注意")
                    size: 48
                    strong: true
                    color: Theme.amber
                }
                Label {
                    objectName: "proctor.words"
                    Layout.fillWidth: true
                    text: layer.proctor.paused ? Strings.pick(layer.proctor.message) || Strings.paused(layer.proctor.why) : layer.words
                    size: 32
                }
                Label {
                    Layout.fillWidth: true
                    visible: layer.proctor.paused
                    text: qsTr("远程监考员正在查看，请留在座位上。您的答案已经保存，暂停的时间会补给您。")
                    size: 28
                    color: Theme.ink2
                }
                AppButton {
                    objectName: "proctor.acknowledge"
                    Layout.alignment: Qt.AlignRight
                    visible: layer.warning
                    focus: layer.warning
                    kind: "primary"
                    text: qsTr("知道了")
                    onClicked: layer.proctor.acknowledge()
                }
            }
        }
    }
    onWarningChanged: if (warning) layer.forceActiveFocus()
    Keys.onReturnPressed: if (warning) proctor.acknowledge()
    Keys.onEnterPressed: if (warning) proctor.acknowledge()
    Keys.onSpacePressed: if (warning) proctor.acknowledge()
}
