// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "commands.hpp"
#include "rates.hpp"

namespace invigil::face {

/// One comparison of a set.
struct Comparison {
  std::string a, b, group;
  bool same = false, made = false;
  double score = 0;
};

/// Compares single pictures as pairs.csv says (path_a, path_b, same, group).
Result<std::vector<Comparison>> comparePairs(Pictures& pictures, const std::string& path, Verifier verifier);
/// Compares templates of `frames` consecutive live frames with reference photos, every template with every reference
/// (path, role = live or reference, subject, sequence, group). Windows of one sequence do not overlap.
/// @param joined  all reference photos of a subject are one reference, as at the kiosk
Result<std::vector<Comparison>> compareTemplates(Pictures& pictures, const std::string& path, std::size_t frames, bool joined,
                                                 Verifier verifier);

}  // namespace invigil::face
