// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/vision/face_engine.hpp"

#include <algorithm>
#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>
#include <optional>

#include "face_finder.hpp"
#include "mat.hpp"
#include "model_file.hpp"

namespace invigil::vision {
namespace {

// The scale at which the thresholds were measured (face.md 4.3).
constexpr int kLongerSideMax = 960, kLongerSideMin = 320;

class Engine final : public FaceEngine {
 public:
  Engine(std::unique_ptr<FaceFinder> finder, std::optional<cv::dnn::Net> verifier, EngineInfo info)
      : finder_(std::move(finder)), verifier_(std::move(verifier)), info_(std::move(info)) {}

  EngineInfo info() const override { return info_; }

  Look look(const Frame& frame) override {
    seen_ = fingerprint(frame);
    found_ = {};
    scaled_.release();
    const cv::Mat picture = asMat(frame);
    if (picture.empty()) return Look{.hint = Hint::NoFace};
    try {
      const int longer = std::max(picture.cols, picture.rows);
      double scale = 1;
      if (longer > kLongerSideMax) scale = static_cast<double>(kLongerSideMax) / longer;
      if (longer < kLongerSideMin) scale = static_cast<double>(kLongerSideMin) / longer;
      if (scale == 1)
        scaled_ = picture.clone();
      else
        cv::resize(picture, scaled_, {}, scale, scale, scale < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
      found_ = finder_->find(scaled_);
      Look look = judge(scaled_, found_, finder_->limits());
      const auto back = static_cast<float>(1 / scale);
      for (float* length : {&look.face.x, &look.face.y, &look.face.width, &look.face.height, &look.inter_eye_px})
        *length *= back;
      return look;
    } catch (const cv::Exception&) {
      found_ = {};
      return Look{.hint = Hint::NoFace};
    }
  }

  Result<Embedding> embed(const Frame& frame) override {
    if (!verifier_)
      return fail(ErrorCode::Unavailable, "no_recognition_model", info_.why_no_verifier, "face_engine.cpp");
    if (scaled_.empty() || fingerprint(frame) != seen_) (void)look(frame);
    if (found_.faces == 0) return fail(ErrorCode::InvalidInput, "no_face", "no face in the picture", "face_engine.cpp");
    try {
      const cv::Mat face = alignedFace(scaled_, found_.five);
      cv::Mat mirrored;
      cv::flip(face, mirrored, 1);
      const cv::Mat sum = describe(face) + describe(mirrored);
      const double length = cv::norm(sum);
      if (length > 0) {
        const cv::Mat unit = sum / length;
        return Embedding(unit.begin<float>(), unit.end<float>());
      }
    } catch (const cv::Exception&) {
    }
    return fail(ErrorCode::Internal, "recognition_failed", "the recognition net gave no result", "face_engine.cpp");
  }

 private:
  cv::Mat describe(const cv::Mat& face) {
    cv::Mat rgb, blob;
    cv::cvtColor(face, rgb, cv::COLOR_BGR2RGB);
    rgb.convertTo(rgb, CV_32F, 1 / 255.0);
    rgb -= cv::Scalar(0.485, 0.456, 0.406);
    cv::divide(rgb, cv::Scalar(0.229, 0.224, 0.225), rgb);
    verifier_->setInput(cv::dnn::blobFromImage(rgb));
    const cv::Mat out = verifier_->forward().reshape(1, 1);
    return out / std::max(1e-9, cv::norm(out));
  }

  // Whether embed() is asked about the frame that look() saw, without keeping or comparing a megabyte.
  static std::uint64_t fingerprint(const Frame& frame) {
    std::uint64_t hash = 1469598103934665603ULL;
    auto mix = [&](std::uint64_t v) { hash = (hash ^ v) * 1099511628211ULL; };
    mix(static_cast<std::uint64_t>(frame.width));
    mix(static_cast<std::uint64_t>(frame.height));
    mix(static_cast<std::uint64_t>(frame.at.count()));
    const std::size_t step = std::max<std::size_t>(1, frame.bgr.size() / 4093);
    for (std::size_t i = 0; i < frame.bgr.size(); i += step) mix(frame.bgr[i]);
    return hash;
  }

  std::unique_ptr<FaceFinder> finder_;
  std::optional<cv::dnn::Net> verifier_;
  EngineInfo info_;
  cv::Mat scaled_;
  FoundFace found_;
  std::uint64_t seen_ = 0;
};

std::optional<cv::dnn::Net> loadVerifier(const std::string& models_dir, EngineInfo& info) {
  auto file = loadModel(models_dir, kMobileFaceNet);
  if (!file) {
    info.why_no_verifier = file.error().detail;
    return std::nullopt;
  }
  try {
    auto net = cv::dnn::readNetFromONNX(file->data(), file->size());
    info.verifier = "MobileFaceNet (foamliu) 128-D";
    info.verifier_sha256 = kMobileFaceNet.sha256;
    info.cautions.emplace_back(
        "MobileFaceNet (Apache-2.0) was trained on refined MS-Celeb-1M, a withdrawn data set: have it judged before "
        "production.");
    return net;
  } catch (const cv::Exception&) {
    info.why_no_verifier = std::string(kMobileFaceNet.name) + " cannot be loaded by this OpenCV";
    return std::nullopt;
  }
}

}  // namespace

int countFaces(const std::vector<cv::Rect2f>& boxes, std::size_t& largest) {
  if (boxes.empty()) return 0;
  const auto widest =
      std::max_element(boxes.begin(), boxes.end(), [](const auto& a, const auto& b) { return a.area() < b.area(); });
  largest = static_cast<std::size_t>(widest - boxes.begin());
  return static_cast<int>(
      std::count_if(boxes.begin(), boxes.end(), [&](const auto& box) { return box.width >= 0.4F * widest->width; }));
}

std::string_view hintName(Hint hint) {
  static constexpr std::string_view kNames[] = {"none",       "no_face",     "several_faces", "come_closer",
                                                "move_back",  "centre_face", "look_straight", "more_light",
                                                "less_light", "hold_still",  "open_eyes",     "uncover_face"};
  return kNames[static_cast<std::size_t>(hint)];
}

Result<std::unique_ptr<FaceEngine>> FaceEngine::create(const std::string& models_dir) {
  return create(models_dir, Detector::Any);
}

Result<std::unique_ptr<FaceEngine>> FaceEngine::create(const std::string& models_dir, Detector detector) {
  // The exam screen shares the machine: a face check may be slow, the screen may not.
  cv::setNumThreads(1);
  EngineInfo info;
  std::unique_ptr<FaceFinder> finder;
  std::string why;
  if (detector != Detector::Hog) {
    auto yunet = createYuNetFinder(models_dir);
    if (yunet)
      finder = std::move(*yunet);
    else
      why = yunet.error().detail;
  }
  if (!finder && detector != Detector::YuNet) {
    auto hog = createHogFinder();
    if (hog) {
      finder = std::move(*hog);
      if (!why.empty()) info.cautions.push_back("dlib finds the faces because " + why + ".");
      info.cautions.emplace_back(kHogCaution);
    } else {
      why += (why.empty() ? "" : "; ") + hog.error().detail;
    }
  }
  if (!finder) return fail(ErrorCode::Unavailable, "no_face_detector", why, "face_engine.cpp");
  info.detector = finder->detector();
  info.landmarks = finder->landmarks();
  auto verifier = loadVerifier(models_dir, info);
  return std::make_unique<Engine>(std::move(finder), std::move(verifier), std::move(info));
}

}  // namespace invigil::vision
