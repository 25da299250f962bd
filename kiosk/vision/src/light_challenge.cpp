// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/vision/light_challenge.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>

#include "invigil/base/random.hpp"
#include "mat.hpp"

namespace invigil::vision {
namespace {

// A camera needs a moment to show what the screen already does.
constexpr milliseconds kLatency{130};
// Shares of a colour; a hue that moves less than this moves by the sensor's noise.
constexpr double kNoise = 0.0015;

/// Mean colour as shares of red, green and blue.
std::array<double, 3> hueOf(const cv::Mat& picture, cv::Rect where) {
  where &= cv::Rect({0, 0}, picture.size());
  if (where.area() < 64) return {1.0 / 3, 1.0 / 3, 1.0 / 3};
  const cv::Scalar mean = cv::mean(picture(where));
  const double sum = std::max(1.0, mean[0] + mean[1] + mean[2]);
  return {mean[2] / sum, mean[1] / sum, mean[0] / sum};
}

/// Less the mean over all, channel by channel.
void centre(std::vector<std::array<double, 3>>& all) {
  for (std::size_t k = 0; k < 3; ++k) {
    double mean = 0;
    for (const auto& one : all) mean += one[k] / static_cast<double>(all.size());
    for (auto& one : all) one[k] -= mean;
  }
}

}  // namespace

std::vector<ScreenColour> LightChallenge::draw() {
  std::vector<ScreenColour> hues{{255, 70, 70}, {70, 255, 70}, {80, 80, 255}};
  for (std::size_t i = hues.size(); i > 1; --i) {
    std::uint8_t byte = 0;
    do randomBytes(&byte, 1);
    while (byte >= 252);  // 252 divides by 2 and 3, so every order is as likely
    std::swap(hues[i - 1], hues[byte % i]);
  }
  std::vector<ScreenColour> out{{255, 255, 255}};
  for (const ScreenColour& one : hues) out.push_back(one);
  out.push_back({255, 255, 255});
  return out;
}

std::optional<ScreenColour> LightChallenge::colour() const {
  if (!start_ || done()) return std::nullopt;
  return colours_[place_];
}

void LightChallenge::feed(const Frame& frame, const Look& look, milliseconds now) {
  if (done()) return;
  if (!start_) start_ = now;
  const milliseconds since = now - *start_;
  place_ = std::min(colours_.size(), static_cast<std::size_t>(since / kEach));
  const cv::Mat picture = asMat(frame);
  if (done() || since % kEach < kLatency || look.faces == 0 || picture.empty()) return;
  const Rect& face = look.face;
  const auto part = [&](double x, double y, double width, double height) {
    return cv::Rect(static_cast<int>(face.x + x * face.width), static_cast<int>(face.y + y * face.height), static_cast<int>(width * face.width), static_cast<int>(height * face.height));
  };
  const Hue skin = hueOf(picture, part(0.2, 0.2, 0.6, 0.6)), left = hueOf(picture, part(-0.9, -0.2, 0.5, 0.8)), right = hueOf(picture, part(1.4, -0.2, 0.5, 0.8));
  for (std::size_t k = 0; k < 3; ++k) hues_[place_][k] += skin[k] - (left[k] + right[k]) / 2;
  ++frames_[place_];
}

std::optional<double> LightChallenge::value() const {
  if (!done() || colours_.size() < 3 || std::find(frames_.begin(), frames_.end(), 0) != frames_.end()) return std::nullopt;
  std::vector<Hue> seen = hues_, shown;
  for (std::size_t i = 0; i < colours_.size(); ++i) {
    for (double& share : seen[i]) share /= frames_[i];
    const double sum = colours_[i].red + colours_[i].green + colours_[i].blue;
    shown.push_back({colours_[i].red / sum, colours_[i].green / sum, colours_[i].blue / sum});
  }
  centre(seen);
  centre(shown);
  double both = 0, a = 0, b = 0;
  for (std::size_t i = 0; i < seen.size(); ++i)
    for (std::size_t k = 0; k < 3; ++k) both += seen[i][k] * shown[i][k], a += seen[i][k] * seen[i][k], b += shown[i][k] * shown[i][k];
  const double floor = kNoise * kNoise * 3 * static_cast<double>(seen.size());
  return both / std::sqrt(std::max(a, floor) * b);
}

}  // namespace invigil::vision
