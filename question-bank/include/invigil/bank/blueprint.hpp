// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "invigil/bank/bank.hpp"
#include "invigil/bank/paper_rules.hpp"
#include "invigil/bank/points.hpp"
#include "invigil/base/random.hpp"

namespace invigil::bank {

/// How a multiple-choice response earns its points.
enum class Scoring {
  AllOrNothing,  ///< the whole key, or nothing
  Partial        ///< the whole key, or points_per_option for each right option; nothing with any wrong one
};

/// One part of a paper: `count` items of one type.
struct Part {
  ItemType type = ItemType::SingleChoice;
  int count = 0;
  Points points_each = Points::whole(1);
  Scoring scoring = Scoring::AllOrNothing;
  Points points_per_option{50};  ///< Partial only; never more than points_each in all
  Points wrong_costs{};          ///< taken off for a response that earns nothing; an open one costs nothing
  bool operator==(const Part&) const = default;
};

struct Topic {
  std::string id;
  Wording title;
  std::vector<int> counts;  ///< one per part of the blueprint; they add up to the part's count
  bool operator==(const Topic&) const = default;
};

/// The rule a paper is drawn by; data, never code (question-bank/blueprints).
struct Blueprint {
  std::string id;
  Wording title;
  Role role = Role::SpecialOperations;
  std::string category;
  int minutes = 120;
  Points pass_points = Points::whole(80);
  std::vector<Part> parts;    ///< in presentation order, each of another type
  std::vector<Topic> topics;  ///< empty = by type only
  PaperRules asks;            ///< beyond parts and topics; drawPaper() does not know them, sealed batches keep them
  int items() const;          ///< of the whole paper
  Points points() const;
  bool operator==(const Blueprint&) const = default;
};

/// Errors: InvalidInput bad_json, bad_blueprint (where names the member).
Result<Blueprint> parseBlueprint(std::string_view json);
std::string writeBlueprint(const Blueprint& blueprint);

/// One item as placed on a paper.
struct PaperItem {
  std::string item_id;
  std::vector<int> option_order;  ///< shown position -> index into Item::options
  int part = 0;                   ///< index into Blueprint::parts
  bool operator==(const PaperItem&) const = default;
};

struct Paper {
  std::vector<PaperItem> items;  ///< in presentation order: parts in order, shuffled within each
  bool operator==(const Paper&) const = default;
};

/// Draws one paper from `pool` by the rules in `blueprint`.
///
/// The same pool (in the same order), blueprint and seed give the same paper on every platform: ChaCha20 stream,
/// bounded integers by rejection, our own Fisher-Yates. Where no item of a part's type carries a known topic, the part
/// is drawn by type only; a part where some do is drawn by topic.
/// Options are shuffled except those of TrueFalse items, of items with fixed_order and of items whose options refer to
/// each other. Of items with one id the first in the pool counts, the others are never drawn.
/// Errors: NotFound pool_too_small (detail names the part and topic that ran short, what it needs and has);
/// InvalidInput bad_blueprint (topic counts that do not add up; never after parseBlueprint).
/// Thread-safe; no I/O; O(items in the pool). Source: docs/adr/0004-paper-draw.md.
Result<Paper> drawPaper(const std::vector<Item>& pool, const Blueprint& blueprint, const Seed& seed);

/// What somebody answered. Open: no option chosen and no text but white space.
struct Response {
  std::vector<int> chosen;  ///< indices into Item::options (not shown positions), any order; types with options
  std::string text;         ///< as typed, UTF-8; Numeric and ShortText
};

/// Points for one response by the rule of its part: -wrong_costs .. points_each. A sitting's total is not below 0; that
/// is for the caller to see to, after adding up.
/// Numeric and ShortText: the accepted answer with the highest percentage that matches counts, rounded down to whole
/// hundredths. Full-width digits, letters and signs count as their ASCII twins.
/// Thread-safe; no I/O. Source: docs/formats/blueprint-json.md.
Points gradeItem(const Item& item, const Response& response, const Part& part);

}  // namespace invigil::bank
