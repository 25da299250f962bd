// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/dnn.hpp>

#include "quality.hpp"

namespace invigil::vision {

/// MobileFaceNet on an aligned 112x112 face (BGR): 128 values, L2-normalised. May throw cv::Exception.
cv::Mat describeFace(cv::dnn::Net& net, const cv::Mat& aligned);

/// Head pose and gaze on an aligned 112x112 face (BGR). Writes yaw, pitch, roll, pose_measured and gaze of `look`.
/// @param found  whose alignment turned the face upright. May throw cv::Exception.
void measurePose(cv::dnn::Net& net, const cv::Mat& aligned, const FoundFace& found, Look& look);

/// The MiniFASNet pair: mean of the two probabilities of "live". The crops are 2.7 and 4 times the face box, shifted
/// into the picture as minivision-ai/Silent-Face-Anti-Spoofing does it. May throw cv::Exception.
double textureOf(cv::dnn::Net& near_net, cv::dnn::Net& far_net, const cv::Mat& picture, const cv::Rect2f& box);

}  // namespace invigil::vision
