// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>

#include "admission/decision.hpp"
#include "app.hpp"

// What a person reads after a try. No sentence says what somebody is thought to have done: a layer that is not convinced
// only means "not by machine".
namespace invigil::server {
namespace {

struct Advice {
  const char *why, *zh, *en;
};

constexpr Advice kAgain[] = {
    {"not_settled", "还没看清您的脸，时间就到了；请照屏幕上的提示调整光线和距离，镜头前只留您一人，再正对镜头。",
     "Time ran out before your face was seen well; please follow the screen about light and distance, sit alone, then face the camera."},
    {"timeout", "时间到了，动作还没有完成；请看着屏幕，提示出现后再慢慢做一次。",
     "Time ran out before the movements were done; please watch the screen and do each one when it is shown."},
    {"wrong_action", "动作和屏幕提示的不一样；请看清提示，按顺序一个一个做。",
     "The movements were not the ones shown; please follow the screen and do them one after another."},
    {"lost_face", "中途看不到您的脸了；请坐在镜头前，动作做小一点，不要离开画面。",
     "Your face went out of the picture; please stay in front of the camera and make smaller movements."},
    {"other_person", "画面里的脸中途有变化；请一个人坐在镜头前，再做一次。",
     "The face in the picture changed on the way; please sit alone in front of the camera and do it again."},
    {"second_person", "画面里还有别人；请旁边的人走开，只留您一个人。",
     "Somebody else is in the picture; please ask them to step aside so that only you are seen."},
    {"moved_early", "动作做早了；请先看着镜头不动，等提示出现再做。",
     "You moved a little early; please keep still until the movement is shown."},
    {"no_pose", "看不清您的头部动作；请正对镜头，让整张脸都在画面里。",
     "Your movements could not be seen well; please face the camera with your whole face in the picture."},
    {"too_fast", "动作没有记录完整；请等提示出现，再一个一个做。",
     "The movements were not recorded in full; please wait for each one to be shown, then do it."},
    {"flat", "请摘下口罩、避开反光，正对镜头；转头时幅度大一点，镜头前只留您本人。",
     "Please take off a mask, avoid reflections, face the camera and turn your head a little further; only you yourself in front of it."},
    {"light", "屏幕的光没有照清您的脸；请靠近一点，避开身后和旁边的强光。",
     "The screen's light did not reach your face; please come closer and away from strong light."},
    {"texture", "请摘下口罩、帽子，避开反光，正对镜头再试一次；镜头前只留您本人。",
     "Please take off a mask or cap, avoid reflections and face the camera again; only you yourself in front of it."},
    {"texture_frames", "正对镜头的画面太少；请做完动作后看着镜头，停两三秒。",
     "There were too few pictures of you facing the camera; please look into it for two or three seconds after the movements."},
    {"too_few_frames", "清楚的画面太少；请坐近一点，正对镜头，保持不动几秒。",
     "There were too few clear pictures; please come a little closer, face the camera and keep still for some seconds."},
    {"low_score", "这次没有认出来；请摘下口罩、帽子，正对镜头，光线亮一些再试。",
     "You were not recognised this time; please take off a mask or cap, face the camera and find a little more light."},
};

constexpr Advice kWaiting[] = {
    {"declined", "监考员会来核对您的证件，可能在现场，也可能通过考场摄像头或电话；请把证件准备好。",
     "An invigilator will check your document: here, through the room's camera or by telephone; please have it at hand."},
    {"no_model", "这台机器现在不能自动核对，远程监考员会来核对，请稍等。",
     "This machine cannot check by itself at the moment; the remote invigilator will do it, please wait."},
    {"photos_differ", "用来核对的几张照片不像同一个人，远程监考员会核对您的证件，请把证件准备好。",
     "The photos to compare with do not look like one person; the remote invigilator will check your document, please have it at hand."},
    {"no_photo", "预约时没有留照片，远程监考员会核对您的证件，请把证件准备好。",
     "There is no photo from your booking; the remote invigilator will check your document, please have it at hand."},
    {"card_name", "身份证上的姓名和预约的姓名不一样，远程监考员会核对，请把身份证准备好。",
     "The name on your ID card is not the one in the booking; the remote invigilator will check, please have your card at hand."},
    {"no_camera", "摄像头没有画面，远程监考员会联系您，请稍等。",
     "The camera gives no picture; the remote invigilator will contact you, please wait."},
    {"asked", "已请远程监考员核对，请把证件准备好。", "The remote invigilator has been asked; please have your document at hand."},
    {"camera_not_allowed", "这台机器的摄像头不在允许之列，由远程监考员核对，请把证件准备好。",
     "This machine's camera is not on the hall's list; the remote invigilator will check, please have your document at hand."},
    {"liveness", "机器没有把握，由远程监考员核对，不影响考试；请把证件准备好。",
     "The machine is not sure; the remote invigilator will check, which makes no difference to your exam. Please have your document at hand."},
    {"texture_missing", "这台机器少装了一项检查，由远程监考员核对，不影响考试；请把证件准备好。",
     "One of the checks is not installed on this machine; the remote invigilator will check, which makes no difference to your exam."},
    {"low_score", "机器没有把握，由远程监考员核对，不影响考试；请把证件准备好。",
     "The machine is not sure; the remote invigilator will check, which makes no difference to your exam. Please have your document at hand."},
    {"second_opinion", "两种核对方法的结果不一致，由远程监考员核对，不影响考试；请把证件准备好。",
     "Two ways of checking do not agree; the remote invigilator will check, which makes no difference to your exam."},
};

template <std::size_t N>
Json find(const Advice (&table)[N], const std::string& why, const char* other) {
  const auto at = [&](const std::string& id) {
    return std::find_if(std::begin(table), std::end(table), [&](const Advice& one) { return id == one.why; });
  };
  auto found = at(why);
  if (found == std::end(table)) found = at(other);
  return wording(found->zh, found->en);
}

}  // namespace

Json faceAdvice(const std::string& state, const std::string& why) {
  if (state == "face") return why.empty() ? wording("", "") : find(kAgain, why, "too_few_frames");
  if (state == "waiting") return find(kWaiting, why, "asked");
  if (state == "refused")
    return wording("请查看屏幕上的原因；有疑问请联系考试中心，监考员的说明已记录。",
                   "Please read the reason on the screen; if you disagree, ask the examination centre. The reason is on record.");
  return wording("", "");
}

}  // namespace invigil::server
