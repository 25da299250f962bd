// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "invigil/assembly/problem.hpp"
#include "invigil/bank/bank.hpp"
#include "invigil/bank/importing.hpp"
#include "invigil/bank/blueprint.hpp"
#include "invigil/base/arguments.hpp"
#include "invigil/base/result.hpp"

namespace invigil::cli {

constexpr std::size_t kFileBytesMax = 64u << 20;
constexpr int kDone = 0, kRefused = 1, kUsage = 2;

/// Prints the error on stderr: what, where, what to do.
void complain(const std::string& about, const Error& error);
int usage(const Error& error);

Result<bank::Bank> loadBank(const std::string& path);
/// A bank in any format that import reads; rows that cannot be read are counted in it. Errors: as readBankFile.
Result<bank::Collected> readAnyBank(const std::string& path);
Result<bank::Blueprint> loadBlueprint(const std::string& path);

/// The items of all banks that fit the blueprint's role and category, in the order given.
std::vector<bank::Item> poolFor(const std::vector<bank::Bank>& banks, const bank::Blueprint& blueprint);
/// What papers of them are made of. Errors: as assembly::problemOfQuestions.
Result<assembly::Problem> problemFor(const std::vector<bank::Bank>& banks, const bank::Blueprint& blueprint);

int runImport(const std::vector<std::string>& words);
int runCheck(const std::vector<std::string>& words);
int runDraw(const std::vector<std::string>& words);
int runAssemble(const std::vector<std::string>& words);
int runPreflight(const std::vector<std::string>& words);
int runAudit(const std::vector<std::string>& words);
int runProve(const std::vector<std::string>& words);
int runExport(const std::vector<std::string>& words);
int runStats(const std::vector<std::string>& words);

}  // namespace invigil::cli
