// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
pragma Singleton
import QtQuick

// The tokens of the look: colours, sizes, steps. Everything scales from here.
QtObject {
    property real viewWidth: 1920
    property real viewHeight: 1080
    property int textStep: 0                    // 0..3
    property string scheme: "light"             // light, dark, contrast
    property bool stillness: false              // no movement at all

    readonly property real unit: Math.max(0.66, Math.min(1.4, viewWidth / 1920, viewHeight / 1080))
    readonly property real textScale: [1, 1.15, 1.3, 1.5][textStep]
    readonly property int target: 80
    readonly property int gap: 16
    readonly property int motion: stillness ? 0 : 200
    readonly property string family: "Noto Sans CJK SC"

    function px(n) { return Math.round(n * unit) }
    function type(n) { return Math.round(n * Math.max(unit, 0.75) * textScale) }

    readonly property bool dark: scheme === "dark"
    readonly property bool high: scheme === "contrast"
    function tone(light, dark, high) { return theme.high ? high : theme.dark ? dark : light }
    readonly property QtObject theme: QtObject {
        readonly property bool dark: scheme === "dark"
        readonly property bool high: scheme === "contrast"
    }

    readonly property color ink: tone("#14211f", "#eaf1ef", "#ffffff")
    readonly property color ink2: tone("#4b5b58", "#bccac6", "#ffffff")
    readonly property color ink3: tone("#5f6c68", "#9fb0ab", "#f0f0f0")
    readonly property color paper: tone("#f6f8f6", "#101816", "#000000")
    readonly property color card: tone("#ffffff", "#1a2523", "#000000")
    readonly property color line: tone("#dfe6e3", "#33423e", "#ffffff")
    readonly property color accent: tone("#0b6b5e", "#43cdb6", "#ffe14d")
    readonly property color accentInk: tone("#ffffff", "#06231e", "#000000")
    readonly property color accentDark: tone("#074b42", "#9be8da", "#ffe14d")
    readonly property color wash: tone("#e3f1ee", "#17362f", "#2b2700")
    readonly property color amber: tone("#995c00", "#f2b860", "#ffc24d")
    readonly property color amberWash: tone("#fdf1dd", "#33270f", "#2b1d00")
    readonly property color red: tone("#b3261e", "#ff9a90", "#ffaaa2")
    readonly property color ok: tone("#1e7d43", "#74d693", "#7df0a0")
    readonly property color okInk: tone("#ffffff", "#06231e", "#000000")
    readonly property color track: tone("#dfe6e3", "#33423e", "#5a5a5a")

    function reset() {
        textStep = 0
        scheme = "light"
    }
}
