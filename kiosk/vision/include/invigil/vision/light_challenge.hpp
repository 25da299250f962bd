// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "invigil/vision/frame.hpp"
#include "invigil/vision/look.hpp"

namespace invigil::vision {

/// What the whole screen shows for a moment.
struct ScreenColour {
  std::uint8_t red = 0, green = 0, blue = 0;
  bool operator==(const ScreenColour&) const = default;
};

/// Lights the face with the screen: a few colours in an order nobody knows before, and the face's hue, against that of the
/// background, has to follow. Stops pictures that were made before, whoever feeds them in; paper follows too. Fewer than
/// three changes a second, for people whom flashes harm. Pure. Source: Face Flashing, arXiv 1801.01949.
class LightChallenge {
 public:
  static constexpr milliseconds kEach{400};
  /// Red, green and blue in random order, white between them, from the operating system's generator.
  static std::vector<ScreenColour> draw();

  explicit LightChallenge(std::vector<ScreenColour> colours) : colours_(std::move(colours)), hues_(colours_.size()), frames_(colours_.size()) {}
  /// Begins with the first call.
  void feed(const Frame& frame, const Look& look, milliseconds now);
  /// For the screen; none before the beginning and after the end.
  std::optional<ScreenColour> colour() const;
  bool done() const { return place_ >= colours_.size(); }
  /// How well the hue followed, -1..1, about 0 for what does not follow; none before the end or when a colour had no
  /// usable frame.
  std::optional<double> value() const;

 private:
  using Hue = std::array<double, 3>;
  std::vector<ScreenColour> colours_;
  std::vector<Hue> hues_;
  std::vector<int> frames_;
  std::optional<milliseconds> start_;
  std::size_t place_ = 0;
};

}  // namespace invigil::vision
