// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/qti_scoring.hpp"
#include "invigil/bank/bank.hpp"

namespace invigil::bank::formats {

/// Options of a single choice that our export names so are no true/false item, whatever they say.
constexpr std::string_view kPlainChoice = "choice-";

/// What answers an item of QTI: its declarations, looked over with its own response processing, which may say something else.
struct QtiKey {
  std::vector<int> options;             ///< indices, sorted
  std::vector<AcceptedAnswer> answers;  ///< of typed answers
  bool shares = false;                  ///< options have worths of their own that a key does not carry
  std::optional<Wording> fault;         ///< why there is no certain key
  const char* fault_code = "type_not_gradable";
};
/// @param ids  identifiers of the options
QtiKey qtiKey(const pugi::xml_node& item, const QtiDeclared& declared, const std::vector<std::string>& ids);
QtiKey qtiTexts(const pugi::xml_node& item, const QtiDeclared& declared);
QtiKey qtiNumbers(const pugi::xml_node& item, const QtiDeclared& declared);

}  // namespace invigil::bank::formats
