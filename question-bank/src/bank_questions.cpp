// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/bank/bank_questions.hpp"

#include <algorithm>

#include "formats/findings.hpp"
#include "invigil/bank/item_digest.hpp"
#include "item.hpp"

namespace invigil::bank {
namespace {

constexpr std::size_t kNamed = 10;  ///< of thousands with one stem each row would name thousands

}  // namespace

void BankQuestions::add(const Item& item, std::string_view material) {
  const std::string question = questionDigest(item, material);
  same_.try_emplace(question + answerText(item), item.id);
  asked_.try_emplace(question, Asked{item.id, formats::shownAnswer(item)});
  Stem& stem = stems_[item.stem];
  if (stem.ids.size() <= kNamed) stem.ids.push_back(item.id);
  stem.of_a_case = stem.of_a_case || !material.empty();
}

std::optional<BankQuestions::Meeting> BankQuestions::meet(const Item& item, std::string_view material, const Place& place, bool stays) const {
  const auto met = [&](Meeting::Kind kind, const char* code, const std::string& id, Wording what) {
    Meeting meeting{kind, formats::findingAt(place, code, item.stem, std::move(what))};
    meeting.finding.bank_item = id;
    return meeting;
  };
  const std::string question = questionDigest(item, material);
  if (const auto same = same_.find(question + answerText(item)); same != same_.end()) {
    const std::string& id = same->second;
    return met(Meeting::Kind::Duplicate, "duplicate_in_bank", id,
               stays ? Wording{"与题库里的题 " + id + " 完全相同，编号不同，两道都保留", "the same as the bank's item " + id + " under another id; both stay"}
                     : Wording{"与题库里的题 " + id + " 完全相同，不再导入", "the same as the bank's item " + id + "; it is not taken in again"});
  }
  if (const auto asked = asked_.find(question); asked != asked_.end()) {
    const std::string& id = asked->second.id;
    return met(Meeting::Kind::OtherAnswer, "other_answer_in_bank", id,
               formats::contradiction({"题库里的题 " + id + " ", "the bank's item " + id}, "题库里", asked->second.shown, formats::shownAnswer(item)));
  }
  const auto alike = stems_.find(item.stem);
  if (alike == stems_.end()) return std::nullopt;
  const std::vector<std::string>& ids = alike->second.ids;
  std::string named;
  for (std::size_t i = 0; i < std::min(kNamed, ids.size()); ++i) named += (named.empty() ? "" : ", ") + ids[i];
  if (ids.size() > kNamed) named += " …";
  const Wording other = formats::otherThanStem(!material.empty() || alike->second.of_a_case);
  const bool several = ids.size() > 1;
  return met(Meeting::Kind::SameStem, "same_stem_in_bank", ids.front(),
             {"与题库里的题 " + named + " 题干相同，" + other.zh,
              std::string("the bank's ") + (several ? "items " : "item ") + named + (several ? " have" : " has") + " the same stem with " + other.en});
}

}  // namespace invigil::bank
