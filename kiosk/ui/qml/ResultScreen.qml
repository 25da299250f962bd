// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

Page {
    id: page

    readonly property var result: Kiosk.result
    readonly property bool passed: result.passed === true

    title: qsTr("考试结束")
    notes: [qsTr("%1 秒后自动退出").arg(Kiosk.leaveIn)]
    rightSide: AppButton { objectName: "result.done"; kind: "primary"; text: qsTr("完成"); onClicked: Kiosk.leave() }
    Keys.onReturnPressed: Kiosk.leave()
    Keys.onEnterPressed: Kiosk.leave()

    Scroll {
        anchors.fill: parent
        padding: Theme.px(36)
        GridLayout {
            width: parent.width
            columns: 2
            columnSpacing: Theme.px(72)

            ResultScore {
                Layout.fillWidth: true
                Layout.preferredWidth: 600
                Layout.alignment: Qt.AlignTop
                result: page.result
                passed: page.passed
            }
            Loader {
                Layout.fillWidth: true
                Layout.preferredWidth: 480
                Layout.alignment: Qt.AlignTop
                sourceComponent: page.passed && page.result.credential ? proof : again
            }
        }
    }
    Component { id: proof; ResultProof { result: page.result; room: page.bodyItem.height - 2 * Theme.px(36) } }
    Component { id: again; ResultAgain { result: page.result; passed: page.passed } }
}
