// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "invigil/base/result.hpp"
#include "invigil/vision/frame.hpp"

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
  UncoverFace
};
/// Stable id: "none", "no_face", "several_faces", "come_closer", …
std::string_view hintName(Hint hint);

/// Pixels of the frame.
struct Rect {
  float x = 0, y = 0, width = 0, height = 0;
};

/// What the engine saw in one frame. Lengths in pixels of the frame.
struct Look {
  int faces = 0;           ///< the person and everybody else whose face is at least 0.4 of that width
  Rect face;               ///< the largest face
  float detection = 0;     ///< the detector's own score: YuNet 0..1; dlib HOG margin, about -0.2..3
  float sharpness = 0;     ///< 0..100; below 23 reads as blurred
  float brightness = 0;    ///< mean luminance of the face, 0..255; of the frame when there is no face
  float inter_eye_px = 0;  ///< distance of the eye centres in the frame
  float yaw = 0;           ///< degrees, + towards image right; an estimate from landmarks, good to about 5
  float pitch = 0;         ///< degrees, + down
  float roll = 0;          ///< degrees, + clockwise in the image
  float eye_openness = 0;  ///< eye aspect ratio, about 0.05 shut .. 0.35 wide; personal, see face.md 8.4
  float light_side = 0;    ///< -1 the image's left half of the face alone is lit .. 1 the right; 0 even
  float cover = 0;         ///< colour step between forehead, cheeks and mouth; above 28 reads as covered
  Hint hint = Hint::None;
  bool usable() const { return hint == Hint::None; }
};

/// L2-normalised; comparable only within one verifier (EngineInfo::verifier_sha256).
using Embedding = std::vector<float>;

/// Which files do the work, for the record of every decision and for the screen.
struct EngineInfo {
  std::string detector, landmarks;
  std::string verifier;  ///< empty = none: admission goes to the remote reviewer
  std::string verifier_sha256;
  std::string why_no_verifier;        ///< a sentence, empty when there is one
  std::vector<std::string> cautions;  ///< licence and fallback notes to print once
  bool canVerify() const { return !verifier.empty(); }
};

/// Finds, judges and describes a face. One thread at a time per engine; look() and embed() take 10 to 60 ms each.
/// Source: docs/adr/0006-face-engine.md.
class FaceEngine {
 public:
  virtual ~FaceEngine() = default;
  /// Tries YuNet with the 106 points from `models_dir`, else dlib's HOG detector with Debian's 68-point file.
  /// A file whose SHA-256 is not the known one is not loaded and named in info().
  /// Blocks up to a second (models). Errors: Unavailable no_face_detector.
  static Result<std::unique_ptr<FaceEngine>> create(const std::string& models_dir);
  /// Only the one or the other; for tests and measurements.
  enum class Detector { Any, YuNet, Hog };
  static Result<std::unique_ptr<FaceEngine>> create(const std::string& models_dir, Detector detector);

  virtual EngineInfo info() const = 0;
  virtual Look look(const Frame& frame) = 0;
  /// The face that the last look() at this same frame found: mean of plain and mirrored crop, L2-normalised.
  /// Errors: InvalidInput no_face; Unavailable no_recognition_model.
  virtual Result<Embedding> embed(const Frame& frame) = 0;
};

/// Cosine, -1..1; 0 when the sizes differ or one is empty.
double similarity(const Embedding& a, const Embedding& b);

}  // namespace invigil::vision
