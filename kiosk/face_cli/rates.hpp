// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace invigil::face {

struct Interval {
  double low = 0, high = 1;
};
/// Wilson's score interval, 95 %, for `events` of `trials` independent trials; 0..1 without a trial.
/// Source: Brown, Cai, DasGupta, Interval estimation for a binomial proportion (2001).
Interval wilson95(double events, double trials);

/// How often something happened, of how many.
struct Rate {
  long events = 0, of = 0;
  double value() const { return of > 0 ? static_cast<double>(events) / static_cast<double>(of) : 0; }
};
/// {"rate", "events", "of", "interval95": [low, high]}; the rate of nothing is null
nlohmann::json toJson(const Rate& rate);

/// Scores of comparisons, higher = more alike; only comparisons that could be made.
class Scores {
 public:
  void add(double score, bool same) { (same ? genuine_ : impostor_).push_back(score); }
  /// To be called before the questions below.
  void sort();
  const std::vector<double>& genuine() const { return genuine_; }
  const std::vector<double>& impostor() const { return impostor_; }
  bool complete() const { return !genuine_.empty() && !impostor_.empty(); }

  /// Genuine below the threshold; impostors at or above it.
  Rate frr(double threshold) const;
  Rate far(double threshold) const;

  struct Point {
    double threshold = 0, rate = 0;
  };
  /// Where FRR and FAR are nearest to each other; the rate is their mean.
  Point equalError() const;
  /// The lowest score as threshold at which FAR <= `far_max`, and the FRR there.
  Point frrAtFar(double far_max) const;
  /// Every threshold at which a rate changes.
  std::vector<double> thresholds() const;

 private:
  std::vector<double> genuine_, impostor_;
};

/// All the figures of one group of comparisons. @param sign  -1 when the scores are negated distances.
/// Keys: eer, eer_interval95, eer_threshold, frr_at_far_1pct, frr_at_far_01pct (with threshold_… and …_interval95),
/// genuine, impostor. An interval of the EER is that of the smaller of the two sides. Without genuine or without impostor scores all but
/// the counts are null.
nlohmann::json figures(const Scores& scores, double sign);
/// FRR and FAR with counts at each of `thresholds` (as shown, i.e. distances stay positive).
nlohmann::json thresholdTable(const Scores& scores, const std::vector<double>& thresholds, double sign);

}  // namespace invigil::face
