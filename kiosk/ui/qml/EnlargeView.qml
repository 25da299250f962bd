// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

// A picture or a table as large as the screen: zoomed by buttons, wheel, two fingers or + and -, moved by dragging or the
// arrows, closed by a tap, Esc or the button.
FocusScope {
    id: view

    required property var figures   // of SittingModel::figures
    property int current: 0
    readonly property var figure: figures[current] || ({})
    readonly property bool table: figure.kind === "table"
    readonly property real zoomMax: table ? 3 : 6
    readonly property real fit: picture.size.width > 0 ? Math.min(place.width / picture.size.width, place.height / picture.size.height, 4) : 1
    property real zoom: 1           // 1 = as it fits

    signal closed()

    // What is in the middle stays there.
    function zoomTo(wanted) {
        const x = (place.contentX + place.width / 2) / place.contentWidth, y = (place.contentY + place.height / 2) / place.contentHeight
        zoom = Math.max(1, Math.min(zoomMax, wanted))
        place.contentX = Math.max(0, Math.min(place.contentWidth - place.width, x * place.contentWidth - place.width / 2))
        place.contentY = Math.max(0, Math.min(place.contentHeight - place.height, y * place.contentHeight - place.height / 2))
    }
    function pan(dx, dy) {
        place.contentX = Math.max(0, Math.min(place.contentWidth - place.width, place.contentX + dx))
        place.contentY = Math.max(0, Math.min(place.contentHeight - place.height, place.contentY + dy))
    }
    function turn(step) {
        current = (current + step + figures.length) % figures.length
        zoom = 1
        place.contentX = place.contentY = 0
        Qt.callLater(begin)
    }
    // A small table begins larger than it stands in the text.
    function begin() {
        if (table && words.implicitWidth > 0)
            zoom = Math.max(1, Math.min(2, place.width / words.implicitWidth, place.height / words.implicitHeight))
    }
    Component.onCompleted: Qt.callLater(begin)
    function caption() {
        const what = table ? qsTr("表格") : qsTr("图片")
        const of = figure.place === "case" ? qsTr("案例材料") : figure.place === "stem" ? qsTr("题目") : qsTr("选项 %1").arg(figure.place)
        return qsTr("%1 · %2").arg(of).arg(what) + (figures.length > 1 ? qsTr("（%1/%2）").arg(current + 1).arg(figures.length) : "")
    }

    Keys.onPressed: event => {
        event.accepted = event.key !== Qt.Key_Tab && event.key !== Qt.Key_Backtab
        switch (event.key) {
        case Qt.Key_Escape: case Qt.Key_Return: case Qt.Key_Enter: case Qt.Key_Z: view.closed(); break
        case Qt.Key_Plus: case Qt.Key_Equal: view.zoomTo(view.zoom * 1.5); break
        case Qt.Key_Minus: view.zoomTo(view.zoom / 1.5); break
        case Qt.Key_0: view.zoomTo(1); break
        case Qt.Key_Left: view.pan(-120, 0); break
        case Qt.Key_Right: view.pan(120, 0); break
        case Qt.Key_Up: view.pan(0, -120); break
        case Qt.Key_Down: view.pan(0, 120); break
        case Qt.Key_PageUp: view.turn(-1); break
        case Qt.Key_PageDown: view.turn(1); break
        }
    }

    Rectangle { anchors.fill: parent; color: Theme.paper }
    MouseArea { anchors.fill: parent; onWheel: wheel => wheel.accepted = true }
    RowLayout {
        id: head
        anchors { left: parent.left; right: parent.right; top: parent.top; margins: Theme.px(24); leftMargin: Theme.px(48); rightMargin: Theme.px(48) }
        spacing: Theme.px(24)
        Label { objectName: "enlarge.caption"; Layout.fillWidth: true; text: view.caption(); size: 26; strong: true }
        Label {
            text: qsTr("剩余 %1").arg(Strings.timeLeft(Kiosk.sitting.secondsLeft))
            size: 24
            color: Kiosk.sitting.secondsLeft <= 300 ? Theme.amber : Theme.ink2
            Layout.maximumWidth: parent.width * 0.4
        }
    }
    Flickable {
        id: place
        objectName: "enlarge.place"
        anchors { left: parent.left; right: parent.right; top: head.bottom; bottom: foot.top; margins: Theme.px(24); leftMargin: Theme.px(48); rightMargin: Theme.px(48) }
        contentWidth: Math.max(width, content.width)
        contentHeight: Math.max(height, content.height)
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        Item {
            id: content
            x: Math.max(0, (place.width - width) / 2)
            y: Math.max(0, (place.height - height) / 2)
            width: view.table ? words.width : picture.width
            height: view.table ? words.height : picture.height
            PictureView {
                id: picture
                objectName: "enlarge.picture"
                visible: !view.table
                name: view.table ? "" : view.figure.name || ""
                width: Math.round(size.width * view.fit * view.zoom)
                height: Math.round(size.height * view.fit * view.zoom)
                Accessible.role: Accessible.Graphic
                Accessible.name: view.caption()
            }
            ItemText {
                id: words
                objectName: "enlarge.table"
                visible: view.table
                natural: true
                html: view.figure.html || ""
                family: Theme.family
                pixelSize: Theme.type(36) * view.zoom
                ink: Theme.ink
                lines: Theme.high ? Theme.ink : Theme.ink3
                unit: Theme.unit
                width: implicitWidth
                height: implicitHeight
                Accessible.role: Accessible.Table
                Accessible.name: text
            }
        }
        TapHandler { onTapped: view.closed() }
        WheelHandler { target: null; acceptedDevices: PointerDevice.Mouse; onWheel: event => view.zoomTo(view.zoom * (event.angleDelta.y > 0 ? 1.2 : 1 / 1.2)) }
        PinchHandler {
            target: null
            property real from: 1
            onActiveChanged: from = view.zoom
            onActiveScaleChanged: view.zoomTo(from * activeScale)
        }
    }
    Rectangle {
        id: foot
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
        height: Theme.target + 2 * Theme.px(24)
        color: Theme.card
        Rectangle { anchors { left: parent.left; right: parent.right; top: parent.top } height: 1; color: Theme.line }
        AppButton {
            objectName: "enlarge.close"
            anchors { left: parent.left; verticalCenter: parent.verticalCenter; leftMargin: Theme.px(72) }
            text: qsTr("返回题目")
            focus: true
            onClicked: view.closed()
        }
        RowLayout {
            anchors { right: parent.right; verticalCenter: parent.verticalCenter; rightMargin: Theme.px(72) }
            spacing: Theme.gap
            AppButton { objectName: "enlarge.previous"; text: qsTr("‹ 上一个"); visible: view.figures.length > 1; padding: Theme.px(20); onClicked: view.turn(-1) }
            AppButton { objectName: "enlarge.next"; text: qsTr("下一个 ›"); visible: view.figures.length > 1; padding: Theme.px(20); onClicked: view.turn(1) }
            AppButton { objectName: "enlarge.out"; text: qsTr("缩小"); enabled: view.zoom > 1; padding: Theme.px(20); onClicked: view.zoomTo(view.zoom / 1.5) }
            AppButton { objectName: "enlarge.in"; kind: "primary"; text: qsTr("放大"); enabled: view.zoom < view.zoomMax; padding: Theme.px(20); onClicked: view.zoomTo(view.zoom * 1.5) }
        }
    }
}
