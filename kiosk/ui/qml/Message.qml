// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

// One calm message: a heading, a sentence or two, facts in a card.
Scroll {
    id: message

    property string heading
    property string words
    property var facts: []      // pairs of caption and value
    property string name
    property bool attention: false

    padding: Theme.px(56)

    ColumnLayout {
        width: Math.min(parent.width, Theme.px(1280))
        x: (parent.width - width) / 2
        spacing: Theme.px(28)

        Label {
            objectName: message.name + ".heading"
            Layout.fillWidth: true
            text: message.heading
            size: 48
            strong: true
            color: message.attention ? Theme.amber : Theme.ink
        }
        Label {
            objectName: message.name + ".words"
            Layout.fillWidth: true
            text: message.words
            size: 28
            color: Theme.ink2
            lineHeight: 1.05
        }
        Rectangle {
            Layout.fillWidth: true
            Layout.topMargin: Theme.px(12)
            visible: message.facts.length > 0
            implicitHeight: list.implicitHeight + 2 * Theme.px(28)
            radius: Theme.px(28)
            color: Theme.card
            border.width: 1
            border.color: Theme.line
            ColumnLayout {
                id: list
                anchors { left: parent.left; right: parent.right; top: parent.top; margins: Theme.px(28); leftMargin: Theme.px(44); rightMargin: Theme.px(44) }
                spacing: 0
                Repeater {
                    model: message.facts
                    ColumnLayout {
                        required property var modelData
                        required property int index
                        Layout.fillWidth: true
                        spacing: 0
                        Rectangle { visible: index > 0; Layout.fillWidth: true; implicitHeight: 1; color: Theme.line }
                        RowLayout {
                            Layout.topMargin: Theme.px(18)
                            Layout.bottomMargin: Theme.px(18)
                            spacing: Theme.px(28)
                            Label { text: modelData[0]; size: 24; color: Theme.ink2; Layout.preferredWidth: message.width * 0.2 }
                            Label { Layout.fillWidth: true; text: modelData[1]; size: 28; strong: true }
                        }
                    }
                }
            }
        }
    }
}
