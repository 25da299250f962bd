// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/vision/face_standstill.hpp"

#include <algorithm>

namespace invigil::vision {
namespace {

constexpr milliseconds kGap{1500};

// Place and size in eye distances, then degrees, then openings. About twice the spread of stills with a camera's noise in a minute
// (docs/face.md); a living face has to pass one of them only.
constexpr std::array<double, 8> kLimits{0.035, 0.035, 0.07, 3, 5, 4, 0.08, 0.06};

}  // namespace

Standstill::Measures Standstill::measuresOf(const Look& look) {
  // The mean of all points is by far the steadiest measure of where a head is.
  double x = 0, y = 0;
  for (const Point& point : look.landmarks) x += point.x, y += point.y;
  const auto points = static_cast<double>(std::max<std::size_t>(1, look.landmarks.size()));
  return {x / points, y / points, look.inter_eye_px, look.yaw, look.pitch, look.roll, look.eye_openness, look.mouth_opening};
}

double Standstill::stir() const {
  if (samples_.empty()) return 0;
  Measures low = samples_.front().of, high = low;
  for (const Sample& sample : samples_)
    for (std::size_t i = 0; i < kMeasures; ++i) low[i] = std::min(low[i], sample.of[i]), high[i] = std::max(high[i], sample.of[i]);
  const double eye_distance = std::max(1.0, high[2]);
  double widest = 0;
  for (std::size_t i = 0; i < kMeasures; ++i) widest = std::max(widest, (high[i] - low[i]) / (i < 3 ? eye_distance : 1) / kLimits[i]);
  return widest;
}

bool Standstill::feed(const Look& look, milliseconds at) {
  if (!samples_.empty() && at - samples_.back().at > kGap) samples_.clear();
  if (look.faces == 0) return false;
  samples_.push_back({at, measuresOf(look)});
  while (samples_.size() > 1 && samples_[1].at <= at - kAfter) samples_.pop_front();
  return samples_.front().at <= at - kAfter && stir() < 1;
}

}  // namespace invigil::vision
