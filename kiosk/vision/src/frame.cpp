// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/vision/frame.hpp"

#include <cstring>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <optional>

#include "mat.hpp"

namespace invigil::vision {
namespace {

struct Size {
  std::int64_t width = 0, height = 0;
};

int be16(std::span<const std::uint8_t> b, std::size_t at) { return b[at] << 8 | b[at + 1]; }

// The decoder allocates by what the header says, so the limit has to be applied to the header.
std::optional<Size> jpegSize(std::span<const std::uint8_t> b) {
  std::size_t at = 2;
  while (at + 9 < b.size()) {
    if (b[at] != 0xFF) return std::nullopt;
    const int marker = b[at + 1];
    if (marker == 0xFF) {
      ++at;
      continue;
    }
    if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {
      at += 2;
      continue;
    }
    if (marker == 0xD9 || marker == 0xDA) return std::nullopt;
    const bool frame_header = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    if (frame_header) return Size{be16(b, at + 7), be16(b, at + 5)};
    at += 2 + static_cast<std::size_t>(be16(b, at + 2));
  }
  return std::nullopt;
}

std::optional<Size> pngSize(std::span<const std::uint8_t> b) {
  if (b.size() < 24 || std::memcmp(b.data() + 12, "IHDR", 4) != 0) return std::nullopt;
  auto be32 = [&](std::size_t at) { return static_cast<std::int64_t>(be16(b, at)) << 16 | be16(b, at + 2); };
  return Size{be32(16), be32(20)};
}

auto badImage(const char* detail) { return fail(ErrorCode::InvalidInput, "bad_image", detail, "frame.cpp"); }

// libjpeg fills what a truncated file lacks with grey and only warns; a whole file ends with EOI (some cameras
// pad after it).
bool jpegIsWhole(std::span<const std::uint8_t> b) {
  const std::size_t tail = b.size() > 4096 ? b.size() - 4096 : 2;
  for (std::size_t at = b.size() - 1; at > tail; --at)
    if (b[at - 1] == 0xFF && b[at] == 0xD9) return true;
  return false;
}

bool pngIsWhole(std::span<const std::uint8_t> b) {
  static constexpr std::uint8_t kEnd[] = {'I', 'E', 'N', 'D', 0xAE, 0x42, 0x60, 0x82};
  return b.size() > 8 && std::search(b.end() - std::min<std::ptrdiff_t>(4096, std::ssize(b)), b.end(), std::begin(kEnd),
                                     std::end(kEnd)) != b.end();
}

}  // namespace

Result<Bytes> encodeJpeg(const Frame& frame, int quality, int width_max) {
  cv::Mat picture = asMat(frame);
  if (picture.empty()) return badImage("the frame is empty");
  Bytes out;
  try {
    if (width_max > 0 && picture.cols > width_max) {
      cv::Mat small;
      const auto height = static_cast<int>(static_cast<std::int64_t>(picture.rows) * width_max / picture.cols);
      cv::resize(picture, small, {width_max, std::max(1, height)}, 0, 0, cv::INTER_AREA);
      picture = small;
    }
    if (cv::imencode(".jpg", picture, out, {cv::IMWRITE_JPEG_QUALITY, std::clamp(quality, 1, 100)})) return out;
  } catch (const cv::Exception&) {
  }
  return badImage("the frame cannot be encoded as JPEG");
}

Result<Frame> decodeImage(std::span<const std::uint8_t> encoded) {
  static constexpr std::uint8_t kPng[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  if (encoded.size() > kImageBytesMax)
    return fail(ErrorCode::TooLarge, "image_too_large", "the picture has more than 16 MB", "frame.cpp");
  const bool jpeg = encoded.size() > 12 && encoded[0] == 0xFF && encoded[1] == 0xD8 && encoded[2] == 0xFF;
  const bool png = encoded.size() > 24 && std::memcmp(encoded.data(), kPng, sizeof kPng) == 0;
  if (!jpeg && !png) return badImage("neither a JPEG nor a PNG picture");
  const auto size = jpeg ? jpegSize(encoded) : pngSize(encoded);
  if (!size) return badImage("the picture's header is broken");
  if (size->width > 100'000 || size->height > 100'000 || size->width * size->height > kImagePixelsMax)
    return fail(ErrorCode::TooLarge, "image_too_large", "the picture has more than 12 megapixels", "frame.cpp");
  if (size->width < 16 || size->height < 16) return badImage("the picture is smaller than 16 pixels");
  if (jpeg ? !jpegIsWhole(encoded) : !pngIsWhole(encoded)) return badImage("the picture is cut off");
  try {
    const cv::Mat bytes(1, static_cast<int>(encoded.size()), CV_8UC1, const_cast<std::uint8_t*>(encoded.data()));
    const cv::Mat picture = cv::imdecode(bytes, cv::IMREAD_COLOR);
    if (!picture.empty()) return asFrame(picture, milliseconds{0});
  } catch (const cv::Exception&) {
  }
  return badImage("the picture cannot be decoded");
}

}  // namespace invigil::vision
