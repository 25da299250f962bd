// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <utility>
#include <vector>

/// Rasch and two-parameter logistic models by marginal maximum likelihood: P(right) = 1 / (1 + exp(-(a theta + d))), theta
/// standard normal, 81 points from -6 to 6, EM (Bock and Aitkin 1981), standard errors from the observed information
/// (Louis 1982). Thread-safe; deterministic.
namespace invigil::bank {

struct IrtItem {
  int n = 0;                         ///< answers
  double a = 1, d = 0;               ///< slope and intercept
  std::optional<double> b;           ///< difficulty -d/a in standard deviations of ability; absent for a flat item
  std::optional<double> se_a, se_d, se_b;
  double infit = 1, outfit = 1;      ///< mean squares, expected 1, averaged over each person's posterior
};

struct IrtModel {
  int persons = 0, items = 0, iterations = 0;
  bool converged = false;
  double log_likelihood = 0;
  double ability_sd = 1;             ///< Rasch: of the abilities in logits (the common slope)
};

/// Answers of one person: (item, right).
using IrtPerson = std::vector<std::pair<int, bool>>;

struct IrtOutcome {
  IrtModel model;
  std::vector<std::optional<IrtItem>> items;  ///< absent where everybody or nobody was right, or too few were asked
};

/// @param items      how many there are; persons name them by 0..items-1
/// @param rasch      one slope for all items, else one each
/// @param answers_min  items with fewer answers are left out
/// @param progress   called now and then with 0..1; false stops and gives what is there, not converged
IrtOutcome estimateIrt(const std::vector<IrtPerson>& persons, int items, bool rasch, int answers_min,
                       const std::function<bool(double)>& progress = {});

}  // namespace invigil::bank
