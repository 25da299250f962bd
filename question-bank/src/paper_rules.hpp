// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/json_reader.hpp"
#include "invigil/bank/paper_rules.hpp"

namespace invigil::bank {

/// The optional members rules, required, case_groups, difficulty, facility and information of a blueprint file.
/// Errors: InvalidInput bad_blueprint.
Result<PaperRules> readPaperRules(const formats::Members& blueprint);
void writePaperRules(const PaperRules& rules, nlohmann::ordered_json& blueprint);

}  // namespace invigil::bank
