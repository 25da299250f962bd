// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "invigil/bank/bank.hpp"

/// From a file to a draft bank: a reader of one format gives a Reading (what stands in the file, in file order);
/// collect() makes ids, finds duplicates and look-alikes and counts; a person accepts the outcome.
namespace invigil::bank {

/// Where something stands in a file. 0 and "" = does not apply.
struct Place {
  std::string file;   ///< name as given, or the path inside a package
  std::string sheet;  ///< of a workbook
  int row = 0;        ///< 1-based: line of text, row of a sheet, or position in a list
  int column = 0;     ///< 1-based column of a sheet or list
  bool operator==(const Place&) const = default;
};

/// A row that is not taken in, for whoever mends it.
struct AsRead {
  std::string type, options, key;  ///< as written, "" = not stated; at most 200, 20,000 and 2,000 characters
  /// What could be made of it, id "": it may lack options or a key, and the rules of items need not hold. No text is longer than
  /// forms take; what is cut ends with "…".
  Item item;
  std::vector<Media> media;  ///< that `item` shows, where no other row may bring it
};

constexpr std::size_t kFindingTextMax = 2000;  ///< characters: a whole stem of plain text

/// A finding about one row of a file, in words for an editor.
struct Finding {
  Place place;
  std::string code;  ///< stable, lower_snake_case: docs/formats/import-report.md lists all
  std::string text;  ///< what stands there, at most kFindingTextMax characters; ends with "…" where it is cut
  Wording what;      ///< a sentence: the reason of a refusal, the repair that was made, what is not carried over
  std::string bank_item;  ///< id of the item of the bank that it is about; "" = none
  std::shared_ptr<const AsRead> as_read;  ///< of a refused row or a duplicate, where something of it could be read; else null
};

/// At most `longest` characters of the text made well-formed; the last of them is "…" where something was cut.
std::string clipped(std::string_view text, std::size_t longest);

/// Such a row of which this is known. Well-formed, bounded; key and answers as its type has them.
std::shared_ptr<const AsRead> asRead(AsRead row);
/// The same of an item whose texts were read: what is written is made of it.
std::shared_ptr<const AsRead> asRead(Item item, std::vector<Media> media = {});

/// What one reader found. Every question of the file is in exactly one of `items` and `refused`.
struct Reading {
  struct Row {
    Item item;  ///< Item::id may be empty: collect() gives one
    Place place;
    std::vector<Finding> repairs;  ///< changes that kept the meaning (white space, list markers, numerals, letter case)
  };
  std::vector<Row> items;
  std::vector<Finding> refused;
  std::vector<Finding> notes;  ///< neither refused nor repaired: categories, feedback, settings without a place here
  std::vector<Stimulus> stimuli;
  std::vector<Media> media;
  std::string title;  ///< of the bank where the file states one
  bool own = false;   ///< a file of ours: its items have ids and are all kept, what repeats among them is told
};

struct Collected {
  struct Counts {
    int rows = 0;  ///< == imported + duplicates + refused
    int imported = 0, repaired = 0, duplicates = 0, refused = 0;  ///< repaired is part of imported
  };
  Bank bank;  ///< may be without items when all were refused
  std::vector<Place> places;  ///< of bank.items
  Counts counts;
  std::vector<Finding> repaired, duplicates, look_alikes, refused, notes;
};

/// Makes the draft bank of several readings, one for each file. Ids are kept where they are valid and free, else made by
/// digestId(), and what refers to them follows. Duplicates (stem, options, key and case alike, options in any order) count
/// once, the first stays; look-alikes (same stem, other options) stay and are warned about. What a bank holds already is
/// not looked at: that is BankQuestions (invigil/bank/bank_questions.hpp).
/// `defaults` gives id, title, roles, category and language. Thread-safe; no I/O; O(n log n).
Collected collect(std::vector<Reading> readings, const Bank& defaults);

}  // namespace invigil::bank
