// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "invigil/base/clock.hpp"
#include "invigil/base/result.hpp"
#include "invigil/base/text.hpp"

namespace invigil::vision {

/// One picture from a camera or a file.
struct Frame {
  int width = 0, height = 0;      ///< pixels
  std::vector<std::uint8_t> bgr;  ///< row-major, 3 bytes per pixel (blue, green, red), no padding
  milliseconds at{0};             ///< on the source's own monotonic scale
  bool empty() const { return width <= 0 || height <= 0 || bgr.empty(); }
};

/// Largest picture that decodeImage accepts, in pixels and in encoded bytes.
inline constexpr std::int64_t kImagePixelsMax = 12'000'000;
inline constexpr std::size_t kImageBytesMax = 16'000'000;

/// @param quality  1..100  @param width_max  wider pictures are scaled down, the ratio kept; 0 = none is
/// Errors: InvalidInput bad_image (empty frame).
/// Thread-safe; does not touch the disk.
Result<Bytes> encodeJpeg(const Frame& frame, int quality = 90, int width_max = 0);

/// JPEG or PNG to a frame, EXIF rotation applied, grey and transparent pictures made BGR.
/// The size is read from the header before any pixel is decoded.
/// Errors: InvalidInput bad_image (neither format, broken, truncated, under 16 px), TooLarge image_too_large.
/// Thread-safe.
Result<Frame> decodeImage(std::span<const std::uint8_t> encoded);

}  // namespace invigil::vision
