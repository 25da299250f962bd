// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "invigil/base/clock.hpp"

namespace invigil::vision {

/// What the comparison alone suggests. Refuse means only "not by machine": the remote invigilator decides.
enum class Band { Admit, Human, Refuse };
/// "admit", "human", "refuse"
std::string_view bandName(Band band);

/// Where the bands lie; configuration, recorded in every decision. Source: docs/face.md, from measured curves.
struct Bands {
  double admit = 0.50;   ///< similarity >= this
  double refuse = 0.35;  ///< similarity < this
  double second_max = 0.60;  ///< distance of the second verifier above which the human decides
  int frames_min = 3;    ///< usable frames averaged into one template
  milliseconds time_max{15000};
};

/// Two frontal pictures less alike than this show different people (docs/face.md); for changes of the person, not for admission.
constexpr double kSamePerson = 0.30;

/// A similarity that is not a number goes to the human.
Band decide(double similarity, const Bands& bands);
/// With a second opinion: it may turn Admit into Human, never anything else.
Band decide(double similarity, double second_distance, const Bands& bands);

}  // namespace invigil::vision
