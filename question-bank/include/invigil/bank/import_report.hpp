// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "invigil/bank/importing.hpp"
#include "invigil/base/result.hpp"

namespace invigil::bank {

/// The report of an import as a workbook for people (docs/formats/import-report.md).
struct ImportReportBook {
  struct File {
    std::string name;
    std::string error;  ///< why it could not be read; "" = it was
    std::map<std::string, std::int64_t> counts;  ///< "rows", "imported" … as in the JSON; what is absent is not shown
  };
  std::string bank;  ///< id
  std::vector<File> files;
  std::vector<Finding> refused, repairs, duplicates, look_alikes, notes;
};

/// A sheet of the counts, a column a file, and one for each list; headings in Chinese and English. Texts stay texts: none
/// is a formula.
/// @param scratch  a path that is free; gone afterwards
/// Errors: Unavailable cannot_write. Writes `scratch`.
Result<std::string> writeReportBook(const ImportReportBook& report, const std::string& scratch);

}  // namespace invigil::bank
