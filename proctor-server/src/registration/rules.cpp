// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "registration/rules.hpp"

#include <nlohmann/json.hpp>

#include "invigil/base/assert.hpp"
#include "invigil/credential/credential.hpp"

namespace invigil::server {
namespace {

constexpr std::chrono::hours kChina{8};

tl::unexpected<Error> bad(const std::string& member) {
  return fail(ErrorCode::InvalidInput, "bad_rules", "A member is missing or out of range.", member);
}

}  // namespace

Result<EligibilityRules> parseEligibilityRules(const std::string& text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return bad("");
  const auto number = [&](const char* member) {
    return json.contains(member) && json[member].is_number_integer() ? json[member].get<std::int64_t>() : -1;
  };
  if (json.value("format", "") != "invigil-eligibility-rules" || number("version") != 1) return bad("format");
  EligibilityRules rules;
  rules.attempts_max = number("attempts_max");
  if (rules.attempts_max < 1 || rules.attempts_max > 10) return bad("attempts_max");
  const auto months = number("valid_months");
  if (months < 1 || months > 120) return bad("valid_months");
  rules.valid_months = static_cast<int>(months);
  if (!json.contains("age_min") || !json["age_min"].is_object()) return bad("age_min");
  for (const auto& [role, age] : json["age_min"].items()) {
    if (!age.is_number_integer() || age < 0 || age > 100) return bad("age_min." + role);
    rules.age_min[role] = age;
  }
  return rules;
}

const EligibilityRules& eligibilityRules() {
  static const EligibilityRules rules = [] {
    auto parsed = parseEligibilityRules(embeddedRule("eligibility-2010-30"));
    INVIGIL_ASSERT(parsed.has_value());
    return *parsed;
  }();
  return rules;
}

Instant addMonths(Instant t, int months) {
  using namespace std::chrono;
  const auto date = floor<days>(t);
  year_month_day ymd = year_month_day{date} + std::chrono::months{months};
  if (!ymd.ok()) ymd = ymd.year() / ymd.month() / last;
  return sys_days{ymd} + (t - date);
}

Instant endOfDayMonthsLater(Instant t, int months) {
  // Counted where the date is read: the evening of one day in UTC is the next one's morning in China.
  return credential::endOfDay(addMonths(t + kChina, months) - kChina);
}

}  // namespace invigil::server
