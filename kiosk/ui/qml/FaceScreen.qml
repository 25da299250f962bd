// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

Page {
    id: page

    readonly property var face: Kiosk.face
    readonly property string start: Kiosk.found.start_ms > 0 ? Strings.time(Kiosk.hall.at(Kiosk.found.start_ms)) : ""

    readonly property string instruction: {
        if (face.paused)
            return Strings.pick(Kiosk.admission.advice) || qsTr("刚才没看清，我们再来一次")
        if (face.stage === 4)
            return qsTr("好了，正在比对")
        if (face.prompt !== "")
            return Strings.action(face.prompt)
        return face.acting && face.challenge ? Strings.action("") : Strings.hint(face.hint)
    }

    title: qsTr("核对身份")
    notes: [Strings.pick(Kiosk.admission.title), Kiosk.admission.name_masked || ""]
    footer: false
    margin: 0

    RowLayout {
        anchors.fill: parent
        spacing: 0
        Item {
            Layout.fillWidth: true
            Layout.fillHeight: true
            CameraView { anchors.fill: parent; oval: !page.face.paused; progress: page.face.progress }
            Rectangle { anchors.fill: parent; visible: page.face.paused; color: "#d81a2826" }
            // The screen lights the face: everything but the one instruction makes way.
            Rectangle {
                objectName: "face.light"
                parent: page
                anchors.fill: parent
                z: 10
                visible: page.face.lit
                color: page.face.screen
                Label { anchors.centerIn: parent; text: qsTr("请看着这里，马上就好"); size: 56; strong: true; color: "#0b1211" }
            }
            // The picture is a mirror, so the arrow points where the person turns.
            Label {
                objectName: "face.arrow"
                readonly property bool toLeft: page.face.prompt === "turn_left"
                visible: toLeft || page.face.prompt === "turn_right"
                text: toLeft ? "←" : "→"
                x: toLeft ? Theme.px(48) : parent.width - width - Theme.px(48)
                anchors.verticalCenter: parent.verticalCenter
                size: 150
                strong: true
                color: "#ffffff"
            }
            Column {
                anchors { horizontalCenter: parent.horizontalCenter; bottom: parent.bottom; bottomMargin: Theme.px(44) }
                width: parent.width - 2 * Theme.px(40)
                spacing: Theme.px(8)
                Label {
                    objectName: "face.hint"
                    width: parent.width
                    horizontalAlignment: Text.AlignHCenter
                    text: page.instruction
                    size: 42 / Math.sqrt(Theme.textScale)
                    strong: true
                    color: "#ffffff"
                }
                // How long there is for this action.
                Rectangle {
                    anchors.horizontalCenter: parent.horizontalCenter
                    width: Math.min(parent.width, Theme.px(520))
                    height: Theme.px(10)
                    radius: height / 2
                    color: "#4dffffff"
                    opacity: page.face.prompt === "" ? 0 : 1
                    Rectangle { width: parent.width * page.face.timeLeft; height: parent.height; radius: height / 2; color: "#ffffff" }
                }
                Label {
                    objectName: "face.note"
                    width: parent.width
                    horizontalAlignment: Text.AlignHCenter
                    text: page.face.paused ? qsTr("马上再来一次") : qsTr("第 %1 步，共 4 步").arg(page.face.stage)
                    size: 24
                    color: "#d5dfdc"
                }
            }
        }
        Rectangle {
            Layout.preferredWidth: Math.max(page.width * 0.333, Theme.px(640))
            Layout.fillHeight: true
            color: Theme.card
            FaceAside { anchors { fill: parent; margins: Theme.px(56) } }
        }
    }
}
