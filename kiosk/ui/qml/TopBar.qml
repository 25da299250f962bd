// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

Rectangle {
    id: bar

    property string title
    property var notes: []      // pills that only tell

    height: Math.max(Theme.px(88), Theme.target + 4)
    color: Theme.card
    Rectangle { anchors { left: parent.left; right: parent.right; bottom: parent.bottom } height: 1; color: Theme.line }

    RowLayout {
        anchors { fill: parent; leftMargin: Theme.px(48); rightMargin: Theme.px(48) }
        spacing: Theme.px(20)

        Rectangle {
            Layout.preferredWidth: Theme.px(40)
            Layout.preferredHeight: Theme.px(40)
            radius: Theme.px(10)
            color: Theme.accent
            Rectangle {
                anchors.centerIn: parent
                width: parent.width * 0.52
                height: width
                radius: width / 2
                color: "transparent"
                border.width: Math.max(3, parent.width * 0.1)
                border.color: Theme.accentInk
            }
        }
        Label {
            objectName: "top.title"
            Layout.fillWidth: true
            // Text.Fit makes long names far smaller than two lines need. Two lines broken between words hold at least
            // 1.4 widths of text; where even half the size is too wide for that, a third line stands in for it.
            readonly property real share: whole.advanceWidth > 0 ? 1.4 * width / whole.advanceWidth : 1
            size: 26 * Math.min(1, Math.max(0.5, share))
            strong: true
            text: bar.title
            maximumLineCount: share < 0.5 ? 3 : 2
            Layout.maximumHeight: bar.height - 8
            TextMetrics {
                id: whole
                text: bar.title
                font { family: Theme.family; pixelSize: Theme.type(26); weight: Font.DemiBold }
            }
        }
        Repeater {
            model: bar.notes
            Chip { required property string modelData; text: modelData }
        }
        Chip {
            objectName: "paper.withdraw"
            active: true
            visible: Kiosk.screen === "paper" && Kiosk.admission.consent === "given" && Kiosk.hasCamera
            text: qsTr("不想被拍摄？")
            onClicked: Kiosk.openWithdraw()
        }
        Chip {
            objectName: "top.textsize"
            active: true
            text: qsTr("Aa 字号 %1/4").arg(Theme.textStep + 1)
            onClicked: Theme.textStep = (Theme.textStep + 1) % 4
        }
        Chip {
            objectName: "top.contrast"
            active: true
            text: "◐ " + (Theme.high ? qsTr("高对比") : Theme.dark ? qsTr("深色") : qsTr("浅色"))
            Accessible.name: qsTr("对比度：%1").arg(text)
            onClicked: Theme.scheme = Theme.scheme === "light" ? "dark" : Theme.scheme === "dark" ? "contrast" : "light"
        }
        Chip {
            objectName: "top.language"
            active: true
            text: Kiosk.language === "en" ? "中文" : "English"
            onClicked: Kiosk.language = Kiosk.language === "en" ? "zh" : "en"
        }
    }
}
