// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "face_choice.hpp"

#include <algorithm>
#include <cmath>

#include "invigil/vision/look.hpp"

namespace invigil::vision {
namespace {

// The corner of the picture weighs this much less than its middle.
constexpr float kPlace = 0.5F;
constexpr float kContinues = 0.3F;

}  // namespace

float overlapOf(const cv::Rect2f& a, const cv::Rect2f& b) {
  const float both = (a & b).area(), all = a.area() + b.area() - both;
  return all > 0 ? both / all : 0;
}

float overlap(const Rect& a, const Rect& b) {
  return overlapOf({a.x, a.y, a.width, a.height}, {b.x, b.y, b.width, b.height});
}

std::optional<std::size_t> chooseFace(const std::vector<Candidate>& all, const cv::Size& picture,
                                      const std::optional<cv::Rect2f>& expected) {
  std::optional<std::size_t> best;
  float best_value = 0;
  auto offer = [&](std::size_t i, float value) {
    if (!best || value > best_value) {
      best = i;
      best_value = value;
    }
  };
  if (expected)
    for (std::size_t i = 0; i < all.size(); ++i)
      if (const float shared = overlapOf(all[i].box, *expected); shared >= kContinues) offer(i, shared);
  if (best) return best;
  const auto width = static_cast<float>(picture.width), height = static_cast<float>(picture.height);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& box = all[i].box;
    const float dx = (box.x + box.width / 2) / width - 0.5F, dy = (box.y + box.height / 2) / height - 0.5F;
    const float away = std::min(1.0F, std::hypot(dx, dy) / 0.7071F);
    offer(i, box.area() * (0.1F + all[i].worth) * (1 - kPlace * away));
  }
  return best;
}

int countFaces(const std::vector<Candidate>& all, std::size_t person) {
  if (person >= all.size()) return 0;
  const float width = all[person].box.width;
  int count = 0;
  for (std::size_t i = 0; i < all.size(); ++i) count += i == person || all[i].box.width >= 0.4F * width ? 1 : 0;
  return count;
}

}  // namespace invigil::vision
