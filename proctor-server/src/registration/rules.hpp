// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "invigil/base/clock.hpp"
#include "invigil/base/result.hpp"

namespace invigil::server {

/// Text of proctor-server/rules/NAME.json, compiled in. An unknown name is a bug and aborts.
const std::string& embeddedRule(const std::string& name);

/// What a new eligibility starts with and who may hold one; data, never code (proctor-server/rules).
struct EligibilityRules {
  std::int64_t attempts_max = 0;
  int valid_months = 0;
  std::map<std::string, int> age_min;  ///< role -> full years; no entry = no limit
};

/// Errors: InvalidInput bad_rules (where names the member).
Result<EligibilityRules> parseEligibilityRules(const std::string& json);
/// The rules in force. Thread-safe.
const EligibilityRules& eligibilityRules();

/// The same time of day `months` later, UTC; the last day of a shorter month.
Instant addMonths(Instant t, int months);
/// The last second of the day `months` after the day of `t`, both in China's calendar. What runs out is told to people as a
/// date, so it counts through the whole of that day: see credential::endOfDay.
Instant endOfDayMonthsLater(Instant t, int months);

}  // namespace invigil::server
