// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/vision/face_engine.hpp"

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "engine_nets.hpp"
#include "face_finder.hpp"
#include "mat.hpp"
#include "nets.hpp"

namespace invigil::vision {
namespace {

// The scale at which the thresholds of docs/face.md were measured.
constexpr int kLongerSideMax = 960, kLongerSideMin = 320;
// The pose net once read a full profile as yaw 0, pitch -53 degrees.
constexpr float kPitchMax = 28.6F, kYawMax = 80;
// Points further from the detector's own than this share of the eye distance belong to no visible face.
constexpr float kMisfitMax = 0.5F;

class Engine final : public FaceEngine {
 public:
  Engine(std::unique_ptr<FaceFinder> finder, EngineNets nets, EngineInfo info, bool mirrored)
      : finder_(std::move(finder)), nets_(std::move(nets)), info_(std::move(info)), mirrored_(mirrored) {}

  EngineInfo info() const override { return info_; }

  void warmUp() override {
    Frame grey{640, 480, std::vector<std::uint8_t>(640 * 480 * 3, 96), milliseconds{0}};
    (void)look(grey, {});
    // The nets behind the detector want a face; any patch will do.
    found_.faces = 1;
    found_.box = {220, 140, 200, 200};
    found_.five = found_.detected = {cv::Point2f{280, 210}, {360, 210}, {320, 255}, {288, 300}, {352, 300}};
    found_.landmarks.assign(106, {320, 240});
    seen_ = fingerprint(grey);
    (void)embed(grey);
    (void)embedSecond(grey);
    (void)texture(grey);
    found_ = {};
    scaled_.release();
  }

  Look look(const Frame& frame, const Search& search) override {
    seen_ = fingerprint(frame);
    found_ = {};
    scaled_.release();
    const cv::Mat picture = asMat(frame);
    if (picture.empty()) return Look{.hint = Hint::NoFace};
    try {
      const double scale = scaleOf(picture.size());
      if (scale == 1)
        scaled_ = picture.clone();
      else
        cv::resize(picture, scaled_, {}, scale, scale, scale < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
      FindOptions options{std::nullopt, search.thorough};
      if (search.expected) {
        const auto& e = *search.expected;
        const auto s = static_cast<float>(scale);
        options.expected = cv::Rect2f(e.x * s, e.y * s, e.width * s, e.height * s);
      }
      found_ = finder_->find(scaled_, options);
      return judged(static_cast<float>(1 / scale));
    } catch (const cv::Exception&) {
      found_ = {};
      return Look{.hint = Hint::NoFace};
    }
  }

  Result<Embedding> embed(const Frame& frame) override {
    if (!nets_.verifier)
      return fail(ErrorCode::Unavailable, "no_recognition_model", info_.why_no_verifier, "face_engine.cpp");
    INVIGIL_CHECK(remember(frame));
    try {
      const cv::Mat face = alignedFace(scaled_, found_.five);
      cv::Mat sum = describeFace(*nets_.verifier, face);
      if (mirrored_) {
        cv::Mat other;
        cv::flip(face, other, 1);
        sum = sum + describeFace(*nets_.verifier, other);
      }
      Embedding made = normalise(Embedding(sum.begin<float>(), sum.end<float>()));
      if (!made.empty()) return made;
    } catch (const cv::Exception&) {
    }
    return fail(ErrorCode::Internal, "recognition_failed", "the recognition net gave no result", "face_engine.cpp");
  }

  Result<Embedding> embedSecond(const Frame& frame) override {
    if (!nets_.second)
      return fail(ErrorCode::Unavailable, "no_second_model", "the second verifier is not installed", "face_engine.cpp");
    INVIGIL_CHECK(remember(frame));
    try {
      Embedding made = nets_.second->describe(scaled_, found_.landmarks);
      if (!made.empty()) return made;
    } catch (const cv::Exception&) {
    }
    return fail(ErrorCode::Internal, "recognition_failed", "the second verifier gave no result", "face_engine.cpp");
  }

  Result<double> texture(const Frame& frame) override {
    if (!nets_.texture_near || !nets_.texture_far)
      return fail(ErrorCode::Unavailable, "no_texture_model", "the texture nets are not installed", "face_engine.cpp");
    INVIGIL_CHECK(remember(frame));
    try {
      return textureOf(*nets_.texture_near, *nets_.texture_far, scaled_, found_.box);
    } catch (const cv::Exception&) {
    }
    return fail(ErrorCode::Internal, "texture_failed", "the texture nets gave no result", "face_engine.cpp");
  }

 private:
  static double scaleOf(const cv::Size& size) {
    const int longer = std::max(size.width, size.height);
    if (longer > kLongerSideMax) return static_cast<double>(kLongerSideMax) / longer;
    if (longer < kLongerSideMin) return static_cast<double>(kLongerSideMin) / longer;
    return 1;
  }

  // The whole judgement on found_, in pixels of the frame, which are `back` times those of scaled_.
  Look judged(float back) {
    const cv::Mat aligned = found_.faces > 0 ? alignedFace(scaled_, found_.five) : cv::Mat();
    Look look = measure(scaled_, aligned, found_, finder_->limits());
    if (found_.faces > 0 && nets_.pose) {
      measurePose(*nets_.pose, aligned, found_, look);
      look.gaze.valid = look.gaze.valid && look.eye_openness >= finder_->limits().eyes_shut;
    }
    look.pose_valid = found_.faces > 0 && std::abs(look.pitch) < kPitchMax && std::abs(look.yaw) < kYawMax &&
                      look.misfit < kMisfitMax;
    look.hint = hintFor(look, scaled_.size(), finder_->limits());
    auto grow = [&](Rect& box) {
      for (float* length : {&box.x, &box.y, &box.width, &box.height}) *length *= back;
    };
    auto move = [&](Point& point) { point = {point.x * back, point.y * back}; };
    grow(look.face);
    for (auto& one : look.all) grow(one.box);
    for (auto& point : look.five) move(point);
    for (auto& point : look.landmarks) move(point);
    look.inter_eye_px *= back;
    return look;
  }

  Status remember(const Frame& frame) {
    if (scaled_.empty() || fingerprint(frame) != seen_) (void)look(frame, {});
    if (found_.faces == 0) return fail(ErrorCode::InvalidInput, "no_face", "no face in the picture", "face_engine.cpp");
    return {};
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
  EngineNets nets_;
  EngineInfo info_;
  bool mirrored_;
  cv::Mat scaled_;
  FoundFace found_;
  std::uint64_t seen_ = 0;
};

}  // namespace

std::string_view hintName(Hint hint) {
  static constexpr std::string_view kNames[kHints] = {"none",       "no_face",     "several_faces", "come_closer",
                                                "move_back",  "centre_face", "look_straight", "more_light",
                                                "less_light", "hold_still",  "open_eyes",     "uncover_face",
                                                "light_left", "light_right", "low_contrast"};
  return kNames[static_cast<std::size_t>(hint)];
}

Result<std::unique_ptr<FaceEngine>> FaceEngine::create(const std::string& models_dir, Detector detector) {
  return create(models_dir, EngineOptions{.detector = detector});
}

Result<std::unique_ptr<FaceEngine>> FaceEngine::create(const std::string& models_dir, const EngineOptions& options) {
  setThreads(options.threads);
  EngineInfo info;
  std::unique_ptr<FaceFinder> finder;
  std::string why;
  if (options.detector != Detector::Hog) {
    auto yunet = createYuNetFinder(models_dir);
    if (yunet)
      finder = std::move(*yunet);
    else
      why = yunet.error().detail;
  }
  if (!finder && options.detector != Detector::YuNet) {
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
  finder->describe(info);
  EngineNets nets = loadNets(models_dir, options, info);
  return std::make_unique<Engine>(std::move(finder), std::move(nets), std::move(info), options.mirrored);
}

}  // namespace invigil::vision
