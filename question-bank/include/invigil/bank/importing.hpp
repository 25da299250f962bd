// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

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

/// A finding about one row of a file, in words for an editor.
struct Finding {
  Place place;
  std::string code;  ///< stable, lower_snake_case: docs/formats/import-report.md lists all
  std::string text;  ///< what stands there, at most 200 characters
  Wording what;      ///< a sentence: the reason of a refusal, the repair that was made, what is not carried over
  std::string bank_item;  ///< id of the item of the bank that it is about; "" = none
};

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
