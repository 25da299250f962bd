// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace invigil::sitting {

/// What can be said about a document number while it is being typed.
enum class NumberState {
  Incomplete,  ///< a longer one could still be right
  Good,        ///< may be sent
  BadCheck,    ///< complete, but the check character does not fit: a digit is wrong
  BadDate,     ///< complete, but the date of birth does not exist
  BadForm,     ///< cannot become right
};

/// @param type  resident_id, hmt_residence, permanent_resident, hm_permit, tw_permit, passport
/// @param number  upper case, as typed so far.
/// Source: GB 11643-1999 (ISO 7064 MOD 11-2); docs of each permit.
NumberState checkNumber(std::string_view type, std::string_view number);

/// Most characters a number of this type has.
int numberLengthMax(std::string_view type);
/// True when the keypad of this type needs all letters.
bool needsLetters(std::string_view type);

}  // namespace invigil::sitting
