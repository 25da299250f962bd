// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

/// What can be typed into an answer at a kiosk: one line of ASCII letters, digits, blanks and the signs below, each of
/// which has a key on the screen. The kiosk takes nothing else, so an item that needs something else is not released. Source: docs/formats/item-markup.md.
namespace invigil {

constexpr std::size_t kTypedCharactersMax = 80;

/// Each at most 3 bytes.
inline constexpr std::array<std::string_view, 29> kTypedSigns{
    "+", "-", "/", "=", "(", ")", ".", ",", "%", ":", ";", "'", "\"", "&", "_", "*", "<", ">", "^",
    "°", "Ω", "μ", "±", "×", "÷", "²", "³", "≤", "≥"};

/// Every character has a key and there are at most kTypedCharactersMax; may be empty.
bool canBeTyped(std::string_view text);
/// The same for a number: digits, sign, point and exponent.
bool canBeTypedAsNumber(std::string_view text);

}  // namespace invigil
