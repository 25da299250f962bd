// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/devices/id_card.hpp"

#include <algorithm>

namespace invigil::devices {
namespace {

using Block = std::span<const std::uint8_t>;

/// Place and size in bytes.
struct Field {
  std::size_t at, size;
};

// The four layouts as the structs of Johann356/readinfo (PCSCGetData.h) give them. Type letter, valid from and until lie
// at the same place on every kind.
constexpr Field kType{248, 2}, kFrom{188, 16}, kUntil{204, 16};
constexpr Field kName{0, 30}, kNumber{122, 36};
constexpr Field kOldLatin{0, 120}, kOldNumber{122, 30}, kOldName{158, 30};
constexpr Field kLatin{52, 70}, kLatinRest{220, 22};

auto unreadable(const char* what) { return fail(ErrorCode::Corrupt, "card_unreadable", what, "id_card.cpp"); }

std::uint32_t unit(Block text, std::size_t at) { return static_cast<std::uint32_t>(text[at] | text[at + 1] << 8); }

std::string words(Block block, Field field) {
  const Block text = block.subspan(field.at, field.size);
  std::size_t end = text.size();
  while (end >= 2 && (unit(text, end - 2) == 0x20 || unit(text, end - 2) == 0)) end -= 2;
  std::string out;
  for (std::size_t at = 0; at < end; at += 2) {
    std::uint32_t point = unit(text, at);
    // Half a pair becomes U+FFFD in utf8Of.
    if (point >= 0xD800 && point < 0xDC00 && at + 2 < end) {
      const std::uint32_t low = unit(text, at + 2);
      if (low >= 0xDC00 && low < 0xE000) {
        point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
        at += 2;
      }
    }
    out += utf8Of(point);
  }
  return out;
}

Result<std::string> number(Block text, Field field, std::size_t length) {
  std::string out = words(text, field);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'))) return unreadable("the number holds something else than letters and digits");
  }
  if (out.size() != length) return unreadable("the number has a wrong length");
  return out;
}

Result<std::chrono::year_month_day> date(const std::string& digits) {
  if (digits.size() != 8 || !std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; }))
    return unreadable("a date is not eight digits");
  const auto part = [&](std::size_t at, std::size_t size) { return static_cast<unsigned>(std::stoul(digits.substr(at, size))); };
  const std::chrono::year_month_day day{std::chrono::year{static_cast<int>(part(0, 4))}, std::chrono::month{part(4, 2)}, std::chrono::day{part(6, 2)}};
  if (!day.ok()) return unreadable("a date does not exist");
  return day;
}

Result<CardKind> kindOf(Block text) {
  switch (unit(text, kType.at)) {
    case 0:
    case 0x20: return CardKind::Resident;
    case 'J': return CardKind::HmtResidence;
    case 'I': return CardKind::Foreigner2017;
    case 'Y': return CardKind::Foreigner2023;
    default: return fail(ErrorCode::InvalidInput, "card_unknown", "a kind of card that this program does not know", "id_card.cpp");
  }
}

}  // namespace

std::string_view idTypeOf(CardKind kind) {
  switch (kind) {
    case CardKind::HmtResidence: return "hmt_residence";
    case CardKind::Foreigner2017:
    case CardKind::Foreigner2023: return "permanent_resident";
    case CardKind::Resident: break;
  }
  return "resident_id";
}

Result<CardContent> splitCard(std::span<const std::uint8_t> data) {
  if (data.size() < 4) return unreadable("an answer without lengths");
  const auto length = [&](std::size_t at) { return static_cast<std::size_t>(data[at]) << 8 | data[at + 1]; };
  const std::size_t text = length(0), photo = length(2);
  if (text != kCardTextBytes || (photo != 0 && photo != kCardPhotoBytes) || data.size() != 4 + text + photo)
    return unreadable("the lengths of text and photo do not fit");
  const auto part = [&](std::size_t at, std::size_t size) { return Bytes(data.begin() + static_cast<std::ptrdiff_t>(at), data.begin() + static_cast<std::ptrdiff_t>(at + size)); };
  return CardContent{part(4, text), part(4 + text, photo)};
}

Result<IdCard> readCardText(std::span<const std::uint8_t> text) {
  if (text.size() != kCardTextBytes) return unreadable("the text block has a wrong size");
  INVIGIL_TRY(kind, kindOf(text));
  const bool old = kind == CardKind::Foreigner2017;
  IdCard card{.kind = kind};
  INVIGIL_TRY(number_read, old ? number(text, kOldNumber, 15) : number(text, kNumber, 18));
  card.number = std::move(number_read);
  card.name = words(text, old ? kOldName : kName);
  if (old) card.name_latin = words(text, kOldLatin);
  // The rest begins where the first part is full; a space on that edge belongs to the name.
  if (kind == CardKind::Foreigner2023) {
    const std::string rest = words(text, kLatinRest);
    card.name_latin = words(text, kLatin);
    if (!rest.empty() && unit(text, kLatin.at + kLatin.size - 2) == 0x20) card.name_latin += ' ';
    card.name_latin += rest;
  }
  INVIGIL_TRY(from, date(words(text, kFrom)));
  card.valid_from = from;
  if (const std::string until = words(text, kUntil); until != "长期") {
    INVIGIL_TRY(last, date(until));
    card.valid_until = last;
  }
  return card;
}

CardValidity validity(const IdCard& card, std::chrono::year_month_day day) {
  if (card.valid_until && day > *card.valid_until) return CardValidity::Expired;
  return day < card.valid_from ? CardValidity::NotYet : CardValidity::Valid;
}

}  // namespace invigil::devices
