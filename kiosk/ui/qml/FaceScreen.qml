// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

Page {
    id: page

    readonly property var face: Kiosk.face
    readonly property string start: Kiosk.found.start_ms > 0 ? Strings.time(Kiosk.hall.at(Kiosk.found.start_ms)) : ""

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
            CameraView { anchors.fill: parent; oval: true; progress: page.face.progress }
            Column {
                anchors { horizontalCenter: parent.horizontalCenter; bottom: parent.bottom; bottomMargin: Theme.px(44) }
                width: parent.width - 2 * Theme.px(40)
                spacing: Theme.px(8)
                Label {
                    objectName: "face.hint"
                    width: parent.width
                    horizontalAlignment: Text.AlignHCenter
                    text: page.face.stage === 4 ? qsTr("好了，正在比对") : Strings.hint(page.face.hint)
                    size: 42 / Math.sqrt(Theme.textScale)
                    strong: true
                    color: "#ffffff"
                }
                Label {
                    width: parent.width
                    horizontalAlignment: Text.AlignHCenter
                    text: page.face.tries > 1 && page.face.stage < 4 ? qsTr("刚才没看清，我们再来一次")
                                                                     : qsTr("第 %1 步，共 4 步").arg(page.face.stage)
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
