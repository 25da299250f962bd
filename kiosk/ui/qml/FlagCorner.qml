// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Invigil.Kiosk

// A turned-down corner.
Canvas {
    readonly property color tint: Theme.amber
    onTintChanged: requestPaint()
    onPaint: {
        const g = getContext("2d")
        g.reset()
        g.fillStyle = tint
        g.beginPath()
        g.moveTo(0, 0)
        g.lineTo(width, 0)
        g.lineTo(width, height)
        g.closePath()
        g.fill()
    }
}
