// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "invigil/vision/frame.hpp"

using namespace invigil;
using namespace invigil::vision;

namespace {

// Left half red, right half blue.
Frame halves(int width, int height) {
  Frame frame{width, height, Bytes(static_cast<std::size_t>(width) * height * 3), milliseconds{0}};
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      frame.bgr[static_cast<std::size_t>((y * width + x) * 3 + (x < width / 2 ? 2 : 0))] = 255;
  return frame;
}

// Claims another size in the frame header, which is all that a decoder knows before it allocates.
Bytes withSize(Bytes jpeg, int width, int height) {
  for (std::size_t i = 2; i + 9 < jpeg.size(); ++i)
    if (jpeg[i] == 0xFF && jpeg[i + 1] == 0xC0) {
      jpeg[i + 5] = static_cast<std::uint8_t>(height >> 8);
      jpeg[i + 6] = static_cast<std::uint8_t>(height);
      jpeg[i + 7] = static_cast<std::uint8_t>(width >> 8);
      jpeg[i + 8] = static_cast<std::uint8_t>(width);
      break;
    }
  return jpeg;
}

}  // namespace

class ImageDecodingTest : public QObject {
  Q_OBJECT
 private slots:
  void jpegComesBackAsItWent() {
    const auto jpeg = encodeJpeg(halves(64, 32));
    QVERIFY(jpeg);
    const auto frame = decodeImage(*jpeg);
    QVERIFY(frame);
    QCOMPARE(frame->width, 64);
    QCOMPARE(frame->height, 32);
    QVERIFY(frame->bgr[2] > 200 && frame->bgr[0] < 60);
  }

  void wherePicturesHaveALargestWidthTheRatioStays() {
    const auto size = [](int width, int height) {
      const auto frame = decodeImage(*encodeJpeg(halves(width, height), 88, 640));
      return std::pair(frame->width, frame->height);
    };
    QCOMPARE(size(1920, 1080), std::pair(640, 360));
    QCOMPARE(size(640, 480), std::pair(640, 480));
    QCOMPARE(size(480, 900), std::pair(480, 900));
    QCOMPARE(decodeImage(*encodeJpeg(halves(1000, 20)))->width, 1000);
  }

  void exifRotationIsApplied() {
    auto jpeg = *encodeJpeg(halves(64, 32));
    // Orientation 6: the camera was turned; shown upright the left half becomes the top.
    const Bytes exif{0xFF, 0xE1, 0, 34,   'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8,
                     0,    1,    1, 0x12, 0,   3,   0,   0,   0, 1, 0,   6,   0, 0,  0, 0, 0, 0};
    jpeg.insert(jpeg.begin() + 2, exif.begin(), exif.end());
    const auto frame = decodeImage(jpeg);
    QVERIFY(frame);
    QCOMPARE(frame->width, 32);
    QCOMPARE(frame->height, 64);
    QVERIFY(frame->bgr[2] > 200);
    QVERIFY(frame->bgr[frame->bgr.size() - 3] > 200);
  }

  void aTruncatedJpegIsRefusedAtEveryLength() {
    const auto jpeg = *encodeJpeg(halves(64, 32));
    for (std::size_t length = 0; length < jpeg.size(); length += 7) {
      const auto frame = decodeImage(std::span(jpeg).first(length));
      QVERIFY(!frame);
      QCOMPARE(frame.error().reason, "bad_image");
    }
  }

  void otherFormatsAreRefused() {
    for (const std::string text : {"", "hello", "GIF89a-------------------", "BM------------------------"}) {
      const auto frame = decodeImage({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
      QVERIFY(!frame);
      QCOMPARE(frame.error().code, ErrorCode::InvalidInput);
      QCOMPARE(frame.error().reason, "bad_image");
    }
  }

  void aHugeClaimIsRefusedBeforeItIsDecoded() {
    const auto frame = decodeImage(withSize(*encodeJpeg(halves(64, 32)), 65000, 65000));
    QVERIFY(!frame);
    QCOMPARE(frame.error().code, ErrorCode::TooLarge);
  }

  void elevenMegapixelsPassAndThirteenDoNot() {
    const auto small = *encodeJpeg(halves(4000, 2900), 50), large = *encodeJpeg(halves(4000, 3100), 50);
    QVERIFY(decodeImage(small));
    QCOMPARE(decodeImage(large).error().reason, "image_too_large");
  }

  void tooManyBytesAreRefused() {
    QCOMPARE(decodeImage(Bytes(kImageBytesMax + 1, 0xFF)).error().code, ErrorCode::TooLarge);
  }

  void aFrameThatContradictsItselfIsNotEncoded() {
    auto frame = halves(64, 32);
    frame.bgr.pop_back();
    QCOMPARE(encodeJpeg(frame).error().reason, "bad_image");
    QVERIFY(!encodeJpeg(Frame{}));
  }
};

QTEST_GUILESS_MAIN(ImageDecodingTest)
#include "test_image_decoding.moc"
