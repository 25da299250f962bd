// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

// Keys for one NumberEntry: digits, or letters and digits.
GridLayout {
    id: pad

    required property var entry
    property bool letters: entry.letters
    readonly property var digits: ["1", "2", "3", "4", "5", "6", "7", "8", "9", entry.kind === "phone4" ? "" : "X", "0", "⌫"]
    readonly property var all: ("1234567890" + "QWERTYUIOP" + "ASDFGHJKL").split("").concat("⌫").concat("ZXCVBNM".split(""))

    columns: letters ? 10 : 3
    columnSpacing: Theme.gap
    rowSpacing: Theme.gap

    Repeater {
        model: pad.letters ? pad.all : pad.digits
        AppButton {
            required property string modelData
            readonly property bool erase: modelData === "⌫"
            objectName: erase ? "keypad.backspace" : "keypad." + modelData
            text: erase ? qsTr("删除") : modelData
            visible: modelData !== ""
            size: erase ? 24 : 32
            padding: Theme.px(8)
            Layout.fillWidth: true
            Layout.preferredWidth: pad.letters ? Theme.px(90) : Theme.px(180)
            Layout.minimumWidth: Theme.target
            onClicked: erase ? pad.entry.backspace() : pad.entry.press(modelData)
        }
    }
}
