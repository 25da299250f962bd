// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "face_look.hpp"

#include <array>

#include "invigil/devices/simulated_face.hpp"

namespace invigil::devices {

// Number 2 is the demonstration's wrong person: chosen for its distance from number 1, see docs/adr/0006.
const FaceLook& faceLook(int identity) {
  static const std::array<FaceLook, kFaceIdentities> kLooks{{
      {.skin = 0xF0C8A6, .hair_colour = 0x1E1A1C, .iris = 0x3A2418, .lips = 0xC98073, .shirt = 0x3E5C7E,
       .hair = Hair::SideSwept, .jaw = 0.80, .brow_thick = 0.065, .brow_tilt = 0.02},
      {.skin = 0xB5805A, .hair_colour = 0xC09A58, .iris = 0x2A1810, .lips = 0x7A4238, .shirt = 0x6B6F5A,
       .hair = Hair::Receding, .beard = Beard::Full, .glasses = Glasses::Round, .width = 0.96, .jaw = 0.97,
       .chin = 0.28, .length = 0.93, .eye_gap = 0.479, .eye_width = 0.185, .eye_height = 0.125, .eye_tilt = 0.05,
       .lashes = 0.4, .crease = 0.1, .brow_thick = 0.083, .brow_y = -0.51, .brow_tilt = 0.04, .nose_width = 0.18,
       .nose_height = 0.226, .nose_tip = 0.45, .mouth_width = 0.44, .lip = 0.125, .smile = 0.07, .mouth_y = 0.78,
       .age = 0.3, .freckles = 0.5},
      {.skin = 0xF6D8C0, .hair_colour = 0x6B3F22, .iris = 0x4F6B46, .lips = 0xC4636A, .shirt = 0x8C4A5A,
       .hair = Hair::Long, .width = 0.96, .jaw = 0.70, .chin = 0.22, .eye_gap = 0.43, .eye_width = 0.245,
       .eye_height = 0.13, .lashes = 1, .brow_thick = 0.04, .brow_arch = 0.10, .nose_width = 0.20,
       .nose_height = 0.28, .mouth_width = 0.34, .lip = 0.10, .freckles = 0.8},
      {.skin = 0xE8B88E, .hair_colour = 0x17130F, .iris = 0x2C1A10, .lips = 0xB96A5E, .shirt = 0x4B7A6A,
       .hair = Hair::Bob, .glasses = Glasses::Round, .width = 1.02, .jaw = 0.80, .eye_gap = 0.42,
       .eye_width = 0.23, .eye_height = 0.095, .eye_tilt = 0.05, .lashes = 0.8, .crease = 0.2, .brow_thick = 0.04,
       .nose_width = 0.24, .nose_height = 0.26, .mouth_width = 0.31, .lip = 0.085},
      {.skin = 0x5E3A26, .hair_colour = 0x14100E, .iris = 0x1E120C, .lips = 0x8A4A48, .shirt = 0xC79A4A,
       .hair = Hair::Curly, .width = 1.0, .jaw = 0.78, .eye_gap = 0.45, .eye_width = 0.235, .eye_height = 0.125,
       .lashes = 0.9, .brow_thick = 0.05, .brow_arch = 0.09, .nose_width = 0.34, .nose_height = 0.30,
       .mouth_width = 0.41, .lip = 0.13},
      {.skin = 0xD9A178, .hair_colour = 0x2B211C, .iris = 0x35221A, .lips = 0xA85F52, .shirt = 0x55606E,
       .hair = Hair::Cropped, .beard = Beard::Moustache, .width = 1.08, .jaw = 0.98, .chin = 0.44, .length = 0.95,
       .eye_gap = 0.47, .eye_width = 0.20, .eye_height = 0.085, .lashes = 0, .brow_thick = 0.08, .brow_y = -0.38,
       .brow_tilt = -0.03, .nose_width = 0.30, .nose_height = 0.36, .mouth_width = 0.40, .lip = 0.06, .age = 0.4},
      {.skin = 0xF3D2B6, .hair_colour = 0xE3DCD2, .iris = 0x5B7690, .lips = 0xB9777A, .shirt = 0x7B6A92,
       .hair = Hair::Bun, .width = 0.98, .jaw = 0.76, .eye_gap = 0.43, .eye_width = 0.21, .eye_height = 0.09,
       .eye_tilt = -0.03, .lashes = 0.4, .brow_thick = 0.03, .nose_width = 0.25, .nose_height = 0.32,
       .mouth_width = 0.34, .lip = 0.055, .age = 1},
      {.skin = 0xEBC09C, .hair_colour = 0x241C19, .iris = 0x2E1C13, .lips = 0xC97570, .shirt = 0xA8614C,
       .hair = Hair::Fringe, .width = 0.95, .jaw = 0.68, .chin = 0.22, .length = 0.97, .eye_gap = 0.45,
       .eye_width = 0.26, .eye_height = 0.125, .eye_tilt = 0.04, .lashes = 0.9, .crease = 0.4, .brow_thick = 0.035,
       .brow_arch = 0.04, .nose_width = 0.20, .nose_height = 0.24, .mouth_width = 0.29, .lip = 0.09},
  }};
  const int count = kFaceIdentities;
  return kLooks[static_cast<std::size_t>(((identity - 1) % count + count) % count)];
}

}  // namespace invigil::devices
