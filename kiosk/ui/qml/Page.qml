// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

// The frame of every screen: top bar, body, one sentence when something failed, way back left, way on right.
FocusScope {
    id: page

    property alias title: bar.title
    property alias notes: bar.notes
    property alias leftSide: leftRow.data
    property alias rightSide: rightRow.data
    property bool footer: true
    property real margin: Theme.px(96)
    default property alias content: body.data
    readonly property alias bodyItem: body
    // A low screen has no height to spare for the sentence, but width between the ways back and on.
    readonly property bool inFoot: footer && Theme.viewHeight < 900 && rightRow.x - leftRow.x - leftRow.width >= 600

    focus: true

    Rectangle { anchors.fill: parent; color: Theme.paper }
    TopBar {
        id: bar
        anchors { left: parent.left; right: parent.right; top: parent.top }
    }
    Item {
        id: body
        anchors {
            left: parent.left; right: parent.right; top: bar.bottom; bottom: page.inFoot ? foot.top : problem.top
            leftMargin: page.margin; rightMargin: page.margin
        }
    }
    Rectangle {
        id: problem
        z: 1
        anchors {
            left: parent.left; right: parent.right
            bottom: page.inFoot ? undefined : foot.top
            verticalCenter: page.inFoot ? foot.verticalCenter : undefined
            leftMargin: page.inFoot ? leftRow.x + leftRow.width + Theme.px(24) : Theme.px(96)
            rightMargin: page.inFoot ? page.width - rightRow.x + Theme.px(24) : Theme.px(96)
            bottomMargin: visible ? Theme.px(16) : 0
        }
        visible: Kiosk.errorId !== ""
        height: visible ? words.implicitHeight + Theme.px(36) : 0
        radius: Theme.px(16)
        color: Theme.amberWash
        border.width: 2
        border.color: Theme.amber
        Label {
            id: words
            objectName: "error.text"
            anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: Theme.px(28) }
            text: Strings.errorText()
            color: Theme.ink
            Accessible.role: Accessible.AlertMessage
        }
    }
    Rectangle {
        id: foot
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
        visible: page.footer
        height: visible ? Theme.target + 2 * Theme.px(24) : 0
        color: Theme.card
        Rectangle { anchors { left: parent.left; right: parent.right; top: parent.top } height: 1; color: Theme.line }
        RowLayout {
            id: leftRow
            anchors { left: parent.left; verticalCenter: parent.verticalCenter; leftMargin: Theme.px(72) }
            spacing: Theme.px(24)
        }
        RowLayout {
            id: rightRow
            anchors { right: parent.right; verticalCenter: parent.verticalCenter; rightMargin: Theme.px(72) }
            spacing: Theme.px(24)
        }
    }
}
