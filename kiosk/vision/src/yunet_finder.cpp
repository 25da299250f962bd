// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>

#include "face_finder.hpp"
#include "landmarks.hpp"
#include "model_file.hpp"

namespace invigil::vision {
namespace {

// 0.60 to 0.80 are hands and backgrounds, sometimes larger than the true face. Where the face just was,
// a lower score is still that face: half hidden, or turned.
constexpr float kScoreMin = 0.85F, kScoreExpected = 0.60F, kScoreSure = 0.95F;
// A face at the seat is 50 to 120 px wide here, the middle of what the net was trained for; larger pictures make it
// report parts of a face as a face.
constexpr int kSide = 320;
constexpr int kOtherSides[] = {640, 240, 160};

struct Find {
  Candidate face;
  FivePoints five{};
};

class YuNetFinder final : public FaceFinder {
 public:
  YuNetFinder(cv::Ptr<cv::FaceDetectorYN> detector, cv::dnn::Net landmarks, std::vector<ModelInfo> models)
      : detector_(std::move(detector)), landmarks_(std::move(landmarks)), models_(std::move(models)) {}

  FoundFace find(const cv::Mat& bgr, const FindOptions& options) override {
    std::vector<Find> finds = search(bgr, options);
    FoundFace found;
    for (const auto& find : finds) found.all.push_back(find.face);
    const auto person = chooseFace(found.all, bgr.size(), options.expected);
    if (!person) return found;
    found.faces = countFaces(found.all, *person);
    found.box = found.all[*person].box;
    found.score = found.all[*person].score;
    found.five = found.detected = finds[*person].five;
    std::swap(found.all.front(), found.all[*person]);
    cv::Mat grey;
    cv::cvtColor(bgr, grey, cv::COLOR_BGR2GRAY);
    landmarks_.refine(grey, found);
    return found;
  }
  QualityLimits limits() const override { return {0.085F, 0}; }
  void describe(EngineInfo& info) const override {
    info.detector = "YuNet 2022mar";
    info.landmarks = "ZQCNN 106 points";
    info.models.insert(info.models.end(), models_.begin(), models_.end());
  }

 private:
  std::vector<Find> search(const cv::Mat& bgr, const FindOptions& options) {
    const int longer = std::max(bgr.cols, bgr.rows);
    std::vector<Find> finds = detect(bgr, kSide, options);
    auto best = [&] {
      float score = 0;
      for (const auto& find : finds) score = std::max(score, find.face.score);
      return score;
    };
    if (options.thorough) {
      for (const int side : kOtherSides)
        if (best() < kScoreSure) merge(finds, detect(bgr, side, options));
    } else if (finds.empty()) {
      finds = detect(bgr, std::min(longer, 2 * kSide), options);
    }
    return finds;
  }

  std::vector<Find> detect(const cv::Mat& bgr, int side, const FindOptions& options) {
    const double scale = static_cast<double>(side) / std::max(bgr.cols, bgr.rows);
    cv::Mat sized = bgr, rows;
    if (scale != 1) cv::resize(bgr, sized, {}, scale, scale, scale < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
    detector_->setInputSize(sized.size());
    detector_->detect(sized, rows);
    const auto back = static_cast<float>(1 / scale);
    std::vector<Find> finds;
    for (int i = 0; i < rows.rows; ++i) {
      const float* r = rows.ptr<float>(i);
      if (!(r[2] > 0) || !(r[3] > 0)) continue;
      Find find{{{r[0] * back, r[1] * back, r[2] * back, r[3] * back}, r[14], 0}, {}};
      const bool continued = options.expected && overlapOf(find.face.box, *options.expected) >= 0.5F;
      if (r[14] < (continued ? kScoreExpected : kScoreMin)) continue;
      find.face.worth = std::clamp((r[14] - kScoreMin) / (1 - kScoreMin), 0.0F, 1.0F);
      for (std::size_t k = 0; k < 5; ++k) find.five[k] = cv::Point2f(r[4 + 2 * k], r[5 + 2 * k]) * back;
      finds.push_back(find);
    }
    return finds;
  }

  // The same face in two sizes is one face: the surer find stays.
  static void merge(std::vector<Find>& finds, const std::vector<Find>& more) {
    for (const auto& one : more) {
      const auto same = std::find_if(finds.begin(), finds.end(), [&](const Find& known) {
        const float smaller = std::min(known.face.box.area(), one.face.box.area());
        return (known.face.box & one.face.box).area() > 0.5F * smaller;
      });
      if (same == finds.end())
        finds.push_back(one);
      else if (one.face.score > same->face.score)
        *same = one;
    }
  }

  cv::Ptr<cv::FaceDetectorYN> detector_;
  Landmarks106 landmarks_;
  std::vector<ModelInfo> models_;
};

}  // namespace

Result<std::unique_ptr<FaceFinder>> createYuNetFinder(const std::string& models_dir) {
  INVIGIL_TRY(yunet, loadModel(models_dir, kYuNet));
  INVIGIL_TRY(points, loadModel(models_dir, kLandmarks106));
  try {
    auto detector = cv::FaceDetectorYN::create(models_dir + "/" + kYuNet.name, "", {320, 320}, kScoreExpected, 0.3F, 500);
    auto net = cv::dnn::readNetFromTensorflow(points.content.data(), points.content.size());
    return std::make_unique<YuNetFinder>(std::move(detector), std::move(net),
                                         std::vector<ModelInfo>{yunet.info, points.info});
  } catch (const cv::Exception& e) {
    return fail(ErrorCode::Corrupt, "model_not_loadable", e.err, "yunet_finder.cpp");
  }
}

}  // namespace invigil::vision
