// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "invigil/base/clock.hpp"
#include "invigil/vision/frame.hpp"

/// The photo on an ID card's chip. Its format (WLT) is closed and its decoders are licensed by the police ministry's
/// institute: a site brings its own, as a program (docs/adr/0015, docs/operating/id-card.md).
namespace invigil::devices {

/// A decoder and its arguments. The program is an absolute path; it is run as it stands, by no shell.
using DecoderCommand = std::vector<std::string>;
inline constexpr std::size_t kCardPictureBytesMax = 2 << 20;

/// Runs the decoder: `photo` on its stdin, one picture from its stdout; stderr goes nowhere. It and whatever it started
/// are killed when `limit` is over, it writes more than kCardPictureBytesMax, or it is done. Blocks up to `limit`.
/// Errors: Unavailable card_decoder_missing (cannot be started), card_decoder_failed (time, size, exit code); as
/// readCardPicture. No error holds a byte of the photo.
Result<vision::Frame> decodeCardPhoto(const DecoderCommand& command, std::span<const std::uint8_t> photo, milliseconds limit = milliseconds{5000});

/// BMP (24 bit, not compressed), PNG or JPEG, 32 to 1024 pixels a side. The header is judged before a pixel is read.
/// Errors: InvalidInput bad_image.
Result<vision::Frame> readCardPicture(std::span<const std::uint8_t> encoded);

/// As PNG: nothing of a small picture is lost. Errors: InvalidInput bad_image.
Result<Bytes> encodePng(const vision::Frame& frame);

}  // namespace invigil::devices
