// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

Page {
    id: page

    readonly property var hall: Kiosk.hall.state
    readonly property bool open: Kiosk.hall.online && hall.open_now === true
    readonly property bool walkIn: open && hall.walk_in === true

    title: qsTr("%1 · %2").arg(Strings.pick(hall.site_name)).arg(hall.room || "")
    notes: hall.demo === true ? [qsTr("演示")] : []
    // Large letters on a small screen: the three ways move to the foot and the rest scrolls.
    readonly property bool tight: Theme.textScale / Theme.unit > 1.7

    footer: tight
    leftSide: Loader { active: page.tight; visible: active; sourceComponent: ways }
    margin: Theme.px(120)

    Scroll {
        anchors.fill: parent
        GridLayout {
            width: parent.width
            height: Math.max(implicitHeight, page.bodyItem.height)
            columns: 2
            columnSpacing: Theme.px(72)

            ColumnLayout {
                Layout.fillWidth: true
                Layout.preferredWidth: 600
                Layout.alignment: Qt.AlignVCenter
                spacing: Theme.px(10)
                Label {
                    objectName: "welcome.clock"
                    text: Strings.time(Kiosk.hall.now)
                    size: 128 / Theme.textScale
                    font.weight: Font.Bold
                    lineHeight: 0.9
                }
                Label {
                    Layout.fillWidth: true
                    text: qsTr("%1 · %2").arg(Strings.date(Kiosk.hall.now)).arg(
                        page.hall.always_open ? qsTr("全天开放") : page.hall.open_now ? qsTr("现在开放") : qsTr("现在不开放"))
                    size: 28
                    color: Theme.ink2
                }
                Label {
                    Layout.fillWidth: true
                    Layout.topMargin: Theme.px(48)
                    text: qsTr("您好，请在这里入场")
                    size: 56 / Math.sqrt(Theme.textScale)
                    strong: true
                }
                Label {
                    objectName: "welcome.invite"
                    Layout.fillWidth: true
                    text: !Kiosk.hall.online ? qsTr("暂时连不上服务器，正在自动重连，请稍等。")
                        : !page.open ? qsTr("现在不在开放时间。已预约的请按预约时间再来。")
                        : Kiosk.hasReader && Kiosk.readerFault === ""
                          ? page.walkIn && page.hall.free_seats > 0
                            ? qsTr("有预约的请把身份证放在读卡器上，或出示二维码；\n没有预约也可以，现在还有空座。")
                            : qsTr("有预约的请把身份证放在读卡器上，或出示二维码。")
                        : page.walkIn && page.hall.free_seats > 0
                          ? qsTr("有预约的请出示二维码或输入证件号；\n没有预约也可以，现在还有空座。")
                          : qsTr("有预约的请出示二维码或输入证件号。")
                    size: 28
                    color: Kiosk.hall.online ? Theme.ink2 : Theme.amber
                    lineHeight: 1.05
                }
                Loader {
                    Layout.fillWidth: true
                    Layout.topMargin: Theme.px(40)
                    active: !page.tight
                    visible: active
                    sourceComponent: ways
                }
            }
            WelcomeAside {
                Layout.fillWidth: true
                Layout.preferredWidth: 520
                Layout.alignment: Qt.AlignVCenter
                hall: page.hall
            }
        }
    }
    Component { id: ways; WelcomeWays { open: page.open; walkIn: page.walkIn; offered: page.hall.walk_in === true } }
}
