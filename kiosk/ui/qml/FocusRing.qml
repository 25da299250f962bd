// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Invigil.Kiosk

Rectangle {
    property Item target
    property bool shown: false

    anchors.fill: target
    anchors.margins: -6
    radius: target ? target.radius + 6 : 0
    color: "transparent"
    border.width: 4
    border.color: Theme.high ? "#ffffff" : Theme.ink
    visible: shown
}
