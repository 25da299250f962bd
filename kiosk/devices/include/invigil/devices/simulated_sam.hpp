// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "invigil/devices/id_card.hpp"
#include "invigil/devices/sam.hpp"

namespace invigil::devices {

/// The text block of a card, as its chip would hold it. Synthetic cards only.
Bytes cardText(const IdCard& card);

/// The photo of a drawn candidate in a format of our own, in place of WLT: `invigil-simface --decode-card-photo` draws it.
Bytes simulatedCardPhoto(int identity);
/// 0 = not such a photo.
int simulatedIdentity(std::span<const std::uint8_t> photo);

/// A reader for tests, demo and rehearsal: takes the frames of a real one, byte by byte, and answers with such. The card
/// is a file; while it is there the card lies on the reader. JSON:
/// {"kind": "resident", "number": "…", "name": "…", "name_latin": "…", "from": "YYYYMMDD", "until": "YYYYMMDD" or "长期",
///  "face": 1..8 (0 = a photo that no decoder reads)}; kind: resident, hmt_residence, foreigner_2017, foreigner_2023.
/// As with a real one, a card that was read is not found again before it was lifted (or another took its place).
class SimulatedSam {
 public:
  explicit SimulatedSam(std::string card_file) : file_(std::move(card_file)) {}
  Bytes answer(std::span<const std::uint8_t> bytes);

 private:
  Bytes reply(std::span<const std::uint8_t> request);
  std::string file_, read_;  ///< read_: the file as it was when its card was read
  SamFrames requests_;
  bool selected_ = false;
};

}  // namespace invigil::devices
