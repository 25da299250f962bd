// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace invigil::bank {

enum class ItemType { TrueFalse, SingleChoice, MultipleChoice, Numeric, ShortText };

/// "true_false", "single_choice", "multiple_choice", "numeric", "short_text" as in files and on the wire.
std::string_view toText(ItemType type);
std::optional<ItemType> itemTypeFromText(std::string_view text);

/// True for the three types whose response is a set of options.
constexpr bool hasOptions(ItemType type) { return type <= ItemType::MultipleChoice; }

/// What stem, options and explanation of an item are written in.
enum class Markup {
  Plain,  ///< text; line breaks count, nothing else is special
  Html    ///< the safe subset of docs/formats/item-markup.md; pictures as <img src="media:NAME">, formulae as \( LaTeX \)
};

/// Which level of the item banks an item belongs to (国家题库, 省级题库).
enum class Level { Unstated, National, Provincial };

/// One way to answer a Numeric or ShortText item.
struct AcceptedAnswer {
  enum class Match {
    Exact,       ///< ShortText: the same text after trimming
    IgnoreCase,  ///< ShortText: the same text but for the case of ASCII letters
    Regex,       ///< ShortText: RE2 pattern for the whole text
    Range        ///< Numeric: text <= response <= upper
  };
  Match match = Match::Exact;
  std::string text;   ///< 1..500 characters; Range: the smallest value as a decimal number ("-0.5", "1.2e3")
  std::string upper;  ///< Range only: the largest value as a decimal number, not below `text`
  int percent = 100;  ///< share of the points, 1..100
  bool operator==(const AcceptedAnswer&) const = default;
};
/// "exact", "ignore_case", "regex", "range".
std::string_view toText(AcceptedAnswer::Match match);

/// Whether a candidate can give this answer with the keys of a kiosk (invigil/base/typed.hpp). Of a pattern only the
/// letters it is written with are looked at.
bool answerCanBeTyped(const AcceptedAnswer& answer, ItemType type);

constexpr std::size_t kOptionsMax = 26;
/// More are taken by no reader of files, and by no page of the server: nobody could look through them.
constexpr std::size_t kItemTagsMax = 50, kItemEnemiesMax = 200;

/// One question with its key. UTF-8.
struct Item {
  std::string id;  ///< 1..64 of [A-Za-z0-9._-], unique in its bank
  ItemType type = ItemType::SingleChoice;
  Markup markup = Markup::Plain;
  std::string title;     ///< the name editors know it by, at most 200 characters; may be empty
  std::string topic;     ///< topic id of the blueprint; empty = unknown
  int difficulty = 0;    ///< 1 (easy) .. 5; 0 = unknown
  std::string stem;      ///< 1..2000 characters (Html: 20000)
  std::string stimulus;  ///< id of the Stimulus it belongs to; empty = stands alone
  std::vector<std::string> options;       ///< 2..kOptionsMax; TrueFalse: {"正确", "错误"}; empty for the others
  std::vector<std::string> option_notes;  ///< empty, or one per option: why it is right or wrong; shown to editors
  std::vector<int> key;  ///< sorted indices into options; one for TrueFalse and SingleChoice, >= 1 for MultipleChoice
  std::vector<AcceptedAnswer> answers;  ///< of Numeric and ShortText: 1..32, at least one of 100 %
  std::string explanation, source;
  bool fixed_order = false;  ///< options keep their order on every paper
  Level level = Level::Unstated;
  std::vector<std::string> tags;     ///< sorted, at most kItemTagsMax, each 1..64 characters
  std::vector<std::string> enemies;  ///< sorted ids of items that must not stand on one paper with this one, at most kItemEnemiesMax
  bool operator==(const Item&) const = default;
};

/// What several items of a case refer to (案例材料).
struct Stimulus {
  std::string id;  ///< as Item::id
  Markup markup = Markup::Plain;
  std::string text;  ///< 1..20000 characters
  bool operator==(const Stimulus&) const = default;
};

/// A picture that Html refers to as media:NAME.
struct Media {
  std::string name;  ///< first 32 hex digits of the SHA-256 of bytes + ".png", ".jpg", ".gif" or ".webp"
  std::string bytes;  ///< at most 5 MiB
  bool operator==(const Media&) const = default;
};

/// True for options that refer to the others ("以上都对", "A和B均可", "以上均不正确" …): such items keep their order. Of Html the words count.
bool refersToOtherOptions(const Item& item);
/// The same of options without markup.
bool refersToOtherOptions(const std::vector<std::string>& options);

}  // namespace invigil::bank
