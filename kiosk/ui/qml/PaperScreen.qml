// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

Page {
    id: page

    readonly property var sitting: Kiosk.sitting
    readonly property bool last: sitting.position >= sitting.total

    function enlarge(place, number) {
        enlarged.from = sitting.figures.findIndex(figure => figure.place === place && figure.number === number)
        enlarged.active = enlarged.from >= 0
    }
    function forward() {
        if (last)
            Kiosk.openReview()
        else
            sitting.goTo(sitting.position + 1)
    }

    // After an answer that was typed the keys are the page's again.
    readonly property int position: sitting.position
    onPositionChanged: {
        enlarged.active = false
        takeKeys()
    }
    function takeKeys() {
        if (item.typed)
            item.takeKeys()
        else
            forceActiveFocus()
    }

    title: qsTr("%1 · 理论考试").arg(Strings.pick({ zh: sitting.titleZh, en: sitting.titleEn }))
    notes: [qsTr("%1 · 座位 %2").arg(sitting.nameMasked).arg(Kiosk.hall.state.seat_label || "")]
    margin: 0
    footer: !enlarged.active

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
        else if (event.key === Qt.Key_Z && page.sitting.figures.length > 0)
            page.enlarge(page.sitting.figures[0].place, 0)
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
        visible: !enlarged.active
        spacing: 0
        Item {
            id: area
            // Beside the items where both have room for a line that reads well, else above them.
            readonly property bool beside: material.visible && material.open && width >= 34 * Theme.type(30)
            Layout.fillWidth: true
            Layout.fillHeight: true
            CasePane {
                id: material
                objectName: "paper.case"
                visible: page.sitting.caseText !== ""
                width: area.beside ? Math.round(area.width * 0.44) : area.width
                height: !visible ? 0 : area.beside ? area.height : open ? Math.min(needed, Math.round(area.height * 0.45)) : needed
                onFigure: number => page.enlarge("case", number)
            }
            PaperItem {
                id: item
                anchors { right: parent.right; bottom: parent.bottom }
                width: area.beside ? area.width - material.width : area.width
                height: area.beside ? area.height : area.height - material.height
                side: material.visible ? Theme.px(36) : Theme.px(72)
                onEnlarge: (place, number) => page.enlarge(place, number)
            }
        }
        PaperSide {
            Layout.preferredWidth: Math.max(Theme.px(444), 10 * 36 + 9 * Math.max(4, Theme.px(6)) + 2 * Theme.px(36))
            Layout.fillHeight: true
        }
    }

    Loader {
        id: enlarged
        property int from: 0
        anchors.fill: parent
        active: false
        sourceComponent: EnlargeView {
            figures: page.sitting.figures
            current: enlarged.from
            onClosed: {
                enlarged.active = false
                page.takeKeys()
            }
        }
        onLoaded: enlarged.item.forceActiveFocus()
    }
}
