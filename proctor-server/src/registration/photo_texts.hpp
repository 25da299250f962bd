// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace invigil::server {

/// The consent to the reference photo. A changed text needs a new version: consent is given to one text only.
/// Source: PIPL arts. 15, 28-30, 47; 人脸识别技术应用安全管理办法 (Order 19, 2025) arts. 5, 6, 8, 10.
constexpr const char* kPhotoConsentVersion = "reference-photo-4";

constexpr const char* kPhotoConsentZh =
    "这份同意书只涉及您的参考照片，与预约本身分开，由您自己决定。\n\n"
    "用途：考试当天，考试机用摄像头拍下的画面与照片比对，确认来考试的是您本人。照片不用于其他任何用途。\n\n"
    "处理什么：您上传的正面照片（一张，您愿意时最多三张，例如戴与不戴眼镜的），属于敏感个人信息中的人脸信息。照片加密保存在本考试中心的服务器上；"
    "考试当天只发送到您就座的那台考试机，离开该步骤即从考试机清除。需要人工核验时，值班的远程监考员可以看到照片。"
    "不提供给其他机构。\n\n"
    "保存多久：您撤回同意时立即删除；您的考试资格结束（通过、次数用完或到期）后自动删除。\n\n"
    "不同意也可以：不上传照片不影响预约、考试和成绩。到考场后由工作人员核对您的身份证件：由现场监考人员，或由远程监考员"
    "通过考场摄像头、电话核对，以考点安排为准；不收费，也没有任何不利后果。\n\n"
    "您的权利：您可以随时在本页面撤回同意、删除或更换照片；撤回不影响此前已经完成的核验。"
    "您也可以向考试中心查询、更正您的信息或提出投诉。\n\n"
    "可能的影响：照片一旦泄露，可能被他人冒用，因此我们加密保存、限制查看并留下操作记录。";

constexpr const char* kPhotoConsentEn =
    "This consent is about your reference photos only. It is separate from the booking, and it is your choice.\n\n"
    "Purpose: on the day of the exam the kiosk compares what its camera sees with these photos, to confirm that it is you who "
    "sits the exam. They are used for nothing else.\n\n"
    "What is handled: one photo of your face that you upload, or up to three if you wish (say with and without glasses); a face is "
    "sensitive personal information. Photos are stored encrypted on this examination centre's server. On the day they are sent "
    "only to the kiosk at your seat, which wipes them after that step. When a person has to check, the remote invigilator on duty can "
    "see them. Nobody else receives them.\n\n"
    "How long: they are deleted at once when you withdraw this consent, and by themselves after your eligibility ends (passed, "
    "attempts used up, or expired).\n\n"
    "You may decline: without a photo you can book, sit and receive your result all the same. A person then checks your "
    "identity document: staff at the hall, or the remote invigilator through the room's camera or by telephone, as the site arranges it, "
    "free of charge and without any disadvantage.\n\n"
    "Your rights: you can withdraw this consent, delete or replace the photos on this page at any time; checks already made stay "
    "valid. You may also ask the centre to see or correct your data, or complain.\n\n"
    "Possible effect: a leaked photo could be misused by others; that is why photos are encrypted, few people may see them, and "
    "each change is recorded.";

/// Why a photo was not accepted, and what to do. `id` as PhotoChecker gives it.
struct PhotoReason {
  const char *id, *zh, *en;
};

constexpr PhotoReason kPhotoReasons[] = {
    {"other_person", "这张照片与已经留下的照片不像同一个人。请拍本人；如果先前的照片拍错了，请选“换掉重拍”。",
     "This does not look like the person in the photo already kept. Please take your own; if the earlier one was wrong, choose Replace."},
    {"no_face", "照片里没有找到人脸，请正对镜头重新拍一张。",
     "No face was found; please face the camera and take another."},
    {"several_faces", "照片里不止一个人，请单独拍摄。", "There is more than one person; please take it alone."},
    {"come_closer", "人脸太小，请靠近一些再拍。", "The face is too small; please come closer."},
    {"move_back", "人脸太大，请离远一些再拍。", "The face is too large; please move back a little."},
    {"centre_face", "人脸不在画面中央，请居中再拍。", "The face is off centre; please centre it."},
    {"look_straight", "请正对镜头，不要侧脸或低头。", "Please look straight into the camera."},
    {"more_light", "光线太暗，请到亮一些的地方再拍。", "It is too dark; please find more light."},
    {"less_light", "光线太强，请避开强光再拍。", "It is too bright; please avoid strong light."},
    {"hold_still", "照片模糊，请拿稳手机再拍。", "It is blurred; please hold the phone still."},
    {"open_eyes", "请睁开眼睛再拍。", "Please keep your eyes open."},
    {"uncover_face", "请摘下口罩、墨镜等遮挡物再拍。", "Please take off what covers the face, such as a mask."},
    {"too_small", "照片里的人脸太小，请靠近一些再拍。", "The face is too small in the picture; please come closer."},
    {"too_close", "人脸离镜头太近，请退后一些再拍。", "The face is too close; please move back a little."},
    {"head_cut_off", "头部没有完整入镜，请让整个头部都在画面里再拍。",
     "The head is cut off; please keep the whole head in the picture."},
    {"not_frontal", "请正对镜头再拍，不要侧脸、仰头或低头。", "Please face the camera straight on and take another."},
    {"tilted", "头歪了，请把头摆正再拍。", "The head is tilted; please hold it upright."},
    {"too_dark", "光线太暗，请到亮一些的地方再拍。", "It is too dark; please find more light."},
    {"too_bright", "光线太强，请避开强光再拍。", "It is too bright; please avoid strong light."},
    {"uneven_light", "脸上的光一边亮一边暗，请面向光源再拍。",
     "One side of the face is darker; please turn towards the light."},
    {"low_contrast", "照片发灰，看不清五官，请换个光线再拍。", "The face is washed out; please try other light."},
    {"blurred", "照片模糊，请拿稳手机、擦净镜头再拍。", "It is blurred; please hold the phone still and wipe its lens."},
    {"eyes_closed", "请睁开眼睛再拍。", "Please keep your eyes open and take another."},
    {"mouth_open", "请闭上嘴、表情自然地再拍。", "Please close your mouth and take another."},
    {"face_covered", "脸被遮住了，请摘下口罩、墨镜等遮挡物再拍。",
     "The face is covered; please take off masks or dark glasses."},
    {"unsure_face", "照片里的人脸不够清楚，请正对镜头重新拍一张。",
     "The face is not clear enough; please face the camera and take another."},
    {"photo_of_screen", "这像是翻拍的照片或屏幕，请直接对着本人拍摄。",
     "This looks like a picture of a photo or screen; please photograph the person directly."},
    {"bad_image", "照片无法打开，请换一张 JPEG 或 PNG 照片。",
     "The picture cannot be opened; please use a JPEG or PNG."},
};
constexpr PhotoReason kOtherReason = {"unsuitable", "这张照片不适合比对，请按提示重新拍一张。",
                                      "This photo does not suit; please take another."};

}  // namespace invigil::server
