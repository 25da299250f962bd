// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "commands.hpp"
#include "rates.hpp"
#include "tables.hpp"

namespace invigil::face {

/// One comparison of a set.
struct Comparison {
  std::string a, b, group;
  bool same = false, made = false;
  double score = 0;
};

/// A whole set.
struct Compared {
  std::vector<Comparison> all;
  std::map<std::string, std::set<std::string>> groups;  ///< every group that the list names, with its pictures (Pictures::keyOf)
};

/// A list of pictures, read and judged before any picture is looked at.
struct List {
  std::vector<Row> rows;
  std::vector<std::string> names;  ///< of the pictures
};
/// Errors: as readTable; InvalidInput bad_table for a word that is none of those allowed.
Result<List> readPairs(const std::string& path);
Result<List> readTemplates(const std::string& path);

/// Compares single pictures as pairs.csv says (path_a, path_b, same, group).
Compared comparePairs(Pictures& pictures, const List& list);
/// Compares templates of `frames` consecutive live frames with reference photos, every template with every reference
/// (path, role = live or reference, subject, sequence, group). Windows of one sequence do not overlap. A comparison's group is that of
/// its live frames, and so are the pictures of a group.
/// @param joined  all reference photos of a subject are one reference, as at the kiosk
Compared compareTemplates(Pictures& pictures, const List& list, std::size_t frames, bool joined);

}  // namespace invigil::face
