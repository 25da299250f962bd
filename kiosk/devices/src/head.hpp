// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <opencv2/core.hpp>

#include "canvas.hpp"
#include "face_look.hpp"
#include "invigil/devices/simulated_face.hpp"

namespace invigil::devices {

/// The solid under the drawing: a surface z(x, y) in head units (see FaceLook), turned and projected.
class Head {
 public:
  /// @param unit  pixels per head unit. @param centre  where the head's origin stands in the picture.
  Head(const FaceLook& look, const FaceScene& scene, double unit, cv::Point2d centre);

  double top() const { return -1.62 * look_.length; }
  double bottom() const { return 1.52 * look_.length; }
  double halfWidth(double y) const;
  double depth(double y) const;
  /// Nose, sockets, cheeks, lips and chin on top of the smooth head.
  double bump(double x, double y) const;
  double surface(double x, double y) const;

  cv::Vec3d turn(const cv::Vec3d& p) const { return turn_ * p; }
  cv::Point2f project(const cv::Vec3d& p) const;
  /// A point of the face, `lift` in front of the skin.
  cv::Point2f on(double x, double y, double lift = 0) const { return project({x, y, surface(x, y) + lift}); }
  double unit() const { return unit_; }

  /// 0 dark .. about 1.1 bright, for a surface that faces `normal` (turned, unit length).
  double shade(const cv::Vec3d& normal) const;
  /// The face's outline in the picture.
  Line outline() const;
  /// Shaded skin, and where it is.
  void paintSkin(Canvas& canvas) const;
  /// A shaded sheet P(u, v), u and v in 0..1, painted far side first; `tint` 0..1 darkens streaks.
  void paintSheet(Canvas& canvas, const std::function<cv::Vec3d(double, double)>& sheet, int across, int down,
                  const cv::Scalar& dark, const cv::Scalar& light, double soften,
                  const std::function<double(double, double)>& tint) const;

 private:
  cv::Vec3d skinPoint(double side, double y) const;
  const FaceLook& look_;
  cv::Matx33d turn_;
  cv::Vec3d light_;
  double unit_;
  cv::Point2d centre_;
};

/// Everything drawn on the face, back to front; `skin` is the mask of the face.
void paintFeatures(Canvas& canvas, const Head& head, const FaceLook& look, const FaceScene& scene, const cv::Mat& skin);
void paintBeard(Canvas& canvas, const Head& head, const FaceLook& look, const cv::Mat& skin);
void paintGlasses(Canvas& canvas, const Head& head, const FaceLook& look);
void paintHairBehind(Canvas& canvas, const Head& head, const FaceLook& look);
void paintHairFront(Canvas& canvas, const Head& head, const FaceLook& look);

}  // namespace invigil::devices
