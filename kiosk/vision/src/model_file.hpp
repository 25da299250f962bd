// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "invigil/vision/face_engine.hpp"

namespace invigil::vision {

/// A net that the engine knows by its digest (deploy/models.json lists the same).
struct ModelFile {
  const char* role;
  const char* name;
  const char* sha256;
  const char* other_sha256 = nullptr;  ///< the same weights, written by another converter
};

inline constexpr ModelFile kYuNet{"detector", "face_detection_yunet_2022mar.onnx",
                                  "50ef07f702a31741ca46a4c0d947773b64143b9362780237bf0d427d6c79bab7"};
inline constexpr ModelFile kLandmarks106{"landmarks", "landmarks106.pb",
                                         "2a19aa585a172f603d2422955c1eb4844f709ab9d0d4040843ccd18fd49ef2ad"};
inline constexpr ModelFile kHeadPose{"pose", "headpose_gaze.pb",
                                     "931d0fbadb8380d6ecc1067402a90be88c4a3aafc742b710b3d0030268779f4c"};
inline constexpr ModelFile kMobileFaceNet{"verifier", "mobilefacenet.onnx",
                                          "93accb288937aa6318f17eb192cdf2550439b7945ad511290e871cb9db4100c3"};
inline constexpr ModelFile kDenseNet{"second_verifier", "face_recognition_densenet_model_v1.dat",
                                     "c6a6418ea119126046e204e010127d24dc79a41dd613a9d3961d1856b5df6535"};
inline constexpr ModelFile kTexture1{"texture", "minifasnet_1.onnx",
                                     "fbc32163d705059d36496be677e00bc896f09f9afaa8a9863fbca9abfa9f21c2"};
inline constexpr ModelFile kTexture2{"texture", "minifasnet_2.onnx",
                                     "52cb7119a0b18c6e7e77270c894e452b7bdbdfe5f676d605fb64e6f6d41dd75a"};

struct LoadedModel {
  std::string content;
  ModelInfo info;
};

/// The whole file, when its digest is a known one.
/// Errors: NotFound no_model; Corrupt model_digest_differs. The detail is a sentence for the operator.
Result<LoadedModel> loadModel(const std::string& models_dir, const ModelFile& model);

/// Lower-case hex of a file of any size; empty when it cannot be read.
std::string sha256OfFile(const std::string& path);

}  // namespace invigil::vision
