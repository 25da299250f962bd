// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <dlib/image_processing/frontal_face_detector.h>
#include <dlib/image_processing/shape_predictor.h>
#include <dlib/opencv/cv_image.h>
#include <dlib/serialize.h>

#include <filesystem>
#include <opencv2/imgproc.hpp>

#include "face_finder.hpp"
#include "landmarks.hpp"
#include "model_file.hpp"

namespace invigil::vision {
namespace {

constexpr const char* kPoints68 = "/usr/share/dlib/shape_predictor_68_face_landmarks.dat";
// HOG finds faces from 80 px; on a larger picture it only costs time.
constexpr int kLongerSide = 640;

class HogFinder final : public FaceFinder {
 public:
  HogFinder() : detector_(dlib::get_frontal_face_detector()), digest_(sha256OfFile(kPoints68)) {
    dlib::deserialize(kPoints68) >> predictor_;
  }

  FoundFace find(const cv::Mat& bgr, const FindOptions& options) override {
    cv::Mat grey;
    cv::cvtColor(bgr, grey, cv::COLOR_BGR2GRAY);
    const double scale = std::min(1.0, static_cast<double>(kLongerSide) / std::max(grey.cols, grey.rows));
    cv::Mat small = grey;
    if (scale < 1) cv::resize(grey, small, {}, scale, scale, cv::INTER_AREA);
    const dlib::cv_image<unsigned char> picture(small);
    std::vector<dlib::rect_detection> detections;
    detector_(picture, detections, 0.0);
    const auto back = static_cast<float>(1 / scale);
    FoundFace found;
    for (const auto& d : detections) {
      const cv::Rect2f box(d.rect.left(), d.rect.top(), d.rect.width(), d.rect.height());
      const auto margin = static_cast<float>(d.detection_confidence);
      found.all.push_back({{box.x * back, box.y * back, box.width * back, box.height * back}, margin, std::min(1.0F, margin)});
    }
    const auto person = chooseFace(found.all, bgr.size(), options.expected);
    if (!person) return found;
    found.faces = countFaces(found.all, *person);
    found.box = found.all[*person].box;
    found.score = found.all[*person].score;
    std::swap(found.all.front(), found.all[*person]);
    const auto shape = predictor_(picture, detections[*person].rect);
    for (unsigned long i = 0; i < shape.num_parts(); ++i)
      found.landmarks.push_back(cv::Point2f(static_cast<float>(shape.part(i).x()), static_cast<float>(shape.part(i).y())) * back);
    measureFace(found, 36, 30, 48);
    found.detected = found.five;
    return found;
  }
  QualityLimits limits() const override { return {0.17F, 0}; }
  void describe(EngineInfo& info) const override {
    info.detector = "dlib HOG";
    info.landmarks = "dlib 68 points (libdlib-data)";
    info.models.push_back({"landmarks", "shape_predictor_68_face_landmarks.dat", digest_});
  }

 private:
  dlib::frontal_face_detector detector_;
  dlib::shape_predictor predictor_;
  std::string digest_;
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
