// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

namespace invigil::devices {

/// How a flat or bent picture is held before the camera. Angles in degrees, as FaceScene.
struct SheetPose {
  double yaw = 0, pitch = 0, roll = 0;
  double bend = 0;           ///< 0 flat .. 1 half a turn across its width, bulging to the camera; negative = hollow
  double x = 0.5, y = 0.5;   ///< middle of the sheet, fractions of the frame
  double height = 0.8;       ///< of the sheet when it is flat to the camera, in frame heights
};

/// Puts `sheet` (BGR) into `frame` (BGR) in perspective.
void holdSheet(cv::Mat& frame, const cv::Mat& sheet, const SheetPose& pose);

}  // namespace invigil::devices
