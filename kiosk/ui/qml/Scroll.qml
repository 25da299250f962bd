// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Invigil.Kiosk

// Content that may be longer than its place; a bar tells so.
Flickable {
    id: scroll
    default property alias content: inner.data
    property real padding: 0
    property real reserve: Theme.px(24)     // for the bar, always: a width that depends on the height loops

    contentWidth: width
    contentHeight: inner.childrenRect.height + 2 * padding
    clip: contentHeight > height
    interactive: contentHeight > height
    boundsBehavior: Flickable.StopAtBounds

    function by(step) { contentY = Math.max(0, Math.min(contentHeight - height, contentY + step)) }

    Item {
        id: inner
        y: scroll.padding
        width: scroll.width - scroll.reserve
        height: childrenRect.height
    }
    Rectangle {
        parent: scroll
        anchors.right: parent.right
        visible: scroll.contentHeight > scroll.height + 1
        width: Theme.px(10)
        radius: width / 2
        color: Theme.ink3
        y: scroll.height * scroll.visibleArea.yPosition
        height: Math.max(40, scroll.height * scroll.visibleArea.heightRatio)
    }
}
