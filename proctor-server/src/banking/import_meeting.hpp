// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>

#include "banking/imports.hpp"
#include "invigil/bank/bank_questions.hpp"

/// How the rows of a file meet what their bank holds: by id a row is the next version of an item, by what it asks it is a
/// duplicate, a contradiction or a look-alike of one (bank::BankQuestions). Items of the bank whose ids the file has too
/// are left to the comparison within the file: what they will say is what the file says.
namespace invigil::server {

/// A bank as the rows of a draft are compared with it.
struct BankNow {
  struct Known {
    std::string uid;
    bool retired = false;
    ItemContent content;
  };
  std::map<std::string, Known> items;  ///< by id
  std::map<std::string, std::tuple<std::int64_t, std::string, std::string>> stimuli;  ///< newest version, markup, text
  std::set<std::string> media;
};
/// What a row is told that has the id of an item which was retired: taking it in brings the item back.
bank::Finding retiredInBank(const std::string& item_id, const bank::Place& place);

Result<BankNow> bankNow(App& app, const std::string& bank_id);

/// Takes the rows that the bank asks already under another id out of `read.bank.items` and into `read.duplicates` or, with
/// another key, `read.refused`, case material of theirs alone with them; enemies of the others follow to the bank's item.
/// Look-alikes get a finding. One pass over file and bank.
void meetBank(ReadFile& read, const BankNow& now);

/// The same for one row of a draft that a person has mended, with the bank of this moment.
std::optional<bank::BankQuestions::Meeting> meetingOf(Tx& tx, const ImportDraft& draft, const ImportRow& row);

/// Whether a row as a person wants it now, taken in or left out, brings no question in twice. `before`: the row as it is stored;
/// what stands in the file twice may stay so. Errors: Conflict item_in_bank (detail: its id); question_in_import, question_stays_in_bank
/// (detail: the other row).
Status comesInOnce(Tx& tx, const ImportDraft& draft, const ImportRow& row, const ImportRow& before);

/// same_stem of a mended row: other rows that come in have its stem with other options.
std::optional<bank::Finding> alikeInDraft(Tx& tx, const ImportDraft& draft, const ImportRow& row);

/// Whether the bank has moved on since meetBank(): it asks a new row now, or no longer what a duplicate was one of.
bool meetsAnew(Tx& tx, const ImportDraft& draft);

}  // namespace invigil::server
