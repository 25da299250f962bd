// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "invigil/base/result.hpp"
#include "invigil/base/text.hpp"

namespace invigil::vision {

/// A net that the engine knows by its digest (deploy/models.json lists the same).
struct ModelFile {
  const char* name;
  const char* sha256;
};

inline constexpr ModelFile kYuNet{"face_detection_yunet_2022mar.onnx",
                                  "50ef07f702a31741ca46a4c0d947773b64143b9362780237bf0d427d6c79bab7"};
inline constexpr ModelFile kLandmarks106{"landmarks106.pb",
                                         "2a19aa585a172f603d2422955c1eb4844f709ab9d0d4040843ccd18fd49ef2ad"};
inline constexpr ModelFile kMobileFaceNet{"mobilefacenet.onnx",
                                          "93accb288937aa6318f17eb192cdf2550439b7945ad511290e871cb9db4100c3"};

/// The whole file, when its digest is the known one.
/// Errors: NotFound no_model; Corrupt model_digest_differs. The detail is a sentence for the operator.
Result<std::string> loadModel(const std::string& models_dir, const ModelFile& model);

}  // namespace invigil::vision
