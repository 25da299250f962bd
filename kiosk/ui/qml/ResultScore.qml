// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

ColumnLayout {
    id: score

    required property var result
    required property bool passed

    spacing: Theme.px(16)

    Rectangle {
        implicitWidth: verdict.implicitWidth + Theme.px(56)
        implicitHeight: verdict.implicitHeight + Theme.px(24)
        radius: Theme.px(16)
        color: score.passed ? Theme.wash : Theme.amberWash
        Label {
            id: verdict
            objectName: "result.verdict"
            anchors.centerIn: parent
            text: score.passed ? qsTr("✓ 合格") : qsTr("这次没有合格")
            size: 32
            strong: true
            color: score.passed ? Theme.accentDark : Theme.amber
        }
    }
    Item {
        Layout.fillWidth: true
        implicitHeight: points.height
        Label {
            id: points
            objectName: "result.points"
            text: score.result.points === undefined ? "" : score.result.points
            size: 168 / Theme.textScale
            font.weight: Font.Bold
            wrapMode: Text.NoWrap
            lineHeight: 0.85
            color: score.passed ? Theme.accent : Theme.ink
        }
        Label {
            anchors { left: points.right; leftMargin: Theme.px(20); right: parent.right; baseline: points.baseline }
            text: qsTr("/ %1 分，%2 分合格").arg(score.result.points_max || 0).arg(score.result.pass_points || 0)
            size: 36 / Math.sqrt(Theme.textScale)
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: 16
            wrapMode: Text.NoWrap
            color: Theme.ink2
        }
    }
    Column {
        Layout.fillWidth: true
        spacing: Theme.px(20)
        Repeater {
            model: score.result.topics || []
            Item {
                required property var modelData
                readonly property real share: modelData.points_max > 0 ? modelData.points / modelData.points_max : 0
                width: parent.width
                height: Math.max(topic.height, Theme.px(40))
                Label {
                    id: topic
                    anchors { left: parent.left; verticalCenter: parent.verticalCenter }
                    width: parent.width * 0.36
                    text: Strings.pick(modelData.title)
                    size: 24
                    strong: true
                }
                Rectangle {
                    anchors { left: topic.right; right: counted.left; verticalCenter: parent.verticalCenter; leftMargin: Theme.px(20); rightMargin: Theme.px(24) }
                    height: Theme.px(18)
                    radius: height / 2
                    color: Theme.track
                    Rectangle {
                        width: parent.width * share
                        height: parent.height
                        radius: height / 2
                        color: share < 0.7 ? Theme.amber : Theme.accent
                    }
                }
                Label {
                    id: counted
                    anchors { right: parent.right; verticalCenter: parent.verticalCenter }
                    width: Theme.type(24) * 3.6
                    text: qsTr("%1/%2").arg(modelData.points).arg(modelData.points_max)
                    size: 24
                    wrapMode: Text.NoWrap
                    horizontalAlignment: Text.AlignRight
                }
            }
        }
    }
}
