// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "nets.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace invigil::vision {
namespace {

constexpr float kDegrees = 57.29578F;

cv::Mat surroundings(const cv::Mat& picture, const cv::Rect2f& box, float times) {
  const auto right_most = static_cast<float>(picture.cols - 1), low_most = static_cast<float>(picture.rows - 1);
  const float scale = std::min({low_most / box.height, right_most / box.width, times});
  const float width = box.width * scale, height = box.height * scale;
  float x = box.x + box.width / 2 - width / 2, y = box.y + box.height / 2 - height / 2;
  x = std::clamp(x, 0.0F, std::max(0.0F, right_most - width));
  y = std::clamp(y, 0.0F, std::max(0.0F, low_most - height));
  const cv::Point from(static_cast<int>(x), static_cast<int>(y));
  const cv::Point to(static_cast<int>(x + width) + 1, static_cast<int>(y + height) + 1);
  const cv::Rect crop = cv::Rect(from, to) & cv::Rect(0, 0, picture.cols, picture.rows);
  cv::Mat sized;
  cv::resize(picture(crop), sized, {80, 80}, 0, 0, cv::INTER_LINEAR);
  return sized;
}

double liveOf(cv::dnn::Net& net, const cv::Mat& crop) {
  net.setInput(cv::dnn::blobFromImage(crop));
  const cv::Mat out = net.forward().reshape(1, 1);
  return out.cols == 3 ? out.at<float>(1) : 0.0;
}

}  // namespace

cv::Mat describeFace(cv::dnn::Net& net, const cv::Mat& aligned) {
  cv::Mat rgb;
  cv::cvtColor(aligned, rgb, cv::COLOR_BGR2RGB);
  rgb.convertTo(rgb, CV_32F, 1 / 255.0);
  rgb -= cv::Scalar(0.485, 0.456, 0.406);
  cv::divide(rgb, cv::Scalar(0.229, 0.224, 0.225), rgb);
  net.setInput(cv::dnn::blobFromImage(rgb));
  const cv::Mat out = net.forward().reshape(1, 1);
  return out / std::max(1e-9, cv::norm(out));
}

void measurePose(cv::dnn::Net& net, const cv::Mat& aligned, const FoundFace& found, Look& look) {
  cv::Mat grey;
  cv::cvtColor(aligned, grey, cv::COLOR_BGR2GRAY);
  net.setInput(cv::dnn::blobFromImage(grey));
  const cv::Mat out = net.forward().reshape(1, 1);
  if (out.cols != 9) return;
  const auto* v = out.ptr<float>();
  // The net sees the face turned upright; the frame is turned by this much more.
  const cv::Matx23f turned = alignment(found.five);
  const float turn = -std::atan2(turned(1, 0), turned(0, 0));
  look.pitch = v[0] * kDegrees;
  look.yaw = v[1] * kDegrees;
  look.roll = (v[2] + turn) * kDegrees;
  look.pose_measured = true;
  const cv::Vec3f gaze((v[3] + v[6]) / 2, (v[4] + v[7]) / 2, (v[5] + v[8]) / 2);
  const float x = gaze[0] * std::cos(turn) - gaze[1] * std::sin(turn);
  const float y = gaze[0] * std::sin(turn) + gaze[1] * std::cos(turn);
  look.gaze.yaw = std::atan2(x, gaze[2]) * kDegrees;
  look.gaze.pitch = -std::atan2(y, gaze[2]) * kDegrees;
  look.gaze.valid = gaze[2] > 0.2F && std::abs(look.yaw) < 45;
}

double textureOf(cv::dnn::Net& near_net, cv::dnn::Net& far_net, const cv::Mat& picture, const cv::Rect2f& box) {
  return (liveOf(near_net, surroundings(picture, box, 2.7F)) + liveOf(far_net, surroundings(picture, box, 4.0F))) / 2;
}

}  // namespace invigil::vision
