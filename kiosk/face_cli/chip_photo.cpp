// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "chip_photo.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace invigil::face {
namespace {

constexpr int kWidth = 102, kHeight = 126;
constexpr double kHeadShare = 0.58, kHeadPlace = 0.54;

/// Bytes of the picture itself: behind the header of the scan.
std::size_t scanBytes(const std::vector<std::uint8_t>& jpeg) {
  constexpr std::array<std::uint8_t, 2> kScan{0xFF, 0xDA};
  return static_cast<std::size_t>(jpeg.end() - std::search(jpeg.begin(), jpeg.end(), kScan.begin(), kScan.end()));
}

}  // namespace

vision::Frame asChipPhoto(const vision::Frame& picture, const vision::Look& look, std::size_t bytes) {
  const cv::Mat whole(picture.height, picture.width, CV_8UC3, const_cast<std::uint8_t*>(picture.bgr.data()));
  const double width = look.face.width / kHeadShare, height = width * kHeight / kWidth;
  const double left = look.face.x + look.face.width / 2 - width / 2, top = look.face.y + look.face.height / 2 - kHeadPlace * height;
  const cv::Rect wanted(static_cast<int>(std::lround(left)), static_cast<int>(std::lround(top)), std::max(1, static_cast<int>(std::lround(width))),
                        std::max(1, static_cast<int>(std::lround(height))));
  // What the picture does not show is drawn out from its edge.
  const cv::Rect inside = wanted & cv::Rect(0, 0, whole.cols, whole.rows);
  cv::Mat cut, small;
  cv::copyMakeBorder(whole(inside), cut, inside.y - wanted.y, wanted.br().y - inside.br().y, inside.x - wanted.x, wanted.br().x - inside.br().x, cv::BORDER_REPLICATE);
  cv::resize(cut, small, {kWidth, kHeight}, 0, 0, cut.cols > kWidth ? cv::INTER_AREA : cv::INTER_CUBIC);
  if (bytes > 0) {
    std::vector<std::uint8_t> jpeg;
    for (int quality = 95; quality >= 1; quality -= 2) {
      cv::imencode(".jpg", small, jpeg, {cv::IMWRITE_JPEG_QUALITY, quality, cv::IMWRITE_JPEG_OPTIMIZE, 1});
      if (scanBytes(jpeg) <= bytes) break;
    }
    small = cv::imdecode(jpeg, cv::IMREAD_COLOR);
  }
  return {small.cols, small.rows, {small.data, small.data + small.total() * 3}, milliseconds{0}};
}

}  // namespace invigil::face
