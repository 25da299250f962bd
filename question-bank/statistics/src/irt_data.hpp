// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "invigil/bank/irt.hpp"

namespace invigil::bank::irt {

constexpr std::size_t kPoints = 81;
using Grid = std::array<double, kPoints>;

/// Persons with the same answers count once, with a weight.
struct Data {
  struct Pattern {
    IrtPerson answers;
    double weight = 0;
  };
  std::vector<Pattern> patterns;
  std::size_t items = 0;
};

struct Parameters {
  std::vector<double> a, d;
};

/// log P and log Q of every item at every point.
struct Curves {
  Grid theta, log_prior;
  std::vector<Grid> p, log_p, log_q;
};
Curves curvesOf(const Parameters& parameters);

/// Posterior of one pattern over the points; the return value is the log of its marginal probability.
double posteriorOf(const Data::Pattern& pattern, const Curves& curves, Grid& posterior);

/// Variances and covariances of the estimates; empty when the information cannot be inverted.
/// Order: a_0 d_0 a_1 d_1 …, Rasch: a d_0 d_1 …
struct Covariance {
  std::vector<double> values;
  std::size_t size = 0;
  double at(std::size_t row, std::size_t column) const { return values[row * size + column]; }
};
Covariance covarianceOf(const Data& data, const Curves& curves, bool rasch);

}  // namespace invigil::bank::irt
