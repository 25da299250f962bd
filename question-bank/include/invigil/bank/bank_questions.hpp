// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "invigil/bank/importing.hpp"

namespace invigil::bank {

/// What a bank asks already, so that an import finds its questions there under whatever id: by the rule that collect()
/// goes by within a file (questionDigest()). One pass over the bank makes it, each look-up takes the same time.
/// Looking up is thread-safe; no I/O.
class BankQuestions {
 public:
  /// An item of the bank as it is now. `material`: the text of its case, "" = it stands alone.
  void add(const Item& item, std::string_view material);

  struct Meeting {
    enum class Kind {
      Duplicate,    ///< stem, options, key and case alike
      OtherAnswer,  ///< the same with another key: one of the two is wrong
      SameStem      ///< the same stem with other options
    };
    Kind kind;
    Finding finding;  ///< code duplicate_in_bank, other_answer_in_bank or same_stem_in_bank; bank_item is the (first) item met
  };
  /// Nothing where the bank does not ask this and has no item of this stem.
  /// @param stays  the row is taken in nevertheless, under its own id: the sentence says so
  std::optional<Meeting> meet(const Item& item, std::string_view material, const Place& place, bool stays) const;

 private:
  struct Asked {
    std::string id, shown;  ///< the first item that asks it, and its answer for people
  };
  struct Stem {
    std::vector<std::string> ids;  ///< at most one more than are named
    bool of_a_case = false;        ///< of any of them
  };
  std::unordered_map<std::string, std::string> same_;  ///< id of the first item, by question and answer
  std::unordered_map<std::string, Asked> asked_;       ///< by question
  std::unordered_map<std::string, Stem> stems_;
};

}  // namespace invigil::bank
