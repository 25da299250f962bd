// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

// A number on the left, keys on the right; with letters the keys are below.
Scroll {
    id: pane

    property bool document: false
    readonly property bool low: entry.letters && Theme.viewHeight < 900
    property var entry

    GridLayout {
        width: parent.width
        columns: pane.entry.letters ? 1 : 2
        columnSpacing: Theme.px(72)
        rowSpacing: pane.low ? Theme.px(12) : Theme.px(24)

        GridLayout {
            Layout.fillWidth: true
            Layout.preferredWidth: 600
            Layout.alignment: Qt.AlignTop
            columns: pane.low && pane.document ? 2 : 1
            columnSpacing: Theme.px(24)
            rowSpacing: Theme.px(24)
            TypeChooser { visible: pane.document; Layout.fillWidth: true; Layout.alignment: pane.low ? Qt.AlignBottom : Qt.AlignTop }
            EntryBox {
                Layout.fillWidth: true
                name: pane.document ? "find.id" : "find.code"
                entry: pane.entry
                caption: pane.document ? qsTr("%1号码").arg(Strings.idType(pane.entry.kind)) : qsTr("预约码（在预约短信或预约页面上）")
                example: pane.entry.letters ? qsTr("请用下面的键盘输入") : qsTr("请用右边的键盘输入")
            }
        }
        Keypad {
            entry: pane.entry
            Layout.fillWidth: pane.entry.letters
            Layout.preferredWidth: pane.entry.letters ? -1 : 420
            Layout.alignment: Qt.AlignTop
        }
    }
}
