// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "invigil/base/result.hpp"
#include "invigil/vision/frame.hpp"

namespace invigil::face {

/// The same networks on the same frame with OpenCV alone: no choice of face, no quality, no judgement. What is left
/// over in the engine's time is what Invigil adds.
class PlainLoop {
 public:
  virtual ~PlainLoop() = default;
  /// Detector, 106 points twice, pose net; then with `identity` the verifier, and with `texture` the pair.
  virtual void run(const vision::Frame& frame, bool identity, bool texture) = 0;
};

/// Errors: Unavailable no_model.
Result<std::unique_ptr<PlainLoop>> createPlainLoop(const std::string& models_dir);

}  // namespace invigil::face
