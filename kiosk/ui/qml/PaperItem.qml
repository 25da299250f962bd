// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

// One item: what kind, the stem, the options.
Scroll {
    id: item

    readonly property var sitting: Kiosk.sitting
    readonly property int position: sitting.position

    padding: Theme.px(48)
    onPositionChanged: contentY = 0

    ColumnLayout {
        x: Theme.px(72)
        width: parent.width - 2 * Theme.px(72)
        spacing: Theme.px(20)

        RowLayout {
            spacing: Theme.px(16)
            Rectangle {
                implicitWidth: kind.implicitWidth + Theme.px(36)
                implicitHeight: kind.implicitHeight + Theme.px(16)
                radius: Theme.px(8)
                color: Theme.wash
                border.width: Theme.high ? 1 : 0
                border.color: Theme.line
                Label {
                    id: kind
                    objectName: "paper.type"
                    anchors.centerIn: parent
                    text: Strings.itemType(item.sitting.itemType)
                    size: 22
                    strong: true
                    color: Theme.accentDark
                }
            }
            Label {
                objectName: "paper.position"
                Layout.fillWidth: true
                text: qsTr("第 %1 题 / 共 %2 题 · %3 分").arg(item.position).arg(item.sitting.total).arg(item.sitting.points)
                      + (item.sitting.itemType === "multiple_choice" ? qsTr(" · 可多选") : "")
                size: 22
                color: Theme.ink2
            }
        }
        Rectangle {
            objectName: "paper.case"
            Layout.fillWidth: true
            Layout.topMargin: Theme.px(8)
            visible: item.sitting.caseText.length > 0
            implicitHeight: material.implicitHeight + Theme.px(48)
            radius: Theme.px(12)
            color: Theme.card
            border.width: 2
            border.color: Theme.line
            ColumnLayout {
                id: material
                anchors { left: parent.left; right: parent.right; top: parent.top; margins: Theme.px(24) }
                spacing: Theme.px(12)
                Label {
                    text: qsTr("案例材料")
                    size: 24
                    strong: true
                    color: Theme.accentDark
                }
                Label {
                    objectName: "paper.case.text"
                    Layout.fillWidth: true
                    words: item.sitting.caseText
                    html: item.sitting.caseHtml
                    size: 30
                    lineHeight: 1.15
                }
            }
        }
        Label {
            objectName: "paper.stem"
            Layout.fillWidth: true
            Layout.topMargin: Theme.px(8)
            Layout.bottomMargin: Theme.px(12)
            words: item.sitting.stem
            html: item.sitting.html
            size: 42
            lineHeight: 1.08
            strong: true
        }
        Repeater {
            model: item.sitting.options
            OptionRow {
                required property string modelData
                required property int index
                Layout.fillWidth: true
                letter: Strings.letter(index)
                words: modelData
                html: item.sitting.html
                multiple: item.sitting.itemType === "multiple_choice"
                chosen: item.sitting.chosen.indexOf(index) >= 0
                onClicked: item.sitting.choose(index)
            }
        }
    }
}
