// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "invigil/base/result.hpp"

namespace invigil::face {

/// A table of the folder, line by line, so that what others wrote stays as they wrote it.
struct Table {
  std::string header;  ///< the columns asked for, perhaps more after them
  std::vector<std::string> lines;
};

/// An absent file is an empty table. Errors: InvalidInput bad_table; Unavailable.
Result<Table> readLines(const std::string& path, const std::string& columns);
/// 0600; does not touch a file that says this already, and makes none for no line. Errors: Unavailable cannot_write.
Status writeLines(const std::string& path, const Table& table);

/// True for "SUBJECT/SESSION/…" with numbers: a path that the collection made.
bool isCollected(const std::string& path);

/// A list with `wanted` as its rows of collected pictures. Rows that stand keep their text and place; collected pictures that
/// are not wanted go, and every row about a subject in `gone`.
/// @param subject  which column names the subject
/// @param elsewhere  gets the paths of such rows that the collection did not make
Table inLine(Table table, const std::vector<std::string>& wanted, std::size_t subject, const std::set<std::string>& gone,
             std::vector<std::string>& elsewhere);

/// One row of consents.csv. Nobody's name: the signed form, kept elsewhere, ties its number to a person.
struct Consent {
  long subject = 0, session = 0;
  std::string form;        ///< number of the paper form; empty = typed
  std::string given_at;    ///< UTC, formatUtc
  std::string keep_until;  ///< "2027-05-25", UTC
  std::string notice;      ///< version of the text that was shown
};

/// consents.csv: its rows, and the lines that they came from.
struct Consents {
  Table table;
  std::vector<Consent> rows;
  void add(const Consent& row);
  void drop(const std::function<bool(const Consent&)>& which);
};
/// Errors: InvalidInput bad_table (detail has the line).
Result<Consents> readConsents(const std::string& folder);
Status writeConsents(const std::string& folder, const Consents& consents);

}  // namespace invigil::face
