// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "rates.hpp"

namespace invigil::face {

struct NamedScores {
  std::string name;
  const Scores* scores = nullptr;
};

/// An SVG picture: at the left the DET curves (FRR over FAR, both axes logarithmic from 0.1 to 100 %), at the right how
/// the scores of the first set are spread, genuine and impostor. Groups without both kinds of comparison are left out.
/// @param sign  -1 when the scores are negated distances
std::string drawCurves(const std::string& title, const std::vector<NamedScores>& sets, double sign);

}  // namespace invigil::face
