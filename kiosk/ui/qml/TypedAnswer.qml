// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

// An answer that is typed: on the screen's keys, with a finger or the mouse, or on a keyboard.
GridLayout {
    id: answer

    readonly property var sitting: Kiosk.sitting
    readonly property bool numeric: sitting.itemType === "numeric"
    readonly property bool beside: numeric && width >= 640 + Theme.type(24) * 12
    readonly property bool noNumber: numeric && field.text !== "" && isNaN(Number(field.text))
    property int position: sitting.position

    // The rules hold the answer; the field shows what they hold when another item comes.
    function show() {
        field.text = sitting.text
        field.cursorPosition = field.text.length
        field.forceActiveFocus()
    }

    columns: beside ? 2 : 1
    columnSpacing: Theme.px(48)
    rowSpacing: Theme.px(24)
    onPositionChanged: show()
    Component.onCompleted: show()

    ColumnLayout {
        Layout.fillWidth: true
        Layout.alignment: Qt.AlignTop
        spacing: Theme.px(12)
        Label {
            Layout.fillWidth: true
            text: answer.numeric ? qsTr("请输入数字，例如 0.5 或 -3") : qsTr("请输入字母、数字或符号")
            size: 22
            color: Theme.ink2
        }
        Rectangle {
            id: frame
            Layout.fillWidth: true
            implicitHeight: Math.max(Theme.target, field.implicitHeight + Theme.px(32))
            radius: Theme.px(16)
            color: Theme.card
            border.width: field.activeFocus ? 4 : 2
            border.color: field.activeFocus ? Theme.accent : Theme.line
            TextInput {
                id: field
                objectName: "paper.answer"
                anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: Theme.px(28) }
                clip: true
                activeFocusOnTab: true
                font.family: Theme.family
                font.pixelSize: Theme.type(36)
                font.weight: Font.DemiBold
                color: Theme.ink
                selectionColor: Theme.accent
                selectedTextColor: Theme.accentInk
                inputMethodHints: Qt.ImhNoPredictiveText | Qt.ImhNoAutoUppercase | Qt.ImhPreferLatin
                validator: RegularExpressionValidator { regularExpression: answer.numeric ? answer.sitting.numberPattern : answer.sitting.textPattern }
                Accessible.role: Accessible.EditableText
                Accessible.name: qsTr("您的答案")
                onTextChanged: answer.sitting.type(text)
                Keys.onPressed: event => {
                    // At its ends these would go on to another item.
                    event.accepted = event.key === Qt.Key_Left && cursorPosition === 0
                                     || event.key === Qt.Key_Right && cursorPosition === text.length
                }
            }
        }
        Label {
            objectName: "paper.answer.verdict"
            Layout.fillWidth: true
            visible: answer.noNumber
            text: qsTr("这不是一个数，请核对")
            size: 22
            strong: true
            color: Theme.amber
        }
    }
    AnswerKeys {
        field: field
        numeric: answer.numeric
        Layout.fillWidth: !answer.beside
        Layout.preferredWidth: answer.beside ? 560 : -1
    }
}
