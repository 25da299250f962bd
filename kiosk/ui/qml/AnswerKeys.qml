// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

// Keys for an answer that is typed: a number pad, or letters with a second page of digits and signs.
GridLayout {
    id: keys

    required property TextInput field
    property bool numeric: false
    property bool capital: false
    property bool signs: false
    readonly property var numberKeys: ["7", "8", "9", "⌫", "4", "5", "6", "⌧", "1", "2", "3", "-", "0", "."]
    readonly property var letterKeys: ("qwertyuiopasdfghjkl⌫⇧zxcvbnm.-").split("").concat(["#", " ", "⌧"])
    readonly property var signKeys: ("1234567890+-×÷/=().,°Ωμ±²³≤≥%⌫:;'\"&_*<>^").split("").concat(["A", " ", "⌧"])
    readonly property var wide: ({ "0": numeric ? 3 : 1, "#": 3, "A": 3, " ": 4, "⌧": numeric ? 1 : 3 })

    function put(key) {
        if (key === "⇧")
            capital = !capital
        else if (key === "#" || key === "A")
            signs = key === "#"
        else if (key === "⌧")
            field.clear()
        else if (key === "⌫")
            field.selectedText ? field.remove(field.selectionStart, field.selectionEnd) : field.remove(field.cursorPosition - 1, field.cursorPosition)
        else
            field.insert(field.cursorPosition, capital && !signs ? key.toUpperCase() : key)
        field.forceActiveFocus()
    }
    function name(key) {
        switch (key) {
        case "⌫": return qsTr("删除")
        case "⌧": return qsTr("清空")
        case " ": return qsTr("空格")
        case "⇧": return qsTr("大写")
        case "#": return qsTr("数字和符号")
        case "A": return qsTr("字母")
        default: return key
        }
    }

    columns: numeric ? 4 : 10
    columnSpacing: Theme.gap
    rowSpacing: Theme.gap

    Repeater {
        model: keys.numeric ? keys.numberKeys : keys.signs ? keys.signKeys : keys.letterKeys
        AppButton {
            required property string modelData
            readonly property bool letter: modelData.length === 1 && modelData >= "a" && modelData <= "z"
            readonly property bool symbol: "⌫⇧".indexOf(modelData) >= 0
            objectName: "key." + modelData
            text: letter && keys.capital ? modelData.toUpperCase() : symbol && !keys.numeric ? modelData : keys.name(modelData)
            Accessible.name: keys.name(modelData)
            checked: modelData === "⇧" && keys.capital
            size: !symbol && text.length === 1 ? 30 : 22
            padding: Theme.px(6)
            activeFocusOnTab: false     // forty stops on the way to the next item would help nobody: there is a keyboard
            Layout.fillWidth: true
            Layout.preferredWidth: (keys.wide[modelData] || 1) * 60
            Layout.minimumWidth: 40
            Layout.columnSpan: keys.wide[modelData] || 1
            onClicked: keys.put(modelData)
        }
    }
}
