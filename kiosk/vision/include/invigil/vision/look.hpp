// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>
#include <vector>

namespace invigil::vision {

/// The one thing a person in front of the camera should change, the most important first.
enum class Hint {
  None,
  NoFace,
  SeveralFaces,
  ComeCloser,
  MoveBack,
  CentreFace,
  LookStraight,
  MoreLight,
  LessLight,
  HoldStill,
  OpenEyes,
  UncoverFace,
  LightLeft,   ///< the person's own left is dark
  LightRight,
  LowContrast
};
inline constexpr std::size_t kHints = static_cast<std::size_t>(Hint::LowContrast) + 1;
/// Stable id: "none", "no_face", "several_faces", "come_closer", …
std::string_view hintName(Hint hint);

/// Pixels of the frame.
struct Rect {
  float x = 0, y = 0, width = 0, height = 0;
};
struct Point {
  float x = 0, y = 0;
};
/// Intersection over union, 0..1.
float overlap(const Rect& a, const Rect& b);

/// A face as the detector reports it.
struct FaceBox {
  Rect box;
  float score = 0;  ///< YuNet 0..1; dlib HOG margin, about -0.2..3
};

/// Where the eyes look, relative to the camera: a few degrees exact at best, so judge it over many frames.
struct Gaze {
  float yaw = 0;       ///< degrees, + towards image right, head pose included
  float pitch = 0;     ///< degrees, + down
  bool valid = false;  ///< measured: net installed, eyes open, head not turned away
};

/// What the engine saw in one frame. Lengths in pixels of the frame.
struct Look {
  int faces = 0;              ///< the person and everybody else whose face is at least 0.4 of that width
  std::vector<FaceBox> all;   ///< every face above the score gate, the person first; smaller passers-by included
  Rect face;                  ///< the person's face: chosen by score, size and place, or because it was expected
  float detection = 0;        ///< its score, as in FaceBox
  float sharpness = 0;        ///< 0..100; below 23 reads as blurred
  float brightness = 0;       ///< mean luminance of the face, 0..255; of the frame when there is no face
  float contrast = 0;         ///< standard deviation of the face's luminance, 0..127
  float inter_eye_px = 0;     ///< distance of the eye centres in the frame
  float yaw = 0;              ///< degrees, + towards image right
  float pitch = 0;            ///< degrees, + down
  float roll = 0;             ///< degrees, + clockwise in the image
  bool pose_measured = false; ///< by the pose net; else an estimate from landmarks, good to about 5 degrees
  bool pose_valid = false;    ///< the points still form a face and |pitch| < 0.5 rad; compare identity only then
  Gaze gaze;
  float eye_openness = 0;     ///< eye aspect ratio, about 0.05 shut .. 0.35 wide; personal, compare with the own level
  float mouth_opening = 0;    ///< inner lips: gap over width, about 0 shut .. 1 wide open
  float light_side = 0;       ///< -1 the image's left half of the face alone is lit .. 1 the right; 0 even
  float cover = 0;            ///< colour step between forehead, cheeks and mouth; above 28 reads as covered
  float misfit = 0;           ///< detector's five points against the landmarks, in eye distances; large = hidden, profile
  std::array<Point, 5> five{};      ///< eye at image left, at image right, nose tip, mouth corner left, right
  std::vector<Point> landmarks;     ///< all points of the net in use: 106 or 68
  int track = 0;              ///< of FaceTrack: changes when continuity broke; 0 = not tracked or no face
  Hint hint = Hint::None;
  bool usable() const { return hint == Hint::None; }
};

}  // namespace invigil::vision
