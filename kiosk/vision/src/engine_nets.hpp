// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/dnn.hpp>
#include <optional>

#include "densenet.hpp"

namespace invigil::vision {

/// The nets that work on a found face; each may be missing.
struct EngineNets {
  std::optional<cv::dnn::Net> verifier, pose, texture_near, texture_far;
  std::unique_ptr<DenseNet> second;
};

/// Loads what is in `models_dir` and writes names, digests, reasons and cautions into `info`.
EngineNets loadNets(const std::string& models_dir, const EngineOptions& options, EngineInfo& info);

/// Threads of OpenCV and of OpenBLAS in this process. The exam screen shares the machine: a face check may be slow,
/// the screen may not.
void setThreads(int count);

}  // namespace invigil::vision
