// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

// All items at finger size.
Page {
    id: page

    readonly property var sitting: Kiosk.sitting
    readonly property int columns: Math.max(5, Math.floor((bodyItem.width + Theme.gap) / (80 + Theme.gap)))
    property int aimed: sitting.position

    function open(position) {
        sitting.goTo(position)
        Kiosk.backToPaper()
    }
    function aim(position) {
        aimed = Math.max(1, Math.min(sitting.total, position))
        const cell = cells.itemAt(aimed - 1)
        if (cell && (cell.y < scroll.contentY || cell.y + 80 > scroll.contentY + scroll.height))
            scroll.by(cell.y - scroll.contentY - scroll.height / 3)
    }

    title: qsTr("全部题目")
    leftSide: AppButton { objectName: "map.back"; text: qsTr("返回试卷"); onClicked: Kiosk.backToPaper() }
    rightSide: AppButton { objectName: "map.submit"; text: qsTr("检查并交卷"); onClicked: Kiosk.openReview() }
    Keys.onPressed: event => {
        event.accepted = true
        switch (event.key) {
        case Qt.Key_Right: page.aim(page.aimed + 1); break
        case Qt.Key_Left: page.aim(page.aimed - 1); break
        case Qt.Key_Down: page.aim(page.aimed + page.columns); break
        case Qt.Key_Up: page.aim(page.aimed - page.columns); break
        case Qt.Key_Return: case Qt.Key_Enter: page.open(page.aimed); break
        case Qt.Key_Escape: Kiosk.backToPaper(); break
        default: event.accepted = false
        }
    }

    ColumnLayout {
        anchors { fill: parent; topMargin: Theme.px(28); bottomMargin: Theme.px(20) }
        spacing: Theme.px(24)
        RowLayout {
            spacing: Theme.px(40)
            Label {
                text: qsTr("已答 %1，未答 %2，标记 %3").arg(page.sitting.answered)
                    .arg(page.sitting.total - page.sitting.answered).arg(page.sitting.flags)
                size: 26
                strong: true
                Layout.fillWidth: true
            }
            MapLegend { size: 22; Layout.preferredWidth: Theme.type(22) * 20 }
        }
        Scroll {
            id: scroll
            Layout.fillWidth: true
            Layout.fillHeight: true
            padding: 8
            Grid {
                columns: page.columns
                spacing: Theme.gap
                Repeater {
                    id: cells
                    model: page.sitting.map
                    MapCell {
                        required property var model
                        name: "bigmap." + number
                        number: model.position
                        answered: model.answered
                        flagged: model.flagged
                        current: model.current
                        width: 80
                        height: 80
                        onClicked: page.open(number)
                        Rectangle {
                            anchors { fill: parent; margins: -6 }
                            radius: 12
                            color: "transparent"
                            border.width: 4
                            border.color: Theme.ink
                            visible: page.aimed === parent.number && page.aimed !== page.sitting.position
                        }
                    }
                }
            }
        }
    }
}
