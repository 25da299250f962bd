// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "formats/findings.hpp"
#include "invigil/bank/markup.hpp"

/// What the readers of other systems' files have in common: from texts and a key to a row of a Reading, or a refusal.
namespace invigil::bank::formats {

struct Question {
  Item item;  ///< id, title, type, key, answers, tags, difficulty, source, fixed_order
  CleanedText stem, explanation;
  std::vector<CleanedText> options, notes;  ///< notes: empty or one per option
  Place place;
  std::vector<Finding> repairs;
};

/// Refuses with a code: "bad_question" and others of docs/formats/import-report.md.
void refuse(Reading& reading, const Place& place, const std::string& text, const char* code, Wording why);

/// "type_not_gradable": what it is called where it comes from.
void refuseType(Reading& reading, const Place& place, const std::string& text, const std::string& type);

/// Checks and adds it; what is wrong with it refuses it.
void take(Reading& reading, Question question);

/// What a file says to one typed answer becomes a line of the explanation; told as left out where that is more than text.
void explain(Question& question, const std::string& answer, const CleanedText& feedback);

void makeTrueFalse(Question& question, bool is_true);

/// The members of an item that other systems have no place for, as tags "invigil:NAME=VALUE"; addTag() takes them back.
std::vector<std::string> ownTags(const Item& item);

/// A tag of at most 64 characters, a longer one as a repair; nothing for an empty one. The place must be known.
void addTag(Question& question, std::string_view tag);

/// "a/b/c" of a category becomes the tag c: what stood before it is told, once for each category.
void tellCategory(Reading& reading, const Place& place, const std::string& path);

/// "45" for "45.": between two numbers of GIFT stand two dots.
std::string withoutLastDot(std::string_view number);

/// smallest..largest of value and tolerance as decimal text; nothing where one is no number.
std::optional<AcceptedAnswer> rangeOf(std::string_view value, std::string_view tolerance, int percent);
std::optional<AcceptedAnswer> rangeBetween(std::string_view from, std::string_view to, int percent);
/// A range as its middle and what it allows on both sides; of other answers the text and "0".
struct Around {
  std::string middle, tolerance;
};
Around aroundOf(const AcceptedAnswer& answer);
/// Moodle's short answer: * stands for any text.
AcceptedAnswer shortAnswer(const std::string& text, bool case_counts, int percent);

/// The key of a choice question by shares in percent: the whole shares and, where there is none, all positive ones.
/// Shares that our scoring does not carry are named in a note.
void keyFromShares(Reading& reading, Question& question, const std::vector<double>& shares, bool single);

}  // namespace invigil::bank::formats
