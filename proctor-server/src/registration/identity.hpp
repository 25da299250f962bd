// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "invigil/base/result.hpp"

namespace invigil::server {

/// Normalises (upper case, no spaces, full-width digits to ASCII) and checks a document number.
///
/// resident_id and hmt_residence: 18 characters, a real birth date, ISO 7064 MOD 11-2 check (GB 11643-1999), never
/// refused for its address code; hmt_residence starts with 81, 82 or 83. permanent_resident: 15 (3 letters + 12 digits)
/// or 18 digits starting with 9 and the same check. hm_permit: H or M + 8 (+ 2) digits. tw_permit: 8 digits (old 10).
/// passport: 5..20 letters and digits.
/// Errors: InvalidInput id_wrong_length, id_wrong_characters, id_wrong_date, id_wrong_check_digit, id_type_unknown.
Result<std::string> normaliseIdNumber(const std::string& id_type, const std::string& number);
/// First 3 and last 2 characters, stars between: "420***********12".
std::string maskId(const std::string& number);
/// "138****5678".
std::string maskPhone(const std::string& phone);
/// Digits with an optional leading +86 removed. Errors: InvalidInput phone_wrong.
Result<std::string> normalisePhone(const std::string& phone);
/// Trimmed, inner runs of blanks to one, 1..60 characters, middle dots unified to "·". Errors: InvalidInput name_wrong.
Result<std::string> normaliseName(const std::string& name);

}  // namespace invigil::server
