// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "invigil/bank/importing.hpp"
#include "invigil/base/result.hpp"

/// The report of `invigil-bank import` (docs/formats/import-report.md).
namespace invigil::cli {

/// What came of one file.
struct FileReport {
  std::string file, format;
  bank::Collected found;       ///< its counts and findings; not the bank
  std::optional<Error> error;  ///< it could not be read: counts are 0
};

struct ImportReport {
  bool ok = false;
  std::string bank;       ///< id
  std::size_t items = 0;  ///< of the bank
  std::vector<FileReport> files;
  std::vector<bank::Finding> warnings;  ///< about whole files
};

/// Look-alikes, a line for each group, and what else is to be known.
std::vector<std::string> warningsOf(const bank::Collected& read);
/// "FILE: 中文 / English".
std::string warningLine(const bank::Finding& about_file);

/// A workbook where `path` ends in .xlsx, in whatever letters, JSON otherwise. Errors: Unavailable cannot_write.
Status writeReport(const ImportReport& report, const std::string& path);

}  // namespace invigil::cli
