// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <random>
#include <string>
#include <string_view>

#include "invigil/base/clock.hpp"
#include "invigil/devices/simulated_face.hpp"

namespace invigil::devices {

/// Does what the screen asks for, as a person would: after a moment, not always as far, now and then wrongly.
class Actor {
 public:
  /// @param clumsy  0..1, share of prompts that are misunderstood or missed
  Actor(std::uint64_t seed, double clumsy) : random_(seed), clumsy_(clumsy) {}
  /// The prompt now on the screen; empty = none.
  void hear(std::string_view action, milliseconds now);
  /// Adds the movement of this moment.
  void move(FaceScene& scene, milliseconds now) const;

 private:
  double between(double low, double high) { return std::uniform_real_distribution<double>(low, high)(random_); }
  void start(std::string_view action, milliseconds now);
  std::mt19937_64 random_;
  double clumsy_;
  std::string heard_, doing_;
  milliseconds begin_{0}, span_{0}, rise_{0};
  double reach_ = 0;
};

}  // namespace invigil::devices
