// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/vision/frame_watch.hpp"

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "invigil/vision/bands.hpp"
#include "mat.hpp"
#include "quality.hpp"

namespace invigil::vision {
namespace {

constexpr int kWidth = 80, kHeight = 45;
constexpr int kBackgroundFrames = 8;
constexpr std::size_t kPersonFrames = 5;
constexpr double kDark = 22, kFlat = 7;  ///< mean and standard deviation of a covered picture's luminance, 0..255
constexpr double kFrontalYaw = 18;       ///< degrees; beyond it people no longer look like their own frontal picture
constexpr double kLevel = 20;            ///< degrees of pitch and roll; beyond it the colour of neck or hair reads as a cover
constexpr milliseconds kCameAnew{5000};  ///< who was away for so long may have been somebody else; shorter is no way out
constexpr double kDimFace = 15, kBrightFace = 235;  ///< Look::brightness

/// FNV-1a over 8-byte words: two frames of a camera never agree in every bit, its noise sees to that.
std::uint64_t hashOf(const Frame& frame) {
  std::uint64_t hash = 14695981039346656037ull;
  const std::size_t words = frame.bgr.size() / 8;
  for (std::size_t i = 0; i < words; ++i) {
    std::uint64_t word;
    std::memcpy(&word, frame.bgr.data() + 8 * i, 8);
    hash = (hash ^ word) * 1099511628211ull;
  }
  return hash;
}

cv::Mat smallGrey(const cv::Mat& picture) {
  cv::Mat grey, small;
  cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
  cv::resize(grey, small, {kWidth, kHeight}, 0, 0, cv::INTER_AREA);
  return small;
}

/// The person's head, shoulders and all below, in cells of the small picture.
cv::Rect personIn(const Rect& face, const Frame& frame) {
  const double x_scale = static_cast<double>(kWidth) / frame.width, y_scale = static_cast<double>(kHeight) / frame.height;
  const double left = (face.x - 0.6 * face.width) * x_scale, right = (face.x + 1.6 * face.width) * x_scale;
  const int x = std::clamp(static_cast<int>(left), 0, kWidth), y = std::clamp(static_cast<int>((face.y - 0.6 * face.height) * y_scale), 0, kHeight);
  return {x, y, std::clamp(static_cast<int>(std::ceil(right)), 0, kWidth) - x, kHeight - y};
}

/// Correlation of the cells that both know; none when too few do or they are without structure.
std::optional<double> likeness(const std::vector<float>& a, const std::vector<float>& b) {
  double n = 0, sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] < 0 || b[i] < 0) continue;
    n += 1, sa += a[i], sb += b[i], saa += a[i] * a[i], sbb += b[i] * b[i], sab += a[i] * b[i];
  }
  if (n < 0.12 * kWidth * kHeight) return std::nullopt;
  const double va = saa / n - sa / n * (sa / n), vb = sbb / n - sb / n * (sb / n);
  if (va < 16 || vb < 16) return std::nullopt;  // a plain wall looks the same wherever the camera points
  return (sab / n - sa / n * (sb / n)) / std::sqrt(va * vb);
}

// What somebody at the door is asked for (in the middle, near, well lit) is a matter of comfort. Whoever sits down in another's place
// does not come closer when asked, so here only that counts without which a face no longer resembles itself (docs/face.md).

/// Large and light enough that its colours and features are more than noise.
bool readable(const Look& look) { return look.inter_eye_px >= kEyesApart && look.brightness >= kDimFace && look.brightness <= kBrightFace; }

bool frontal(const Look& look) { return look.pose_valid && std::abs(look.yaw) < kFrontalYaw; }

bool covered(const Look& look) {
  return readable(look) && frontal(look) && std::abs(look.pitch) < kLevel && std::abs(look.roll) < kLevel && look.cover > kCovered;
}

/// Of several faces nobody knows which one is meant; they are a concern of their own.
bool comparable(const Look& look) {
  return look.faces == 1 && readable(look) && frontal(look) && look.cover <= kCovered && look.sharpness >= kBlurred;
}

}  // namespace

bool FrameWatch::seenBefore(const Frame& frame, milliseconds at, Sighting& sighting) {
  const std::uint64_t hash = hashOf(frame);
  if (last_hash_ != hash) same_since_ = at;
  last_hash_ = hash;
  const auto [place, fresh] = hashes_.emplace(hash, at);
  if (fresh || place->second == at) return false;
  sighting.frozen_since = same_since_;
  return true;
}

void FrameWatch::lookAtBackground(const Frame& frame, Sighting& sighting) {
  const cv::Mat small = smallGrey(asMat(frame));
  cv::Scalar mean, deviation;
  cv::meanStdDev(small, mean, deviation);
  // Through a cover nobody sees a face: who sits before a dark wall is in a dark picture all the same.
  sighting.covered = look_.faces == 0 && (mean[0] < kDark || deviation[0] < kFlat);
  if (look_.faces == 0) return;  // without a face nobody knows where the person is
  std::vector<float> cells(kWidth * kHeight);
  for (int y = 0; y < kHeight; ++y)
    for (int x = 0; x < kWidth; ++x) cells[static_cast<std::size_t>(y * kWidth + x)] = small.at<std::uint8_t>(y, x);
  const cv::Rect person = personIn(look_.face, frame);
  for (int y = person.y; y < person.br().y; ++y)
    for (int x = person.x; x < person.br().x; ++x) cells[static_cast<std::size_t>(y * kWidth + x)] = -1;
  if (background_frames_ < kBackgroundFrames) {
    if (background_.empty()) background_ = cells;
    for (std::size_t i = 0; i < cells.size(); ++i)
      background_[i] = background_[i] < 0 ? cells[i] : cells[i] < 0 ? background_[i]
                       : (background_[i] * static_cast<float>(background_frames_) + cells[i]) / static_cast<float>(background_frames_ + 1);
    ++background_frames_;
  } else {
    sighting.background = likeness(background_, cells);
  }
}

/// @return whether this look is like the person who should sit here, or helped to learn who that is
bool FrameWatch::compare(const Frame& frame, Sighting& sighting) {
  if (!comparable(look_) || !engine_.info().canVerify()) return false;
  const auto embedding = engine_.embed(frame);
  if (!embedding) return false;
  if (!person_.empty()) {
    sighting.similarity = similarity(person_, *embedding);
    return *sighting.similarity >= kSamePerson;
  }
  first_.push_back(*embedding);
  if (first_.size() >= kPersonFrames) person_ = normalise(meanOf(first_));
  return true;
}

/// Called for every look with a face. @param known  what compare() said of it
bool FrameWatch::uncompared(milliseconds at, bool known) {
  if (known || !face_at_ || at - *face_at_ >= kCameAnew) known_at_ = at;
  face_at_ = at;
  // Several faces are a concern of their own.
  return look_.faces == 1 && at - known_at_ >= kUncompared && knowsPerson() && engine_.info().canVerify();
}

Sighting FrameWatch::look(const Frame& frame, milliseconds at) {
  Sighting sighting{.at = at, .picture = !frame.empty()};
  if (!sighting.picture) return sighting;
  sighting.frozen = never_repeats_ && seenBefore(frame, at, sighting);
  look_ = track_.look(engine_, frame);
  lookAtBackground(frame, sighting);
  sighting.face = look_.faces > 0;
  sighting.lifeless = standstill_.feed(look_, at);
  if (!sighting.face) return sighting;
  for (std::size_t i = 1; i < look_.all.size(); ++i)
    sighting.second = std::max(sighting.second, static_cast<double>(look_.all[i].box.width / std::max(1.0F, look_.face.width)));
  sighting.hidden = covered(look_);
  sighting.uncompared = uncompared(at, compare(frame, sighting));
  // Looking down at the keys is no looking away: only sideways and upwards counts.
  const double sideways = std::abs(look_.gaze.valid ? look_.gaze.yaw : look_.yaw);
  if (look_.pose_valid || look_.pose_measured) sighting.away = std::max(sideways, static_cast<double>(-(look_.gaze.valid ? look_.gaze.pitch : look_.pitch)));
  return sighting;
}

}  // namespace invigil::vision
