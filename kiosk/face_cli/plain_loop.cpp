// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "plain_loop.hpp"

#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>

namespace invigil::face {
namespace {

class Plain final : public PlainLoop {
 public:
  explicit Plain(const std::string& dir)
      : detector_(cv::FaceDetectorYN::create(dir + "/face_detection_yunet_2022mar.onnx", "", {320, 240}, 0.6F, 0.3F, 500)),
        points_(cv::dnn::readNetFromTensorflow(dir + "/landmarks106.pb")),
        pose_(cv::dnn::readNetFromTensorflow(dir + "/headpose_gaze.pb")),
        identity_(cv::dnn::readNetFromONNX(dir + "/mobilefacenet.onnx")),
        near_(cv::dnn::readNetFromONNX(dir + "/minifasnet_1.onnx")),
        far_(cv::dnn::readNetFromONNX(dir + "/minifasnet_2.onnx")) {}

  void run(const vision::Frame& frame, bool identity, bool texture) override {
    const cv::Mat picture(frame.height, frame.width, CV_8UC3, const_cast<std::uint8_t*>(frame.bgr.data()));
    cv::Mat small, rows;
    const double scale = 320.0 / std::max(picture.cols, picture.rows);
    cv::resize(picture, small, {}, scale, scale, cv::INTER_AREA);
    detector_->setInputSize(small.size());
    detector_->detect(small, rows);
    if (rows.rows == 0) return;
    const auto back = static_cast<float>(1 / scale);
    const float* r = rows.ptr<float>(0);
    cv::Rect box(static_cast<int>(r[0] * back), static_cast<int>(r[1] * back), static_cast<int>(r[2] * back), static_cast<int>(r[3] * back));
    box &= cv::Rect(0, 0, picture.cols, picture.rows);
    if (box.area() == 0) return;
    cv::Mat grey, face, crop;
    cv::cvtColor(picture(box), grey, cv::COLOR_BGR2GRAY);
    cv::resize(grey, grey, {112, 112});
    for (int pass = 0; pass < 2; ++pass) forward(points_, cv::dnn::blobFromImage(grey));
    forward(pose_, cv::dnn::blobFromImage(grey));
    if (identity) {
      cv::resize(picture(box), face, {112, 112});
      forward(identity_, cv::dnn::blobFromImage(face, 1 / 58.4, {}, {123.7, 116.3, 103.5}, true));
    }
    if (texture) {
      cv::resize(picture(box), crop, {80, 80});
      forward(near_, cv::dnn::blobFromImage(crop));
      forward(far_, cv::dnn::blobFromImage(crop));
    }
  }

 private:
  static void forward(cv::dnn::Net& net, const cv::Mat& blob) {
    net.setInput(blob);
    (void)net.forward();
  }
  cv::Ptr<cv::FaceDetectorYN> detector_;
  cv::dnn::Net points_, pose_, identity_, near_, far_;
};

}  // namespace

Result<std::unique_ptr<PlainLoop>> createPlainLoop(const std::string& models_dir) {
  try {
    return std::make_unique<Plain>(models_dir);
  } catch (const cv::Exception&) {
    return fail(ErrorCode::Unavailable, "no_model", "the comparison needs all models of deploy/models in " + models_dir, "plain_loop.cpp");
  }
}

}  // namespace invigil::face
