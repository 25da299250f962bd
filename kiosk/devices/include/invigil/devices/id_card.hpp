// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "invigil/base/text.hpp"

/// What an ID card's chip says, as far as an admission needs it. Address, birth, sex and nation are not read: nothing
/// here uses them (PIPL, art. 6). Source: GA/T 490 layout as in the readers' manuals; docs/adr/0015.
namespace invigil::devices {

enum class CardKind {
  Resident,       ///< 居民身份证
  HmtResidence,   ///< 港澳台居民居住证
  Foreigner2017,  ///< 外国人永久居留身份证, 15 characters
  Foreigner2023,  ///< the same, 18 digits
};
/// IdType of openapi.yaml: resident_id, hmt_residence or permanent_resident.
std::string_view idTypeOf(CardKind kind);

struct IdCard {
  CardKind kind = CardKind::Resident;
  std::string number;      ///< ASCII, upper case; its check digit is not looked at here
  std::string name;        ///< UTF-8; may be empty on a foreigner's card
  std::string name_latin;  ///< foreigners only
  std::chrono::year_month_day valid_from{};
  std::optional<std::chrono::year_month_day> valid_until;  ///< the last day; none = 长期, without end
};

inline constexpr std::size_t kCardTextBytes = 256, kCardPhotoBytes = 1024;

/// Text and photo as the reader gives them.
struct CardContent {
  Bytes text;   ///< kCardTextBytes
  Bytes photo;  ///< kCardPhotoBytes in the closed format WLT, or empty
};
/// @param data  answer to ReadTextAndPhoto. Errors: Corrupt card_unreadable (lengths do not fit).
Result<CardContent> splitCard(std::span<const std::uint8_t> data);

/// The text block, UTF-16 little-endian in fields of fixed size; which fields, the type letter says. Only spaces and NULs
/// at the end are trimmed, foreign names keep theirs. Errors: Corrupt card_unreadable (size, number, dates), InvalidInput
/// card_unknown (a kind of card that this program does not know). Pure.
Result<IdCard> readCardText(std::span<const std::uint8_t> text);

enum class CardValidity { Valid, NotYet, Expired };
/// @param day  today at the site
CardValidity validity(const IdCard& card, std::chrono::year_month_day day);

}  // namespace invigil::devices
