// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

// One item: what kind, the stem, the options or what is typed.
Scroll {
    id: item

    readonly property var sitting: Kiosk.sitting
    readonly property int position: sitting.position
    readonly property bool typed: Strings.isTyped(sitting.itemType)

    property real side: Theme.px(72)

    signal enlarge(string place, int number)

    function takeKeys() {
        if (typedAnswer.item)
            typedAnswer.item.show()
    }

    padding: Theme.px(48)
    onPositionChanged: contentY = 0

    ColumnLayout {
        x: item.side
        width: parent.width - 2 * item.side
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
        Words {
            name: "paper.stem"
            Layout.fillWidth: true
            Layout.topMargin: Theme.px(8)
            Layout.bottomMargin: Theme.px(12)
            words: item.sitting.stem
            html: item.sitting.html
            size: 42
            strong: true
            opens: true
            onFigure: number => item.enlarge("stem", number)
        }
        AppButton {
            objectName: "paper.enlarge"
            visible: item.sitting.figures.length > 0
            text: qsTr("⤢ 放大图表")
            size: 22
            padding: Theme.px(24)
            onClicked: item.enlarge(item.sitting.figures[0].place, 0)
        }
        Loader {
            id: typedAnswer
            Layout.fillWidth: true
            active: item.typed
            visible: active
            sourceComponent: TypedAnswer {}
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
