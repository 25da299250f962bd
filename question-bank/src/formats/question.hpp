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

/// Text in which nothing is special, $$ neither: line ends as \n, no white space at both ends, else as it is.
CleanedText literalText(std::string_view raw);

/// Refuses with a code: "bad_question" and others of docs/formats/import-report.md.
void refuse(Reading& reading, const Place& place, const std::string& text, const char* code, Wording why);

/// The same of a question whose texts, and key as far as it is certain, were read: they go along for whoever mends it.
void refuse(Reading& reading, Question question, const char* code, Wording why);

/// "type_not_gradable": what it is called where it comes from.
void refuseType(Reading& reading, const Place& place, const std::string& text, const std::string& type);

/// Checks and adds it; what is wrong with it refuses it.
void take(Reading& reading, Question question);

/// What a file says to one typed answer becomes a line of the explanation.
void explain(Question& question, const std::string& answer, const CleanedText& feedback);

/// "left_out": what a file says to typed answers that are worth nothing.
Finding wrongAnswersFeedback(const Place& place, const std::string& text);

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

/// How many options may be chosen: one, several, or one unless several are right.
enum class Choosing { One, Several, OneUnlessSeveral };

/// Takes a choice question with the key by the shares of its options in percent: those that are worth all points, of several choices
/// all that are worth something. Shares that our scoring does not carry are named in a note; where each of several options would do,
/// One is refused and OneUnlessSeveral noted, for here all of them are to be chosen.
void takeByShares(Reading& reading, Question question, const std::vector<double>& shares, Choosing choosing);

}  // namespace invigil::bank::formats
