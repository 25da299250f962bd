// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "invigil/bank/item.hpp"
#include "invigil/base/result.hpp"

namespace invigil::bank {

enum class Role { SpecialOperations, Principal, Manager };

/// "special_operations", "principal", "manager".
std::string_view toText(Role role);
std::optional<Role> roleFromText(std::string_view text);

/// Chinese and English wording of the same thing.
struct Wording {
  std::string zh, en;
  bool operator==(const Wording&) const = default;
};

/// A named set of items of one language.
struct Bank {
  std::string id;  ///< 1..64 of [a-z0-9-]
  Wording title;
  std::vector<Role> roles;
  std::string category;  ///< number in the catalogue of special operations; empty = every category
  std::string language = "zh-CN";
  std::vector<Item> items;
  std::vector<Stimulus> stimuli;  ///< every Item::stimulus names one of them
  std::vector<Media> media;       ///< sorted by name; every media:NAME of an item names one of them
  bool operator==(const Bank&) const = default;
};

/// What an import did with a file. rows == imported + duplicates.size() + refused.size().
struct ImportReport {
  struct Row {
    int row = 0;  ///< 1-based position in the file's list of items
    std::string text;    ///< the stem, at most 80 characters
    std::string reason;  ///< a sentence
  };
  int rows = 0;
  int imported = 0;
  int repaired = 0;  ///< part of imported: white space, list markers, letter case
  std::vector<Row> duplicates;  ///< stem, options and key alike: the first is taken
  std::vector<Row> refused;
  std::vector<std::string> warnings;  ///< e.g. same stem with other options
};

struct ImportedBank {
  Bank bank;
  ImportReport report;
};

/// Reads the native format (docs/formats/bank-json.md). Any wrong member refuses the whole file.
/// Errors: InvalidInput bad_json (detail: line, column), bad_bank (where: "items[12].key"); TooLarge file_too_large
/// (over 64 MiB).
/// Thread-safe; no I/O.
Result<Bank> parseNative(std::string_view json);

/// Native text of a bank: parseNative(writeNative(b)) == b, members in documented order.
std::string writeNative(const Bank& bank);

/// Reads either the native format or the loose list [{category, title, choices "**A、…**B、…", answer "AB"}] seen in
/// the field, also grouped as {single_choice: [...], true_false: [...], multiple_choice: [...]} (report.refused names
/// what could not be read). For the loose shape `defaults` gives id, title, roles and category; item ids are made from
/// a digest of type, stem and options, so that the same file gives the same ids. The bank may come back without items
/// when every row was refused.
/// Errors: InvalidInput bad_json, bad_bank, no_items; TooLarge file_too_large. Thread-safe; no I/O.
Result<ImportedBank> importJson(std::string_view json, const Bank& defaults);

}  // namespace invigil::bank
