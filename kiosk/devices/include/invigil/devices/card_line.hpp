// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>

#include "invigil/base/clock.hpp"
#include "invigil/base/text.hpp"

namespace invigil::devices {

/// The bytes between kiosk and ID-card reader. One thread.
class CardLine {
 public:
  virtual ~CardLine() = default;
  /// All of it, or an error; at most a second. Errors: Unavailable card_reader_unplugged.
  virtual Status write(std::span<const std::uint8_t> bytes) = 0;
  /// What has come, at most `into`; waits up to `wait` for the first byte. @return 0 when none came.
  /// Errors: Unavailable card_reader_unplugged.
  virtual Result<std::size_t> read(std::span<std::uint8_t> into, milliseconds wait) = 0;
  /// Forgets what came and was not read.
  virtual void discard() = 0;
};

/// Where a reader is. "/dev/ttyUSB0", with the speed "/dev/ttyUSB0@57600" (115200 unless said), or "simulated:FILE".
struct CardLineSpec {
  std::string path;
  int baud = 115200;
  bool simulated = false;
};
/// Errors: InvalidInput bad_card_reader.
Result<CardLineSpec> parseCardLine(const std::string& spec);

/// 8 data bits, no parity, 1 stop bit, raw; the line is this program's alone. A simulated reader lies on no line: it
/// answers in this process (simulated_sam.hpp). Errors: Unavailable card_reader_unplugged (not there, not a serial line),
/// Forbidden card_reader_forbidden (no right to open it, or another program has it).
Result<std::unique_ptr<CardLine>> openCardLine(const CardLineSpec& spec);

}  // namespace invigil::devices
