// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app.hpp"
#include "invigil/bank/bank.hpp"

namespace invigil::server {

/// What an item says, as item_version and import_row store it. Item::id is the id in its bank.
struct ItemContent {
  bank::Item item;
  std::int64_t number = 0;  ///< of the version, or place in an import
  std::int64_t stimulus_version = 0;
};

/// One row of item_version.
struct ItemVersion : ItemContent {
  std::int64_t made_ms = 0;
  std::string author, reason;  ///< account id, "import" or "server"
  bool released = false;       ///< at least once
};

/// One row of bank_item: the item itself, whatever version.
struct ItemRow {
  std::string uid, bank_id, item_id, state;
  std::int64_t ord = 0, version = 0;
  std::int64_t released_version = 0;  ///< papers are drawn with it; 0 = not in use
  std::int64_t approved_version = 0;  ///< newest that was ever released: what is above it waits for a second person
};

/// Member names of ItemContent in openapi.yaml.
Json contentJson(const bank::Item& item, std::int64_t stimulus_version = 0);

/// Reads ItemContent. A draft may be unfinished (no key yet, one option): releaseProblems() says what is missing; but
/// what it says must be possible. true_false gets its two options.
/// Errors: InvalidInput bad_item (where: member), markup_not_allowed.
Result<bank::Item> itemFromContent(const Json& content);

/// The most of them that are taken from now on, by whatever way. Items that were stored before there was a limit may have
/// more: they are shown as they are, so the contract has none.
constexpr std::size_t kTagsMax = 50, kEnemiesMax = 200;
/// Errors: Conflict too_many_tags, too_many_enemies (detail: the item's id).
Status checkLists(const bank::Item& item);
/// What a person wrote, to be stored. Errors: as itemFromContent and checkLists.
Result<bank::Item> itemAsWritten(const Json& content);

/// Errors: NotFound no_such_item.
Result<ItemRow> itemByUid(Tx& tx, const std::string& uid);
std::optional<ItemRow> itemById(Tx& tx, const std::string& bank_id, const std::string& item_id);
std::string levelText(bank::Level level);
bank::Level levelFromText(const std::string& text);
/// AcceptedAnswer of openapi.yaml, as stored and as sent.
Json answersJson(const std::vector<bank::AcceptedAnswer>& answers);
std::vector<bank::AcceptedAnswer> answersFromJson(const Json& list);
/// The same as a person wrote them: blanks around the texts gone, but for patterns, where a blank may mean something.
std::vector<bank::AcceptedAnswer> answersAsWritten(const Json& list);
/// Content columns of a table `v`, which has or is joined to item_id; `number` names the column for ItemContent::number.
std::vector<ItemContent> contentsOf(Tx& tx, const std::string& number, const std::string& from_where, const std::vector<Tx::Value>& values);
/// Errors: NotFound no_such_version.
Result<ItemVersion> versionOf(Tx& tx, const ItemRow& row, std::int64_t number);

/// Columns that hold the content of an item, the same in every table that does, and their values.
inline constexpr const char* kContentColumns =
    "type, markup, title, topic, difficulty, stem, stimulus, stimulus_version, options, option_notes, answer_key, answers, "
    "explanation, source, fixed_order, level, tags, enemies";
std::vector<Tx::Value> contentValues(const bank::Item& item, std::int64_t stimulus_version);
/// "insert into TABLE(COLUMNS) values (:a, :b …)".
std::string insertInto(const std::string& table, const std::string& columns);

/// Adds the version `row.version`, brings the list columns of bank_item up to date (inserts the item when it is new).
/// The caller has set row.state and row.version. `item.id` must be row.item_id.
void storeVersion(Tx& tx, const ItemRow& row, const ItemVersion& version);
/// One row of the item's history.
void noteEvent(Tx& tx, const std::string& uid, Instant at, const std::string& actor, const std::string& move,
               const std::string& from, const std::string& to, std::int64_t version, const std::string& reason);

/// Something about items or banks has changed that papers may depend on.
void poolChanged(Tx& tx);

/// Pictures that stem, options, notes and explanation show; sorted, each once.
std::vector<std::string> mediaShown(const bank::Item& item);
/// First 240 characters of the stem as plain text.
std::string excerptOf(const bank::Item& item);
/// What searching looks through: ids, title, texts, tags, source.
std::string searchTextOf(const bank::Item& item);
/// Raised whenever searchTextOf changes: rows of an older edition are made anew at start.
constexpr std::int64_t kSearchEdition = 1;
/// Brings search texts of older editions up to date, 1000 rows a transaction. Called once at start.
Status refreshSearchTexts(App& app);

/// Display names by account id; "import" and "server" stand for themselves.
std::string personName(Tx& tx, const std::string& account_id);

}  // namespace invigil::server
