// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <dlib/image_processing/frontal_face_detector.h>
#include <dlib/image_processing/shape_predictor.h>
#include <dlib/opencv/cv_image.h>
#include <dlib/serialize.h>

#include <filesystem>
#include <opencv2/imgproc.hpp>

#include "face_finder.hpp"

namespace invigil::vision {
namespace {

constexpr const char* kPoints68 = "/usr/share/dlib/shape_predictor_68_face_landmarks.dat";
// HOG finds faces from 80 px; on a larger picture it only costs time.
constexpr int kLongerSide = 640;

class HogFinder final : public FaceFinder {
 public:
  HogFinder() : detector_(dlib::get_frontal_face_detector()) { dlib::deserialize(kPoints68) >> predictor_; }

  FoundFace find(const cv::Mat& bgr) override {
    cv::Mat grey;
    cv::cvtColor(bgr, grey, cv::COLOR_BGR2GRAY);
    const double scale = std::min(1.0, static_cast<double>(kLongerSide) / std::max(grey.cols, grey.rows));
    cv::Mat small = grey;
    if (scale < 1) cv::resize(grey, small, {}, scale, scale, cv::INTER_AREA);
    const dlib::cv_image<unsigned char> picture(small);
    std::vector<dlib::rect_detection> detections;
    detector_(picture, detections, 0.0);
    std::vector<cv::Rect2f> boxes;
    for (const auto& d : detections) boxes.emplace_back(d.rect.left(), d.rect.top(), d.rect.width(), d.rect.height());
    FoundFace found;
    std::size_t largest = 0;
    found.faces = countFaces(boxes, largest);
    if (found.faces == 0) return found;
    const auto back = static_cast<float>(1 / scale);
    const auto shape = predictor_(picture, detections[largest].rect);
    auto p = [&](unsigned long i) {
      return cv::Point2f(static_cast<float>(shape.part(i).x()), static_cast<float>(shape.part(i).y())) * back;
    };
    auto middle = [&](unsigned long a) { return (p(a) + p(a + 1) + p(a + 2) + p(a + 3) + p(a + 4) + p(a + 5)) / 6; };
    auto gap = [&](unsigned long a, unsigned long b) { return static_cast<float>(cv::norm(p(a) - p(b))); };
    auto openness = [&](unsigned long a) {
      return (gap(a + 1, a + 5) + gap(a + 2, a + 4)) / (2 * std::max(1.0F, gap(a, a + 3)));
    };
    const auto& box = boxes[largest];
    found.box = {box.x * back, box.y * back, box.width * back, box.height * back};
    found.score = static_cast<float>(detections[largest].detection_confidence);
    found.five = {middle(36), middle(42), p(30), p(48), p(54)};
    found.pose = {p(36), p(39), p(42), p(45), p(30), p(48), p(54)};
    found.eye_openness = (openness(36) + openness(42)) / 2;
    return found;
  }
  QualityLimits limits() const override { return {0.17F, 0}; }
  std::string detector() const override { return "dlib HOG"; }
  std::string landmarks() const override { return "dlib 68 points (libdlib-data)"; }

 private:
  dlib::frontal_face_detector detector_;
  dlib::shape_predictor predictor_;
};

}  // namespace

Result<std::unique_ptr<FaceFinder>> createHogFinder() {
  if (!std::filesystem::exists(kPoints68))
    return fail(ErrorCode::NotFound, "no_model", std::string(kPoints68) + " is not there (package libdlib-data)",
                "hog_finder.cpp");
  try {
    return std::make_unique<HogFinder>();
  } catch (const std::exception&) {
    return fail(ErrorCode::Corrupt, "model_not_loadable", std::string(kPoints68) + " cannot be read", "hog_finder.cpp");
  }
}

}  // namespace invigil::vision
