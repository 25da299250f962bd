// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
pragma Singleton
import QtQuick
import Invigil.Kiosk

// Words that several screens share.
QtObject {
    function pick(wording) {
        if (!wording)
            return ""
        return Kiosk.language === "en" ? (wording.en || wording.zh || "") : (wording.zh || wording.en || "")
    }
    function time(date) { return Qt.formatDateTime(date, "HH:mm") }
    function date(date) {
        if (Kiosk.language === "en")
            return date.toLocaleDateString(Qt.locale("en_GB"), "dddd d MMMM")
        return date.toLocaleDateString(Qt.locale("zh_CN"), "M 月 d 日 dddd")
    }
    // The day in China of a UTC instant, wherever the site is: a pass counts through the whole of it.
    function dayInChina(utcMs) { return new Date(utcMs + 8 * 3600 * 1000).toISOString().slice(0, 10) }
    function dayAndTime(date) { return qsTr("%1 %2").arg(Strings.date(date)).arg(time(date)) }
    function timeLeft(seconds) {
        const two = n => (n < 10 ? "0" : "") + n
        return Math.floor(seconds / 3600) + ":" + two(Math.floor(seconds / 60) % 60) + ":" + two(seconds % 60)
    }
    function idType(type) {
        switch (type) {
        case "hmt_residence": return qsTr("港澳台居民居住证")
        case "permanent_resident": return qsTr("外国人永久居留证")
        case "hm_permit": return qsTr("港澳通行证（回乡证）")
        case "tw_permit": return qsTr("台湾通行证（台胞证）")
        case "passport": return qsTr("护照")
        default: return qsTr("居民身份证")
        }
    }
    function itemType(type) {
        switch (type) {
        case "true_false": return qsTr("判断题")
        case "multiple_choice": return qsTr("多选题")
        case "numeric": return qsTr("填数题")
        case "short_text": return qsTr("填空题")
        default: return qsTr("单选题")
        }
    }
    function isTyped(type) { return type === "numeric" || type === "short_text" }
    function letter(index) { return "ABCDEFGH".charAt(index) }
    function numberVerdict(verdict) {
        switch (verdict) {
        case "good": return qsTr("号码完整，可以继续")
        case "bad_check": return qsTr("号码对不上，可能有一位按错了，请核对")
        case "bad_date": return qsTr("号码里的出生日期不对，请核对第 7 到 14 位")
        case "bad_form": return qsTr("这不像所选证件的号码，请核对证件种类和号码")
        default: return ""
        }
    }
    function hint(id) {
        switch (id) {
        case "": return qsTr("请看着屏幕")
        case "no_face": return qsTr("请站到屏幕前")
        case "several_faces": return qsTr("请让画面里只有您一个人")
        case "come_closer": return qsTr("请靠近一点")
        case "move_back": return qsTr("请后退一点")
        case "centre_face": return qsTr("请把脸放到圈的中间")
        case "look_straight": return qsTr("请正对屏幕")
        case "more_light": return qsTr("光线有点暗，请转向亮处")
        case "less_light": return qsTr("光线有点强，请稍微侧身避光")
        case "hold_still": return qsTr("请稍微停一下，不要动")
        case "open_eyes": return qsTr("请睁开眼睛看屏幕")
        case "light_left": return qsTr("左边光线太暗，请让光从正面照过来")
        case "light_right": return qsTr("右边光线太暗，请让光从正面照过来")
        case "low_contrast": return qsTr("画面发白看不清，请避开身后的窗户或灯光")
        case "getting_ready": return qsTr("摄像头正在准备，请稍等几秒")
        case "uncover_face": return qsTr("请摘下口罩或墨镜")
        default: return qsTr("很好，请保持不动")
        }
    }
    // One thing at a time, said as it is done: the person's own left and right.
    function action(id) {
        switch (id) {
        case "turn_left": return qsTr("请慢慢向左转头")
        case "turn_right": return qsTr("请慢慢向右转头")
        case "nod": return qsTr("请点一下头")
        case "open_mouth": return qsTr("请张开嘴")
        case "blink": return qsTr("请闭上眼睛，数一秒再睁开")
        default: return qsTr("很好，请看着屏幕")
        }
    }
    // What a person can do about what the camera noticed; anything else is an invigilator's own words.
    function concern(id) {
        switch (id) {
        case "absent": return qsTr("请坐到屏幕前，继续答题。")
        case "second_person": return qsTr("考试要一个人完成，请让旁边的人离开。")
        case "other_person": return qsTr("请正对屏幕，让摄像头看清您的脸。")
        case "looking_away": return qsTr("请看着屏幕答题。")
        case "face_hidden": return qsTr("请露出整张脸，正对镜头，让摄像头看清您。")
        case "camera_covered": return qsTr("请不要挡住屏幕上方的摄像头。")
        case "camera_moved": return qsTr("摄像头的位置变了，请坐正，面向屏幕。")
        case "camera_frozen": return qsTr("摄像头的画面不动了，监考员会来查看，您可以继续答题。")
        case "camera_lost": return qsTr("摄像头没有画面，监考员会来查看，您可以继续答题。")
        default: return id
        }
    }
    // The same over a paper that stands still.
    function paused(id) {
        switch (id) {
        case "camera_frozen": return qsTr("摄像头的画面不动了，监考员会来查看。")
        case "camera_lost": return qsTr("摄像头没有画面，监考员会来查看。")
        case "invigilator": return qsTr("监考员请您稍等一下。")
        default: return concern(id)
        }
    }
    function why(id) {
        switch (id) {
        case "declined": return qsTr("您选择了不刷脸，由远程监考员核对，不影响考试。")
        case "no_model": return qsTr("这台机器现在不能刷脸比对，已转给远程监考员。")
        case "photos_differ": return qsTr("用来核对的几张照片不像同一个人，已转给远程监考员。")
        case "card_name": return qsTr("身份证上的姓名和预约的不一样，请远程监考员看一看。")
        case "no_photo": return qsTr("没有可以比对的预约照片，已转给远程监考员。")
        case "no_camera": return qsTr("这台机器的摄像头现在不能用，已转给远程监考员。")
        case "camera_not_allowed": return qsTr("本考场不用这个摄像头刷脸，已转给远程监考员。")
        case "liveness": return qsTr("几次都没有看清动作，请远程监考员看一看，不影响考试。")
        case "second_opinion": return qsTr("机器没有把握，请远程监考员看一看。")
        case "low_score": return qsTr("机器没有把握，请远程监考员看一看。")
        default: return qsTr("已按您的要求转给远程监考员。")
        }
    }
    function readerFault(reason) {
        return reason === "card_reader_unplugged" ? qsTr("读卡器没有接好，正在重试；请先用上面别的方式。")
                                                  : qsTr("读卡器没有正常应答，正在重试；请先用上面别的方式。")
    }
    function cardError(id) {
        switch (id) {
        case "card_expired": return qsTr("这张证件已过有效期，请换有效的证件，或输入证件号。")
        case "card_not_yet": return qsTr("这张证件还没到生效日期，请换有效的证件，或输入证件号。")
        case "card_moved": return qsTr("没有读完，请把证件拿起再放平，屏幕变了再拿走。")
        case "card_refused": return qsTr("读卡器不认这张证件，请放证件原件，或输入证件号。")
        case "card_unknown": return qsTr("这种证件读不了，请输入证件号。")
        case "card_unreadable": return qsTr("没有读懂这张证件，请拿起再放一次，或输入证件号。")
        default: return ""
        }
    }
    function errorText() {
        if (Kiosk.errorId === "")
            return ""
        const words = Kiosk.language === "en" ? Kiosk.errorEn : Kiosk.errorZh
        if (words !== "")
            return words
        if (cardError(Kiosk.errorId) !== "")
            return cardError(Kiosk.errorId)
        if (Kiosk.errorId === "unreachable")
            return qsTr("暂时连不上考试服务器，请稍等几秒再试一次。")
        if (Kiosk.errorId === "cannot_write")
            return qsTr("这台机器现在存不下答案，请换一个座位，或稍后再试。")
        return qsTr("没有办成（%1），请再试一次；还不行请换一台机器。").arg(Kiosk.errorId)
    }
}
