// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "quality.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace invigil::vision {
namespace {

constexpr float kDegrees = 57.29578F;
const FivePoints& arcFace() {
  static const FivePoints kPoints{cv::Point2f{38.2946F, 51.6963F},
                                  {73.5318F, 51.5014F},
                                  {56.0252F, 71.7366F},
                                  {41.5493F, 92.3655F},
                                  {70.7299F, 92.2041F}};
  return kPoints;
}

struct Pose {
  float yaw = 0, pitch = 0, roll = 0;
};

// Scaled orthography fitted to a mean head (millimetres; x to image right, y down, z to the camera, origin at the
// nose tip). Seven points and no camera matrix: enough for a gate, not for gaze.
Pose poseOf(const PosePoints& points) {
  static const cv::Matx<float, 7, 3> kHead{-44, -36, -44, -17, -35, -34, 17,  -35, -34, 44, -36,
                                           -44, 0,   0,   0,   -26, 33,  -26, 26,  33,  -26};
  cv::Matx<float, 7, 4> left;
  cv::Matx<float, 7, 2> right;
  for (int i = 0; i < 7; ++i) {
    for (int k = 0; k < 3; ++k) left(i, k) = kHead(i, k);
    left(i, 3) = 1;
    right(i, 0) = points[static_cast<std::size_t>(i)].x;
    right(i, 1) = points[static_cast<std::size_t>(i)].y;
  }
  cv::Mat solved;
  if (!cv::solve(cv::Mat(left), cv::Mat(right), solved, cv::DECOMP_SVD)) return {};
  cv::Vec3f r1(solved.at<float>(0, 0), solved.at<float>(1, 0), solved.at<float>(2, 0));
  cv::Vec3f r2(solved.at<float>(0, 1), solved.at<float>(1, 1), solved.at<float>(2, 1));
  const float scale = std::hypot(r1[0], r2[0]);
  if (!(scale > 0)) return {};
  r1 *= 1 / scale;
  r2 *= 1 / scale;
  // Depth enters through r1.z and r2.z only; the eye axis fixes scale and roll, being the best measured length.
  const float c = r1[0], s = r2[0];
  const float across = c * r1[2] + s * r2[2], along = -s * r1[2] + c * r2[2];
  return {std::atan(across) * kDegrees, std::atan(along) * kDegrees, std::atan2(s, c) * kDegrees};
}

// Crete, Dolmiere, Ladret, Nicolas: The blur effect (2007): how much a further blur takes away. Judges edges, not
// contrast, so a smooth face is not called blurred.
float sharpnessOf(const cv::Mat& grey) {
  cv::Mat f;
  grey.convertTo(f, CV_32F);
  double worst = 0;
  for (const bool across : {true, false}) {
    cv::Mat soft, d, ds;
    cv::blur(f, soft, across ? cv::Size(9, 1) : cv::Size(1, 9));
    auto difference = [&](const cv::Mat& m) {
      cv::Mat out;
      if (across)
        cv::absdiff(m.colRange(1, m.cols), m.colRange(0, m.cols - 1), out);
      else
        cv::absdiff(m.rowRange(1, m.rows), m.rowRange(0, m.rows - 1), out);
      return out;
    };
    d = difference(f);
    ds = difference(soft);
    cv::Mat kept = cv::max(d - ds, 0.0F);
    const double all = cv::sum(d)[0];
    worst = std::max(worst, all > 0 ? (all - cv::sum(kept)[0]) / all : 1.0);
  }
  return static_cast<float>(100 * (1 - worst));
}

// A mask changes the colour between cheeks and mouth; a beard changes mostly its lightness.
float coverOf(const cv::Mat& aligned) {
  cv::Mat lab;
  cv::cvtColor(aligned, lab, cv::COLOR_BGR2Lab);
  auto colour = [&](const cv::Rect& r) { return cv::mean(lab(r)); };
  const cv::Scalar left = colour({26, 62, 14, 12}), right = colour({72, 62, 14, 12});
  const cv::Scalar mouth = colour({44, 84, 24, 20});
  const cv::Scalar brow = colour({40, 28, 32, 12});
  auto distance = [](const cv::Scalar& a, const cv::Scalar& b) { return std::hypot(a[1] - b[1], a[2] - b[2]); };
  const cv::Scalar cheeks = (left + right) * 0.5;
  return static_cast<float>(std::min(distance(brow, mouth), std::max(distance(cheeks, mouth), distance(brow, cheeks))));
}

}  // namespace

cv::Matx23f alignment(std::span<const cv::Point2f> from, std::span<const cv::Point2f> to) {
  cv::Point2f a{}, b{};
  for (std::size_t i = 0; i < from.size(); ++i) {
    a += from[i];
    b += to[i];
  }
  const float share = 1 / static_cast<float>(from.size());
  a *= share;
  b *= share;
  float n = 0, c = 0, s = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const cv::Point2f p = from[i] - a, q = to[i] - b;
    n += p.dot(p);
    c += p.dot(q);
    s += p.x * q.y - p.y * q.x;
  }
  if (!(n > 0)) return {1, 0, 0, 0, 1, 0};
  c /= n;
  s /= n;
  return {c, -s, b.x - c * a.x + s * a.y, s, c, b.y - s * a.x - c * a.y};
}

cv::Matx23f alignment(const FivePoints& from) { return alignment(from, arcFace()); }

cv::Mat alignedFace(const cv::Mat& picture, const FivePoints& five) {
  cv::Mat face;
  cv::warpAffine(picture, face, alignment(five), {112, 112}, cv::INTER_LINEAR);
  return face;
}

Look measure(const cv::Mat& picture, const cv::Mat& aligned, const FoundFace& found, const QualityLimits& limits) {
  Look look;
  look.faces = found.faces;
  for (const auto& one : found.all) look.all.push_back({{one.box.x, one.box.y, one.box.width, one.box.height}, one.score});
  if (found.faces == 0) {
    const cv::Scalar mean = cv::mean(picture);
    look.brightness = static_cast<float>(0.114 * mean[0] + 0.587 * mean[1] + 0.299 * mean[2]);
    return look;
  }
  look.face = {found.box.x, found.box.y, found.box.width, found.box.height};
  look.detection = found.score;
  look.inter_eye_px = static_cast<float>(cv::norm(found.five[1] - found.five[0]));
  const Pose pose = poseOf(found.pose);
  look.yaw = pose.yaw;
  look.pitch = pose.pitch - limits.pitch_level;
  look.roll = pose.roll;
  look.eye_openness = found.eye_openness;
  look.mouth_opening = found.mouth_opening;
  for (const auto& p : found.landmarks) look.landmarks.push_back({p.x, p.y});
  for (std::size_t i = 0; i < found.five.size(); ++i) {
    look.five[i] = {found.five[i].x, found.five[i].y};
    look.misfit += static_cast<float>(cv::norm(found.five[i] - found.detected[i])) / 5;
  }
  look.misfit /= std::max(1.0F, look.inter_eye_px);

  cv::Mat grey;
  cv::cvtColor(aligned, grey, cv::COLOR_BGR2GRAY);
  cv::Scalar mean, spread;
  cv::meanStdDev(grey({26, 30, 60, 72}), mean, spread);
  look.brightness = static_cast<float>(mean[0]);
  look.contrast = static_cast<float>(spread[0]);
  const double left = cv::mean(grey({26, 58, 20, 30}))[0], right = cv::mean(grey({66, 58, 20, 30}))[0];
  look.light_side = static_cast<float>((right - left) / std::max(1.0, right + left));
  look.cover = coverOf(aligned);

  const cv::Rect inside = cv::Rect(found.box) & cv::Rect(0, 0, picture.cols, picture.rows);
  if (inside.area() > 0) {
    cv::Mat crop;
    cv::cvtColor(picture(inside), crop, cv::COLOR_BGR2GRAY);
    cv::resize(crop, crop, {160, 160}, 0, 0, inside.width > 160 ? cv::INTER_AREA : cv::INTER_LINEAR);
    look.sharpness = sharpnessOf(crop);
  }
  return look;
}

Hint hintFor(const Look& look, const cv::Size& size, const QualityLimits& limits) {
  const float longer = static_cast<float>(std::max(size.width, size.height));
  const float share = look.face.width / longer;
  const float cx = (look.face.x + look.face.width / 2) / static_cast<float>(size.width);
  const float cy = (look.face.y + look.face.height / 2) / static_cast<float>(size.height);
  if (look.faces == 0)
    return look.brightness < 40 ? Hint::MoreLight : look.brightness > 225 ? Hint::LessLight : Hint::NoFace;
  if (look.faces > 1) return Hint::SeveralFaces;
  if (share < 0.15F || look.inter_eye_px < 36) return Hint::ComeCloser;
  if (share > 0.46F) return Hint::MoveBack;
  if (std::abs(cx - 0.5F) > 0.22F || cy < 0.22F || cy > 0.78F) return Hint::CentreFace;
  if (look.brightness < 55) return Hint::MoreLight;
  // As monitoring compares up to: an over-exposed web camera at 220 (nuaa_seq_0004) still gives a cosine of 0.69.
  if (look.brightness > 235) return Hint::LessLight;
  if (std::abs(look.yaw) > 18 || std::abs(look.pitch) > 20 || std::abs(look.roll) > 20) return Hint::LookStraight;
  if (look.cover > kCovered) return Hint::UncoverFace;
  if (look.sharpness < kBlurred) return Hint::HoldStill;
  if (look.eye_openness < limits.eyes_shut) return Hint::OpenEyes;
  // As for the booking's photo. Of 111 live web-camera frames the light of none is further to one side than 0.15, the
  // contrast of none below 13 (test_recognition). The image's left is the person's right.
  if (look.light_side > 0.30F) return Hint::LightRight;
  if (look.light_side < -0.30F) return Hint::LightLeft;
  if (look.contrast < 9) return Hint::LowContrast;
  return Hint::None;
}

}  // namespace invigil::vision
