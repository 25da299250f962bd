// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Window
import Invigil.Kiosk

Window {
    id: window

    property string screen: Kiosk.screen
    readonly property QtObject theme: Theme     // for tests
    readonly property var screens: ({
        connecting: "ConnectingScreen", welcome: "WelcomeScreen", find: "FindScreen", walkin: "WalkInScreen",
        choose: "ChooseScreen", directions: "DirectionsScreen", consent: "ConsentScreen", face: "FaceScreen",
        waiting: "WaitingScreen", refused: "RefusedScreen", confirm: "ConfirmScreen",
        instructions: "InstructionsScreen", paper: "PaperScreen", map: "MapScreen", review: "ReviewScreen", withdraw: "WithdrawScreen",
        submitting: "SubmittingScreen", result: "ResultScreen", wipe: "WipeScreen"
    })

    objectName: "kiosk.window"
    title: "Invigil"
    width: 1920
    height: 1080
    color: Theme.paper

    Binding { target: Theme; property: "viewWidth"; value: window.width }
    Binding { target: Theme; property: "viewHeight"; value: window.height }

    Loader {
        id: stage
        objectName: "kiosk.stage"
        anchors.fill: parent
        focus: true
        visible: !hall.covers
        source: window.screens[window.screen] + ".qml"
        onLoaded: item.forceActiveFocus()
    }
    ProctorLayer {
        id: hall
        objectName: "kiosk.proctor"
        anchors.fill: parent
        onCoversChanged: if (!covers && stage.item) stage.item.forceActiveFocus()
    }
}
