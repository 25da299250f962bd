// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "sources.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <opencv2/videoio.hpp>
#include <thread>
#include <vector>

#include "film_length.hpp"
#include "invigil/base/text.hpp"

namespace invigil::devices {
namespace {

namespace fs = std::filesystem;
constexpr double kFileRate = 15, kFileRateMax = 1000;  ///< beyond it a file names its clock, not its rate

bool isDigit(char c) { return c >= '0' && c <= '9'; }

/// Names in the order in which people number them: runs of digits by their value, all else by bytes.
bool comesBefore(const std::string& a, const std::string& b) {
  std::size_t i = 0, k = 0;
  while (i < a.size() && k < b.size()) {
    if (!isDigit(a[i]) || !isDigit(b[k])) {
      if (a[i] != b[k]) return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[k]);
      ++i, ++k;
      continue;
    }
    const auto number = [](const std::string& text, std::size_t& at) {
      while (at < text.size() && text[at] == '0') ++at;
      const std::size_t begin = at;
      while (at < text.size() && isDigit(text[at])) ++at;
      return text.substr(begin, at - begin);
    };
    const std::string one = number(a, i), other = number(b, k);
    if (one.size() != other.size()) return one.size() < other.size();
    if (one != other) return one < other;
  }
  if (a.size() - i != b.size() - k) return a.size() - i < b.size() - k;
  return a < b;  // 1 and 01
}

bool isPicture(const fs::path& path) {
  std::string end = path.extension().string();
  std::transform(end.begin(), end.end(), end.begin(), [](unsigned char c) { return std::tolower(c); });
  return end == ".jpg" || end == ".jpeg" || end == ".png";
}

class Pictures final : public CameraSource {
 public:
  Pictures(std::string name, std::vector<std::string> paths, bool paced)
      : name_(std::move(name)), paths_(std::move(paths)), pace_(kFileRate, paced) {}
  std::string kind() const override { return "file"; }
  std::string name() const override { return name_; }
  Result<vision::Frame> grab() override {
    if (paths_.size() == 1 && !current_.empty()) {
      ++next_;
      current_.at = pace_.next();
      return current_;
    }
    const std::string& path = paths_[next_++ % paths_.size()];
    auto frame = read(path);
    if (!frame) {
      if (++skipped_ >= paths_.size()) return fail(frame.error());
      (void)pace_.next();
      return fail(ErrorCode::Unavailable, "picture_skipped", path + ": " + frame.error().detail, "sources.cpp");
    }
    skipped_ = 0;
    current_ = std::move(*frame);
    current_.at = pace_.next();
    return current_;
  }
  int rounds() const override { return next_ > 0 ? static_cast<int>((next_ - 1) / paths_.size()) : 0; }

 private:
  static Result<vision::Frame> read(const std::string& path) {
    const auto content = readFile(path, vision::kImageBytesMax);
    if (!content) return fail(ErrorCode::Unavailable, "camera_lost", content.error().detail, "sources.cpp");
    return vision::decodeImage({reinterpret_cast<const std::uint8_t*>(content->data()), content->size()});
  }

  std::string name_;
  std::vector<std::string> paths_;
  std::size_t next_ = 0, skipped_ = 0;  ///< skipped: in a row
  vision::Frame current_;
  Pace pace_;
};

class Video final : public CameraSource {
 public:
  Video(std::string path, cv::VideoCapture capture, double rate, bool paced)
      : path_(std::move(path)), capture_(std::move(capture)), frames_named_(capture_.get(cv::CAP_PROP_FRAME_COUNT)), pace_(rate, paced) {}
  std::string kind() const override { return "file"; }
  std::string name() const override { return path_; }
  Result<vision::Frame> grab() override {
    try {
      cv::Mat picture;
      // Not every format can be wound back, so the end of the file means opening it again.
      if (capture_.read(picture)) {
        if (rounds_ == 0) ++frames_;
      } else {
        if (rounds_++ == 0) judgeLength();
        if (capture_.open(path_, cv::CAP_FFMPEG)) capture_.read(picture);
      }
      if (picture.type() == CV_8UC3 && !picture.empty()) return frameOf(picture, pace_.next());
    } catch (const cv::Exception&) {
    }
    return fail(ErrorCode::Unavailable, "camera_lost", path_ + " gives no pictures", "sources.cpp");
  }
  int rounds() const override { return rounds_; }
  std::string brokeOff() const override { return broke_off_; }

 private:
  void judgeLength() {
    if (!endIsMissing(path_)) return;
    broke_off_ = path_ + " is cut off or damaged: ";
    broke_off_ += frames_named_ > frames_ && frames_named_ < 1e9 ? "it names " + std::to_string(std::llround(frames_named_)) + " frames and gives " + std::to_string(frames_) : "its end is missing";
  }

  std::string path_, broke_off_;
  int rounds_ = 0;
  cv::VideoCapture capture_;
  double frames_named_;
  int frames_ = 0;  ///< of the first round
  Pace pace_;
};

}  // namespace

milliseconds Pace::next() {
  const milliseconds due{std::llround(1000.0 * static_cast<double>(count_) / fps_)};
  if (paced_) {
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

Result<std::unique_ptr<CameraSource>> openFiles(const std::string& path, bool paced) {
  std::error_code ignored;
  std::vector<std::string> pictures;
  if (fs::is_directory(path, ignored)) {
    for (const auto& entry : fs::directory_iterator(path, ignored))
      if (isPicture(entry.path())) pictures.push_back(entry.path().string());
    std::sort(pictures.begin(), pictures.end(), comesBefore);
    if (pictures.empty())
      return fail(ErrorCode::NotFound, "no_such_file", "no JPEG or PNG picture in " + path, "sources.cpp");
  } else if (!fs::is_regular_file(path, ignored)) {
    return fail(ErrorCode::NotFound, "no_such_file", path + " is not there", "sources.cpp");
  } else if (isPicture(path)) {
    pictures.push_back(path);
  }
  if (!pictures.empty()) return std::make_unique<Pictures>(path, std::move(pictures), paced);
  try {
    cv::VideoCapture capture(path, cv::CAP_FFMPEG);
    const double rate = capture.isOpened() ? capture.get(cv::CAP_PROP_FPS) : 0;
    // Nobody waits longer than a second for a frame.
    const bool taken = rate > 0 && rate <= kFileRateMax && (rate >= 1 || !paced);
    if (capture.isOpened()) return std::make_unique<Video>(path, std::move(capture), taken ? rate : kFileRate, paced);
  } catch (const cv::Exception&) {
  }
  return fail(ErrorCode::InvalidInput, "bad_image", path + " is neither a picture nor a video", "sources.cpp");
}

}  // namespace invigil::devices
