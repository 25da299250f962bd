// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

Page {
    id: page

    readonly property var sitting: Kiosk.sitting
    readonly property bool last: sitting.position >= sitting.total

    function forward() {
        if (last)
            Kiosk.openReview()
        else
            sitting.goTo(sitting.position + 1)
    }

    title: qsTr("%1 · 理论考试").arg(Strings.pick({ zh: sitting.titleZh, en: sitting.titleEn }))
    notes: [qsTr("%1 · 座位 %2").arg(sitting.nameMasked).arg(Kiosk.hall.state.seat_label || "")]
    margin: 0

    leftSide: [
        AppButton {
            objectName: "paper.prev"
            text: qsTr("‹ 上一题")
            enabled: page.sitting.position > 1
            onClicked: page.sitting.goTo(page.sitting.position - 1)
        },
        AppButton {
            objectName: "paper.flag"
            text: page.sitting.flagged ? qsTr("⚑ 取消标记") : qsTr("⚑ 标记此题")
            checked: page.sitting.flagged
            onClicked: page.sitting.toggleFlag()
        }
    ]
    rightSide: [
        AppButton { objectName: "paper.submit"; text: qsTr("检查并交卷"); visible: !page.last; onClicked: Kiosk.openReview() },
        AppButton {
            objectName: "paper.next"
            kind: "primary"
            text: page.last ? qsTr("检查并交卷 ›") : qsTr("下一题 ›")
            onClicked: page.forward()
        }
    ]

    Keys.onPressed: event => {
        const number = event.key - Qt.Key_1
        const letter = event.key - Qt.Key_A
        event.accepted = true
        if (event.key === Qt.Key_Right || event.key === Qt.Key_PageDown)
            page.last ? 0 : page.forward()
        else if (event.key === Qt.Key_Left || event.key === Qt.Key_PageUp)
            page.sitting.goTo(page.sitting.position - 1)
        else if (event.key === Qt.Key_Return || event.key === Qt.Key_Enter)
            page.forward()
        else if (event.key === Qt.Key_Down)
            item.by(Theme.px(120))
        else if (event.key === Qt.Key_Up)
            item.by(-Theme.px(120))
        else if (number >= 0 && number < 8)
            page.sitting.choose(number)
        else if (event.key === Qt.Key_F && !(page.sitting.options.length > 5 && event.modifiers & Qt.ShiftModifier))
            page.sitting.toggleFlag()
        else if (letter >= 0 && letter < 8)
            page.sitting.choose(letter)
        else
            event.accepted = false
    }

    RowLayout {
        anchors.fill: parent
        spacing: 0
        PaperItem { id: item; Layout.fillWidth: true; Layout.fillHeight: true }
        PaperSide {
            Layout.preferredWidth: Math.max(Theme.px(444), 10 * 36 + 9 * Math.max(4, Theme.px(6)) + 2 * Theme.px(36))
            Layout.fillHeight: true
        }
    }
}
