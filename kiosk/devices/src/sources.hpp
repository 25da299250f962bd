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

/// Hands out moments of a steady rate, sleeping until each is due unless told not to. A rate of 0 never sleeps and steps by 1/15 s.
class Pace {
 public:
  Pace(double frames_per_second, bool paced) : fps_(frames_per_second > 0 ? frames_per_second : 15), paced_(paced && frames_per_second > 0) {}
  milliseconds next();

 private:
  double fps_;
  bool paced_;
  std::int64_t count_ = 0;
  milliseconds start_{0};
  SystemClock clock_;
};

/// What follows "file:". Errors: NotFound no_such_file, InvalidInput bad_image.
Result<std::unique_ptr<CameraSource>> openFiles(const std::string& path, bool paced);
/// What follows "simulated:". Errors: InvalidInput bad_camera_spec.
Result<std::unique_ptr<CameraSource>> openSimulated(const std::string& spec, bool paced);

}  // namespace invigil::devices
