// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

// What the items of a case refer to: beside them or above them, can be closed, and stays where it was read to.
Rectangle {
    id: pane

    property bool open: true
    readonly property var sitting: Kiosk.sitting
    readonly property string caseId: sitting.caseId
    readonly property real needed: head.implicitHeight + Theme.px(40) + (open ? scroll.contentHeight + Theme.px(8) : 0)

    signal figure(int number)

    function keep() {
        if (caseId === "")
            return
        const places = Object.assign({}, sitting.casePlaces)
        places[caseId] = { y: scroll.contentY, open: open }
        sitting.casePlaces = places
    }
    function recall() {
        const place = sitting.casePlaces[caseId]
        open = place ? place.open : true
        scroll.contentY = place ? Math.max(0, Math.min(place.y, scroll.contentHeight - scroll.height)) : 0
    }
    function by(step) {
        scroll.by(step)
        keep()
    }

    color: Theme.card
    border.width: Theme.high ? 2 : 1
    border.color: Theme.line
    onCaseIdChanged: Qt.callLater(recall)
    Component.onCompleted: Qt.callLater(recall)

    RowLayout {
        id: head
        anchors { left: parent.left; right: parent.right; top: parent.top; margins: Theme.px(20); leftMargin: Theme.px(36) }
        spacing: Theme.px(20)
        Label {
            objectName: "paper.case.title"
            Layout.fillWidth: true
            text: pane.sitting.caseTo > pane.sitting.caseFrom
                  ? qsTr("案例材料（第 %1 至 %2 题）").arg(pane.sitting.caseFrom).arg(pane.sitting.caseTo) : qsTr("案例材料")
            size: 24
            strong: true
            color: Theme.accentDark
        }
        AppButton {
            objectName: "paper.case.toggle"
            text: pane.open ? qsTr("收起材料") : qsTr("展开材料")
            size: 22
            padding: Theme.px(20)
            onClicked: {
                pane.open = !pane.open
                pane.keep()
            }
        }
    }
    Scroll {
        id: scroll
        objectName: "paper.case.scroll"
        anchors { left: parent.left; right: parent.right; top: head.bottom; bottom: parent.bottom; topMargin: Theme.px(12); leftMargin: Theme.px(36); rightMargin: Theme.px(12); bottomMargin: Theme.px(16) }
        visible: pane.open
        clip: true
        onMovementEnded: pane.keep()
        Words {
            name: "paper.case.text"
            width: parent.width
            words: pane.sitting.caseText
            html: pane.sitting.caseHtml
            size: 30
            lineHeight: 1.12
            opens: true
            onFigure: number => pane.figure(number)
        }
    }
}
