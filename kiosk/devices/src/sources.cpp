// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "sources.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <opencv2/videoio.hpp>
#include <sstream>
#include <thread>
#include <vector>

#include "invigil/base/text.hpp"
#include "invigil/devices/simulated_face.hpp"

namespace invigil::devices {
namespace {

namespace fs = std::filesystem;
constexpr double kFileRate = 15;

bool isPicture(const fs::path& path) {
  std::string end = path.extension().string();
  std::transform(end.begin(), end.end(), end.begin(), [](unsigned char c) { return std::tolower(c); });
  return end == ".jpg" || end == ".jpeg" || end == ".png";
}

class Pictures final : public CameraSource {
 public:
  Pictures(std::string name, std::vector<std::string> paths)
      : name_(std::move(name)), paths_(std::move(paths)), pace_(kFileRate) {}
  std::string kind() const override { return "file"; }
  std::string name() const override { return name_; }
  Result<vision::Frame> grab() override {
    if (paths_.size() > 1 || current_.empty()) {
      const auto content = readFile(paths_[next_++ % paths_.size()], vision::kImageBytesMax);
      if (!content) return fail(ErrorCode::Unavailable, "camera_lost", content.error().detail, "sources.cpp");
      INVIGIL_TRY(frame,
                  vision::decodeImage({reinterpret_cast<const std::uint8_t*>(content->data()), content->size()}));
      current_ = std::move(frame);
    }
    current_.at = pace_.next();
    return current_;
  }

 private:
  std::string name_;
  std::vector<std::string> paths_;
  std::size_t next_ = 0;
  vision::Frame current_;
  Pace pace_;
};

class Video final : public CameraSource {
 public:
  Video(std::string path, cv::VideoCapture capture, double rate)
      : path_(std::move(path)), capture_(std::move(capture)), pace_(rate) {}
  std::string kind() const override { return "file"; }
  std::string name() const override { return path_; }
  Result<vision::Frame> grab() override {
    try {
      cv::Mat picture;
      // Not every format can be wound back, so the end of the file means opening it again.
      if (!capture_.read(picture) && capture_.open(path_, cv::CAP_FFMPEG)) capture_.read(picture);
      if (picture.type() == CV_8UC3 && !picture.empty()) return frameOf(picture, pace_.next());
    } catch (const cv::Exception&) {
    }
    return fail(ErrorCode::Unavailable, "camera_lost", path_ + " gives no pictures", "sources.cpp");
  }

 private:
  std::string path_;
  cv::VideoCapture capture_;
  Pace pace_;
};

struct Wish {
  int identity = 1;
  bool scripted = false;
  double light = 1, distance = 1, fps = 15;
};

class SimulatedCamera final : public CameraSource {
 public:
  explicit SimulatedCamera(const Wish& wish) : wish_(wish), pace_(wish.fps) {}
  std::string kind() const override { return "simulated"; }
  std::string name() const override { return "simulated candidate " + std::to_string(wish_.identity); }
  Result<vision::Frame> grab() override {
    const milliseconds at = pace_.next();
    FaceScene scene = sceneAt(wish_.identity, at, wish_.scripted);
    scene.light *= wish_.light;
    scene.distance *= wish_.distance;
    vision::Frame frame = drawFace(scene);
    frame.at = at;
    return frame;
  }

 private:
  Wish wish_;
  Pace pace_;
};

template <class Number>
bool read(std::string_view text, Number& out) {
  const auto result = std::from_chars(text.data(), text.data() + text.size(), out);
  return result.ec == std::errc{} && result.ptr == text.data() + text.size();
}

}  // namespace

milliseconds Pace::next() {
  const double rate = fps_ > 0 ? fps_ : 15;
  const milliseconds due{std::llround(1000.0 * static_cast<double>(count_) / rate)};
  if (fps_ > 0) {
    const milliseconds now = clock_.monotonic();
    if (count_ == 0) start_ = now;
    const milliseconds late = now - start_ - due;
    if (late < milliseconds{0}) std::this_thread::sleep_for(-late);
    // After a pause the film goes on from here instead of hurrying to catch up.
    if (late > milliseconds{1000}) start_ += late;
  }
  ++count_;
  return due;
}

Result<std::unique_ptr<CameraSource>> openFiles(const std::string& path) {
  std::error_code ignored;
  std::vector<std::string> pictures;
  if (fs::is_directory(path, ignored)) {
    for (const auto& entry : fs::directory_iterator(path, ignored))
      if (isPicture(entry.path())) pictures.push_back(entry.path().string());
    std::sort(pictures.begin(), pictures.end());
    if (pictures.empty())
      return fail(ErrorCode::NotFound, "no_such_file", "no JPEG or PNG picture in " + path, "sources.cpp");
  } else if (!fs::is_regular_file(path, ignored)) {
    return fail(ErrorCode::NotFound, "no_such_file", path + " is not there", "sources.cpp");
  } else if (isPicture(path)) {
    pictures.push_back(path);
  }
  if (!pictures.empty()) return std::make_unique<Pictures>(path, std::move(pictures));
  try {
    cv::VideoCapture capture(path, cv::CAP_FFMPEG);
    const double rate = capture.isOpened() ? capture.get(cv::CAP_PROP_FPS) : 0;
    if (capture.isOpened())
      return std::make_unique<Video>(path, std::move(capture), rate >= 1 && rate <= 60 ? rate : kFileRate);
  } catch (const cv::Exception&) {
  }
  return fail(ErrorCode::InvalidInput, "bad_image", path + " is neither a picture nor a video", "sources.cpp");
}

Result<std::unique_ptr<CameraSource>> openSimulated(const std::string& spec) {
  Wish wish;
  std::istringstream parts(spec);
  std::string part;
  bool good = !spec.ends_with(',') && std::getline(parts, part, ',') && read(part, wish.identity) &&
              wish.identity >= 1 && wish.identity <= kFaceIdentities;
  while (good && std::getline(parts, part, ',')) {
    const auto equals = part.find('=');
    const std::string key = part.substr(0, equals), value = equals == std::string::npos ? "" : part.substr(equals + 1);
    if (key == "pose")
      good = (wish.scripted = value == "scripted");
    else if (key == "light")
      good = read(value, wish.light) && wish.light >= 0 && wish.light <= 10;
    else if (key == "distance")
      good = read(value, wish.distance) && wish.distance >= 0.3 && wish.distance <= 10;
    else if (key == "fps")
      good = read(value, wish.fps) && wish.fps >= 0 && wish.fps <= 60;
    else
      good = false;
  }
  if (good) return std::make_unique<SimulatedCamera>(wish);
  return fail(
      ErrorCode::InvalidInput, "bad_camera_spec",
      "simulated:" + spec + " wants an identity 1 to 8, then pose=scripted, light=, distance= or fps=", "sources.cpp");
}

}  // namespace invigil::devices
