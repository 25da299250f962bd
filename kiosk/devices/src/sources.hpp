// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "invigil/devices/camera.hpp"

namespace invigil::devices {

/// Copies an 8-bit BGR picture.
vision::Frame frameOf(const cv::Mat& picture, milliseconds at);

/// Hands out moments of a steady rate, sleeping until each is due; a rate of 0 never sleeps and steps by 1/15 s.
class Pace {
 public:
  explicit Pace(double frames_per_second) : fps_(frames_per_second) {}
  milliseconds next();

 private:
  double fps_;
  std::int64_t count_ = 0;
  milliseconds start_{0};
  SystemClock clock_;
};

/// What follows "file:". Errors: NotFound no_such_file, InvalidInput bad_image.
Result<std::unique_ptr<CameraSource>> openFiles(const std::string& path);
/// What follows "simulated:". Errors: InvalidInput bad_camera_spec.
Result<std::unique_ptr<CameraSource>> openSimulated(const std::string& spec);

}  // namespace invigil::devices
