// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Invigil.Kiosk

// For looking and for the mouse; a touch opens the large one.
Column {
    id: map

    readonly property int cell: Math.max(36, Math.floor((width - 9 * gap) / 10))
    readonly property int gap: Math.max(4, Theme.px(6))
    readonly property int needed: Math.ceil(Kiosk.sitting.total / 10) * (36 + gap) + legend.height + Theme.px(12)

    spacing: Theme.px(12)

    Item {
        objectName: "paper.map"
        width: parent.width
        height: grid.height
        activeFocusOnTab: true
        Accessible.role: Accessible.Button
        Accessible.name: qsTr("全部题目")
        Accessible.onPressAction: Kiosk.openMap()
        Keys.onReturnPressed: Kiosk.openMap()
        Keys.onEnterPressed: Kiosk.openMap()
        Keys.onSpacePressed: Kiosk.openMap()
        Rectangle { id: ring; anchors.fill: parent; radius: Theme.px(8); color: "transparent" }
        FocusRing { target: ring; shown: parent.activeFocus }
        Grid {
            id: grid
            columns: 10
            spacing: map.gap
            Repeater {
                model: Kiosk.sitting.map
                MapCell {
                    required property var model
                    number: model.position
                    answered: model.answered
                    flagged: model.flagged
                    current: model.current
                    width: map.cell
                    height: Math.min(map.cell, 40)
                    onClicked: touch => touch ? Kiosk.openMap() : Kiosk.sitting.goTo(number)
                }
            }
        }
    }
    MapLegend { id: legend; width: parent.width }
}
