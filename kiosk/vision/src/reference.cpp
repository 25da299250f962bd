// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/vision/reference.hpp"

#include <algorithm>

#include "invigil/vision/bands.hpp"

namespace invigil::vision {

Reference describeReference(FaceEngine& engine, const std::vector<Frame>& photos) {
  std::vector<Embedding> first, second;
  Reference out;
  for (const Frame& photo : photos) {
    if (photo.empty() || engine.look(photo, {.thorough = true}).faces == 0) continue;
    auto made = engine.embed(photo);
    if (!made) continue;
    out.used.push_back(static_cast<std::size_t>(&photo - photos.data()));
    out.mixed = out.mixed || std::any_of(first.begin(), first.end(), [&](const Embedding& other) { return similarity(*made, other) < kSamePerson; });
    first.push_back(std::move(*made));
    if (auto other = engine.embedSecond(photo)) second.push_back(std::move(*other));
  }
  if (out.mixed || first.empty()) return out;
  out.first = first.size() == 1 ? first.front() : normalise(meanOf(first));
  if (second.size() == first.size()) out.second = meanOf(second);
  return out;
}

}  // namespace invigil::vision
