// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>

#include "invigil/vision/face_engine.hpp"

namespace invigil::vision {

double similarity(const Embedding& a, const Embedding& b) {
  if (a.empty() || a.size() != b.size()) return 0;
  double dot = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    dot += static_cast<double>(a[i]) * b[i];
    aa += static_cast<double>(a[i]) * a[i];
    bb += static_cast<double>(b[i]) * b[i];
  }
  if (aa == 0 || bb == 0) return 0;
  return dot / std::sqrt(aa * bb);
}

double distance(const Embedding& a, const Embedding& b) {
  if (a.empty() || a.size() != b.size()) return std::numeric_limits<double>::infinity();
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (static_cast<double>(a[i]) - b[i]) * (static_cast<double>(a[i]) - b[i]);
  return std::sqrt(sum);
}

Embedding meanOf(const std::vector<Embedding>& all) {
  if (all.empty()) return {};
  Embedding sum(all.front().size(), 0.0F);
  for (const auto& one : all) {
    if (one.size() != sum.size()) return {};
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += one[i] / static_cast<float>(all.size());
  }
  return sum;
}

Embedding normalise(Embedding embedding) {
  double sum = 0;
  for (const float value : embedding) sum += static_cast<double>(value) * value;
  if (!(sum > 0) || !std::isfinite(sum)) return {};
  for (float& value : embedding) value = static_cast<float>(value / std::sqrt(sum));
  return embedding;
}

}  // namespace invigil::vision
