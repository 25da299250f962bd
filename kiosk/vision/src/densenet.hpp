// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "invigil/vision/face_engine.hpp"

namespace invigil::vision {

/// dlib's face_recognition_densenet_model_v1: 128 values, compared by Euclidean distance.
class DenseNet {
 public:
  virtual ~DenseNet() = default;
  /// @param picture  BGR  @param landmarks  106 (ZQCNN) or 68 (dlib) points. Empty when the net fails.
  virtual Embedding describe(const cv::Mat& picture, const std::vector<cv::Point2f>& landmarks) = 0;
};

/// @param content  the .dat file. Errors: Corrupt model_not_loadable.
Result<std::unique_ptr<DenseNet>> createDenseNet(const std::string& content);

}  // namespace invigil::vision
