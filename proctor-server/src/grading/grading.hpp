// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app.hpp"
#include "invigil/bank/blueprint.hpp"

/// What a sitting is worth. Every grading is a row of its own (table grading), never changed; sitting repeats the newest.
/// Source: docs/adr/0008-regrade.md.
namespace invigil::server {

/// 80, 79.5: a number with at most two decimals.
Json pointsJson(bank::Points points);

/// What was wrong with an item's key, as applied or proposed.
struct Correction {
  enum class How { NewKey, AllRight, LeaveOut };
  std::string item_uid;
  std::vector<std::int64_t> versions;  ///< of the item, whose key was wrong
  How how = How::NewKey;
  std::vector<int> key;  ///< sorted indices into the version's options
  std::vector<bank::AcceptedAnswer> answers;  ///< of Numeric and ShortText, instead of a key
};
/// The column regrade.answer_key: a JSON list of indices or, for items that are typed, of AcceptedAnswer.
void readCorrectedKey(Correction& correction, const std::string& stored);
Correction::How howFromText(const std::string& text);

struct Grade {
  bank::Points points, points_max;
  bool passed = false;
  Json topics = Json::array();  ///< TopicPoints of openapi.yaml
};

/// By place on the paper, 1-based; chosen are shown positions.
using Responses = std::map<std::int64_t, bank::Response>;
/// The column response.chosen: a JSON list of shown positions or, for Numeric and ShortText, a JSON string as typed.
bank::Response responseFromStored(const std::string& stored);
Responses responsesOf(Tx& tx, const std::string& sitting_id);

/// The correction in force for a place of a paper, if any.
const Correction* correctionOf(const Json& place, const std::vector<Correction>& corrections);

/// What one place of a paper earns; `given` null = left open. Left out: nothing, and nothing to reach.
struct PlaceGrade {
  bank::Points points, points_max;
};
PlaceGrade gradePlace(const Json& place, const bank::Part& part, const bank::Response* given, const Correction* correction);

/// Grades a stored paper. Of several corrections for one version of an item the last counts. The total and each topic
/// are not below 0; left-out items earn nothing and cannot be reached. Pure.
Grade gradePaper(const Json& paper, const bank::Blueprint& blueprint, const Responses& responses,
                 const std::vector<Correction>& corrections);

/// Corrections in force, oldest first: a sitting is graded with those that stand when it is submitted.
std::vector<Correction> appliedCorrections(Tx& tx);

/// Adds the next grading of a sitting and brings sitting up to date. `regrade_id` empty = at submission.
void storeGrade(Tx& tx, const std::string& sitting_id, const Grade& grade, const std::string& regrade_id, Instant now);

/// SittingResult::regraded of openapi.yaml: the last correction, or null.
Json regradedJson(Tx& tx, const std::string& sitting_id);

}  // namespace invigil::server
