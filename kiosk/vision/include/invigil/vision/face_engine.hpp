// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "invigil/base/result.hpp"
#include "invigil/vision/frame.hpp"
#include "invigil/vision/look.hpp"

namespace invigil::vision {

/// Comparable only within one verifier (EngineInfo::verifier_sha256). Of the first verifier L2-normalised.
using Embedding = std::vector<float>;

/// One file that does a part of the work.
struct ModelInfo {
  std::string role;    ///< "detector", "landmarks", "pose", "verifier", "second_verifier", "texture"
  std::string name;    ///< file name
  std::string sha256;  ///< hex
};

/// Which files do the work, for the record of every decision and for the screen.
struct EngineInfo {
  std::string detector, landmarks;
  std::string verifier;  ///< empty = none: admission goes to the remote invigilator
  std::string verifier_sha256;
  std::string why_no_verifier;        ///< a sentence, empty when there is one
  std::string pose, texture, second;  ///< empty = not installed
  std::vector<ModelInfo> models;      ///< every file that was loaded
  std::vector<std::string> cautions;  ///< licence and fallback notes to print once
  bool canVerify() const { return !verifier.empty(); }
};

/// Where to look in a frame.
struct Search {
  const Rect* expected = nullptr;  ///< where the person was a moment ago: preferred, and kept at a lower score
  bool thorough = false;           ///< a still picture: doubtful finds are looked at in other sizes too
};

struct EngineOptions {
  enum class Detector { Any, YuNet, Hog };
  Detector detector = Detector::Any;
  int threads = 1;       ///< of OpenCV and OpenBLAS together with them; process-wide
  bool second = true;    ///< load dlib's DenseNet where installed
  bool mirrored = false; ///< embed() averages with the mirrored crop: twice the time, slightly steadier
};

/// Finds, judges and describes a face. One thread at a time per engine.
/// Source: docs/adr/0006-face-engine.md.
class FaceEngine {
 public:
  virtual ~FaceEngine() = default;
  using Detector = EngineOptions::Detector;
  /// Tries YuNet with the 106 points from `models_dir`, else dlib's HOG detector with Debian's 68-point file.
  /// A file whose SHA-256 is not the known one is not loaded and named in info().
  /// Blocks up to a second (models). Errors: Unavailable no_face_detector.
  static Result<std::unique_ptr<FaceEngine>> create(const std::string& models_dir, const EngineOptions& options = {});
  static Result<std::unique_ptr<FaceEngine>> create(const std::string& models_dir, Detector detector);

  virtual EngineInfo info() const = 0;
  /// Runs every net once, so that the first person waits no longer than the last. Blocks about 0.2 s.
  virtual void warmUp() = 0;
  /// About 10 ms on a 640x480 frame, three times that when no face is found at once.
  virtual Look look(const Frame& frame, const Search& search = {}) = 0;
  /// The face that the last look() at this same frame found. About 11 ms.
  /// Errors: InvalidInput no_face; Unavailable no_recognition_model.
  virtual Result<Embedding> embed(const Frame& frame) = 0;
  /// The second verifier's description of that face (dlib DenseNet, compare by distance()). About 13 ms.
  /// Errors: InvalidInput no_face; Unavailable no_second_model.
  virtual Result<Embedding> embedSecond(const Frame& frame) = 0;
  /// How much that face looks like skin in front of the camera rather than paper or a screen, 0..1: the mean of the
  /// MiniFASNet pair. It needs the surroundings of the face. About 5 ms.
  /// Errors: InvalidInput no_face; Unavailable no_texture_model.
  virtual Result<double> texture(const Frame& frame) = 0;
};

/// Cosine, -1..1; 0 when the sizes differ or one is empty.
double similarity(const Embedding& a, const Embedding& b);
/// Euclidean, for the second verifier; infinite when the sizes differ or one is empty.
double distance(const Embedding& a, const Embedding& b);
/// Mean of several embeddings of one person; for the first verifier normalise() it. Empty when none or unequal.
Embedding meanOf(const std::vector<Embedding>& all);
Embedding normalise(Embedding embedding);

}  // namespace invigil::vision
