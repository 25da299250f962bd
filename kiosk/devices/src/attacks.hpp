// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "actor.hpp"
#include "sheet.hpp"

namespace invigil::devices {

/// Somebody who holds something before the camera instead of a face. Only drawn faces are used, so identity and texture
/// say nothing here: what can be measured is whether challenge, track and flatness notice it.
///   print    a printed portrait, held still
///   sheet    the same, tilted as the prompts ask: turned, nodded, moved to and fro
///   bent     the same, bent into a curve like a face, more and less so that lids and lips seem to move
///   cutout   a printed mask with holes, real eyes and mouth behind it
///   replay   a telephone that plays a genuine admission with its actions in another order, with frame and moire
///   two      the genuine candidate, and a second person who leans in during the challenge
///   virtual  the genuine candidate's pictures, fed in by a virtual camera
class Attack {
 public:
  virtual ~Attack() = default;
  virtual void hear(std::string_view action, milliseconds now) = 0;
  virtual vision::Frame frame(milliseconds now) = 0;
};

struct AttackWish {
  int identity = 1;
  std::uint64_t seed = 0;
  std::vector<std::string> order;  ///< of replay; empty = one of its own
};

/// Null for an unknown name ("virtual" is no attack on the picture and unknown here).
std::unique_ptr<Attack> makeAttack(const std::string& name, const AttackWish& wish);

}  // namespace invigil::devices
