// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// The only unit that holds the network's type: it takes about 20 s to compile.
#include "densenet.hpp"

#include <dlib/dnn.h>

#include <opencv2/imgproc.hpp>
#include <sstream>

#include "quality.hpp"

namespace invigil::vision {
namespace {

// Source: Cydral/BAREL (MIT), sources/FFssl_faces_densenet_model.cpp; the layers have to match the file exactly.
// Batch normalisation is stored; dlib loads it into `affine`, which does not need a batch.
using namespace dlib;
template <int N, typename Below>
using dense = concat2<tag1, tag2, tag2<con<16, 3, 3, 1, 1, relu<affine<con<N, 1, 1, 1, 1, relu<affine<tag1<Below>>>>>>>>>;
template <typename Below>
using dense16 = dense<64, Below>;
template <int N, typename Below>
using transition = avg_pool<2, 2, 2, 2, con<N, 1, 1, 1, 1, relu<affine<Below>>>>;
template <typename Below>
using stem = add_layer<max_pool_<3, 3, 2, 2, 1, 1>, relu<affine<add_layer<con_<32, 7, 7, 2, 2, 3, 3>, Below>>>>;
using Net = loss_metric<fc_no_bias<
    128, avg_pool_everything<relu<affine<repeat<
             8, dense16,
             transition<130, repeat<12, dense16,
                                    transition<68, repeat<6, dense16,
                                                          transition<40, repeat<3, dense16, stem<input_rgb_image>>>>>>>>>>>>>;

constexpr long kSide = 150;
constexpr double kPadding = 0.25;

// dlib's mean face (get_face_chip_details), as far as both layouts of landmarks have these points: eyes, nose tip,
// mouth without the lower lip, which moves. Indices in the 68 layout.
struct MeanPoint {
  std::size_t of68, of106;
  float x, y;
};
constexpr MeanPoint kMean[] = {
    {36, 52, 0.121737F, 0.216423F}, {37, 53, 0.187122F, 0.178758F}, {38, 54, 0.265825F, 0.179852F},
    {39, 55, 0.334606F, 0.231733F}, {40, 56, 0.260918F, 0.245099F}, {41, 57, 0.182743F, 0.244077F},
    {42, 58, 0.645647F, 0.231733F}, {43, 59, 0.714428F, 0.179852F}, {44, 60, 0.793132F, 0.178758F},
    {45, 61, 0.858516F, 0.216423F}, {46, 62, 0.79751F, 0.244077F},  {47, 63, 0.719335F, 0.245099F},
    {30, 46, 0.490127F, 0.515625F}, {48, 84, 0.254149F, 0.780233F}, {49, 85, 0.340985F, 0.745405F},
    {50, 86, 0.428858F, 0.727388F}, {51, 87, 0.490127F, 0.742578F}, {52, 88, 0.551395F, 0.727388F},
    {53, 89, 0.639268F, 0.745405F}, {54, 90, 0.726104F, 0.780233F}, {60, 96, 0.290379F, 0.784792F},
    {61, 97, 0.428096F, 0.778746F}, {62, 98, 0.490127F, 0.785343F}, {63, 99, 0.552157F, 0.778746F},
    {64, 100, 0.689874F, 0.784792F}};

class Dlib final : public DenseNet {
 public:
  explicit Dlib(const std::string& content) {
    std::istringstream stream(content);
    deserialize(net_, stream);
  }

  Embedding describe(const cv::Mat& picture, const std::vector<cv::Point2f>& landmarks) override {
    if (landmarks.size() != 68 && landmarks.size() != 106) return {};
    std::vector<cv::Point2f> from, to;
    for (const auto& point : kMean) {
      from.push_back(landmarks[landmarks.size() == 68 ? point.of68 : point.of106]);
      const auto place = [](double v) { return static_cast<float>((kPadding + v) / (2 * kPadding + 1) * kSide); };
      to.emplace_back(place(point.x), place(point.y));
    }
    const cv::Mat chip = chipOf(picture, alignment(from, to));
    matrix<rgb_pixel> pixels(kSide, kSide);
    for (int row = 0; row < kSide; ++row)
      for (int column = 0; column < kSide; ++column) {
        const auto& p = chip.at<cv::Vec3b>(row, column);
        pixels(row, column) = rgb_pixel(p[2], p[1], p[0]);
      }
    try {
      const matrix<float, 0, 1> out = net_(pixels);
      return Embedding(out.begin(), out.end());
    } catch (const std::exception&) {
      return {};
    }
  }

 private:
  // A much larger face is first shrunk by areas: bilinear sampling alone would leave out most of its pixels.
  static cv::Mat chipOf(const cv::Mat& picture, cv::Matx23f into) {
    const double scale = std::hypot(into(0, 0), into(1, 0));
    cv::Mat source = picture, chip;
    if (scale < 0.5) {
      const double shrink = 2 * scale;
      cv::resize(picture, source, {}, shrink, shrink, cv::INTER_AREA);
      for (int row = 0; row < 2; ++row)
        for (int column = 0; column < 2; ++column) into(row, column) /= static_cast<float>(shrink);
    }
    cv::warpAffine(source, chip, into, {kSide, kSide}, cv::INTER_LINEAR);
    return chip;
  }

  Net net_;
};

}  // namespace

Result<std::unique_ptr<DenseNet>> createDenseNet(const std::string& content) {
  try {
    return std::make_unique<Dlib>(content);
  } catch (const std::exception&) {
    return fail(ErrorCode::Corrupt, "model_not_loadable", "dlib cannot read the DenseNet file", "densenet.cpp");
  }
}

}  // namespace invigil::vision
