// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "invigil/vision/frame.hpp"

namespace invigil::devices {

/// Identities that drawFace knows, 1..kFaceIdentities; others wrap around.
inline constexpr int kFaceIdentities = 8;

/// One moment of a drawn candidate.
struct FaceScene {
  int identity = 1;
  double yaw = 0, pitch = 0, roll = 0;  ///< degrees: + to image right, + down, + clockwise in the image
  double eye_closed = 0;                ///< 0 open .. 1 shut
  double mouth_open = 0;                ///< 0 closed .. 1 wide open
  double light = 1;                     ///< 1 normal, 0.15 a dark room, 2.5 glaring
  double light_side = 0;                ///< -1 only from the image's left .. 1 only from its right
  double glow[3] = {0, 0, 0};           ///< red, green, blue 0..1 that the screen throws on the head, not on the room
  double distance = 1;                  ///< 1 gives a face of about 190 px in 640; larger is farther away
  double sway_x = 0, sway_y = 0;        ///< shift of the head in fractions of the frame
};

/// A shaded face drawn by the program: no picture of a person is involved. The same scene and size give the same
/// bytes on one machine. Serves flow, screenshots and tests; says nothing about error rates.
vision::Frame drawFace(const FaceScene& scene, int width = 640, int height = 480);

/// Where the simulated camera is at time `at`: a gentle sway and now and then a blink; `scripted` adds head turns.
FaceScene sceneAt(int identity, milliseconds at, bool scripted);

}  // namespace invigil::devices
