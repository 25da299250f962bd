// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "invigil/base/clock.hpp"
#include "invigil/vision/face_engine.hpp"

namespace invigil::vision {

/// What the comparison alone suggests. Refuse means only "not by machine": the remote reviewer decides.
enum class Band { Admit, Human, Refuse };
/// "admit", "human", "refuse"
std::string_view bandName(Band band);

/// Where the bands lie; configuration, recorded in every decision. Source: face.md 8.3, 8.6.
struct Bands {
  double admit = 0.45;   ///< similarity >= this
  double refuse = 0.35;  ///< similarity < this
  double second_max = 0.60;  ///< distance of the second verifier above which the human decides
  int frames_min = 3;    ///< usable frames averaged into one template
  milliseconds time_max{15000};
};

/// A similarity that is not a number goes to the human.
Band decide(double similarity, const Bands& bands);
/// With a second opinion: it may turn Admit into Human, never anything else.
Band decide(double similarity, double second_distance, const Bands& bands);

/// Gathers a few usable frames of one person and compares their mean with the reference. Pure: time and pictures
/// come in. An empty reference gives similarity 0 throughout; ask EngineInfo::canVerify() first.
class AdmissionCheck {
 public:
  AdmissionCheck(Embedding reference, Bands bands, milliseconds start);

  struct Step {
    Hint hint = Hint::None;
    bool face_found = false, quality_ok = false;
    int frames_kept = 0, frames_needed = 0;
    bool finished = false;   ///< no further frame changes anything
    bool timed_out = false;  ///< finished for lack of time; similarity is of the frames so far, 0 of none
    double similarity = 0;   ///< of the mean of the kept frames
  };

  /// @param embedding  of the same frame; none when the frame was not usable or cannot be embedded.
  /// Keeps usable frames that are evenly apart and no copies of each other, and finishes when frames_min are kept
  /// over at least 600 ms, or at start + time_max. A frame unlike the kept ones (another person) starts over.
  Step feed(const Look& look, const std::optional<Embedding>& embedding, milliseconds now);

 private:
  double compare() const;
  Embedding reference_;
  Bands bands_;
  milliseconds start_;
  std::vector<Embedding> kept_;
  milliseconds first_{0}, last_{0};
  Step step_;
};

}  // namespace invigil::vision
