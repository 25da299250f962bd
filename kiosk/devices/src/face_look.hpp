// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace invigil::devices {

enum class Hair { Cropped, SideSwept, Fringe, Bob, Long, Bun, Receding, Curly };
enum class Beard { None, Moustache, Full };
enum class Glasses { None, Round, Square };

/// What makes a drawn person this person. Lengths in half face widths (about 69 mm), y down from just below the
/// eyes; colours 0xRRGGBB.
struct FaceLook {
  std::uint32_t skin, hair_colour, iris, lips, shirt;
  Hair hair;
  Beard beard = Beard::None;
  Glasses glasses = Glasses::None;
  double width = 1, jaw = 0.82, chin = 0.30, length = 1;
  double eye_gap = 0.44, eye_width = 0.225, eye_height = 0.105, eye_tilt = 0.02, lashes = 0.3, crease = 0.6;
  double brow_thick = 0.05, brow_y = -0.44, brow_tilt = 0, brow_arch = 0.06;
  double nose_width = 0.24, nose_height = 0.34, nose_tip = 0.41;
  double mouth_width = 0.36, lip = 0.075, smile = 0.10, mouth_y = 0.86;
  double age = 0;       ///< 0 young .. 1 deep lines
  double freckles = 0;  ///< 0..1
};

/// @param identity  1.., wraps around after kFaceIdentities.
const FaceLook& faceLook(int identity);

}  // namespace invigil::devices
