// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/devices/simulated_sam.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

namespace invigil::devices {
namespace {

constexpr std::string_view kPhotoHead = "invigil simulated card photo ";
constexpr std::size_t kFileMax = 64 << 10;

void put(Bytes& block, std::size_t at, std::size_t size, const std::string& text) {
  const auto unit = [&](std::uint32_t value) {
    if (size < 2) return;
    block[at] = static_cast<std::uint8_t>(value & 0xFF);
    block[at + 1] = static_cast<std::uint8_t>(value >> 8);
    at += 2;
    size -= 2;
  };
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::uint32_t point = length == 1 ? lead : lead & (0x7F >> length);
    for (std::size_t k = 1; k < length && i + k < text.size(); ++k) point = point << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3F);
    i += length;
    if (point < 0x10000) {
      unit(point);
    } else {
      unit(0xD800 + ((point - 0x10000) >> 10));
      unit(0xDC00 + ((point - 0x10000) & 0x3FF));
    }
  }
}

std::string dateText(std::chrono::year_month_day day) {
  const unsigned all = static_cast<unsigned>(static_cast<int>(day.year())) * 10000 + static_cast<unsigned>(day.month()) * 100 + static_cast<unsigned>(day.day());
  const std::string digits = std::to_string(all);
  return std::string(digits.size() < 8 ? 8 - digits.size() : 0, '0') + digits;
}

std::chrono::year_month_day dateOf(const std::string& text) {
  int all = 0;
  std::from_chars(text.data(), text.data() + text.size(), all);
  return {std::chrono::year{all / 10000}, std::chrono::month{static_cast<unsigned>(all / 100 % 100)}, std::chrono::day{static_cast<unsigned>(all % 100)}};
}

struct Card {
  IdCard words;
  int face = 0;
};

/// None: no file, no card. A file that is no card is a card that cannot be read.
std::optional<Card> cardOf(const std::string& content) {
  const auto json = nlohmann::json::parse(content, nullptr, false);
  if (!json.is_object() || !isUtf8(content)) return std::nullopt;
  const auto word = [&](const char* name, const char* otherwise) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string(otherwise);
  };
  Card card;
  const std::string kind = word("kind", "resident"), until = word("until", "长期");
  card.words.kind = kind == "hmt_residence"    ? CardKind::HmtResidence
                    : kind == "foreigner_2017" ? CardKind::Foreigner2017
                    : kind == "foreigner_2023" ? CardKind::Foreigner2023
                                               : CardKind::Resident;
  card.words.number = word("number", "");
  card.words.name = word("name", "");
  card.words.name_latin = word("name_latin", "");
  card.words.valid_from = dateOf(word("from", "20200101"));
  if (until != "长期") card.words.valid_until = dateOf(until);
  const auto face = json.find("face");
  card.face = face != json.end() && face->is_number_integer() ? face->get<int>() : 0;
  return card;
}

Bytes status(std::uint8_t code, std::span<const std::uint8_t> data = {}) {
  Bytes body{0, 0, code};
  body.insert(body.end(), data.begin(), data.end());
  return samFrame(body);
}

}  // namespace

Bytes cardText(const IdCard& card) {
  Bytes block;
  for (std::size_t i = 0; i < kCardTextBytes; i += 2) block.insert(block.end(), {0x20, 0x00});
  const bool old = card.kind == CardKind::Foreigner2017;
  put(block, old ? 158 : 0, 30, card.name);
  put(block, 122, old ? 30 : 36, card.number);
  if (old) put(block, 0, 120, card.name_latin);
  if (card.kind == CardKind::Foreigner2023) {
    put(block, 52, 70, card.name_latin.substr(0, 35));
    if (card.name_latin.size() > 35) put(block, 220, 22, card.name_latin.substr(35));
  }
  put(block, 188, 16, dateText(card.valid_from));
  put(block, 204, 16, card.valid_until ? dateText(*card.valid_until) : "长期");
  constexpr const char* kLetters[] = {" ", "J", "I", "Y"};
  put(block, 248, 2, kLetters[static_cast<int>(card.kind)]);
  return block;
}

Bytes simulatedCardPhoto(int identity) {
  const std::string head = std::string(kPhotoHead) + std::to_string(identity);
  Bytes photo(head.begin(), head.end());
  photo.resize(kCardPhotoBytes);
  return photo;
}

int simulatedIdentity(std::span<const std::uint8_t> photo) {
  const std::string_view text(reinterpret_cast<const char*>(photo.data()), photo.size());
  if (photo.size() != kCardPhotoBytes || !text.starts_with(kPhotoHead)) return 0;
  int identity = 0;
  std::from_chars(text.data() + kPhotoHead.size(), text.data() + text.size(), identity);
  return identity;
}

Bytes SimulatedSam::answer(std::span<const std::uint8_t> bytes) {
  requests_.feed(bytes);
  Bytes out;
  while (auto request = requests_.next()) {
    const Bytes one = *request ? reply(**request) : status(0x10);
    out.insert(out.end(), one.begin(), one.end());
  }
  return out;
}

Bytes SimulatedSam::reply(std::span<const std::uint8_t> request) {
  if (request.size() != 2) return status(0x21);
  const auto content = readFile(file_, kFileMax);
  const bool there = content.has_value() && !content->empty();
  if (!there) read_.clear();
  switch (static_cast<SamCommand>(request[0] << 8 | request[1])) {
    case SamCommand::Reset:
    case SamCommand::Status: return status(0x90);
    case SamCommand::FindCard: {
      selected_ = false;
      constexpr std::array<std::uint8_t, 4> kNothing{};
      return there && *content != read_ ? status(0x9F, kNothing) : status(0x80);
    }
    case SamCommand::SelectCard: {
      selected_ = there && *content != read_;
      constexpr std::array<std::uint8_t, 8> kNothing{};
      return selected_ ? status(0x90, kNothing) : status(0x81);
    }
    case SamCommand::ReadTextAndPhoto: break;
    default: return status(0x21);
  }
  const auto card = there && selected_ ? cardOf(*content) : std::nullopt;
  if (!card) return status(0x41);
  read_ = *content;
  Bytes data{1, 0, 4, 0};
  const Bytes text = cardText(card->words), photo = simulatedCardPhoto(card->face);
  data.insert(data.end(), text.begin(), text.end());
  data.insert(data.end(), photo.begin(), photo.end());
  return status(0x90, data);
}

}  // namespace invigil::devices
