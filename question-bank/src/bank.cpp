// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/bank/bank.hpp"

#include <array>
#include <utility>

namespace invigil::bank {
namespace {

constexpr std::array<std::pair<ItemType, std::string_view>, 5> kTypes{{{ItemType::TrueFalse, "true_false"},
                                                                       {ItemType::SingleChoice, "single_choice"},
                                                                       {ItemType::MultipleChoice, "multiple_choice"},
                                                                       {ItemType::Numeric, "numeric"},
                                                                       {ItemType::ShortText, "short_text"}}};
constexpr std::array<std::pair<Role, std::string_view>, 3> kRoles{
    {{Role::SpecialOperations, "special_operations"}, {Role::Principal, "principal"}, {Role::Manager, "manager"}}};

template <class Table>
auto fromText(const Table& table, std::string_view text) -> std::optional<std::decay_t<decltype(table[0].first)>> {
  for (const auto& [value, name] : table)
    if (name == text) return value;
  return std::nullopt;
}

}  // namespace

std::string_view toText(ItemType type) { return kTypes[static_cast<std::size_t>(type)].second; }
std::optional<ItemType> itemTypeFromText(std::string_view text) { return fromText(kTypes, text); }
std::string_view toText(Role role) { return kRoles[static_cast<std::size_t>(role)].second; }
std::optional<Role> roleFromText(std::string_view text) { return fromText(kRoles, text); }

}  // namespace invigil::bank
