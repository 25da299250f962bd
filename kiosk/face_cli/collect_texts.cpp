// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "collect_texts.hpp"

#include <unistd.h>

#include <iostream>

#include "invigil/base/text.hpp"
#include "registration/photo_texts.hpp"

namespace invigil::face {
namespace {

constexpr Text kNotice = {
    "【告知书】请本人阅读，或由工作人员读给您听\n"
    "  目的：测一测本考点的人脸核验会出多少错。录像只用于这一件事，不用于您的考试，也不影响成绩。\n"
    "  处理什么：摄像头拍下的您的脸（敏感个人信息），一张参考照片和若干段画面。不录声音，不记姓名，只记编号。\n"
    "  存在哪里：只存在本机的这个文件夹里，不上网，不给别人。公布的只有统计数字。\n"
    "  存到什么时候：%1，到期删除。\n"
    "  您可以不同意，也可以随时停下，没有任何不利后果。以后想撤回，报出编号，我们删除您的全部画面。\n"
    "  可能的影响：画面一旦泄露可能被人冒用，所以只有负责测量的人能打开。",
    "[Notice] Please read this yourself or have it read to you\n"
    "  Purpose: to measure how often the face check of this site is wrong. The recordings serve this alone; they are no part of any\n"
    "  exam of yours and change no result.\n"
    "  What is handled: pictures of your face (sensitive personal information), one reference photo and some short series. No sound,\n"
    "  no name, only a number.\n"
    "  Where: in this folder of this machine alone; not sent anywhere, given to nobody. Only figures are published.\n"
    "  How long: until %1, then they are deleted.\n"
    "  You may decline, and stop at any moment, without any disadvantage. To withdraw later, name your number: all your pictures\n"
    "  are deleted.\n"
    "  Possible effect: leaked pictures could be misused by others, so only those who measure can open them."};

using vision::Action;

}  // namespace

std::string filled(std::string text, std::initializer_list<std::string> values) {
  char mark = '1';
  for (const auto& value : values) {
    const std::string place = {'%', mark++};
    for (std::size_t at = text.find(place); at != std::string::npos; at = text.find(place, at + value.size())) text.replace(at, 2, value);
  }
  return text;
}

void Speaker::say(const Text& text, std::initializer_list<std::string> values) const { std::cout << pick(text, values) << std::endl; }

void Speaker::count(const Text& text, std::initializer_list<std::string> values) const {
  if (::isatty(STDOUT_FILENO) == 1)
    std::cout << "\r\033[K  " << pick(text, values) << std::flush;
  else
    std::cout << "  " << pick(text, values) << std::endl;
}

void Speaker::countEnd() const {
  if (::isatty(STDOUT_FILENO) == 1) std::cout << "\r\033[K" << std::flush;
}

std::vector<CollectStep> liveSteps() {
  const auto id = [](Action action) { return std::string(vision::actionName(action)); };
  return {
      {"reference", {"参考照片：正对镜头，表情自然，脸上光线均匀。", "Reference photo: face the camera, a natural expression, even light on the face."}, 1, {}, true},
      {"straight", {"请正对镜头，自然地看着它。", "Please face the camera and simply look at it."}, 2},
      {id(Action::TurnLeft), {"请慢慢向您的左边转头，再转回来，重复几次。", "Please turn your head slowly to your left and back, a few times."}, 1, {Action::TurnLeft}, false, false},
      {id(Action::TurnRight), {"请慢慢向您的右边转头，再转回来，重复几次。", "Please turn your head slowly to your right and back, a few times."}, 1, {Action::TurnRight}, false, false},
      {id(Action::Nod), {"请慢慢点头，重复几次。", "Please nod slowly, a few times."}, 1, {Action::Nod}, false, false},
      {id(Action::OpenMouth), {"请张开嘴，再合上，重复几次。", "Please open your mouth and close it, a few times."}, 1, {Action::OpenMouth}, false, false},
      {id(Action::Blink), {"请闭上眼睛，数一秒再睁开，重复几次。", "Please close your eyes, count one second, open them, a few times."}, 1, {Action::Blink}, false, false},
      {"near", {"请靠近镜头大约一个手掌的距离，看着它。", "Please come about a hand's breadth closer and look at the camera."}},
      {"far", {"请比原来的位置退后一步，看着镜头。", "Please step back from where you sat and look at the camera."}},
      {"side", {"光从侧面来：把台灯放到一边，或侧对窗户坐，看着镜头。", "Light from the side: put a lamp to one side, or sit beside the window, and look at the camera."}},
      {"glasses", {"眼镜：戴着的请摘下，没戴而有眼镜的请戴上，看着镜头。没有眼镜就输入 s 跳过。",
                   "Glasses: take them off if you wear them, put them on if you have some, and look at the camera. Without any, skip with s."}},
  };
}

std::vector<CollectStep> attackSteps(const std::string& species) {
  std::vector<CollectStep> steps{
      {species + "_still", {"把道具举到脸的位置，不动。边缘尽量不入画。", "Hold the artefact where a face would be, still, its edges out of the picture if you can."}},
      {species + "_tilted", {"慢慢左右转、上下倾斜道具，像在转头和点头。", "Turn and tilt the artefact slowly, left, right, up and down, like a head that turns and nods."}, 1,
       {Action::TurnLeft, Action::TurnRight, Action::Nod}},
      {species + "_bent", {"把道具弯成弧形，弯多一点、少一点，来回变化。", "Bend the artefact into a curve like a face, more and less."}, 1, {Action::OpenMouth, Action::Blink}},
      {species + "_moved", {"把道具慢慢靠近、退后、左右平移。", "Move the artefact slowly closer, back, left and right."}},
  };
  if (species == "screen" || species == "phone" || species == "tablet") steps.erase(steps.begin() + 2);
  return steps;
}

std::string notice(const std::string& keep_until) { return filled(std::string(kNotice.zh) + "\n\n" + kNotice.en, {keep_until}); }

bool isConsent(std::string_view answer) {
  std::string word = trim(answer);
  for (char& c : word) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return word == "同意" || word == "yes";
}

Text hintText(vision::Hint hint) {
  switch (hint) {
    case vision::Hint::None: return {"画面合格", "good"};
    case vision::Hint::NoFace: return {"镜头里没有脸", "no face in the picture"};
    case vision::Hint::SeveralFaces: return {"画面里不止一个人", "more than one person in the picture"};
    case vision::Hint::ComeCloser: return {"太远，请靠近一点", "too far away, come a little closer"};
    case vision::Hint::MoveBack: return {"太近，请后退一点", "too close, move back a little"};
    case vision::Hint::CentreFace: return {"脸不在画面中间", "the face is not in the middle"};
    case vision::Hint::LookStraight: return {"没有正对镜头", "not facing the camera"};
    case vision::Hint::MoreLight: return {"光线太暗", "too dark"};
    case vision::Hint::LessLight: return {"光线太强", "too bright"};
    case vision::Hint::HoldStill: return {"画面模糊，请慢一点", "blurred, move more slowly"};
    case vision::Hint::OpenEyes: return {"眼睛闭着", "the eyes are closed"};
    case vision::Hint::UncoverFace: return {"脸被遮住了", "the face is covered"};
    case vision::Hint::LightLeft: return {"左边光线太暗", "the left side is dark"};
    case vision::Hint::LightRight: return {"右边光线太暗", "the right side is dark"};
    case vision::Hint::LowContrast: return {"画面发白，看不清", "the picture is pale"};
  }
  return {"", ""};
}

Text photoText(std::string_view reason) {
  for (const auto& one : server::kPhotoReasons)
    if (one.id == reason) return {one.zh, one.en};
  return {server::kOtherReason.zh, server::kOtherReason.en};
}

}  // namespace invigil::face
