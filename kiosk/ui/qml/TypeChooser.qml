// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Layouts
import Invigil.Kiosk

// Which document; the common one first, the others behind one button.
Flow {
    id: chooser

    property bool open: false
    readonly property var others: ["hmt_residence", "permanent_resident", "hm_permit", "tw_permit", "passport"]

    spacing: Theme.gap

    Repeater {
        model: chooser.open ? ["resident_id"].concat(chooser.others) : [Kiosk.document.kind]
        AppButton {
            required property string modelData
            objectName: "find.type." + modelData
            text: Strings.idType(modelData)
            size: 22
            padding: Theme.px(24)
            checked: Kiosk.document.kind === modelData
            onClicked: {
                Kiosk.document.kind = modelData
                chooser.open = false
            }
        }
    }
    AppButton {
        objectName: "find.type.more"
        visible: !chooser.open
        text: qsTr("换一种证件")
        size: 22
        padding: Theme.px(24)
        onClicked: chooser.open = true
    }
}
