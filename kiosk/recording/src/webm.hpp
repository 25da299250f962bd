// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "invigil/base/clock.hpp"

namespace invigil::recording {

/// One coded picture.
struct Coded {
  std::int64_t at_ms = 0;   ///< from the beginning of the film
  bool key = false;         ///< can be shown without those before it
  std::string data;
};

struct WebmTrack {
  const char* codec = "V_VP8";  ///< Matroska codec id
  int width = 0, height = 0;
  Instant began{};
  std::int64_t duration_ms = 0;
};

/// A whole WebM file with one video track; the index stands before the pictures, so that a player can jump at once.
/// The first picture has to be a key one. Source: RFC 8794 (EBML), RFC 9559 (Matroska), webmproject.org/docs/container.
std::string writeWebm(const WebmTrack& track, const std::vector<Coded>& pictures);

}  // namespace invigil::recording
